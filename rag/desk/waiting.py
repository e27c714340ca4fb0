"""Questions that were asked and have no answer yet: a reader who leaves at once finds them again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rag.core.records import Filters, Method
from rag.core.schema import from_text, to_text
from rag.desk.conversations import title_from
from rag.desk.database import Database


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
    """The questions of a desk that wait."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
                    to_text(asked.filters),
                    asked.method,
                    asked.is_alone,
                ),
            )

    def of(self, conversation: str) -> tuple[Waiting, ...]:
        """In the order in which they were asked; a damaged one is passed over."""
        rows = self._database.rows(
            "SELECT question, filters, asked_at, method, is_alone FROM waiting"
            " WHERE conversation = ? ORDER BY asked_at",
            conversation,
        )
        found = []
        for question, filters, asked_at, method, is_alone in rows:
            try:
                asked = Waiting(
                    conversation,
                    str(question),
                    from_text(Filters, filters),
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
