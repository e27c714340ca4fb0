"""What is indexed, in one SQLite file: the manifest, the files, the articles and the passages. A
generation is committed in one transaction, or not at all.

What is searched bears the generation's name: the keywords in a folder beside the file, the vectors in a
store of their own. Both are built before the commit that names them, and are never changed after it, so
a reader always finds a whole index, and whatever a killed run leaves behind is named by nobody."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.core.errors import IndexMissing, IndexTooNew, StorageError
from rag.core.records import Article, Cut, Passage, Skipped

# Format 1 kept the vectors in this file too.
FORMAT = 2
_READ_ROWS = 1000

_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    source TEXT PRIMARY KEY, sha256 TEXT NOT NULL, loaded TEXT, reason TEXT) WITHOUT ROWID;
CREATE TABLE article (source TEXT PRIMARY KEY, sha256 TEXT NOT NULL, record TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE passage (
    key TEXT PRIMARY KEY, source TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    vector TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made. Two indexes of one corpus with equal rules are equal."""

    generation: int
    embedding_model: str
    embedding_weights: str
    dimension: int
    window_tokens: int
    passage_tokens: int
    splitting_rules: str
    loading_rules: str
    keyword_rules: str
    format: int = FORMAT

    @property
    def vectors(self) -> str:
        """The name of its generation in the store of vectors, which tells the encoder, too."""
        return f"{self.generation}-{self.embedding_weights}"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as last seen: the hash of its bytes, and the article read from it or the reason why
    there is none. The article is as loaded alone, before what repeats across files is cut."""

    source: str
    sha256: str
    loaded: Article | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage, and the key of its vector: a hash of the model and of the words it embeds."""

    passage: Passage
    vector: str


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of an index: articles by source, passages by place, the files left out, and the
    hash of each file's bytes by source."""

    manifest: Manifest
    articles: dict[str, Article]
    passages: tuple[StoredPassage, ...]
    skipped: tuple[Skipped, ...]
    file_hashes: dict[str, str]


class Store:
    """The SQLite file in a corpus's state folder. Readers and one writer may have it open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def generation(self) -> int:
        """The generation that is committed now; 0 when there is none."""
        if not self.path.exists():
            return 0
        with self._connect() as connection:
            if not _has_schema(connection):
                return 0
            row = connection.execute(
                "SELECT value ->> 'generation' FROM manifest WHERE key = 'manifest'"
            ).fetchone()
            return int(row[0]) if row and row[0] else 0

    @property
    def path(self) -> Path:
        return self.folder / "index.db"

    def generation_folder(self, generation: int) -> Path:
        return self.folder / f"generation-{generation}"

    def manifest(self) -> Manifest | None:
        """None before the first commit. Raises IndexTooNew for a format this version cannot read;
        an older format reads as no manifest, so that it is built again."""
        if not self.path.exists():
            return None
        with self._connect() as connection:
            if not _has_schema(connection):
                return None
            row = connection.execute("SELECT value FROM manifest WHERE key = 'manifest'").fetchone()
            return _read_manifest(row[0], self.folder) if row else None

    def read(self) -> "Generation":
        """The committed generation, whole. Raises IndexMissing before the first commit."""
        if not self.path.exists():
            raise _missing()
        with self._connect() as connection, _snapshot(connection):
            if not _has_schema(connection):
                raise _missing()
            row = connection.execute("SELECT value FROM manifest WHERE key = 'manifest'").fetchone()
            if row is None:
                raise _missing()
            manifest = _read_manifest(row[0], self.folder)
            if manifest is None:
                raise IndexMissing(
                    "An older version of Sourceline made this index. Run `sourceline index`."
                )
            articles = [
                _article(record)
                for (record,) in connection.execute("SELECT record FROM article ORDER BY source")
            ]
            passages = [
                StoredPassage(Passage(key, source, start, end), vector)
                for key, source, start, end, vector in connection.execute(
                    'SELECT key, source, start, "end", vector FROM passage ORDER BY source, start'
                )
            ]
            files = connection.execute(
                "SELECT source, sha256, reason FROM file ORDER BY source"
            ).fetchall()
        return Generation(
            manifest,
            {article.source: article for article in articles},
            tuple(passages),
            tuple(Skipped(source, reason) for source, _, reason in files if reason),
            {source: sha256 for source, sha256, _ in files},
        )

    def files(self) -> dict[str, StoredFile]:
        with self._connect() as connection:
            return {
                source: StoredFile(source, sha256, _article(loaded) if loaded else None, reason)
                for source, sha256, loaded, reason in connection.execute(
                    "SELECT source, sha256, loaded, reason FROM file"
                )
            }

    def listed(self) -> dict[str, tuple[str, str | None]]:
        """The hash of each file's bytes, empty where they could not be read, and why no article stands
        for it, where none does."""
        with self._connect() as connection:
            rows = connection.execute("SELECT source, sha256, reason FROM file")
            return {source: (sha256, reason) for source, sha256, reason in rows}

    def sizes(self) -> tuple[int, int]:
        """How many articles and passages are committed."""
        with self._connect() as connection:
            counted = "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM passage)"
            articles, passages = connection.execute(counted).fetchone()
            return articles, passages

    def prepare(self) -> None:
        """Makes the file, or empties one of an older format. Raises StorageError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.folder} cannot be made: {error.strerror}.") from error
        if self.is_older():
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            if not _has_schema(connection):
                connection.executescript("BEGIN;" + _SCHEMA + "COMMIT;")

    def whole_vectors(self) -> str | None:
        """The name of the vectors of the generation that was committed last, be it forgotten since."""
        with self._connect() as connection:
            row = connection.execute("SELECT value FROM manifest WHERE key = 'vectors'").fetchone()
            return str(row[0]) if row else None

    def is_older(self) -> bool:
        """Whether what is committed has an older format, which `prepare` would empty."""
        return bool(self.generation()) and self.manifest() is None

    def vectors_of_format_1(self, weights: str) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Keys and vectors, (keys, dimension), that an index of format 1 has of the encoder with these
        weights, some at a time."""
        with self._connect() as connection:
            row = connection.execute("SELECT value FROM manifest WHERE key = 'manifest'").fetchone()
            fields = json.loads(row[0])
            if fields["format"] != 1 or fields["embedding_weights"] != weights:
                return
            cursor = connection.execute("SELECT key, value FROM vector")
            while rows := cursor.fetchmany(_READ_ROWS):
                values = np.frombuffer(b"".join(value for _, value in rows), dtype=np.float32)
                yield [key for key, _ in rows], values.reshape(len(rows), fields["dimension"])

    def commit(
        self,
        manifest: Manifest,
        files: Sequence[StoredFile],
        articles: Sequence[Article],
        passages: Sequence[StoredPassage],
    ) -> None:
        """Makes a generation the current one, at a stroke."""
        with self._connect() as connection, connection:
            for table in ("file", "article", "passage"):
                connection.execute(f"DELETE FROM {table}")
            connection.executemany(
                "INSERT INTO file VALUES (?, ?, ?, ?)",
                [(f.source, f.sha256, _record(f.loaded), f.reason) for f in files],
            )
            connection.executemany(
                "INSERT INTO article VALUES (?, ?, ?)",
                [(article.source, article.sha256, _record(article)) for article in articles],
            )
            connection.executemany(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?)",
                [
                    (p.passage.key, p.passage.source, p.passage.start, p.passage.end, p.vector)
                    for p in passages
                ],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO manifest VALUES (?, ?)",
                [("manifest", json.dumps(asdict(manifest))), ("vectors", manifest.vectors)],
            )

    def forget(self) -> None:
        """No generation is committed any more. Its vectors stay, for articles that come back."""
        if self.path.exists():
            with self._connect() as connection, connection:
                if _has_schema(connection):
                    connection.execute("DELETE FROM manifest WHERE key = 'manifest'")
                    for table in ("file", "article", "passage"):
                        connection.execute(f"DELETE FROM {table}")

    def clean(self) -> None:
        """Removes the folders that no committed generation names."""
        current = self.generation_folder(self.generation())
        for folder in self.folder.glob("generation-*"):
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self.path, timeout=30)
            try:
                yield connection
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"The index in {self.folder} cannot be read or written: {error}. "
                "Make room on the disk or check who owns the folder; nothing indexed is lost."
            ) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"{self.path} is damaged ({error}). Delete it and run `sourceline index`."
            ) from error


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Several reads of one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _has_schema(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone()
    return found is not None


def _read_manifest(text: str, folder: Path) -> Manifest | None:
    fields = json.loads(text)
    if fields["format"] > FORMAT:
        raise IndexTooNew(
            f"A newer version of Sourceline made the index in {folder}. Update Sourceline, or "
            "point SOURCELINE_DATA at another folder."
        )
    return Manifest(**fields) if fields["format"] == FORMAT else None


def _missing() -> IndexMissing:
    return IndexMissing("This corpus has no index yet. Run `sourceline index`.")


def _record(article: Article | None) -> str | None:
    return None if article is None else json.dumps(asdict(article), ensure_ascii=False)


def _article(record: str) -> Article:
    fields = json.loads(record)
    fields["cuts"] = tuple(Cut(**cut) for cut in fields["cuts"])
    return Article(**fields)
