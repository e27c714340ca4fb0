"""A question and its answer as the browser gets them: sentences with their sources, accounts that
differ, and how the answer came about. An address stands beside everything that can be opened."""

from collections.abc import Callable, Sequence
from datetime import date

from rag.briefing import VERDICT_WORDS
from rag.dates import bounds, readable
from rag.memory.conversations import Kept
from rag.memory.feedback import FAULT_WORDS, Feedback
from rag.records import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    Conflict,
    Filters,
    Method,
    Verdict,
)
from rag.web.choice import NEAREST, PASSAGES, PASSED_OVER, Choice
from rag.web.payloads import Payload, describe_filters
from rag.wording import KIND_WORDS, counted, credit, describe_conflict, describe_reports

STAGE_WORDS = {
    "read": "Read the question",
    "understand": "Understand the question",
    "retrieve": "Find passages",
    "judge": "Judge sentences",
    "compare": "Compare accounts",
    "write": "Write",
    "verify": "Verify",
}

# An answer of articles that are all older than this, when it is asked for, says how old they are.
_OLD_DAYS = 180
_DAYS_A_MONTH = 30.44


def exchange_payload(
    kept: Kept,
    feedback: Feedback | None = None,
    is_kept: Callable[[Claim], bool] = lambda claim: False,
) -> Payload:
    """A question and its answer. `is_kept` tells which claims the briefing at hand holds."""
    answer = kept.exchange.answer
    return {
        "number": kept.number,
        "question": kept.exchange.question,
        "scope": describe_filters(kept.filters),
        "standalone": answer.standalone,
        "answer": {
            "kind": answer.kind.value,
            "message": answer.message,
            "notice": answer.notice,
            "age": describe_age(answer, kept.asked_at.date()),
            "claims": claims_payload(answer.claims, kept.number, is_kept),
            "conflicts": [
                _conflict_payload(conflict, kept.number, f"c{number}")
                for number, conflict in enumerate(answer.conflicts, 1)
            ],
            "nearest": [
                _passage_payload(nearest.citation, Choice(kept.number, NEAREST, place))
                for place, nearest in enumerate(answer.nearest, 1)
            ],
            "asked_at": kept.asked_at.isoformat(),
            "footer": _footer(answer),
            "why": _why(kept),
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
    numbers = _source_numbers(claims)
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
                        **_cited(citation, Choice(exchange, str(place), cited)),
                    }
                    for cited, citation in enumerate(claim.citations, 1)
                ],
            }
        )
    return payloads


def _cited(citation: Citation, choice: Choice) -> Payload:
    return {
        "label": credit(citation),
        "title": citation.title or citation.source,
        "quote": citation.quote,
        "address": choice.address,
    }


def _passage_payload(citation: Citation, choice: Choice) -> Payload:
    payload = _cited(citation, choice)
    payload["text"] = payload.pop("quote")
    return payload


def _conflict_payload(conflict: Conflict, exchange: int, group: str) -> Payload:
    sides = []
    place = 0
    for side in conflict.sides:
        cites = []
        for citation in side.citations:
            place += 1
            cites.append(_cited(citation, Choice(exchange, group, place)))
        when = readable(side.when) if side.when else None
        sides.append({"value": side.value, "when": when, "cites": cites})
    word = KIND_WORDS[conflict.kind]
    return {"kind": conflict.kind.value, "word": word, "about": conflict.about, "sides": sides}


def _why(kept: Kept) -> Payload:
    """How an answer came about."""
    answer = kept.exchange.answer
    cited = [citation for claim in answer.claims for citation in claim.citations]
    scope = [f"Asked of {described}"] if (described := describe_filters(kept.filters)) else []
    if answer.as_of:
        scope.append(f"As of {readable(answer.as_of)}")
    passages = [
        {
            **_passage_payload(considered.citation, Choice(kept.number, PASSAGES, place)),
            "by_meaning": considered.by_meaning,
            "by_keywords": considered.by_keywords,
            "reading": None if considered.reading is None else f"{considered.reading:.0%}",
            "score": min(max(considered.score, 0.0), 1.0),
            "percent": f"{considered.score:.2f}",
            "used": any(considered.citation.meets(citation) for citation in cited),
        }
        for place, considered in enumerate(answer.considered, 1)
    ]
    passed_over = [
        {
            **_passage_payload(likely.citation, Choice(kept.number, PASSED_OVER, place)),
            "score": min(max(likely.score, 0.0), 1.0),
            "percent": f"{likely.score:.0%}",
        }
        for place, likely in enumerate(answer.passed_over, 1)
    ]
    return {
        "searched": answer.standalone or answer.question,
        "scope": scope,
        "passages": passages,
        "passed_over": passed_over,
        "took": _took(answer),
    }


def describe_age(answer: Answer, asked: date) -> str | None:
    """How old the articles are that an answer rests on, where all that are dated are old; None where
    they are not, or where the question asked how things stood then."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    dates = {citation.published for citation in cited if citation.published}
    if answer.as_of or not dates:
        return None
    newest = max(dates, key=lambda published: bounds(published)[1])
    days = (asked - bounds(newest)[1]).days
    if days < _OLD_DAYS:
        return None
    months = int(days / _DAYS_A_MONTH)
    ago = counted(months, "month") if months < 24 else f"over {months // 12} years"
    if not all(citation.published for citation in cited):
        rests = "The newest dated article here is of"
    else:
        rests = "This rests on an article of" if len(dates) == 1 else "The newest article here is of"
    return f"{rests} {readable(newest)}, {ago} old. Things may have changed since."


def answer_as_text(answer: Answer) -> str:
    """The answer as plain text with numbered sources, for the clipboard."""
    numbers = _source_numbers(answer.claims)
    blocks = [answer.question, answer.message, answer.notice]
    sentences = []
    for claim in answer.claims:
        cited = sorted({numbers[citation.source] for citation in claim.citations})
        doubt = "" if claim.verdict is Verdict.SUPPORTED else f" ({claim.verdict.value})"
        sentences.append(claim.text + doubt + " " + "".join(f"[{number}]" for number in cited))
    if sentences:
        blocks.append("\n".join(sentence.rstrip() for sentence in sentences))
    blocks += map(describe_conflict, answer.conflicts)
    first_citations = {
        citation.source: citation
        for claim in reversed(answer.claims)
        for citation in reversed(claim.citations)
    }
    if numbers:
        blocks.append(
            "Sources\n"
            + "\n".join(
                f"[{number}] {_full_reference(first_citations[source])}"
                for source, number in numbers.items()
            )
        )
    if answer.method is Method.WRITTEN and answer.claims:
        blocks.append(describe_method(answer) + ".")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _full_reference(citation: Citation) -> str:
    date = readable(citation.published) if citation.published else None
    return ", ".join(part for part in (citation.title, citation.publisher, date) if part) + (
        f" ({citation.source})" if citation.title or citation.publisher else citation.source
    )


def _source_numbers(claims: Sequence[Claim]) -> dict[str, int]:
    cited = dict.fromkeys(citation.source for claim in claims for citation in claim.citations)
    return {source: number for number, source in enumerate(cited, 1)}


def _footer(answer: Answer) -> list[str]:
    """How the answer was made, of how many articles, and how long it took; nothing where there is no
    claim."""
    if not answer.claims:
        return []
    took = [f"{_milliseconds(answer) / 1000:.1f} s"] if answer.timings_ms else []
    # An answer may have been stored before reports were told apart.
    reports = answer.reports or [(source,) for source in _source_numbers(answer.claims)]
    return [describe_method(answer), describe_reports(reports), *took]


def describe_method(answer: Answer) -> str:
    if answer.method is Method.WRITTEN:
        return f"Written by {answer.model or 'a language model'}"
    return "In the articles' own words"


def _milliseconds(answer: Answer) -> float:
    stages = dict(answer.timings_ms)
    return stages.pop("total", sum(stages.values()))


def _took(answer: Answer) -> Payload | None:
    """Milliseconds by stage, and tokens in words; None where nothing was measured."""
    if not answer.timings_ms:
        return None
    stages = [
        [STAGE_WORDS.get(stage, stage.capitalize()), f"{value:,.0f} ms", round(value, 1)]
        for stage, value in answer.timings_ms.items()
        if stage != "total"
    ]
    tokens = []
    if answer.usage:
        tokens = [
            f"Sent to the model: {counted(answer.usage.prompt_tokens, 'token')}",
            f"received: {counted(answer.usage.reply_tokens, 'token')}",
        ]
    return {"stages": stages, "tokens": tokens}


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
