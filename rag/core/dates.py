"""Dates as precise as they are known (EDTF): their bounds, and how a person reads them."""

import re
from calendar import month_name, monthrange
from datetime import date
from functools import lru_cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

_USUAL = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")


@lru_cache(maxsize=16384)
def bounds(published: str) -> tuple[date, date]:
    """The first and the last day that an EDTF date can mean.

    Raises ValueError when it is not EDTF or has an open end.
    """
    try:
        if usual := _USUAL.fullmatch(published):
            return _of_usual(*(int(part or 0) for part in usual.groups()))
        parsed = parse_edtf(published)  # takes milliseconds
        first, last = parsed.lower_strict(), parsed.upper_strict()
        return date(*first[:3]), date(*last[:3])
    except (EDTFParseException, TypeError, AttributeError, OverflowError, ValueError) as error:
        raise ValueError(f"{published!r} is not a date like 2023-02-08, 2025-05 or 2024") from error


def _of_usual(year: int, month: int, day: int) -> tuple[date, date]:
    """The days of a year, a month or a day; what is not said is 0."""
    last = day or (monthrange(year, month)[1] if month else 31)
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def edtf_of(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """A date as precise as it is given; None where there is no such day."""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    parts = [f"{year:04}", *(f"{part:02}" for part in (month, day) if part)]
    return "-".join(parts)


def is_edtf(published: str) -> bool:
    try:
        bounds(published)
    except ValueError:
        return False
    return True


def overlaps(published: str, earliest: date | None, latest: date | None) -> bool:
    """Whether a date may lie in a range that is closed on both ends; None is open."""
    first, last = bounds(published)
    return (earliest is None or last >= earliest) and (latest is None or first <= latest)


def readable(published: str) -> str:
    """`8 February 2023`, `May 2025`, `2024`; anything less usual stays as it is written."""
    parts = published.split("-")
    if not is_edtf(published) or not all(part.isdecimal() for part in parts):
        return published
    year, *rest = (int(part) for part in parts)
    if not rest or rest[0] > 12:
        return str(year) if not rest else published
    month = f"{month_name[rest[0]]} {year}"
    return month if len(rest) == 1 else f"{rest[1]} {month}"
