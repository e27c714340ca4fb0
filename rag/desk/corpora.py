"""The corpora that a person has: the one the program was started with, ones made on the page, and other
folders. Each keeps its own index and memory. What is listed here is never deleted with its line."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag.core.errors import CorpusError, StorageError
from rag.core.settings import Settings
from rag.desk.naming import name_from_title

_LAYOUT = """
CREATE TABLE IF NOT EXISTS corpora (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    place INTEGER NOT NULL
)
"""
_NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of articles under the name that people know it by. Its key never changes.

    The program was started with one of them, which cannot be forgotten.
    """

    key: str
    name: str
    folder: Path
    is_first: bool = False


class Corpora:
    """The corpora of one data folder. Every call opens the list anew, so threads and processes share it.

    Raises StorageError when it cannot be read or written.
    """

    def __init__(self, settings: Settings) -> None:
        """`settings` are those that the program was started with."""
        self._settings = settings
        self._path = settings.data_dir / "corpora.db"

    def list(self) -> tuple[Corpus, ...]:
        """The first is the one that the program was started with; the others as they came."""
        first = self._corpus(_name_of(self._settings.corpus_dir), self._settings.corpus_dir, True)
        if not self._path.exists():
            return (first,)
        with self._opened() as database:
            rows = database.execute("SELECT key, name, folder FROM corpora ORDER BY place").fetchall()
        others = (Corpus(key, name, Path(folder)) for key, name, folder in rows if key != first.key)
        return (first, *others)

    def find(self, key: str | None) -> Corpus | None:
        return next((corpus for corpus in self.list() if corpus.key == key), None)

    def settings_of(self, corpus: Corpus) -> Settings:
        return replace(self._settings, corpus_dir=corpus.folder)

    def create(self, name: str) -> Corpus:
        """An empty corpus under this name, in a folder of its own.

        Raises CorpusError when the name is taken or is none.
        """
        title = " ".join(name.split())[:_NAME_CHARACTERS]
        if not any(map(str.isalnum, title)):
            raise CorpusError("A corpus needs a name with letters in it.")
        if any(corpus.name.casefold() == title.casefold() for corpus in self.list()):
            raise CorpusError(f"There is a corpus named {title} already. Take another name.")
        folder = self._settings.data_dir / "corpora" / name_from_title(title, "", "corpus")
        try:
            folder.mkdir(parents=True)
        except FileExistsError as error:
            raise CorpusError(
                f"There is a folder {folder} from an earlier corpus. Open it as a folder, or take "
                "another name."
            ) from error
        except OSError as error:
            raise StorageError(
                f"The folder {folder} cannot be made: {error.strerror or error}. Make room on the disk "
                "or check who may write there."
            ) from error
        return self._add(title, folder)

    def open(self, path: str) -> Corpus:
        """A folder that is there already; one that is listed is found again.

        Raises CorpusError when it is no folder that can be read, or one of Sourceline's own.
        """
        folder = Path(path.strip())
        try:
            folder = folder.expanduser()
            if not path.strip() or not folder.is_absolute():
                raise CorpusError(
                    "Give the whole path of the folder, as in /home/me/articles or ~/articles."
                )
            folder = folder.resolve(strict=True)
            next(folder.iterdir(), None)
        except FileNotFoundError as error:
            raise CorpusError(f"There is no folder {folder}. Check how it is written.") from error
        except NotADirectoryError as error:
            raise CorpusError(f"{folder} is not a folder. Give the one that holds it.") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise CorpusError(
                f"The folder {folder} cannot be read: {getattr(error, 'strerror', None) or error}."
            ) from error
        self._refuse_own(folder)
        return self._add(_name_of(folder), folder)

    def forget(self, key: str) -> None:
        """Take a corpus off the list. Its articles, index and memory stay where they are."""
        with self._opened() as database:
            database.execute("DELETE FROM corpora WHERE key = ?", (key,))

    def _refuse_own(self, folder: Path) -> None:
        data = self._settings.data_dir.resolve()
        if data.is_relative_to(folder):
            between = data.relative_to(folder).parts
            if not any(part.startswith(".") for part in between):
                raise CorpusError(f"{folder} holds Sourceline's own files. Open the folder of articles.")
        own = data / "corpora"
        if folder.is_relative_to(data) and (folder == own or not folder.is_relative_to(own)):
            raise CorpusError(f"{folder} is one of Sourceline's own. Open the folder of articles.")

    def _add(self, name: str, folder: Path) -> Corpus:
        corpus = self._corpus(name, folder)
        if found := self.find(corpus.key):
            return found
        names = {known.name for known in self.list()}
        if name in names:
            corpus = replace(corpus, name=f"{name} ({folder.parent})")
        with self._opened() as database:
            database.execute(
                "INSERT OR IGNORE INTO corpora SELECT ?, ?, ?, 1 + COALESCE(MAX(place), 0) FROM corpora",
                (corpus.key, corpus.name, str(folder)),
            )
        return corpus

    def _corpus(self, name: str, folder: Path, is_first: bool = False) -> Corpus:
        key = replace(self._settings, corpus_dir=folder).state_dir.name
        return Corpus(key, name, folder, is_first)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                database.execute(_LAYOUT)
                yield database
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"The list of corpora in {self._path} cannot be read or written: {error}. Make room on "
                "the disk or check who owns the folder."
            ) from error


def _name_of(folder: Path) -> str:
    return folder.resolve().name or str(folder)
