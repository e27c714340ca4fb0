"""The last stage of asking: what was found, and what was written of it, as an answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.asking.at_moment import told_when
from rag.asking.extract import Extracted
from rag.asking.gather import Gathered
from rag.asking.generative import Written
from rag.asking.missing import describe_missing, describe_nearest, kind_of, nearest_passages
from rag.asking.understand import Asked
from rag.core.records import Answer, AnswerKind, Method, Scored, Verdict

_OWN_SENTENCES = "These are the articles' own sentences."
# How many sentences a reader is shown that were read and not chosen.
_PASSED_OVER = 8


def extracted_answer(
    asked: Asked,
    extracted: Extracted,
    gathered: Gathered,
    knows: Callable[[str], bool],
    notice: str | None,
) -> Answer:
    """What the articles say themselves. `notice` is why nothing was written where something was to be;
    `knows` tells whether any article has a term."""
    claims = extracted.claims
    return Answer(
        asked.question,
        kind_of(extracted.findings),
        describe_missing(extracted.findings, gathered.hits, knows, asked.nothing),
        claims,
        notice=f"{notice} {_OWN_SENTENCES}" if notice and claims else notice,
    )


def holds_up(written: Written) -> bool:
    """Whether something written is borne out, or the model says that the articles do not say."""
    return _is_borne_out(written) or written.says_nothing


def written_answer(asked: Asked, written: Written, gathered: Gathered, model: str) -> Answer:
    """What a model wrote, of which something holds up."""
    claims = written.claims if _is_borne_out(written) else ()
    kind = AnswerKind.ANSWERED
    message: str | None = None
    if not claims:
        kind = AnswerKind.NOT_FOUND
        message = f"The articles do not answer this. {describe_nearest(gathered.hits)}"
    elif written.says_nothing:
        kind = AnswerKind.PARTIAL
        message = "The articles leave a part of this unanswered."
    notices = []
    if written.left_out:
        count = len(gathered.hits)
        notices.append(
            f"{written.left_out} of {count} passages did not fit into the language model's window."
        )
    if written.dropped:
        notices.append(f"Sentences that the articles do not bear out were left out: {written.dropped}.")
    return Answer(
        asked.question,
        kind,
        message,
        claims,
        method=Method.WRITTEN,
        model=model,
        notice=" ".join(notices) or None,
        usage=written.usage,
    )


def finished(
    answer: Answer, asked: Asked, gathered: Gathered, extracted: Extracted, timings: Mapping[str, float]
) -> Answer:
    """An answer with what it came about from: the question as it was understood, the moment that it
    asks about, the passages, and the sentences that it leaves out."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    passed_over = [
        each for each in extracted.likely if not any(each.citation.meets(other) for other in cited)
    ]
    whole = answer.kind is AnswerKind.ANSWERED
    answer = replace(
        answer,
        nearest=() if whole else nearest_passages(gathered.hits, answer.claims),
        standalone=asked.alone if asked.alone != asked.question else None,
        considered=tuple(map(Scored.of, gathered.hits)),
        passed_over=tuple(passed_over[:_PASSED_OVER]),
        timings_ms=timings,
    )
    return told_when(answer, asked.moment, asked.nothing)


def _is_borne_out(written: Written) -> bool:
    return any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) for claim in written.claims)
