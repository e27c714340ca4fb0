"""The SQLite file of a desk, and how older ones are brought up to date. It knows nothing of pages or how
answers are made."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from rag.core.errors import StorageError
from rag.language.text import fold

BUSY_TIMEOUT_SECONDS = 10

_CONVERSATIONS = """
CREATE TABLE IF NOT EXISTS conversations (
    key TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS exchanges (
    conversation TEXT NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    filters TEXT NOT NULL,
    answer TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (conversation, number)
);
"""

# The entries of a briefing stand in the order of `place`. A row is changed only by who has seen its
# version, so that two open tabs never overwrite each other's words. What is removed keeps its place.
_DESK = """
ALTER TABLE exchanges ADD COLUMN folded TEXT NOT NULL DEFAULT '';
CREATE TABLE waiting (
    conversation TEXT NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    filters TEXT NOT NULL,
    method TEXT,
    is_alone INTEGER NOT NULL,
    PRIMARY KEY (conversation, asked_at)
);
CREATE TABLE feedback (
    conversation TEXT NOT NULL,
    number INTEGER NOT NULL,
    is_good INTEGER NOT NULL,
    fault TEXT,
    words TEXT NOT NULL,
    is_case INTEGER NOT NULL,
    given_at TEXT NOT NULL,
    PRIMARY KEY (conversation, number),
    FOREIGN KEY (conversation, number) REFERENCES exchanges (conversation, number) ON DELETE CASCADE
);
CREATE TABLE briefings (
    key TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE TABLE entries (
    briefing TEXT NOT NULL REFERENCES briefings (key) ON DELETE CASCADE,
    key TEXT NOT NULL,
    place INTEGER NOT NULL,
    version INTEGER NOT NULL,
    is_removed INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (briefing, key)
);
CREATE TABLE corrections (
    source TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE TABLE origins (
    source TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL
);
"""


def new_key() -> str:
    """A name for a conversation, a briefing or an entry that is not stored yet: nobody has to remember
    one, and two desks never give the same."""
    return uuid4().hex[:16]


def now() -> str:
    """The moment, as it is stored."""
    return datetime.now(UTC).isoformat()


def moment_or_long_ago(text: str) -> datetime:
    """A stored moment; the first of all where it is damaged."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def searchable(question: str, answer: object) -> str:
    """The words of a question and of its answer's sentences, folded as search terms are."""
    claims = answer.get("claims") if isinstance(answer, dict) else None
    texts = [claim.get("text") for claim in claims or () if isinstance(claim, dict)]
    return fold("\n".join([question, *(text for text in texts if isinstance(text, str))]))


def _run(database: sqlite3.Connection, script: str) -> None:
    # Not executescript: it would commit the transaction that the steps stand in.
    for statement in script.split(";"):
        database.execute(statement)


def _make_desk(database: sqlite3.Connection) -> None:
    _run(database, _DESK)
    rows = database.execute("SELECT rowid, question, answer FROM exchanges").fetchall()
    for row, question, answer in rows:
        try:
            folded = searchable(question, json.loads(answer))
        except ValueError:  # a damaged row is found by its question
            folded = searchable(question, None)
        database.execute("UPDATE exchanges SET folded = ? WHERE rowid = ?", (folded, row))


# What brings a file from the layout before to each next one.
_STEPS: tuple[Callable[[sqlite3.Connection], object], ...] = (
    lambda database: _run(database, _CONVERSATIONS),
    _make_desk,
)
LAYOUT = len(_STEPS)


class Database:
    """One file. Every use opens it anew, so threads and processes share it.

    Every use raises StorageError when the file cannot be read or written, and when somebody else has
    been writing it for too long.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, query: str, *values: object) -> list[Any]:
        """What a query finds; nothing where there is no file yet."""
        with self.opened(writes=False) as database:
            return database.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        """One statement, a transaction of its own."""
        with self.opened() as database:
            database.execute(statement, values)

    def found(self, query: str, holding: str, wanted: str) -> list[Any]:
        """The rows of a table with titles, the latest changed first: those in which every word of
        `wanted` stands in the title or in what `holding` looks through, however it is written."""
        terms = fold(wanted).split()
        where = " AND ".join([f"(instr(fold(title), ?) OR EXISTS ({holding}))"] * len(terms)) or "TRUE"
        with self.opened(writes=False) as database:
            database.create_function("fold", 1, fold, deterministic=True)
            return database.execute(
                f"{query} WHERE {where} ORDER BY changed_at DESC, key",
                [term for term in terms for _ in range(2)],
            ).fetchall()

    @contextmanager
    def opened(self, *, writes: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: kept when the block ends, undone when it raises. One that only reads waits
        for no writer, and makes no file."""
        try:
            if writes:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            path = self._path if writes or self._path.exists() else ":memory:"
            database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
            # Damaged letters spoil the row that holds them, not the whole answer of the database.
            database.text_factory = lambda content: content.decode("utf-8", "replace")
            try:
                self._prepare(database)
                with _transaction(database, "IMMEDIATE" if writes else "DEFERRED"):
                    yield database
            finally:
                database.close()
        except (sqlite3.Error, OSError) as error:
            if _is_busy(error):
                raise StorageError(
                    f"Another program is writing the conversations and briefings in {self._path}. Wait "
                    "a moment and try again; what was stored before is kept."
                ) from error
            raise StorageError(
                f"The conversations and briefings in {self._path} cannot be read or written: {error}. "
                "Make room on the disk or check who owns the folder; what was stored before is kept."
            ) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA foreign_keys = ON")
        if self._layout(database) == LAYOUT:
            return
        # Write-ahead logging lets one tab read while another stores.
        database.execute("PRAGMA journal_mode = WAL")
        with _transaction(database):
            for step in _STEPS[self._layout(database) :]:
                step(database)
            database.execute(f"PRAGMA user_version = {LAYOUT}")

    def _layout(self, database: sqlite3.Connection) -> int:
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout > LAYOUT:
            raise StorageError(
                f"A newer version of Sourceline made the conversations in {self._path}. Update "
                "Sourceline, or point SOURCELINE_DATA at another folder."
            )
        return int(layout)


def _is_busy(error: Exception) -> bool:
    # The low byte is the kind of error, the others say more of it.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def _transaction(database: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    database.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
