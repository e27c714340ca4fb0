"""A question and its answer as the browser gets them: sentences with their sources, accounts that
differ. An address stands beside everything that can be opened."""

from collections.abc import Callable, Sequence

from rag.core.dates import readable
from rag.core.records import (
    AnswerKind,
    Claim,
    Conflict,
    Filters,
)
from rag.core.wording import KIND_WORDS
from rag.desk.conversations import Stored
from rag.desk.document import VERDICT_WORDS
from rag.desk.feedback import FAULT_WORDS, Feedback
from rag.faces.web.chat.answer_words import answer_as_text, describe_age, describe_making, source_numbers
from rag.faces.web.chat.why_payload import why_payload
from rag.faces.web.shared.choice import NEAREST, Choice
from rag.faces.web.shared.payloads import Payload, cited_payload, describe_filters, passage_payload


def exchange_payload(
    stored: Stored,
    feedback: Feedback | None = None,
    is_kept: Callable[[Claim], bool] = lambda claim: False,
) -> Payload:
    """A question and its answer. `is_kept` tells which claims the briefing at hand holds."""
    answer = stored.exchange.answer
    return {
        "number": stored.number,
        "question": stored.exchange.question,
        "scope": describe_filters(stored.filters),
        "standalone": answer.standalone,
        "answer": {
            "kind": answer.kind.value,
            "message": answer.message,
            "notice": answer.notice,
            "age": describe_age(answer, stored.asked_at.date()),
            "claims": claims_payload(answer.claims, stored.number, is_kept),
            "conflicts": [
                _conflict_payload(conflict, stored.number, f"c{number}")
                for number, conflict in enumerate(answer.conflicts, 1)
            ],
            "nearest": [
                passage_payload(nearest.citation, Choice(stored.number, NEAREST, place))
                for place, nearest in enumerate(answer.nearest, 1)
            ],
            "asked_at": stored.asked_at.isoformat(),
            "footer": describe_making(answer),
            "why": why_payload(stored),
            "copy": answer_as_text(answer),
            "feedback": _feedback_payload(feedback),
        },
    }


def pending_payload(
    question: str,
    filters: Filters,
    number: int,
    standalone: str | None = None,
    claims: Sequence[Claim] = (),
) -> Payload:
    """A question that has no answer yet, with the claims so far, numbered as they will be in it."""
    return {
        "number": number,
        "question": question,
        "scope": describe_filters(filters),
        "standalone": standalone,
        "answer": {
            "kind": AnswerKind.ANSWERED.value,
            "message": None,
            "notice": None,
            "age": None,
            "claims": claims_payload(claims, number),
            "conflicts": [],
            "nearest": [],
        },
    }


def claims_payload(
    claims: Sequence[Claim],
    exchange: int,
    is_kept: Callable[[Claim], bool] = lambda claim: False,
) -> list[Payload]:
    """Claims with their chips. Articles are numbered in the order in which they are cited; claims that
    first cite the same article share a paragraph with those before them."""
    numbers = source_numbers(claims)
    payloads: list[Payload] = []
    paragraph, last = 0, None
    for place, claim in enumerate(claims, 1):
        first = claim.citations[0].source if claim.citations else last
        paragraph += place > 1 and first != last
        last = first
        payloads.append(
            {
                "text": claim.text,
                "paragraph": paragraph,
                "verdict": claim.verdict.value,
                "word": VERDICT_WORDS[claim.verdict].capitalize(),
                "reason": claim.reason,
                "kept": is_kept(claim),
                "chips": [
                    {
                        "number": numbers[citation.source],
                        **cited_payload(citation, Choice(exchange, str(place), cited)),
                    }
                    for cited, citation in enumerate(claim.citations, 1)
                ],
            }
        )
    return payloads


def _conflict_payload(conflict: Conflict, exchange: int, group: str) -> Payload:
    sides = []
    place = 0
    for side in conflict.sides:
        cites = []
        for citation in side.citations:
            place += 1
            cites.append(cited_payload(citation, Choice(exchange, group, place)))
        when = readable(side.when) if side.when else None
        sides.append({"value": side.value, "when": when, "cites": cites})
    word = KIND_WORDS[conflict.kind]
    return {"kind": conflict.kind.value, "word": word, "about": conflict.about, "sides": sides}


def _feedback_payload(feedback: Feedback | None) -> Payload:
    given = None
    if feedback is not None:
        given = {
            "is_good": feedback.is_good,
            "fault": feedback.fault.value if feedback.fault else None,
            "words": feedback.words,
            "is_case": feedback.is_case,
            "said": FAULT_WORDS[feedback.fault] if feedback.fault else None,
        }
    faults = [[fault.value, words] for fault, words in FAULT_WORDS.items()]
    return {"given": given, "faults": faults}
