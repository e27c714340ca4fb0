"""The last stage of asking: what was found, and what was written of it, as an answer."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace

from rag.asking.extract import Extracted
from rag.asking.gather import Gathered
from rag.asking.generative import Writer, Written
from rag.asking.missing import describe_missing, describe_nearest, kind_of, nearest_passages
from rag.asking.moments import told_when
from rag.asking.understand import Asked
from rag.core.errors import LanguageModelError
from rag.core.records import Answer, AnswerKind, Drafted, Method, Scored, Verdict, Waited

_OWN_SENTENCES = "These are the articles' own sentences."
# How many sentences a reader is shown that were read and not chosen.
_PASSED_OVER = 8


def extracted_answer(
    asked: Asked, extracted: Extracted, gathered: Gathered, knows: Callable[[str], bool]
) -> Answer:
    """What the articles say themselves. `knows` tells whether any article has a term."""
    missing = describe_missing(extracted.findings, gathered.hits, knows, asked.nothing)
    answer = Answer(asked.question, kind_of(extracted.findings), missing, extracted.claims)
    return _told_why(answer, asked.fault)


def write(
    writer: Writer, asked: Asked, gathered: Gathered, extracted: Answer
) -> Generator[Drafted | Waited, None, Answer]:
    """What a language model writes of the hits, where any of it holds up or it says that the articles
    do not say; else the extracted answer, which tells why it is not written."""
    try:
        written = yield from writer.write(asked.alone, gathered.hits)
    except LanguageModelError as error:
        return _told_why(extracted, str(error))
    if not _is_borne_out(written) and not written.says_nothing:
        return _told_why(extracted, f"What {writer.model} wrote is not borne out by the articles.")
    return _written_answer(asked, written, gathered, writer.model)


def _written_answer(asked: Asked, written: Written, gathered: Gathered, model: str) -> Answer:
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


def _told_why(answer: Answer, fault: str | None) -> Answer:
    """An extracted answer that was to be written, with why it is not."""
    if fault is None:
        return answer
    return replace(answer, notice=f"{fault} {_OWN_SENTENCES}" if answer.claims else fault)


def _is_borne_out(written: Written) -> bool:
    return any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) for claim in written.claims)
