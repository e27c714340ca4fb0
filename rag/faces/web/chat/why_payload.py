"""Why an answer came about: what was searched for, what was found and with which scores, what was passed
over, and how long each stage took."""

from rag.core.dates import readable
from rag.core.records import Answer
from rag.core.wording import counted
from rag.desk.conversations import Stored
from rag.faces.web.shared.choice import PASSAGES, PASSED_OVER, Choice
from rag.faces.web.shared.payloads import Payload, describe_filters, passage_payload

_STAGE_WORDS = {
    "read": "Read the question",
    "understand": "Understand the question",
    "retrieve": "Find passages",
    "judge": "Judge sentences",
    "compare": "Compare accounts",
    "write": "Write",
    "verify": "Verify",
}


def why_payload(stored: Stored) -> Payload:
    """How an answer came about."""
    answer = stored.exchange.answer
    cited = [citation for claim in answer.claims for citation in claim.citations]
    scope = [f"Asked of {described}"] if (described := describe_filters(stored.filters)) else []
    if answer.as_of:
        scope.append(f"As of {readable(answer.as_of)}")
    passages = [
        {
            **passage_payload(considered.citation, Choice(stored.number, PASSAGES, place)),
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
            **passage_payload(likely.citation, Choice(stored.number, PASSED_OVER, place)),
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


def _took(answer: Answer) -> Payload | None:
    """Milliseconds by stage, and tokens in words; None where nothing was measured."""
    if not answer.timings_ms:
        return None
    stages = [
        [_STAGE_WORDS.get(stage, stage.capitalize()), f"{value:,.0f} ms", round(value, 1)]
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
