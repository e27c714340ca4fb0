"""An answer as JSON, documented and versioned, and back. The page's memory and the command line
share it."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Strict, TypeAdapter, ValidationError

from rag.errors import RagError
from rag.records import Answer, AnswerKind, Citation, Claim, Hit, Method, Nearest, Usage

ANSWER_SCHEMA = "sourceline.answer/1"

_text = TypeAdapter(Annotated[str, Strict()])
_words_or_none = TypeAdapter(Annotated[str, Strict()] | None)
_claims = TypeAdapter(tuple[Claim, ...])
_citation = TypeAdapter(Citation)
_timings = TypeAdapter(dict[str, float])
_usage = TypeAdapter(Usage | None)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer in plain JSON types, under the schema `sourceline.answer/1`."""
    return {
        "schema": ANSWER_SCHEMA,
        "question": answer.question,
        "kind": answer.kind.value,
        "message": answer.message,
        "claims": [claim_to_json(claim) for claim in answer.claims],
        "nearest": [nearest_to_json(nearest) for nearest in answer.nearest],
        "timings_ms": {stage: round(value, 2) for stage, value in answer.timings_ms.items()},
        "standalone": answer.standalone,
        "method": answer.method.value,
        "model": answer.model,
        "notice": answer.notice,
        "usage": asdict(answer.usage) if answer.usage else None,
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "verdict": claim.verdict.value,
        "reason": claim.reason,
        "citations": [asdict(citation) for citation in claim.citations],
    }


def nearest_to_json(nearest: Nearest) -> dict[str, Any]:
    fields = asdict(nearest.citation)
    fields["text"] = fields.pop("quote")
    return {**fields, "score": round(nearest.score, 4)}


def hit_to_json(hit: Hit) -> dict[str, Any]:
    article, passage = hit.article, hit.passage
    return {
        "source": article.source,
        "start": passage.start,
        "end": passage.end,
        "text": hit.text,
        "score": round(hit.score, 4),
        "sha256": article.sha256,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
    }


def answer_from_json(data: dict[str, Any]) -> Answer:
    """The answer that `answer_to_json` was given. Raises RagError for any other shape."""
    if data.get("schema") != ANSWER_SCHEMA:
        raise RagError(f"This is no {ANSWER_SCHEMA} answer: its schema is {data.get('schema')!r}.")
    try:
        return Answer(
            question=_text.validate_python(data["question"]),
            kind=AnswerKind(data["kind"]),
            message=_words_or_none.validate_python(data["message"]),
            claims=_claims.validate_python(data["claims"]),
            nearest=tuple(_nearest_from_json(fields) for fields in data["nearest"]),
            timings_ms=_timings.validate_python(data["timings_ms"]),
            # Absent from answers that were stored before there were others.
            standalone=_words_or_none.validate_python(data.get("standalone")),
            method=Method(data.get("method", Method.EXTRACTED)),
            model=_words_or_none.validate_python(data.get("model")),
            notice=_words_or_none.validate_python(data.get("notice")),
            usage=_usage.validate_python(data.get("usage")),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise RagError(f"A stored answer cannot be read: {error}") from error


def _nearest_from_json(fields: dict[str, Any]) -> Nearest:
    fields = dict(fields)
    score = float(fields.pop("score"))
    fields["quote"] = fields.pop("text")
    return Nearest(_citation.validate_python(fields), score)
