"""The whole memory as one JSON document, and back into the same or another one. What is there stays as
it is: what comes in besides it and is not the same gets a name of its own."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from rag.errors import RagError, StorageError, TransferError
from rag.memory.briefings import Entry, entry_words
from rag.memory.conversations import new_key
from rag.memory.corrections import check
from rag.memory.database import Database, searchable
from rag.records import Correction, Filters
from rag.schema import answer_from_json

NAME, VERSION = "sourceline.memory", 1
MEMORY_SCHEMA = f"{NAME}/{VERSION}"

# What is looked up in a record before it is let in: each raises where the record is none.
_filters, _entry, _correction = TypeAdapter(Filters), TypeAdapter(Entry), TypeAdapter(Correction)


def _checked(look: Callable[[Any], object]) -> AfterValidator:
    def check_record(record: dict[str, Any]) -> dict[str, Any]:
        try:
            look(record)
        except (RagError, TypeError, RecursionError) as error:
            raise ValueError(str(error)) from error
        return record

    return AfterValidator(check_record)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()


Moment = Annotated[str, AfterValidator(_moment)]
Record = dict[str, Any]


class _Row(BaseModel):
    """A row as it travels. Fields of later versions are passed over."""

    model_config = ConfigDict(extra="ignore")


class _Named(_Row):
    key: str
    title: str
    changed_at: Moment


class _Exchange(_Row):
    conversation: str
    number: int
    question: str
    filters: Annotated[Record, _checked(lambda record: _filters.validate_json(json.dumps(record)))]
    answer: Annotated[Record, _checked(answer_from_json)]
    asked_at: Moment


class _Feedback(_Row):
    conversation: str
    number: int
    is_good: bool
    fault: str | None
    words: str
    is_case: bool
    given_at: Moment


class _Entry(_Row):
    briefing: str
    key: str
    place: int
    version: int
    is_removed: bool
    record: Annotated[Record, _checked(lambda record: _entry.validate_json(json.dumps(record)))]


class _Correction(_Row):
    source: str
    record: Annotated[
        Record, _checked(lambda record: check(_correction.validate_json(json.dumps(record))))
    ]
    changed_at: Moment


class _Origin(_Row):
    source: str
    url: str
    fetched_at: Moment


class _Memory(BaseModel):
    model_config = ConfigDict(extra="ignore")

    conversations: list[_Named] = []
    exchanges: list[_Exchange] = []
    feedback: list[_Feedback] = []
    briefings: list[_Named] = []
    entries: list[_Entry] = []
    corrections: list[_Correction] = []
    origins: list[_Origin] = []


_TABLES: Mapping[str, type[BaseModel]] = {
    "conversations": _Named,
    "exchanges": _Exchange,
    "feedback": _Feedback,
    "briefings": _Named,
    "entries": _Entry,
    "corrections": _Correction,
    "origins": _Origin,
}
_JSON_COLUMNS = ("filters", "answer", "record")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import, in numbers. `known` counts what was there already, the same;
    `renamed` what came in under another name since its own was taken by something else; `kept_own`
    the corrections that were not taken since the article has another one here."""

    conversations: int
    briefings: int
    corrections: int
    known: int
    renamed: int
    kept_own: int


def export_memory(path: Path) -> dict[str, Any]:
    """Everything in plain JSON types, under the schema `sourceline.memory/1`. A damaged row is left out,
    and counted under `left_out`."""
    exported: dict[str, Any] = {
        "schema": MEMORY_SCHEMA,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    left_out = 0
    with Database(path).opened() as database:
        for table, model in _TABLES.items():
            rows = []
            for row in _rows(database, table, model):
                try:
                    read = {n: json.loads(v) if n in _JSON_COLUMNS else v for n, v in row.items()}
                    rows.append(model.model_validate(read).model_dump())
                except (ValueError, RecursionError):
                    left_out += 1
            exported[table] = rows
    return exported | {"left_out": left_out}


def import_memory(path: Path, content: bytes) -> Imported:
    """Take in what was exported, all of it or nothing.

    Raises TransferError, which says what is wrong with the file, and StorageError.
    """
    memory = _read(content)
    try:
        with Database(path).opened() as database:
            return _import(database, memory)
    except StorageError as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):
            raise TransferError(
                "This file is damaged: it names something twice. Export it anew; nothing was changed."
            ) from error
        raise


def _import(database: sqlite3.Connection, memory: _Memory) -> Imported:
    asked = _take_in(database, "conversations", memory.conversations, "exchanges", memory.exchanges)
    kept = _take_in(database, "briefings", memory.briefings, "entries", memory.entries)
    for feedback in memory.feedback:
        if new := asked.keys.get(feedback.conversation):
            _insert(database, "feedback", feedback.model_dump() | {"conversation": new})
    own = {source for (source,) in database.execute("SELECT source FROM corrections")}
    wanted = [row for row in memory.corrections if row.source not in own]
    for correction in wanted:
        _insert(database, "corrections", correction.model_dump())
    for origin in memory.origins:
        _insert(database, "origins", origin.model_dump(), "OR IGNORE")
    return Imported(
        len(asked.keys),
        len(kept.keys),
        len(wanted),
        asked.known + kept.known,
        asked.renamed + kept.renamed,
        len(memory.corrections) - len(wanted),
    )


def _read(content: bytes) -> _Memory:
    try:
        data = json.loads(content)
        name, _, version = str(data["schema"]).rpartition("/")
        number = int(version)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TransferError(
            "This file was not exported from Sourceline: choose one that “Export” has written."
        ) from error
    if name != NAME:
        raise TransferError(f"This file holds {name or 'something else'}, not an exported memory.")
    if number > VERSION:
        raise TransferError(
            f"A newer version of Sourceline wrote this file ({data['schema']}). Update Sourceline, then "
            "import it again; nothing was changed."
        )
    try:
        return _Memory.model_validate(data)
    except (ValidationError, RecursionError) as error:
        place = ""
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            place = f" ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        raise TransferError(
            f"This file is damaged{place}. Export it anew; nothing was changed."
        ) from error


@dataclass(frozen=True, slots=True)
class _Taken:
    """Keys in the file to keys here, for what is new; and how much was known or renamed."""

    keys: dict[str, str]
    known: int
    renamed: int


def _take_in(
    database: sqlite3.Connection,
    table: str,
    named: Iterable[_Named],
    parts_table: str,
    parts: Iterable[_Exchange | _Entry],
) -> _Taken:
    """Conversations with their exchanges, or briefings with their entries."""
    column = "conversation" if parts_table == "exchanges" else "briefing"
    of: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        row = part.model_dump()
        of.setdefault(row[column], []).append(row)
    keys: dict[str, str] = {}
    known = renamed = 0
    for each in named:
        mine = of.get(each.key, [])
        theirs = _parts_here(database, parts_table, column, each.key)
        is_there = database.execute(f"SELECT 1 FROM {table} WHERE key = ?", (each.key,)).fetchone()
        if is_there and theirs == mine:
            known += 1
            continue
        key = new_key() if is_there else each.key
        renamed += bool(is_there)
        keys[each.key] = key
        title = f"{each.title} (imported)" if is_there else each.title
        _insert(database, table, {"key": key, "title": title, "changed_at": each.changed_at})
        for row in mine:
            _insert(database, parts_table, row | {column: key} | _folded(row))
    return _Taken(keys, known, renamed)


def _folded(row: dict[str, Any]) -> dict[str, str]:
    """The words that a row is found by."""
    if "answer" in row:
        return {"folded": searchable(row["question"], row["answer"])}
    return {"folded": entry_words(_entry.validate_json(json.dumps(row["record"])))}


def _parts_here(database: sqlite3.Connection, table: str, column: str, key: str) -> list[dict[str, Any]]:
    try:
        return [
            {n: json.loads(v) if n in _JSON_COLUMNS else v for n, v in row.items()}
            for row in _rows(database, table, _TABLES[table], f"WHERE {column} = ?", key)
        ]
    except ValueError:  # what is damaged here is not the same as what comes in
        return []


def _rows(
    database: sqlite3.Connection, table: str, model: type[BaseModel], which: str = "", *values: str
) -> list[dict[str, Any]]:
    columns = list(model.model_fields)
    found = database.execute(f"SELECT {', '.join(columns)} FROM {table} {which} ORDER BY rowid", values)
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _insert(database: sqlite3.Connection, table: str, row: dict[str, Any], otherwise: str = "") -> None:
    stored = {n: json.dumps(v) if n in _JSON_COLUMNS else v for n, v in row.items()}
    places = ", ".join("?" * len(stored))
    database.execute(
        f"INSERT {otherwise} INTO {table} ({', '.join(stored)}) VALUES ({places})",
        list(stored.values()),
    )
