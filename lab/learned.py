"""Which records the shipped weights have learned from. Figures are on the others."""

import hashlib
from functools import cache
from pathlib import Path

from rag.core.errors import SettingsError

LEARNED = Path(__file__).with_name("learned.txt")
_DIGITS = 8
# Two thirds of the groups of each set are learned from; figures hold for the rest.
_SHARE = 2 / 3


def mark_of(group: str, benchmark: str) -> str:
    """What stands for a group of records in the list of those learned from: eight hexadecimal digits.
    The group is an article's title, a question or a claim, as the benchmark has it."""
    return hashlib.sha256(f"{benchmark}:{group}".encode(errors="surrogatepass")).hexdigest()[:_DIGITS]


def is_for_learning(source: str, group: str) -> bool:
    """Whether a group is learned from; it hangs on nothing but the names."""
    return int(mark_of(group, source), 16) / 0xFFFFFFFF < _SHARE


def is_learned(group: str, benchmark: str) -> bool:
    """Whether the shipped weights have learned from a group; without a list they have from none.

    Raises SettingsError for a list that is none."""
    return mark_of(group, benchmark) in learned_marks(LEARNED)


@cache
def learned_marks(path: Path) -> frozenset[str]:
    """The marks of a list, one a line; lines that begin with # are remarks."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="utf-8").split("\n")
    marks = frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    for mark in marks:
        if len(mark) != _DIGITS or not set(mark) <= set("0123456789abcdef"):
            raise SettingsError(
                f"{path.name} has {mark!r}; marks of eight hexadecimal digits are wanted."
            )
    return marks
