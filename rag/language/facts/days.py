"""Days, months and years that a text names: "Feb. 8", "8 February 2023", "Tuesday", "last month"."""

import re
from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rag.core.dates import bounds

_MONTHS = {name[:3].lower(): number for number, name in enumerate(month_name) if name}
_MONTH = (
    r"(?P<month{n}>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_WEEKDAYS = {name[:3].lower(): number for number, name in enumerate(day_name)}
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_COUNTS = "one two three four five six seven eight nine ten".split()
_DATE = re.compile(
    rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b)"
    rf"|\b{_MONTH.format(n='A')} (?P<dayA>{_DAY})(?:(?:\s?[-–—]\s?| to | through "
    rf"| until )(?P<lastA>{_DAY}))?\b(?!,\d|:\d)(?:,? (?P<yearA>{_YEAR})\b)?"
    rf"|\b(?P<dayB>{_DAY})(?:(?:\s?[-–—]\s?| to | through "
    rf"| until )(?P<lastB>{_DAY}))? (?:of )?{_MONTH.format(n='B')}(?:,? (?P<yearB>{_YEAR})\b)?"
    rf"|\b{_MONTH.format(n='C')},? (?:of )?(?P<yearC>{_YEAR})\b"
    r"|\b(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
    rf"|\b(?P<decade>(?:{_YEAR}|['’]\d\d))s\b"
    rf"|\b(?P<relative>(?:last|this|next|previous) (?:week|month|year)|yesterday|tomorrow)\b"
    rf"|\b(?P<count>\d{{1,2}}|an?|{'|'.join(_COUNTS)}) (?P<unit>day|week|month|year)s? (?:ago|earlier)\b"
    rf"|\b{_MONTH.format(n='D')}"
    rf"|(?<![\w,.$€£-])(?P<year>{_YEAR})(?![\w%]|[,.]\d|-\d\d-)(?P<counted>[\s-](?:%|per\s?cent|[^\W\d_]+))?",
)
_AS_NEAR_DAYS = 60
_BEFORE_YEAR = re.compile(r"\b(?:in|since|until|by|of|from|during|the|early|late)\s$", re.IGNORECASE)
# These are words too: a month only behind such a one.
_WORDS_TOO = {"may", "mar", "march"}
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|of|from|through|during|last|next|this|late|early|mid|before|after|between|for"
    r"|and)[\s-]$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as precise as it is said: each part is None where it is not. `days` holds every day of a
    range; `weekday` counts from Monday, 0; `decade` is its first year. A relative one ("last month")
    has nothing but its `text` until it is placed by the day it was written on."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    days: frozenset[int] = frozenset()
    weekday: int | None = None
    decade: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is known but the words."""
        return not (self.year or self.month or self.days or self.decade) and self.weekday is None


@lru_cache(maxsize=256)
def find_days(text: str) -> tuple[Day, ...]:
    """The dates of a text in order."""
    return tuple(day for match in _DATE.finditer(text) if (day := _read(match, text)))


def _read(match: re.Match[str], text: str) -> Day | None:
    start, end, words = match.start(), match.end(), match.group()
    if words.endswith(".") and words[:-1].split()[-1].capitalize() in month_name:
        end, words = end - 1, words[:-1]  # the sentence's, not an abbreviation's
    if match["iso"]:
        year, month, number = map(int, words.split("-"))
        return Day(start, end, words, year, month, frozenset({number}))
    for form in "ABCD":
        if name := match[f"month{form}"]:
            month = _MONTHS[name[:3].lower()]
            if form == "D":
                before = text[max(0, start - 10) : start]
                if name.lower() in _WORDS_TOO and not _BEFORE_MONTH.search(before):
                    return None
                return Day(start, end, words, month=month)
            said = match[f"year{form}"]
            days = frozenset() if form == "C" else _days(match[f"day{form}"], match[f"last{form}"])
            if form != "C" and not days:
                return None
            return Day(start, end, words, int(said) if said else None, month, days)
    if name := match["weekday"]:
        return Day(start, end, words, weekday=_WEEKDAYS[name[:3].lower()])
    if decade := match["decade"]:
        first = int(decade) if len(decade) == 4 else 1900 + int(decade[1:])
        return Day(start, end, words, decade=first)
    if year_said := match["year"]:
        counted = match["counted"] or ""
        end = match.end("year")
        # What is counted stands behind a number: people, %, tons. A name may stand behind a year.
        if (
            counted
            and not counted[1].isupper()
            and not _BEFORE_YEAR.search(text[max(0, start - 12) : start])
        ):
            return None
        return Day(start, end, year_said, int(year_said))
    return Day(start, end, words)


def _days(first: str, last: str | None) -> frozenset[int]:
    numbers = [int(re.sub(r"\D", "", number)) for number in (first, last) if number]
    if not all(1 <= number <= 31 for number in numbers):
        return frozenset()
    return frozenset(range(min(numbers), max(numbers) + 1))


def place(day: Day, published: str | None) -> tuple[Day, ...]:
    """What a date can mean in a text published then: what is not said is filled in from that day, and
    the weekday of a full date is reckoned. One meaning or several; the day itself when none is known."""
    span = _bounds(published)
    if day.decade:
        return (day,)
    if day.year and day.month and day.days:
        return tuple(_full(day, each) for each in _dates(day.year, day.month, day.days)) or (day,)
    if span is None:
        return (day,)
    first, last = span
    if day.month and not day.year:
        return tuple(_placed_in_year(day, first, last))
    if day.weekday is not None:
        if first != last:
            return (day,)
        near = (first + timedelta(days=off) for off in range(-7, 8))
        return tuple(_full(day, each) for each in near if each.weekday() == day.weekday)
    if day.is_open:
        return tuple(_placed_relative(day, first, last)) or (day,)
    return (day,)


def _placed_in_year(day: Day, first: date, last: date) -> Iterator[Day]:
    """A month without a year is the one nearest to when it was written; both where two are as near."""
    number = min(day.days) if day.days else 15
    apart: dict[int, int] = {}
    for year in range(first.year - 1, last.year + 2):
        for when in _dates(year, day.month or 1, frozenset({number})):
            apart[year] = max((first - when).days, (when - last).days, 0)
    for year, distance in apart.items():
        if distance > min(apart.values()) + _AS_NEAR_DAYS:
            continue
        if day.days:
            yield from (_full(day, each) for each in _dates(year, day.month or 1, day.days))
        else:
            yield replace(day, year=year)


def _placed_relative(day: Day, first: date, last: date) -> Iterator[Day]:
    words = day.text.lower()
    if words in ("yesterday", "tomorrow"):
        if first == last:
            yield _full(day, first + timedelta(days=1 if words == "tomorrow" else -1))
        return
    counted = re.match(r"(\w+) (day|week|month|year)s? ", words + " ")
    if words.startswith(("last ", "this ", "next ", "previous ")):
        which, unit = words.split()
        step = {"last": -1, "previous": -1, "this": 0, "next": 1}[which]
    elif counted:
        said, unit = counted.groups()
        count = int(said) if said.isdigit() else 1 if said in ("a", "an") else _COUNTS.index(said) + 1
        step = -count
    else:
        return
    for base in {first, last}:
        if unit == "year":
            yield replace(day, year=base.year + step)
        elif unit == "month":
            months = base.year * 12 + base.month - 1 + step
            yield replace(day, year=months // 12, month=months % 12 + 1)
        elif unit == "day" and first == last:
            yield _full(day, base + timedelta(days=step))


def _full(day: Day, when: date) -> Day:
    return replace(
        day, year=when.year, month=when.month, days=frozenset({when.day}), weekday=when.weekday()
    )


def _dates(year: int, month: int, days: frozenset[int]) -> Iterator[date]:
    for number in sorted(days):
        try:
            yield date(year, month, number)
        except ValueError:
            continue


def _bounds(published: str | None) -> tuple[date, date] | None:
    try:
        return bounds(published) if published else None
    except ValueError:
        return None


def agree(claimed: Day, said: Day) -> bool | None:
    """Whether two dates can be one: False where a part differs, None where they share no part."""
    if claimed.decade or said.decade:
        decade, other = (claimed, said) if claimed.decade else (said, claimed)
        if other.decade:
            return decade.decade == other.decade
        year = other.year
        return (
            None if year is None or decade.decade is None else decade.decade <= year < decade.decade + 10
        )
    shared = False
    for mine, theirs in (
        (claimed.year, said.year),
        (claimed.month, said.month),
        (claimed.weekday, said.weekday),
    ):
        if mine is not None and theirs is not None:
            if mine != theirs:
                return False
            shared = True
    if claimed.days and said.days:
        if not claimed.days & said.days:
            return False
        shared = True
    return True if shared else None


def parts(day: Day) -> tuple[str, ...]:
    """Which parts of a date are said."""
    return tuple(part for part in ("year", "month", "days", "weekday", "decade") if _has(day, part))


def lacking(claimed: Day, said: Day) -> tuple[str, ...]:
    """Which parts of a claimed date another does not give."""
    return tuple(
        part for part in parts(claimed) if not _has(said, part) and not (said.days and part == "weekday")
    )


def has_part(day: Day, part: str, claimed: Day) -> bool:
    """Whether a date gives one part of a claimed date."""
    if part == "days":
        return bool(day.days & claimed.days)
    return _has(day, part) and getattr(day, part) == getattr(claimed, part)


def published_has(published: str, part: str, claimed: Day) -> bool:
    """Whether the day of publication, as precise as known, gives one part of a claimed date."""
    span = _bounds(published)
    if span is None:
        return False
    first, last = span
    match part:
        case "year":
            return first.year == last.year == claimed.year
        case "month":
            return first.month == last.month == claimed.month and first.year == last.year
        case "days":
            return first == last and first.day in claimed.days
        case "weekday":
            return first == last and first.weekday() == claimed.weekday
        case _:
            return False


def _has(day: Day, part: str) -> bool:
    value = getattr(day, part)
    return value is not None and value != frozenset()
