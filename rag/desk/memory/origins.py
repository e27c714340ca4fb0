"""Where articles were fetched from, by source: a page that is saved as it came has no room for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.desk.memory.database import Database


@dataclass(frozen=True, slots=True)
class Origin:
    """The address of a page and the day on which it was fetched, as ISO 8601."""

    url: str
    fetched_on: str


class Origins:
    """The origins in one file. Every call opens it anew, so threads and processes share it.

    Raises StorageError when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = Database(path)

    def of(self, source: str) -> Origin | None:
        if not self._path.exists():
            return None
        with self._database.opened(writes=False) as database:
            row = database.execute(
                "SELECT url, fetched_at FROM origins WHERE source = ?", (source,)
            ).fetchone()
        return Origin(row[0], row[1][:10]) if row else None

    def put(self, source: str, url: str) -> None:
        moment = datetime.now(UTC).isoformat()
        with self._database.opened() as database:
            database.execute("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", (source, url, moment))

    def withdraw(self, source: str) -> None:
        with self._database.opened() as database:
            database.execute("DELETE FROM origins WHERE source = ?", (source,))
