"""A whole desk as one JSON document, and back into the same or another one. What is there stays as it
is: what comes in besides it and is not the same gets a name of its own."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from rag.core.errors import StorageError, TransferError
from rag.core.schema import from_json
from rag.desk.database import Database, searchable
from rag.desk.entries import Entry, entry_words
from rag.desk.rows import (
    EXPORT_SCHEMA,
    JSON_COLUMNS,
    TABLES,
    EntryRow,
    ExchangeRow,
    Exported,
    Named,
    Row,
    read_export,
)


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


def export(desk: Database) -> dict[str, Any]:
    """Everything in plain JSON types, under the schema `sourceline.memory/1`. A damaged row is left out,
    and counted under `left_out`."""
    exported: dict[str, Any] = {
        "schema": EXPORT_SCHEMA,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    left_out = 0
    with desk.opened(writes=False) as database:
        for table, model in TABLES.items():
            rows = []
            for row in _rows(database, table, model):
                try:
                    read = {n: json.loads(v) if n in JSON_COLUMNS else v for n, v in row.items()}
                    rows.append(model.model_validate(read).model_dump())
                except (ValueError, RecursionError):
                    left_out += 1
            exported[table] = rows
    return exported | {"left_out": left_out}


def take_in(desk: Database, content: bytes) -> Imported:
    """Take in what was exported, all of it or nothing.

    Raises TransferError, which says what is wrong with the file, and StorageError.
    """
    exported = read_export(content)
    try:
        with desk.opened() as database:
            return _import(database, exported)
    except StorageError as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):
            raise TransferError(
                "This file is damaged: it names something twice. Export it anew; nothing was changed."
            ) from error
        raise
    except (OverflowError, ValueError, RecursionError) as error:
        raise TransferError(
            f"This file is damaged ({error}). Export it anew; nothing was changed."
        ) from error


def _import(database: sqlite3.Connection, exported: Exported) -> Imported:
    asked = _take_in(database, "conversations", exported.conversations, "exchanges", exported.exchanges)
    kept = _take_in(database, "briefings", exported.briefings, "entries", exported.entries)
    for feedback in exported.feedback:
        key = asked.keys.get(feedback.conversation)
        # The answer that was spoken of may have been damaged, and left out of the file.
        if key and _is_there(database, "exchanges", conversation=key, number=feedback.number):
            row = feedback.model_dump() | {"conversation": key}
            _insert(database, "feedback", row, "OR IGNORE")
    own = {source for (source,) in database.execute("SELECT source FROM corrections")}
    wanted = [row for row in exported.corrections if row.source not in own]
    for correction in wanted:
        _insert(database, "corrections", correction.model_dump())
    for origin in exported.origins:
        _insert(database, "origins", origin.model_dump(), "OR IGNORE")
    return Imported(
        asked.new,
        kept.new,
        len(wanted),
        asked.known + kept.known,
        asked.renamed + kept.renamed,
        len(exported.corrections) - len(wanted),
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """Keys in the file to keys here; and how much was new, known or renamed, which is new too."""

    keys: dict[str, str]
    new: int
    known: int
    renamed: int


def _take_in(
    database: sqlite3.Connection,
    table: str,
    named: Iterable[Named],
    parts_table: str,
    parts: Iterable[ExchangeRow | EntryRow],
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
        mine, key, title = of.get(each.key, []), each.key, each.title
        is_there = _is_there(database, table, key=key)
        is_known = is_there and _parts_here(database, parts_table, column, key) == mine
        if is_there and not is_known:
            key, title = _key_of_copy(key, mine), f"{title} (imported)"
            is_known = _is_there(database, table, key=key)
        keys[each.key] = key
        if is_known:
            known += 1
            continue
        renamed += is_there
        _insert(database, table, {"key": key, "title": title, "changed_at": each.changed_at})
        for row in mine:
            _insert(database, parts_table, row | {column: key} | _folded(row))
    return _Taken(keys, len(keys) - known, known, renamed)


def _key_of_copy(key: str, parts: list[dict[str, Any]]) -> str:
    """The same for the same contents, so that a copy that was made of them before is known again, also
    when somebody has gone on with it."""
    return sha256(json.dumps([key, parts], sort_keys=True).encode()).hexdigest()[:16]


def _is_there(database: sqlite3.Connection, table: str, **values: str | int) -> bool:
    wanted = " AND ".join(f"{column} = ?" for column in values)
    found = database.execute(f"SELECT 1 FROM {table} WHERE {wanted}", list(values.values()))
    return found.fetchone() is not None


def _folded(row: dict[str, Any]) -> dict[str, str]:
    """The words that a row is found by."""
    if "answer" in row:
        return {"folded": searchable(row["question"], row["answer"])}
    return {"folded": entry_words(from_json(Entry, row["record"]))}


def _parts_here(database: sqlite3.Connection, table: str, column: str, key: str) -> list[dict[str, Any]]:
    try:
        return [
            {n: json.loads(v) if n in JSON_COLUMNS else v for n, v in row.items()}
            for row in _rows(database, table, TABLES[table], f"WHERE {column} = ?", key)
        ]
    except ValueError:  # what is damaged here is not the same as what comes in
        return []


def _rows(
    database: sqlite3.Connection, table: str, model: type[Row], which: str = "", *values: str
) -> list[dict[str, Any]]:
    columns = list(model.model_fields)
    found = database.execute(f"SELECT {', '.join(columns)} FROM {table} {which} ORDER BY rowid", values)
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _insert(database: sqlite3.Connection, table: str, row: dict[str, Any], otherwise: str = "") -> None:
    stored = {n: json.dumps(v) if n in JSON_COLUMNS else v for n, v in row.items()}
    places = ", ".join("?" * len(stored))
    database.execute(
        f"INSERT {otherwise} INTO {table} ({', '.join(stored)}) VALUES ({places})",
        list(stored.values()),
    )
