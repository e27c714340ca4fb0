"""Records as JSON and back. The JSON follows from the records: a field that a record gains, with a
default, is stored, exported and published at once, and what was stored without it opens.

An answer's JSON is documented and versioned, and is the same in memory, in an export, on the command
line and over MCP. Fields are only ever added to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from rag.core.dates import is_edtf
from rag.core.errors import RagError
from rag.core.records import Answer, Citation, Filters, Hit, Scored, Side

Record = TypeVar("Record")

ANSWER_SCHEMA = "sourceline.answer/1"
# What a browser counts exactly, and far more than any article holds.
_LAST_CHARACTER = 2**53 - 1

_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def to_json(record: object) -> dict[str, Any]:
    """A record in plain JSON types. A citation with figures of its own, such as a score, is laid flat:
    its words are `text` there, and its figures keep four places."""
    return cast(dict[str, Any], _flat(_adapter(type(record)).dump_python(record, mode="json")))


def from_json(kind: type[Record], data: object) -> Record:
    """The record that `to_json` was given. What a later version has added is passed over; what an
    earlier one did not know yet has its default.

    Raises ValueError for any other shape, for a date that is none, for a citation that cannot be its
    source's words, and for JSON that cannot be written as JSON again.
    """
    try:
        record = _adapter(kind).validate_json(encoded(_nested(data)), strict=True)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    for part in _parts(record):
        _check(part)
    return record


def to_text(record: object) -> str:
    """What `to_json` gives, as it is stored."""
    return json.dumps(to_json(record))


def from_text(kind: type[Record], text: str) -> Record:
    """The record that `to_text` was given. Raises ValueError as `from_json` does."""
    try:
        data = json.loads(text)
    except (RecursionError, TypeError) as error:
        raise ValueError(f"it is no JSON: {error}") from error
    return from_json(kind, data)


def encoded(data: object) -> bytes:
    """Plain JSON types as JSON in UTF-8. Raises ValueError for half a letter (a lone surrogate) and a
    figure that is none."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer in plain JSON types, under the schema `sourceline.answer/1`."""
    timings = {stage: round(value, 2) for stage, value in answer.timings_ms.items()}
    return {"schema": ANSWER_SCHEMA, **to_json(replace(answer, timings_ms=timings))}


def answer_from_json(data: dict[str, Any]) -> Answer:
    """The answer that `answer_to_json` was given. Raises RagError for any other, as `from_json` does."""
    if data.get("schema") != ANSWER_SCHEMA:
        raise RagError(f"This is no {ANSWER_SCHEMA} answer: its schema is {data.get('schema')!r}.")
    try:
        return from_json(Answer, data)
    except ValueError as error:
        raise RagError(f"A stored answer cannot be read: {error}") from error


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """A hit as a passage that an answer considered."""
    return to_json(Scored.of(hit))


def json_schema(kind: type[Any], on_citations: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of what `to_json` gives of such a record, without references. `on_citations` are
    properties that every citation has besides."""
    schema = _adapter(kind).json_schema()
    return cast(dict[str, Any], _written_out(schema, schema.pop("$defs", {}), on_citations))


def _written_out(value: Any, parts: Mapping[str, Any], on_citations: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_written_out(each, parts, on_citations) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        value = parts[value["$ref"].rpartition("/")[2]]
    # The titles that pydantic gives say no more than the names.
    value = {
        name: _written_out(each, parts, on_citations)
        for name, each in value.items()
        if name != "title" or isinstance(each, dict)
    }
    properties = value.get("properties", {})
    if "sha256" in properties:
        properties |= on_citations
        value["required"] = [*value["required"], *on_citations]
    if "citation" in properties:
        citation = properties.pop("citation")
        words = citation["properties"].pop("quote")
        value["properties"] = {"text": words, **citation["properties"], **properties}
        needed = {"text", *citation["required"], *value["required"]} - {"quote", "citation"}
        value["required"] = sorted(needed)
    return value


def _adapter(kind: type[Record]) -> TypeAdapter[Record]:
    """Made once: it takes as long as reading many a record."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return [_flat(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "citation" not in value:
        return {name: _flat(each) for name, each in value.items()}
    citation, figures = dict(value["citation"]), dict(value)
    del figures["citation"]
    citation["text"] = citation.pop("quote")
    return citation | {
        name: round(figure, 4) if isinstance(figure, float) else figure
        for name, figure in figures.items()
    }


def _nested(value: Any) -> Any:
    """What `_flat` gave, in the shape of its records."""
    if isinstance(value, list):
        return [_nested(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "sha256" in value and "text" in value:
        return value | {"citation": value | {"quote": value["text"]}}
    return {name: _nested(each) for name, each in value.items()}


def _parts(record: object) -> Iterator[object]:
    """A record and all that it holds."""
    yield record
    if isinstance(record, tuple):
        held: Iterator[object] = iter(record)
    elif is_dataclass(record):
        held = (getattr(record, field.name) for field in fields(record))
    else:
        return
    for each in held:
        yield from _parts(each)


def _check(record: object) -> None:
    match record:
        case Citation(start=start, end=end, quote=quote, published=published):
            if not 0 <= start <= _LAST_CHARACTER or end - start != len(quote):
                raise ValueError(
                    f"a quote of {len(quote)} characters cannot stand at {start}-{end} of "
                    f"{record.source!r}"
                )
            moments: tuple[str | None, ...] = (published,)
        case Answer(as_of=moment) | Side(when=moment):
            moments = (moment,)
        case Filters(published_from=first, published_to=last):
            moments = (first, last)
        case _:
            return
    for moment in filter(None, moments):
        if not is_edtf(moment):
            raise ValueError(f"{moment!r} is not a date like 2023-02-08, 2025-05 or 2024")
