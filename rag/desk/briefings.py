"""Briefings on disk: what was kept from answers, in an order, with headings and notes of one's own.

Every operation is one transaction on as little as it needs, so that two open tabs do not undo each
other's work. It judges nothing: who edits a sentence brings its new verdict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from sqlite3 import Connection

from rag.core.errors import BriefingGone, RagError
from rag.desk.database import Database, moment_or_long_ago, new_key, now
from rag.desk.entries import (
    Briefing,
    Entry,
    Listed,
    Unreadable,
    identity,
    read_entry,
    written,
)

UNTITLED = "Briefing"
TITLE_CHARACTERS = 200

_HOLDING = "SELECT 1 FROM entries WHERE briefing = briefings.key AND NOT is_removed AND instr(folded, ?)"
_ROWS = "SELECT key, version, is_removed, record FROM entries WHERE briefing = ?"


class StaleEntry(RagError):
    """An entry was edited by somebody who has not seen its newest words, which are `newer`."""

    def __init__(self, newer: Entry) -> None:
        super().__init__(
            "This was changed elsewhere in the meantime. Both wordings are shown: keep one of them."
        )
        self.newer = newer


class Briefings:
    """The briefings of a desk. A change that meets a briefing or an entry that is not there raises
    BriefingGone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, wanted: str = "") -> tuple[Listed, ...]:
        """The latest first: those in which every word of `wanted` stands in the title or an entry,
        however it is written."""
        query = (
            "SELECT key, title, changed_at,"
            " (SELECT count(*) FROM entries WHERE briefing = briefings.key AND NOT is_removed)"
            " FROM briefings"
        )
        rows = self._database.found(query, _HOLDING, wanted)
        return tuple(
            Listed(key, title, moment_or_long_ago(changed), size) for key, title, changed, size in rows
        )

    def read(self, key: str) -> Briefing | None:
        """None where there is no such briefing."""
        with self._database.opened(writes=False) as database:
            row = database.execute(
                "SELECT title, changed_at FROM briefings WHERE key = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            rows = _rows(database, key)
        standing = tuple(_read(row) for row in rows if not row[2])
        removed = tuple(_read(row) for row in rows if row[2])
        return Briefing(key, row[0], moment_or_long_ago(row[1]), standing, removed)

    def find(self, key: str, entry_key: str) -> Entry:
        """One entry, removed or not. Raises RagError for one that cannot be read."""
        with self._database.opened(writes=False) as database:
            _check_there(database, key)
            entry = _find(database, key, entry_key)
        if isinstance(entry, Unreadable):
            raise RagError("This entry is damaged and cannot be changed. Remove it, and keep it anew.")
        return entry

    def create(self, title: str, entries: Sequence[Entry] = ()) -> str:
        """A new briefing that holds these entries; returns its key."""
        key = new_key()
        with self._database.opened() as database:
            database.execute(
                "INSERT INTO briefings (key, title, changed_at) VALUES (?, ?, ?)",
                (key, _titled(title), now()),
            )
            _append(database, key, entries)
        return key

    def rename(self, key: str, title: str) -> None:
        """A title without letters changes nothing."""
        with self._database.opened() as database:
            _touch(database, key)
            if title.strip():
                database.execute("UPDATE briefings SET title = ? WHERE key = ?", (_titled(title), key))

    def delete(self, key: str) -> None:
        self._database.change("DELETE FROM briefings WHERE key = ?", key)

    def keep(self, key: str, entries: Sequence[Entry], before: str | None = None) -> tuple[Entry, ...]:
        """Put entries before another, or at the end. Returns those that are new: an entry that was kept
        before, and a sentence that the briefing holds already, from the same words, are passed over."""
        with self._database.opened() as database:
            _touch(database, key)
            rows = _rows(database, key)
            known = {identity(_read(row)) for row in rows if not row[2]} - {None}
            keys = {row[0] for row in rows}
            added = []
            for entry in entries:
                same = identity(entry)
                if entry.key not in keys and (same is None or same not in known):
                    added.append(entry)
                    known.add(same)
            _append(database, key, added)
            if before is not None:
                _place(database, key, [entry.key for entry in added], before)
        return tuple(added)

    def edit(self, key: str, entry: Entry) -> Entry:
        """Store an entry anew; its version is the one that the editor has seen. Returns it with its
        new version.

        Raises StaleEntry when it was changed in the meantime: nothing is stored then.
        """
        with self._database.opened() as database:
            _touch(database, key)
            stored = _find(database, key, entry.key)
            if stored.version != entry.version and isinstance(stored, Entry):
                raise StaleEntry(stored)
            newer = replace(entry, version=stored.version + 1)
            database.execute(
                "UPDATE entries SET version = ?, record = ?, folded = ?, is_removed = 0"
                " WHERE briefing = ? AND key = ?",
                (newer.version, *written(newer), key, newer.key),
            )
        return newer

    def move(self, key: str, entry_key: str, before: str | None) -> None:
        """Put an entry before another one, or at the end."""
        with self._database.opened() as database:
            _touch(database, key)
            _find(database, key, entry_key)
            if before != entry_key:
                _place(database, key, [entry_key], before)

    def remove(self, key: str, entry_key: str) -> Entry | Unreadable:
        """Take an entry out. It keeps its place and can be put back until the briefing is deleted."""
        return self._set_removed(key, entry_key, True)

    def restore(self, key: str, entry_key: str) -> Entry | Unreadable:
        """Put a removed entry back where it stood."""
        return self._set_removed(key, entry_key, False)

    def _set_removed(self, key: str, entry_key: str, is_removed: bool) -> Entry | Unreadable:
        with self._database.opened() as database:
            _touch(database, key)
            entry = _find(database, key, entry_key)
            database.execute(
                "UPDATE entries SET is_removed = ? WHERE briefing = ? AND key = ?",
                (is_removed, key, entry_key),
            )
        return entry


_Row = tuple[str, int, int, str]


def _rows(database: Connection, key: str) -> list[_Row]:
    return database.execute(f"{_ROWS} ORDER BY place, key", (key,)).fetchall()


def _read(row: _Row) -> Entry | Unreadable:
    key, version, _, record = row
    return read_entry(key, version, record)


def _find(database: Connection, key: str, entry_key: str) -> Entry | Unreadable:
    row = database.execute(f"{_ROWS} AND key = ?", (key, entry_key)).fetchone()
    if row is None:
        raise BriefingGone("This entry is not in the briefing any more. Load the page again.")
    return _read(row)


def _touch(database: Connection, key: str) -> None:
    """The briefing is about to change."""
    _check_there(database, key)
    database.execute("UPDATE briefings SET changed_at = ? WHERE key = ?", (now(), key))


def _check_there(database: Connection, key: str) -> None:
    if database.execute("SELECT 1 FROM briefings WHERE key = ?", (key,)).fetchone() is None:
        raise BriefingGone("This briefing was deleted. Choose another one, or start a new one.")


def _append(database: Connection, key: str, entries: Iterable[Entry]) -> None:
    for entry in entries:
        database.execute(
            "INSERT INTO entries (briefing, key, place, version, record, folded)"
            " SELECT ?, ?, 1 + COALESCE(MAX(place), 0), ?, ?, ? FROM entries WHERE briefing = ?",
            (key, entry.key, entry.version, *written(entry), key),
        )


def _place(database: Connection, key: str, moved: Sequence[str], before: str | None) -> None:
    """Number the entries anew, with those that move before another; at the end where it is None or
    was never there."""
    every = [row[0] for row in _rows(database, key)]
    order = [other for other in every if other not in moved]
    at = order.index(before) if before in order else len(order)
    order[at:at] = moved
    database.executemany(
        "UPDATE entries SET place = ? WHERE briefing = ? AND key = ?",
        [(place, key, entry_key) for place, entry_key in enumerate(order, 1)],
    )


def _titled(title: str) -> str:
    return " ".join(title.split())[:TITLE_CHARACTERS].strip() or UNTITLED
