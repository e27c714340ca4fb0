"""Briefings and their entries as records: they hold all they need, whatever becomes of articles."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rag.core.records import Citation, Claim, Verdict
from rag.core.schema import from_text, to_text
from rag.desk.database import new_key
from rag.language.text import fold


class EntryKind(StrEnum):
    """What an entry is: a heading, a sentence taken from an answer, a note of one's own, what an answer
    said that the articles do not tell, or where it said that they differ."""

    HEADING = "heading"
    SENTENCE = "sentence"
    NOTE = "note"
    MISSING = "missing"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a briefing. `version` goes up with every edit; who edits has seen the last one.

    A sentence has citations, a verdict with its reason, the question that it answered, and `kept_text`,
    its words as they were kept.
    """

    key: str
    kind: EntryKind
    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict | None = None
    reason: str | None = None
    question: str | None = None
    kept_text: str | None = None
    version: int = 1

    @property
    def is_edited(self) -> bool:
        """Whether a sentence says something else than when it was kept."""
        return self.kept_text is not None and self.text != self.kept_text


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored entry that cannot be read, and why, in words."""

    key: str
    reason: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `size` counts the entries."""

    key: str
    title: str
    changed_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """The entries in their order, and those that were removed and can be put back."""

    key: str
    title: str
    changed_at: datetime
    entries: tuple[Entry | Unreadable, ...] = ()
    removed: tuple[Entry | Unreadable, ...] = ()

    def keeper(self) -> Callable[[Claim], bool]:
        """Tells whether a claim of an answer was kept here, in whatever words it stands now."""
        kept = {identity(entry) for entry in self.entries}
        return lambda claim: identity(sentence(claim, "")) in kept


def heading(text: str) -> Entry:
    return Entry(new_key(), EntryKind.HEADING, text)


def note(text: str) -> Entry:
    return Entry(new_key(), EntryKind.NOTE, text)


def missing(message: str, question: str) -> Entry:
    """What an answer said that the articles do not tell."""
    return Entry(new_key(), EntryKind.MISSING, message, question=question)


def difference(words: str, citations: tuple[Citation, ...], question: str) -> Entry:
    """Where an answer said that the articles differ, with the words of every side."""
    return Entry(new_key(), EntryKind.DIFFERENCE, words, citations, question=question)


def sentence(claim: Claim, question: str) -> Entry:
    """A claim as it is kept."""
    return Entry(
        new_key(),
        EntryKind.SENTENCE,
        claim.text,
        claim.citations,
        claim.verdict,
        claim.reason,
        question,
        claim.text,
    )


def identity(entry: Entry | Unreadable) -> tuple[str, ...] | None:
    """What makes two kept sentences the same: their words and the places that they cite. None for what
    may stand twice."""
    if isinstance(entry, Unreadable) or entry.kind is not EntryKind.SENTENCE:
        return None
    places = (f"{cited.source}:{cited.start}:{cited.quote}" for cited in entry.citations)
    return (entry.kept_text or entry.text, *places)


def written(entry: Entry) -> tuple[str, str]:
    """An entry as it is stored, and the words that it is found by."""
    return to_text(entry), entry_words(entry)


def entry_words(entry: Entry) -> str:
    """The words that an entry is found by, folded as search terms are."""
    return fold(f"{entry.text}\n{entry.question or ''}")


def read_entry(key: str, version: int, record: str) -> Entry | Unreadable:
    """A stored entry; what its row says of key and version holds."""
    try:
        return replace(from_text(Entry, record), key=key, version=version)
    except (ValueError, TypeError) as error:
        return Unreadable(key, str(error), version)
