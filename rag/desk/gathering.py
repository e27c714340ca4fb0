"""Gathers articles: files, pasted words and fetched pages into the folder, and out of it again.

Nothing there is ever written over, and a file is there whole or not at all.
"""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from rag.core.errors import ArticleError, StorageError
from rag.core.records import Article, Correction
from rag.core.schema import from_json
from rag.core.settings import Settings
from rag.desk.corrections import check
from rag.desk.desk import open_desk
from rag.desk.fetching import Fetched
from rag.desk.naming import name_from_title, numbered, safe_name
from rag.loading.corpus import CorpusFile, load, read_bytes, reason_to_skip
from rag.loading.decoding import clean
from rag.loading.formats import MARKDOWN
from rag.loading.formats.markdown import with_front_matter

_MOST_NUMBERS = 1000
_TITLE_CHARACTERS = 200
_ARTICLE, _RECORD = "article", "record.json"


@dataclass(frozen=True, slots=True)
class Added:
    """The file that holds an article now; not new where the same file was there already."""

    source: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was moved to the trash of its corpus, from which `key` brings it back."""

    key: str
    source: str


def preview(name: str, content: bytes) -> Article:
    """What would be read of a file of this name; nothing is stored.

    Raises ArticleError when it would not be read, with what can be done.
    """
    source = safe_name(name)
    if reason := reason_to_skip(source, len(content)):
        raise ArticleError(f"It is not added: {reason}.")
    return load(source, content)


def add_file(corpus_dir: Path, name: str, content: bytes) -> Added:
    """Put a file into the folder, under a number where another one has its name.

    Raises ArticleError when it would not be read, StorageError when it cannot be written.
    """
    source = preview(name, content).source
    with _told(corpus_dir):
        corpus_dir.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST_NUMBERS):
            path = corpus_dir / numbered(source, number)
            if _holds(path, content):
                return Added(path.name, is_new=False)
            if not os.path.lexists(path) and _write(path, content):
                return Added(path.name, is_new=True)
    raise ArticleError(f"There are too many files named like {source}. Give it another name.")


def text_file(
    title: str, text: str, publisher: str | None = None, published: str | None = None
) -> tuple[str, bytes]:
    """The name and the bytes of the file that pasted words become: Markdown that is read back as these
    very words, line by line. Raises CorrectionError for a date that is none."""
    stated = check(Correction(title=clean(title), publisher=clean(publisher or ""), published=published))
    body = clean(text).strip("\n\ufeff")
    front = {"title": stated.title, "publisher": stated.publisher, "published": stated.published}
    first = body.split("\n", 1)[0]
    name = name_from_title(stated.title or first[:60], MARKDOWN.endings[0], "pasted")
    return name, with_front_matter(front, _word_for_word(body)).encode()


def _word_for_word(text: str) -> str:
    """A block of Markdown in which nothing is markup: between fences that are longer than any inside."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def add_page(corpus_dir: Path, fetched: Fetched) -> Added:
    """Put a fetched page into the folder, its bytes as they came. Raises ArticleError, StorageError."""
    return add_file(corpus_dir, *page_file(fetched))


def page_file(fetched: Fetched) -> tuple[str, bytes]:
    """The name and the bytes of the file that a fetched page becomes; Markdown that states nothing
    gets its address. Raises ArticleError."""
    parts = urlsplit(fetched.url)
    last = PurePosixPath(parts.path).stem or parts.hostname or "page"
    content = fetched.content
    title = preview("page" + fetched.kind, content).title
    if fetched.kind == MARKDOWN.endings[0] and not content.lstrip().startswith(b"---"):
        content = with_front_matter({"source": fetched.url}, "").encode() + content
    return name_from_title((title or last)[:_TITLE_CHARACTERS], fetched.kind, "page"), content


def keep(settings: Settings, added: Added, correction: Correction, url: str | None = None) -> None:
    """Remember with a new article what was put right in it, and where it came from. What was
    remembered of an earlier file of its name goes. Raises CorrectionError, StorageError."""
    desk = open_desk(settings)
    if added.is_new or correction != Correction():
        desk.corrections.put(added.source, correction)
    if url:
        desk.origins.put(added.source, url)
    elif added.is_new:
        desk.origins.withdraw(added.source)


def as_read(corpus_dir: Path, source: str) -> Article:
    """An article of the folder as its file reads by itself, uncorrected. Raises ArticleError."""
    path = _inside(corpus_dir, source)
    try:
        return load(source, read_bytes(CorpusFile(source, path, path.stat().st_size)))
    except OSError as error:
        raise ArticleError(f"{source} is no longer there.") from error


def remove(settings: Settings, source: str) -> Removed:
    """Move a file out of the folder into the trash of the corpus, with what is remembered of it.

    Raises ArticleError when it is not there, StorageError when it cannot be moved.
    """
    path = _inside(settings.corpus_dir, source)
    desk = open_desk(settings)
    correction, origin = desk.corrections.all().get(source), desk.origins.of(source)
    key = f"{time.time_ns():x}"
    folder = _trash(settings) / key
    record = {
        "source": source,
        "correction": asdict(correction) if correction else None,
        "url": origin.url if origin else None,
    }
    with _told(folder):
        folder.mkdir(parents=True)
        try:
            (folder / _RECORD).write_text(json.dumps(record), encoding="utf-8")
            shutil.move(path, folder / _ARTICLE)
        except BaseException:
            if path.exists():
                shutil.rmtree(folder, ignore_errors=True)
            raise
    if correction:
        desk.corrections.withdraw(source)
    if origin:
        desk.origins.withdraw(source)
    return Removed(key, source)


def restore(settings: Settings, key: str) -> str:
    """Undo a removal; returns the source that is back.

    Raises ArticleError when the trash has no such file or another one has its place by now.
    """
    folder, record = _trash(settings) / key, _read_record(settings, key)
    if record is None:
        raise ArticleError("This article is not in the trash any more.")
    source = str(record["source"])
    try:
        correction = from_json(Correction, record["correction"]) if record.get("correction") else None
    except ValueError as error:
        raise ArticleError(f"What was put right in {source} cannot be read: {error}.") from error
    path = settings.corpus_dir / source
    with _told(settings.corpus_dir):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _put_back(folder / _ARTICLE, path):
            raise ArticleError(
                f"There is another file named {source} by now. Remove or rename it, then undo again."
            )
        shutil.rmtree(folder, ignore_errors=True)
    if correction:
        open_desk(settings).corrections.put(source, correction)
    if record.get("url"):
        open_desk(settings).origins.put(source, record["url"])
    return source


def removed(settings: Settings) -> tuple[Removed, ...]:
    """What is in the trash of a corpus, the latest first."""
    keys = sorted((path.name for path in _trash(settings).glob("*")), reverse=True)
    records = ((key, _read_record(settings, key)) for key in keys)
    return tuple(Removed(key, str(record["source"])) for key, record in records if record)


def _trash(settings: Settings) -> Path:
    return settings.state_dir / ".trash"


def _read_record(settings: Settings, key: str) -> dict[str, Any] | None:
    folder = _trash(settings) / safe_name(key)
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        _inside(settings.corpus_dir, record["source"], must_exist=False)
    except (OSError, ValueError, KeyError, TypeError, ArticleError):
        return None
    return record if os.path.lexists(folder / _ARTICLE) else None


def _inside(corpus_dir: Path, source: str, must_exist: bool = True) -> Path:
    """Where an article lies. Raises ArticleError for what is not in the folder, or hidden there."""
    parts = PurePosixPath(source).parts
    path = corpus_dir / source
    is_strange = not parts or PurePosixPath(source).is_absolute() or "\0" in source
    if is_strange or any(part.startswith(".") for part in parts):
        raise ArticleError(f"{source!r} is no article of this folder.")
    if must_exist and not (
        path.is_file() and path.parent.resolve().is_relative_to(corpus_dir.resolve())
    ):
        raise ArticleError(f"{source} is no longer there.")
    return path


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _put_back(kept: Path, path: Path) -> bool:
    """Have a kept file, or link, stand at `path` as well; False when another one stands there."""
    try:
        if kept.is_symlink():
            path.symlink_to(kept.readlink())
        else:
            os.link(kept, path)
    except FileExistsError:
        return False
    except OSError:  # on another disk, or on one that knows no links
        return _write(path, kept.read_bytes())
    return True


def _write(path: Path, content: bytes) -> bool:
    """Write a file that is there whole or not at all; False when another took its name meanwhile."""
    unfinished = path.parent / f".adding-{uuid4().hex}"
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # unlike a rename it never takes the place of another file
        except FileExistsError:
            return False
        except OSError:  # not every disk knows links
            if os.path.lexists(path):
                return False
            unfinished.replace(path)
        return True
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Nothing can be saved in {folder}: {error.strerror or error}. Make room on the disk or "
            "check who may write there, then try again. Nothing was changed."
        ) from error
