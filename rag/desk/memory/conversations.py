"""Conversations on disk: each a line of exchanges that are stored once and never changed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from rag.core.dates import is_edtf
from rag.core.errors import RagError
from rag.core.records import Exchange, Filters
from rag.core.schema import answer_from_json, answer_to_json
from rag.desk.memory.database import Database, searchable
from rag.language.text import fold

TITLE_CHARACTERS = 80

_FOUND = "SELECT 1 FROM exchanges WHERE conversation = key AND instr(folded, ?)"

_filters = TypeAdapter(Filters)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of the list: the first question, shortened, unless it was given another title."""

    key: str
    title: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored exchange. Its number, counted from 1 in its conversation, never changes."""

    number: int
    exchange: Exchange
    filters: Filters
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Damaged:
    """A stored exchange that cannot be read, and why, in words."""

    number: int
    question: str
    reason: str


class Conversations:
    """The conversations in one file. Every call opens it anew, so threads and processes share it.

    Raises StorageError when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def list(self, wanted: str = "") -> tuple[Conversation, ...]:
        """The latest first: those in which every word of `wanted` stands in the title, a question or a
        sentence of an answer, however it is written."""
        terms = fold(wanted).split()
        found = " AND ".join(["(instr(fold(title), ?) OR EXISTS (" + _FOUND + "))"] * len(terms))
        with self._database.opened(writes=False) as database:
            database.create_function("fold", 1, fold, deterministic=True)
            rows = database.execute(
                "SELECT key, title, changed_at FROM conversations"
                f" WHERE {found or 'TRUE'} ORDER BY changed_at DESC, key",
                [term for term in terms for _ in range(2)],
            ).fetchall()
        return tuple(
            Conversation(key, title, _moment_or_long_ago(changed)) for key, title, changed in rows
        )

    def exchanges(self, key: str) -> tuple[Kept | Damaged, ...]:
        """In the order in which they were asked; nothing for a conversation that is not stored."""
        with self._database.opened(writes=False) as database:
            rows = database.execute(
                "SELECT number, question, filters, answer, asked_at FROM exchanges"
                " WHERE conversation = ? ORDER BY number",
                (key,),
            ).fetchall()
        return tuple(_read_exchange(*row) for row in rows)

    def add(self, key: str, exchange: Exchange, filters: Filters, asked_at: datetime) -> int:
        """Store an exchange, and the conversation if this is its first. Returns its number."""
        moment = asked_at.astimezone(UTC).isoformat()
        answer = answer_to_json(exchange.answer)
        with self._database.opened() as database:
            database.execute(
                "INSERT INTO conversations (key, title, changed_at) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET changed_at = excluded.changed_at",
                (key, title_from(exchange.question), moment),
            )
            (number,) = database.execute(
                "INSERT INTO exchanges"
                " (conversation, number, question, filters, answer, asked_at, folded)"
                " SELECT ?, 1 + COALESCE(MAX(number), 0), ?, ?, ?, ?, ? FROM exchanges"
                " WHERE conversation = ? RETURNING number",
                (
                    key,
                    exchange.question,
                    _filters.dump_json(filters).decode(),
                    json.dumps(answer),
                    moment,
                    searchable(exchange.question, answer),
                    key,
                ),
            ).fetchone()
        return int(number)

    def rename(self, key: str, title: str) -> None:
        """A title without letters changes nothing."""
        if not title.strip():
            return
        with self._database.opened() as database:
            database.execute(
                "UPDATE conversations SET title = ? WHERE key = ?", (title_from(title), key)
            )

    def delete(self, key: str) -> None:
        with self._database.opened() as database:
            database.execute("DELETE FROM conversations WHERE key = ?", (key,))


def title_from(question: str) -> str:
    """The question on one line, cut at a word when it is long."""
    line = " ".join(question.split())
    if len(line) <= TITLE_CHARACTERS:
        return line
    head = line[:TITLE_CHARACTERS]
    return head.rsplit(" ", 1)[0] + "…"


def _read_exchange(
    number: int, question: str, filters: str, answer: str, asked_at: str
) -> Kept | Damaged:
    try:
        data = json.loads(answer)
        if not isinstance(data, dict):
            raise TypeError("it is no JSON object")
        return Kept(
            number,
            Exchange(question, answer_from_json(data)),
            read_filters(filters),
            _moment(asked_at),
        )
    except (RagError, TypeError, ValueError, RecursionError) as error:
        return Damaged(number, str(question), str(error))


def read_filters(record: str) -> Filters:
    """Stored filters. Raises ValueError for what are none, a date that is none among it."""
    filters = _filters.validate_json(record)
    for day in filter(None, (filters.published_from, filters.published_to)):
        if not is_edtf(day):
            raise ValueError(f"{day!r} is no date to ask for")
    return filters


def _moment_or_long_ago(text: str) -> datetime:
    try:
        return _moment(text)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
