"""What was found, and what was written of it, as an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.asking.evidence import Candidate
from rag.asking.extractive import Findings
from rag.asking.generative import Written
from rag.asking.questions import Question
from rag.asking.unanswered import describe_nearest, kind_of, nearest_passages
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    Considered,
    Hit,
    Likely,
    Method,
    Verdict,
)

_OWN_SENTENCES = "These are the articles' own sentences."
# A sentence that is less likely to answer has nothing to do with the question.
_BEARING = 0.1
# How many sentences a reader is shown that were read and not chosen.
_PASSED_OVER = 8


def merge(hits: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of all parts of a question, a passage once."""
    merged: dict[str, Hit] = {}
    for found in hits:
        for hit in found:
            merged.setdefault(hit.passage.key, hit)
    return tuple(merged.values())


def with_trace(answer: Answer, hits: Sequence[Hit], likely: Sequence[Likely]) -> Answer:
    """An answer with what it came about from: the passages, and the sentences that it leaves out."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    passed_over = [each for each in likely if not any(each.citation.meets(c) for c in cited)]
    return replace(
        answer,
        considered=tuple(map(Considered.of, hits)),
        passed_over=tuple(passed_over[:_PASSED_OVER]),
    )


def likely_sentences(candidates: Sequence[Sequence[Candidate]]) -> tuple[Likely, ...]:
    """The candidates of all parts of a question, best first."""
    every = [candidate for found in candidates for candidate in found]
    every.sort(key=lambda candidate: -candidate.score)
    return tuple(
        Likely(Citation.of(candidate.article, candidate.start, candidate.end), candidate.score)
        for candidate in every
    )


def bears(part: Question, candidates: Sequence[Candidate]) -> bool:
    """Whether any sentence has to do with a question, and its article with the names of it."""
    return any(
        candidate.score >= _BEARING and part.is_met(candidate.missing) for candidate in candidates
    )


def holds_up(written: Written) -> bool:
    """Whether something written is borne out, or the model says that the articles do not say."""
    return _is_borne_out(written) or written.says_nothing


def _is_borne_out(written: Written) -> bool:
    return any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) for claim in written.claims)


def extracted_answer(
    question: str,
    alone: str,
    findings: Sequence[Findings],
    claims: tuple[Claim, ...],
    hits: Sequence[Hit],
    missing: str | None,
    notice: str | None,
    timings: Mapping[str, float],
) -> Answer:
    """What the articles say themselves. `missing` tells what they do not, `notice` why nothing was
    written where something was to be."""
    kind = kind_of(findings)
    return Answer(
        question,
        kind,
        missing,
        claims,
        () if kind is AnswerKind.ANSWERED else nearest_passages(hits, claims),
        timings,
        standalone=alone if alone != question else None,
        notice=f"{notice} {_OWN_SENTENCES}" if notice and claims else notice,
    )


def written_answer(
    question: str,
    alone: str,
    written: Written,
    hits: Sequence[Hit],
    model: str,
    timings: Mapping[str, float],
) -> Answer:
    """What a model wrote, of which something holds up."""
    claims = written.claims if _is_borne_out(written) else ()
    kind = AnswerKind.ANSWERED
    message: str | None = None
    if not claims:
        kind = AnswerKind.NOT_FOUND
        message = f"The articles do not answer this. {describe_nearest(hits)}"
    elif written.says_nothing:
        kind = AnswerKind.PARTIAL
        message = "The articles leave a part of this unanswered."
    notices = []
    if written.left_out:
        notices.append(
            f"{written.left_out} of {len(hits)} passages did not fit into the language model's window."
        )
    if written.dropped:
        notices.append(f"Sentences that the articles do not bear out were left out: {written.dropped}.")
    return Answer(
        question,
        kind,
        message,
        claims,
        () if kind is AnswerKind.ANSWERED else nearest_passages(hits, claims),
        timings,
        standalone=alone if alone != question else None,
        method=Method.WRITTEN,
        model=model,
        notice=" ".join(notices) or None,
        usage=written.usage,
    )
