"""The third stage of asking: hits to claims in the articles' own sentences, or the finding that the
articles do not answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.asking.evidence import ENOUGH, Candidate, Evidence
from rag.asking.gather import Gathered
from rag.asking.moments import Way, newest_first
from rag.asking.questions import Name, Question
from rag.asking.scopes import ENOUGH_OF_A_SCOPE
from rag.asking.understand import Asked
from rag.core.records import Claim, Scored, Span, Verdict
from rag.judging.verification import Verifier
from rag.language.sentences import split_sentences
from rag.language.terms import say_the_same
from rag.language.text import words

# A sentence this much less likely than the best one answers something else.
_MARGIN = 0.25
# A sentence that shares this part of its words with another repeats it.
_SHARED_WORDS = 0.6
# A sentence that is less likely to answer has nothing to do with the question.
_BEARING = 0.1
# These lean on the sentence before, which is then quoted as well.
_LEANING = frozenset("it its he his she her they their this that these those such both".split())


@dataclass(frozen=True, slots=True)
class Findings:
    """What the hits say to one part of a question: its claims, in reading order, or none; and the
    names asked about of which they say nothing."""

    question: Question
    claims: tuple[Claim, ...]
    unmentioned: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What the articles say themselves: every sentence of each part's hits, best first, what answers
    each part, and the claims of all."""

    candidates: tuple[tuple[Candidate, ...], ...]
    findings: tuple[Findings, ...]
    claims: tuple[Claim, ...]

    @property
    def likely(self) -> tuple[Scored, ...]:
        """The sentences of all parts, the one that answers most likely first."""
        every = [candidate for found in self.candidates for candidate in found]
        return tuple(
            Scored(candidate.span.citation, candidate.score)
            for candidate in sorted(every, key=lambda candidate: -candidate.score)
        )

    @property
    def bears(self) -> bool:
        """Whether any sentence has to do with its part, and its article with the names of it."""
        return any(
            candidate.score >= _BEARING and finding.question.is_met(candidate.missing)
            for finding, candidates in zip(self.findings, self.candidates, strict=True)
            for candidate in candidates
        )


def extract(
    asked: Asked, gathered: Gathered, evidence: Evidence, claim_limit: int, verifier: Verifier
) -> Extracted:
    """At most `claim_limit` sentences for each part, judged as claims against themselves."""
    enough = ENOUGH_OF_A_SCOPE if asked.is_compared else ENOUGH
    newest = asked.moment is not None and asked.moment.way is Way.LATEST
    candidates, findings = [], []
    for part, hits in zip(asked.questions, gathered.by_part, strict=True):
        found = evidence.candidates(part, hits)
        candidates.append(tuple(newest_first(found, enough) if newest else found))
        findings.append(find_claims(part, candidates[-1], claim_limit, enough))
    claims = dict.fromkeys(claim for finding in findings for claim in finding.claims)
    return Extracted(tuple(candidates), tuple(findings), tuple(map(verifier.rejudged, claims)))


def find_claims(
    question: Question, candidates: Sequence[Candidate], limit: int, enough: float = ENOUGH
) -> Findings:
    """The sentences that answer with a probability of `enough`, at most `limit`; the candidates come
    best first."""
    never = _never_mentioned(question, candidates)
    if not candidates or candidates[0].score < enough or not question.is_met(never):
        return Findings(question, (), never)
    floor = max(enough, candidates[0].score - _MARGIN)
    chosen: list[Candidate] = []
    spans: dict[tuple[str, int], Span] = {}
    for candidate in candidates:
        if candidate.score < floor or len(spans) == limit:
            break
        if any(say_the_same(candidate.span.text, other.span.text, _SHARED_WORDS) for other in chosen):
            continue
        quoted = {
            (span.source, span.start): span for span in _with_what_it_leans_on(candidate.span)[-limit:]
        }
        if len(spans | quoted) <= limit:
            chosen.append(candidate)
            spans |= quoted
    claims = tuple(_claim(span) for span in _in_reading_order(spans.values()))
    lacking = set.intersection(*({*candidate.missing} for candidate in chosen))
    return Findings(question, claims, tuple(n for n in question.names if n in lacking))


def _never_mentioned(question: Question, candidates: Sequence[Candidate]) -> tuple[Name, ...]:
    """The names that no candidate has; of several, the reader is told of these."""
    lacking = [name for name in question.names if all(name in c.missing for c in candidates)]
    return tuple(lacking)


def _with_what_it_leans_on(span: Span) -> list[Span]:
    """The sentence; and the one before, when it begins with "they" or the like."""
    first = words(span.text[:40])[:1]
    leans = bool(first) and first[0].folded in _LEANING
    before = _sentence_before(span) if leans else None
    return [before, span] if before else [span]


def _in_reading_order(spans: Collection[Span]) -> list[Span]:
    """Article by article, the one of the best sentence first, each from top to bottom."""
    articles = list(dict.fromkeys(span.source for span in spans))
    return sorted(spans, key=lambda span: (articles.index(span.source), span.start))


def _sentence_before(span: Span) -> Span | None:
    """The sentence before, of the same paragraph."""
    before, article = None, span.article
    for sentence in split_sentences(article.text, article.title):
        if sentence.start >= span.start:
            break
        before = sentence
    if before is None or before.is_heading or "\n\n" in article.text[before.end : span.start]:
        return None
    return Span(article, before.start, before.end)


def _claim(span: Span) -> Claim:
    # The claim is the words it cites.
    return Claim(span.text, (span.citation,), Verdict.SUPPORTED)
