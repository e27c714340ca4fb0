"""The stage of asking before the last: where the articles differ on what is asked, and how many reports
the sources that an answer cites go back to."""

from collections.abc import Sequence
from dataclasses import replace

from rag.asking.conflicts.find import find_conflicts
from rag.asking.evidence import Candidate
from rag.asking.extract import Extracted
from rag.asking.gather import Gathered
from rag.asking.reports import group_reports
from rag.asking.understand import Asked
from rag.core.records import Answer, AnswerKind, Claim, Conflict, Method, Verdict
from rag.index.search import Snapshot


def compare(
    answer: Answer, asked: Asked, gathered: Gathered, extracted: Extracted, snapshot: Snapshot
) -> Answer:
    """An answer with where the articles differ on what is asked, and with the reports that the sources
    its claims cite go back to. Where no sentence alone answers, the accounts that differ do."""
    if asked.nothing:
        return answer
    found: dict[Conflict, None] = {}
    # The sides of a question that sets years against each other are one question here.
    together: dict[str, list[Candidate]] = {}
    for part, candidates in zip(asked.questions, extracted.candidates, strict=True):
        together.setdefault(part.text, []).extend(candidates)
    questions = {part.text: part for part in asked.questions}
    for text, some in together.items():
        found |= dict.fromkeys(find_conflicts(questions[text], some, snapshot.lexicon))
    if found and not answer.claims:
        answer = _answered_by(tuple(found), answer)
    read = {hit.article.source: hit.article for hit in gathered.hits}
    sources = dict.fromkeys(c.source for claim in answer.claims for c in claim.citations)
    reports = group_reports([read.get(source) or snapshot.articles[source] for source in sources])
    return replace(answer, conflicts=tuple(found), reports=reports)


def _answered_by(conflicts: Sequence[Conflict], answer: Answer) -> Answer:
    """An answer of the first words of every side."""
    firsts = dict.fromkeys(side.citations[0] for conflict in conflicts for side in conflict.sides)
    claims = tuple(Claim(cited.quote, (cited,), Verdict.SUPPORTED) for cited in firsts)
    return replace(
        answer,
        kind=AnswerKind.ANSWERED,
        message=None,
        claims=claims,
        method=Method.EXTRACTED,
    )
