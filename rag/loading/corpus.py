"""The folder of articles: which files there are, and one file's bytes as an article.

Knows no index: what is read here is the same for the same bytes, whatever was read before.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

from rag.core.errors import ArticleError, CorpusError
from rag.core.records import Article, Correction, Skipped
from rag.loading.decoding import clean
from rag.loading.formats import MOST_BYTES, file_format, known_endings
from rag.loading.repeats import cut_repeats

__all__ = [
    "LOADING_VERSION",
    "CorpusFile",
    "applies",
    "corrected",
    "cut_repeats",
    "find_files",
    "load",
    "read_bytes",
    "reason_to_skip",
    "stamped",
]

# Raised whenever loading may give another text for the same bytes.
LOADING_VERSION = 2
SETTINGS_FILE = "aliases.txt"
_READ_TRIES = 3


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file that can be loaded. `source` is its path inside the corpus, with forward slashes."""

    source: str
    path: Path
    size_bytes: int


def find_files(folder: Path) -> tuple[tuple[CorpusFile, ...], tuple[Skipped, ...]]:
    """All files below a folder that can be loaded, and those that cannot with the reason.

    Both are sorted by source. Links are followed to files inside the folder only.
    Raises CorpusError when the folder is not there or cannot be listed.
    """
    try:
        root = folder.resolve(strict=True)
        entries = list(root.iterdir())
    except FileNotFoundError as error:
        raise CorpusError(
            f"There is no folder {folder}. Make it and put articles into it, or name another."
        ) from error
    except NotADirectoryError as error:
        raise CorpusError(
            f"{folder} is not a folder. Name the folder that holds the articles."
        ) from error
    except (OSError, RuntimeError) as error:
        raise CorpusError(
            f"The folder {folder} cannot be read "
            f"({_told(error)}). Change who may read it, or name another."
        ) from error
    found = list(_walk(root, entries))
    files = sorted(
        (item for item in found if isinstance(item, CorpusFile)), key=lambda item: item.source
    )
    skipped = sorted((item for item in found if isinstance(item, Skipped)), key=lambda item: item.source)
    return tuple(files), tuple(skipped)


def _walk(root: Path, entries: list[Path]) -> Iterator[CorpusFile | Skipped]:
    waiting = sorted(entries)
    while waiting:
        path = waiting.pop()
        source = path.relative_to(root).as_posix()
        shown = source.encode(errors="replace").decode()
        try:
            reason, below = _look(root, path, source)
            size = path.stat().st_size if reason is None and not below else 0
        except (OSError, RuntimeError) as error:  # a ring of links is a RuntimeError in Python 3.11
            reason, below, size = f"cannot be read: {_told(error)}", [], 0
        waiting += below
        if reason:
            yield Skipped(shown, reason)
        elif reason is None:
            yield CorpusFile(source, path, size)


def _look(root: Path, path: Path, source: str) -> tuple[str | None, list[Path]]:
    """Why a path is skipped (None for a file to load, "" for a folder) and what is below it."""
    if path.name.startswith("."):
        return "hidden", []
    if path.is_symlink():
        target = path.resolve(strict=True)
        if not target.is_relative_to(root):
            return "a link to something outside the folder", []
        if target.is_dir():
            is_loop = path.is_relative_to(target)
            return (
                "a link that leads back to a folder above it"
                if is_loop
                else "a link to a folder of this corpus, which is read under its own name"
            ), []
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        return "", list(path.iterdir())
    return _reason_to_skip(source, status), []


def _reason_to_skip(source: str, status: os.stat_result) -> str | None:
    if not stat.S_ISREG(status.st_mode):
        return "not an ordinary file"
    return reason_to_skip(source, status.st_size)


def reason_to_skip(source: str, size_bytes: int) -> str | None:
    """Why a file of this name and size is no article, in words; None for one to be loaded."""
    name = PurePosixPath(source)
    if source != source.encode(errors="replace").decode():
        return "its name has letters that are not Unicode: rename it"
    if source == SETTINGS_FILE:
        return "a settings file: the names that mean the same"
    if name.name.startswith("~$"):
        return "left by a program that has the file beside it open"
    known = file_format(source)
    if known is None:
        return f"files of this type are not read; these are: {' '.join(known_endings())}"
    if size_bytes == 0:
        return "an empty file"
    if size_bytes >= known.most_bytes:
        return (
            f"it has {size_bytes / 2**20:.0f} MB, and files of {known.most_bytes // 2**20} MB or more "
            "are not read: split it, or save its text"
        )
    return None


def read_bytes(file: CorpusFile) -> bytes:
    """The bytes of a file, whole: a file that changes while it is read is read again.

    Raises ArticleError when it cannot be read or will not stop changing.
    """
    try:
        for _ in range(_READ_TRIES):
            before = file.path.stat()
            if not stat.S_ISREG(before.st_mode) or before.st_size >= MOST_BYTES:
                raise ArticleError(f"{file.source} has become something that is not read as an article.")
            content = file.path.read_bytes()
            after = file.path.stat()
            if _state(before) == _state(after) and len(content) == after.st_size:
                return content
    except FileNotFoundError as error:
        raise ArticleError(f"{file.source} is no longer there.") from error
    except OSError as error:
        raise ArticleError(f"{file.source} cannot be read: {_told(error)}.") from error
    raise ArticleError(f"{file.source} changes while it is read. Try again when it is complete.")


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def load(source: str, content: bytes) -> Article:
    """One file as an article; the same bytes give the same article.

    Raises ArticleError, with the reason in words, for a file without text that can be read.
    """
    known = file_format(source)
    if known is None:
        raise ArticleError(f"Files like {source} are not read.")
    extract = known.read(content)
    text = clean(extract.text).strip("\n")
    if not any(map(str.isalnum, text)):
        raise ArticleError("Nothing is left of this file: it has no words of an article.")
    return Article(
        source=source,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=extract.title,
        publisher=extract.publisher,
        author=extract.author,
        published=extract.published,
        note=extract.note,
        cuts=extract.cuts,
    )


def corrected(article: Article, correction: Correction | None) -> Article:
    """An article as loaded alone, with what a person put right in it."""
    if correction is None:
        return article
    stated = replace(
        article,
        title=_put_right(article.title, correction.title),
        publisher=_put_right(article.publisher, correction.publisher),
        author=_put_right(article.author, correction.author),
        published=_put_right(article.published, correction.published),
    )
    if not applies(article, correction):
        return stated
    text = clean(correction.text or "").strip("\n")
    return replace(stated, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def _put_right(read: str | None, correction: str | None) -> str | None:
    return read if correction is None else correction or None


def applies(article: Article, correction: Correction | None) -> bool:
    """Whether a correction replaces the text of an article as loaded alone. One of a text that the
    file does not hold any more does not."""
    return (
        correction is not None and correction.text is not None and correction.text_of == article.sha256
    )


def stamped(sha256: str, correction: Correction | None) -> str:
    """The hash of a file's bytes together with what is corrected in it: one changes as the other."""
    if correction is None:
        return sha256
    record = json.dumps(asdict(correction), sort_keys=True)
    return hashlib.sha256(f"{sha256}\0{record}".encode()).hexdigest()


def _told(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
