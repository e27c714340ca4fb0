"""What one sentence says of a thing, the moment it speaks of, and accounts that differ as a conflict."""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.asking.conflicts.figures import Figure
from rag.asking.evidence import Candidate
from rag.core.dates import bounds, edtf_of
from rag.core.records import Citation, Conflict, ConflictKind, Side
from rag.language.facts.days import Day, find_days, place

# What is said within so many days of one another is said of one time: no change explains it.
_ONE_TIME_DAYS = 7
# Behind these a date bounds what is said, or comes after it.
_BOUNDING = re.compile(
    r"\b(?:since|until|till|by|before|after|from|for|next)\s(?:\w+\s)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Account:
    """The figure that a sentence gives for a thing."""

    sentence: Candidate
    figure: Figure

    @property
    def source(self) -> str:
        return self.sentence.span.source

    @property
    def when(self) -> str | None:
        return moment(self.sentence)

    @property
    def citation(self) -> Citation:
        return self.sentence.span.citation


def moment(sentence: Candidate) -> str | None:
    """The moment that a sentence speaks of (EDTF): the one date it names, else the day on which its
    article was published, or None."""
    published, text = sentence.article.published, sentence.span.text
    named = [day for day in find_days(text) if not _BOUNDING.search(text[: day.start])]
    if len(named) == 1 and (said := _edtf(place(named[0], published))):
        return said if _is_past(said, published) else published
    return published


def _edtf(meanings: Sequence[Day]) -> str | None:
    (day,) = meanings if len(meanings) == 1 else (None,)
    if day is None or not day.year:
        return None
    return edtf_of(day.year, day.month, min(day.days) if day.month and len(day.days) == 1 else None)


def _is_past(said: str, published: str | None) -> bool:
    return published is None or _span(said)[0] <= _span(published)[1]


def _span(when: str) -> tuple[int, int]:
    first, last = bounds(when)
    return first.toordinal(), last.toordinal()


def is_one_time(one: str | None, other: str | None) -> bool:
    """Whether two moments may be of one time; an unknown one may be of any."""
    if one is None or other is None:
        return True
    (a_first, a_last), (b_first, b_last) = _span(one), _span(other)
    return max(a_first, b_first) - min(a_last, b_last) <= _ONE_TIME_DAYS


# The accounts of one thing, those that agree on one side; and whether time explains why sides differ.
Sides = Sequence[Sequence[Account]]
IsChange = Callable[[Sides], bool]


def told_apart(sides: Sides) -> bool:
    """Whether no two sides speak of one time: what can change has changed between them."""
    return not any(
        is_one_time(one.when, other.when)
        for side, rest in itertools.combinations(sides, 2)
        for one in side
        for other in rest
    )


def never(sides: Sides) -> bool:
    """No time changes a fact of the past."""
    return False


def arrange(about: str, accounts: Iterable[Account], is_change: IsChange) -> Conflict | None:
    """The accounts of one thing as a conflict, or None where they agree. Those that agree stand on one
    side, and so do two that one article gives of one time: it sees no conflict there."""
    sides = _merged(accounts)
    if len(sides) < 2 or len({account.source for side in sides for account in side}) < 2:
        return None
    kind = ConflictKind.CHANGE if is_change(sides) else ConflictKind.DISAGREEMENT
    ordered = sorted(map(_side, sides), key=lambda side: _by_date(side.when))
    return Conflict(kind, about, tuple(ordered))


def _merged(accounts: Iterable[Account]) -> list[list[Account]]:
    sides: list[list[Account]] = []
    for account in accounts:
        joined = [side for side in sides if any(_go_together(account, other) for other in side)]
        sides = [side for side in sides if side not in joined]
        sides.append([*(each for side in joined for each in side), account])
    return sides


def _go_together(one: Account, other: Account) -> bool:
    is_one_article = one.source == other.source
    return one.figure.agrees(other.figure) or (is_one_article and is_one_time(one.when, other.when))


def _side(accounts: Sequence[Account]) -> Side:
    """One side: its figure in the words of the likeliest sentence."""
    ordered = sorted(accounts, key=lambda account: (_by_date(account.when), account.sentence.span.start))
    likeliest = max(accounts, key=lambda account: account.sentence.score)
    citations = tuple(dict.fromkeys(account.citation for account in ordered))
    return Side(likeliest.figure.words, citations, ordered[0].when)


def _by_date(when: str | None) -> tuple[bool, int, int]:
    return (when is None, *(_span(when) if when else (0, 0)))
