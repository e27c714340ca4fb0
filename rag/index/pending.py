"""Vectors that were computed and stand in no whole generation yet, so that a killed run goes on where it
was. The run that comes to its end removes the file.

They do not wait in the generation that is filled: Chroma writes its graph in place, and one that is half
written ends the process that opens it. A run builds on a whole generation or on none."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rag.core.errors import StorageError
from rag.models.embedding import Vectors

_SCHEMA = "CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"


class PendingVectors:
    """The file in a state folder. One process writes and reads it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "pending.db"

    def keys(self) -> frozenset[str]:
        """Whose vectors wait. A damaged file is removed: it holds nothing but time."""
        if not self._path.exists():
            return frozenset()
        try:
            with self._connect() as connection:
                return frozenset(key for (key,) in connection.execute("SELECT key FROM vector"))
        except sqlite3.OperationalError as error:
            raise self._unusable("read", error) from error
        except sqlite3.DatabaseError:
            self.forget()
            return frozenset()

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keeps vectors, (len(keys), dimension), at once. Raises StorageError."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        try:
            with self._connect() as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise self._unusable("written", error) from error

    def read(self, keys: Sequence[str]) -> Vectors:
        """The vectors of keys that wait: (len(keys), dimension). Raises StorageError."""
        try:
            with self._connect() as connection:
                values = [
                    connection.execute("SELECT value FROM vector WHERE key = ?", (key,)).fetchone()[0]
                    for key in keys
                ]
        except (sqlite3.Error, TypeError) as error:
            raise self._unusable("read", error) from error
        return np.array([np.frombuffer(value, dtype=np.float32) for value in values])

    def forget(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def _unusable(self, what: str, error: Exception) -> StorageError:
        return StorageError(
            f"The vectors in {self._path} cannot be {what} ({error}). Make room on the disk, or delete "
            "that file and run `sourceline index`; nothing indexed is lost."
        )

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)
            yield connection
        finally:
            connection.close()
