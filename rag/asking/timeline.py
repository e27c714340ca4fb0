"""Articles to a timeline: when each was published, and what its sentences say happened on a date."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as calendar_day
from enum import StrEnum
from functools import cached_property

from rag.core.dates import bounds, edtf_of, readable
from rag.core.memo import Memo
from rag.core.records import Article, Citation, Sentence, Span
from rag.language.facts.days import Day, find_days, place
from rag.language.sentences import split_sentences


class EventKind(StrEnum):
    PUBLISHED = "published"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Event:
    """Something with a date (EDTF, as precise as it is said): an article that was published, cited by
    its first sentence, or a sentence that names the date."""

    date: str
    citation: Citation
    kind: EventKind

    @cached_property
    def span(self) -> tuple[calendar_day, calendar_day]:
        """The first and the last day that the date can mean."""
        return span_of(self.date)


# Figures that may belong to an absolute date: a year, or a day beside a month. Reading dates costs much
# more than looking whether there is any.
_FIGURES = re.compile(r"\d+")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_MONTH_BEFORE = re.compile(rf"{_MONTH}[a-z]{{0,6}}\.?\s$")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}")
_LONGEST_MONTH = 12
_BLANK_LINES = re.compile(r"\n\s*\n")
# Statements that are kept of the articles read lately: about 600 bytes each.
_KEPT = 120_000
_AT_ONCE = 50
# The first sentence is looked for in so many characters.
_LONGEST_LINE = 600


def publications(articles: Iterable[Article]) -> tuple[Event, ...]:
    """Each article of known date at that date."""
    return tuple(
        Event(article.published, _first_sentence(article), EventKind.PUBLISHED)
        for article in articles
        if article.published
    )


def statements(
    articles: Sequence[Article], progress: Callable[[int], None] = lambda done: None
) -> tuple[Event, ...]:
    """The sentences that name an absolute date, an event for each date in a sentence, article by
    article. Months without a year, decades, weekdays and "last month" are left out, and so is a
    day without a year that two years are as near to. `progress` is told how many articles are done."""
    found: list[Event] = []
    for start in range(0, len(articles), _AT_ONCE):
        for events in _statements(articles[start : start + _AT_ONCE]):
            found += events
        progress(min(start + _AT_ONCE, len(articles)))
    return tuple(found)


def span_of(edtf: str) -> tuple[calendar_day, calendar_day]:
    """The first and the last day of a date or of days with a slash between. Raises ValueError."""
    first, slash, last = edtf.partition("/")
    return (span_of(first)[0], span_of(last)[1]) if slash else bounds(edtf)


def readable_span(edtf: str) -> str:
    """`8 February 2023`, `May 2025`, `2024`, or two of them."""
    return " to ".join(map(readable, edtf.split("/")))


def _read_all(articles: Sequence[Article]) -> list[tuple[Event, ...]]:
    return [tuple(_read(article)) for article in articles]


# By article: its hash is that of its words, so an index made anew finds again what did not change.
_statements: Memo[Article, tuple[Event, ...]] = Memo(_read_all, _KEPT, lambda events: 1 + len(events))


def _read(article: Article) -> Iterator[Event]:
    text = article.text
    hints = list(_hints(text))
    # Sentences are split where a date may stand alone: between blank lines.
    edges = [0, *(match.start() for match in _BLANK_LINES.finditer(text)), len(text)] if hints else []
    for start in dict.fromkeys(edges[bisect_right(edges, hint) - 1] for hint in hints):
        block = text[start : edges[bisect_right(edges, start)]]
        for sentence in split_sentences(block, article.title):
            first, last = start + sentence.start, start + sentence.end
            if sentence.is_heading or bisect_left(hints, first) == bisect_left(hints, last):
                continue
            for edtf in dict.fromkeys(_dates(text[first:last], article.published)):
                yield Event(edtf, Span(article, first, last).citation, EventKind.STATEMENT)


def _hints(text: str) -> Iterator[int]:
    """Where a date may stand."""
    for match in _FIGURES.finditer(text):
        start, end = match.span()
        if end - start == 4:
            if "1500" <= match[0] < "2100":
                yield start
        elif end - start <= 2 and (
            _MONTH_AFTER.match(text, end)
            or _MONTH_BEFORE.search(text, max(0, start - _LONGEST_MONTH), start)
        ):
            yield start


def _dates(words: str, published: str | None) -> Iterator[str]:
    for day in find_days(words):
        if day.decade or not (day.year or (day.month and day.days)):
            continue
        if edtf := _as_edtf(day, published):
            yield edtf


def _as_edtf(day: Day, published: str | None) -> str | None:
    """A date as EDTF; None where its year is not known, or where there is no such day."""
    months = {(each.year, each.month) for each in place(day, published)}
    if len(months) != 1:
        return None
    ((year, month),) = months
    if not year:
        return None
    if not day.days or not month:
        return edtf_of(year, month)
    first, last = (edtf_of(year, month, number) for number in (min(day.days), max(day.days)))
    if first is None or last is None:
        return None
    return first if first == last else f"{first}/{last}"


def _first_sentence(article: Article) -> Citation:
    text = article.text
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    line = text[start : min(len(text) if end < 0 else end, start + _LONGEST_LINE)]
    first = next(iter(split_sentences(line)), Sentence(0, 0))
    return Span(article, start + first.start, start + first.end).citation
