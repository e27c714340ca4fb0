"""Where articles were fetched from, by source: a page that is saved as it came has no room for it."""

from dataclasses import dataclass

from rag.desk.database import Database, now


@dataclass(frozen=True, slots=True)
class Origin:
    """The address of a page and the day on which it was fetched, as ISO 8601."""

    url: str
    fetched_on: str


class Origins:
    """The origins at a desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, source: str) -> Origin | None:
        rows = self._database.rows("SELECT url, fetched_at FROM origins WHERE source = ?", source)
        return next((Origin(url, fetched_at[:10]) for url, fetched_at in rows), None)

    def put(self, source: str, url: str) -> None:
        self._database.change("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", source, url, now())

    def withdraw(self, source: str) -> None:
        self._database.change("DELETE FROM origins WHERE source = ?", source)
