"""Questions that were asked and have no answer yet: a reader who leaves at once finds them again."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from rag.core.records import Filters, Method
from rag.desk.memory.conversations import title_from
from rag.desk.memory.database import Database

_filters = TypeAdapter(Filters)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that was asked and has no answer yet. Alone it leans on nothing said before."""

    conversation: str
    question: str
    filters: Filters
    asked_at: datetime
    method: Method | None = None
    is_alone: bool = False


class WaitingQuestions:
    """The questions in one file. Raises StorageError when it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def put(self, asked: Waiting) -> None:
        """Store a question, and its conversation if this is the first."""
        moment = _moment(asked)
        with self._database.opened() as database:
            database.execute(
                "INSERT INTO conversations (key, title, changed_at) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING",
                (asked.conversation, title_from(asked.question), moment),
            )
            database.execute(
                "INSERT OR IGNORE INTO waiting VALUES (?, ?, ?, ?, ?, ?)",
                (
                    asked.conversation,
                    moment,
                    asked.question,
                    _filters.dump_json(asked.filters).decode(),
                    asked.method,
                    asked.is_alone,
                ),
            )

    def of(self, conversation: str) -> tuple[Waiting, ...]:
        """In the order in which they were asked; a damaged one is passed over."""
        with self._database.opened(writes=False) as database:
            rows = database.execute(
                "SELECT question, filters, asked_at, method, is_alone FROM waiting"
                " WHERE conversation = ? ORDER BY asked_at",
                (conversation,),
            ).fetchall()
        found = []
        for question, filters, asked_at, method, is_alone in rows:
            try:
                asked = Waiting(
                    conversation,
                    str(question),
                    _filters.validate_python(json.loads(filters)),
                    datetime.fromisoformat(asked_at),
                    Method(method) if method else None,
                    bool(is_alone),
                )
            except (TypeError, ValueError):
                continue
            found.append(asked)
        return tuple(found)

    def forget(self, asked: Waiting) -> None:
        """It is answered, or cannot be. A conversation in which nothing else is stored goes with it."""
        with self._database.opened() as database:
            database.execute(
                "DELETE FROM waiting WHERE conversation = ? AND asked_at = ?",
                (asked.conversation, _moment(asked)),
            )
            database.execute(
                "DELETE FROM conversations WHERE key = ?"
                " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE conversation = key)"
                " AND NOT EXISTS (SELECT 1 FROM waiting WHERE conversation = key)",
                (asked.conversation,),
            )


def _moment(asked: Waiting) -> str:
    return asked.asked_at.astimezone(UTC).isoformat()
