"""Conversations on disk: each a line of exchanges that are stored once and never changed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.core.errors import RagError
from rag.core.records import Exchange, Filters
from rag.core.schema import answer_from_json, answer_to_json, from_text, to_text
from rag.desk.database import Database, moment_or_long_ago, searchable

TITLE_CHARACTERS = 80

_HOLDING = "SELECT 1 FROM exchanges WHERE conversation = key AND instr(folded, ?)"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of the list: the first question, shortened, unless it was given another title."""

    key: str
    title: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
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
    """The conversations of a desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, wanted: str = "") -> tuple[Conversation, ...]:
        """The latest first: those in which every word of `wanted` stands in the title, a question or a
        sentence of an answer, however it is written."""
        query = "SELECT key, title, changed_at FROM conversations"
        rows = self._database.found(query, _HOLDING, wanted)
        return tuple(
            Conversation(key, title, moment_or_long_ago(changed)) for key, title, changed in rows
        )

    def exchanges(self, key: str) -> tuple[Stored | Damaged, ...]:
        """In the order in which they were asked; nothing for a conversation that is not stored."""
        rows = self._database.rows(
            "SELECT number, question, filters, answer, asked_at FROM exchanges"
            " WHERE conversation = ? ORDER BY number",
            key,
        )
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
                    to_text(filters),
                    json.dumps(answer),
                    moment,
                    searchable(exchange.question, answer),
                    key,
                ),
            ).fetchone()
        return int(number)

    def rename(self, key: str, title: str) -> None:
        """A title without letters changes nothing."""
        if title.strip():
            statement = "UPDATE conversations SET title = ? WHERE key = ?"
            self._database.change(statement, title_from(title), key)

    def delete(self, key: str) -> None:
        self._database.change("DELETE FROM conversations WHERE key = ?", key)


def title_from(question: str) -> str:
    """The question on one line, cut at a word when it is long."""
    line = " ".join(question.split())
    if len(line) <= TITLE_CHARACTERS:
        return line
    head = line[:TITLE_CHARACTERS]
    return head.rsplit(" ", 1)[0] + "…"


def _read_exchange(
    number: int, question: str, filters: str, answer: str, asked_at: str
) -> Stored | Damaged:
    try:
        data = json.loads(answer)
        if not isinstance(data, dict):
            raise TypeError("it is no JSON object")
        return Stored(
            number,
            Exchange(question, answer_from_json(data)),
            from_text(Filters, filters),
            datetime.fromisoformat(asked_at),
        )
    except (RagError, TypeError, ValueError, RecursionError) as error:
        return Damaged(number, str(question), str(error))
