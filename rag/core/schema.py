"""An answer as JSON, documented and versioned, and back. The page's memory and the command line
share it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Annotated, Any

from pydantic import ConfigDict, Strict, TypeAdapter, ValidationError

from rag.core.dates import is_edtf
from rag.core.errors import RagError
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    Conflict,
    Hit,
    Method,
    Scored,
    Usage,
)

ANSWER_SCHEMA = "sourceline.answer/1"
# What a browser counts exactly, and far more than any article holds.
_LAST_CHARACTER = 2**53 - 1

# Infinite figures and those that are none are refused, also where they are written as words.
_finite = ConfigDict(allow_inf_nan=False)
_text = TypeAdapter(Annotated[str, Strict()])
_words_or_none = TypeAdapter(Annotated[str, Strict()] | None)
_claims = TypeAdapter(tuple[Claim, ...])
_scored = TypeAdapter(tuple[Scored, ...], config=_finite)
_CITATION_FIELDS = tuple(field.name for field in fields(Citation))
_timings = TypeAdapter(dict[str, float], config=_finite)
_usage = TypeAdapter(Usage | None)
_conflicts = TypeAdapter(tuple[Conflict, ...])
_reports = TypeAdapter(tuple[tuple[str, ...], ...])


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer in plain JSON types, under the schema `sourceline.answer/1`."""
    return {
        "schema": ANSWER_SCHEMA,
        "question": answer.question,
        "kind": answer.kind.value,
        "message": answer.message,
        "claims": [claim_to_json(claim) for claim in answer.claims],
        "nearest": [_scored_to_json(nearest) for nearest in answer.nearest],
        "timings_ms": {stage: round(value, 2) for stage, value in answer.timings_ms.items()},
        "standalone": answer.standalone,
        "method": answer.method.value,
        "model": answer.model,
        "notice": answer.notice,
        "usage": asdict(answer.usage) if answer.usage else None,
        "considered": [_scored_to_json(considered) for considered in answer.considered],
        "passed_over": [_scored_to_json(likely) for likely in answer.passed_over],
        "conflicts": [conflict_to_json(conflict) for conflict in answer.conflicts],
        "reports": [list(sources) for sources in answer.reports],
        "as_of": answer.as_of,
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "verdict": claim.verdict.value,
        "reason": claim.reason,
        "citations": [asdict(citation) for citation in claim.citations],
    }


def conflict_to_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "kind": conflict.kind.value,
        "about": conflict.about,
        "sides": [
            {
                "value": side.value,
                "when": side.when,
                "citations": [asdict(citation) for citation in side.citations],
            }
            for side in conflict.sides
        ],
    }


def _scored_to_json(scored: Scored) -> dict[str, Any]:
    """A record with a citation, laid flat; its figures keep four places."""
    line = asdict(scored)
    citation: dict[str, Any] = line.pop("citation")
    citation["text"] = citation.pop("quote")
    figures = {
        name: round(value, 4) if isinstance(value, float) else value for name, value in line.items()
    }
    return citation | figures


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
    """The answer that `answer_to_json` was given. Raises RagError for any other shape, for a date that
    is none, and for a citation that cannot be its source's words."""
    if data.get("schema") != ANSWER_SCHEMA:
        raise RagError(f"This is no {ANSWER_SCHEMA} answer: its schema is {data.get('schema')!r}.")
    try:
        check_storable(data)
        answer = Answer(
            question=_text.validate_python(data["question"]),
            kind=AnswerKind(data["kind"]),
            message=_words_or_none.validate_python(data["message"]),
            claims=_claims.validate_python(data["claims"]),
            nearest=_scored.validate_python(_scored_from_json(data["nearest"])),
            timings_ms=_timings.validate_python(data["timings_ms"]),
            # Absent from answers that were stored before there were others.
            standalone=_words_or_none.validate_python(data.get("standalone")),
            method=Method(data.get("method", Method.EXTRACTED)),
            model=_words_or_none.validate_python(data.get("model")),
            notice=_words_or_none.validate_python(data.get("notice")),
            usage=_usage.validate_python(data.get("usage")),
            considered=_scored.validate_python(_scored_from_json(data.get("considered", ()))),
            passed_over=_scored.validate_python(_scored_from_json(data.get("passed_over", ()))),
            conflicts=_conflicts.validate_python(data.get("conflicts", ())),
            reports=_reports.validate_python(data.get("reports", ())),
            as_of=_words_or_none.validate_python(data.get("as_of")),
        )
        _check(answer)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise RagError(f"A stored answer cannot be read: {error}") from error
    return answer


def check_storable(data: object) -> None:
    """Raises ValueError for JSON that cannot be written as JSON in UTF-8 again: half a letter (a lone
    surrogate), a figure that is none."""
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


def check_citation(citation: Citation) -> None:
    """Raises ValueError where the span is not as long as the quote, or the date is none."""
    length = len(citation.quote)
    if not 0 <= citation.start <= _LAST_CHARACTER or citation.end - citation.start != length:
        span = f"{citation.start}-{citation.end}"
        raise ValueError(f"a quote of {length} characters cannot stand at {span} of {citation.source!r}")
    _check_date(citation.published)


def _check_date(edtf: str | None) -> None:
    if edtf and not is_edtf(edtf):
        raise ValueError(f"{edtf!r} is not a date like 2023-02-08, 2025-05 or 2024")


def _check(answer: Answer) -> None:
    for citation in _citations(answer):
        check_citation(citation)
    for moment in (answer.as_of, *(side.when for found in answer.conflicts for side in found.sides)):
        _check_date(moment)


def _citations(answer: Answer) -> Iterator[Citation]:
    for claim in answer.claims:
        yield from claim.citations
    for scored in (answer.nearest, answer.considered, answer.passed_over):
        yield from (each.citation for each in scored)
    for conflict in answer.conflicts:
        for side in conflict.sides:
            yield from side.citations


def _scored_from_json(lines: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """What `_scored_to_json` gave, in the shape of its records."""
    shaped = []
    for line in lines:
        rest = {**line, "quote": line["text"]}
        del rest["text"]
        citation = {name: rest.pop(name) for name in _CITATION_FIELDS}
        shaped.append({"citation": citation, **rest})
    return tuple(shaped)
