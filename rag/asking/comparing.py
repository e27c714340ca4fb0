"""An answer held against itself: where the articles differ on what is asked, and how many reports the
sources that it cites go back to."""

from collections.abc import Sequence
from dataclasses import replace

from rag.asking.conflicts.find import find_conflicts, reads_of, terms_to_look_up
from rag.asking.evidence import Candidate
from rag.asking.questions import Question
from rag.asking.reports import group_reports
from rag.core.records import Answer, AnswerKind, Claim, Conflict, Filters, Hit, Method, Verdict
from rag.index.search import Snapshot

# How many passages are looked up by their words where the articles may differ on who holds an office.
_LOOKED_UP = 24


def compared(
    answer: Answer,
    parts: Sequence[Question],
    candidates: Sequence[Sequence[Candidate]],
    hits: Sequence[Hit],
    snapshot: Snapshot,
    filters: Filters,
) -> Answer:
    """An answer with where the articles differ on what is asked, and with the reports that the sources
    its claims cite go back to. Where no sentence alone answers, the accounts that differ do."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    found: dict[Conflict, None] = {}
    # The sides of a question that sets years against each other are one question here.
    together: dict[str, list[Candidate]] = {}
    for part, some in zip(parts, candidates, strict=True):
        together.setdefault(part.text, []).extend(some)
    questions = {part.text: part for part in parts}
    for text, some in together.items():
        reads, lexicon = reads_of(some, cited), snapshot.lexicon
        terms = terms_to_look_up(questions[text], lexicon)
        rows = snapshot.keywords.search(terms, _LOOKED_UP, snapshot.mask(filters)) if terms else ()
        beside = [snapshot.article_of(row) for row, _ in rows]
        found |= dict.fromkeys(find_conflicts(questions[text], reads, lexicon, beside))
    if found and not answer.claims:
        answer = _answered_by(tuple(found), answer)
    read = {hit.article.source: hit.article for hit in hits}
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
        nearest=(),
        method=Method.EXTRACTED,
    )
