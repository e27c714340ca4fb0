"""What one format yields before it is an article: its text, and what the file states about it."""

from dataclasses import dataclass

from rag.core.records import Cut


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
