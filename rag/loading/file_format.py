"""A file format: how it is known, how large its files may be, and what is read of one of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.core.records import Cut

# No article comes near it; what does is a scan or a dump, and would hold up all the others.
MOST_BYTES = 50 * 2**20
# Titles and authors that programs write by themselves.
_BY_PROGRAM = re.compile(
    r"(?:microsoft \w+ - .*|untitled|unknown|anonymous|python-docx|admin|user"
    r"|author|owner|.*\.(?:docx?|pdf|indd|qxd|txt|rtf))?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file with its line ends as `\\n`. What the file does not state is None."""

    text: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    note: str | None = None
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format that is read. `label` names it to people, after "a" or in a list.

    `endings` are in small letters with their point, the one that a fetched file takes first. `read`
    raises ArticleError for bytes it cannot read. Files of `most_bytes` or more are not read.
    """

    label: str
    endings: tuple[str, ...]
    mime_types: tuple[str, ...]
    read: Callable[[bytes], Extract]
    most_bytes: int = MOST_BYTES


def by_person(value: object) -> str | None:
    """A title or an author that a file states, unless a program wrote it."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return None if _BY_PROGRAM.fullmatch(words) else words


def told(error: Exception) -> str:
    """What a parser says of a broken file, as a part of one sentence."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
