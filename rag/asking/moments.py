"""The moment that a question asks about, "as of May 2024" or "now": the words for it, what it does to
filters and order, and how that is told. A date of what happened ("Who was freed in December 2022?") is
no such moment: any article may tell of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from rag.core.dates import bounds, edtf_of, readable
from rag.core.errors import SettingsError
from rag.core.records import Answer, Article, Filters
from rag.index.search import allowed_sources
from rag.language.facts.days import Day, find_days, place
from rag.language.text import words


class Way(StrEnum):
    """Which articles count for a moment: those until it, or all, the newest first."""

    UNTIL = "until"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment (EDTF), and the question to search: without "as of ...", but with the words for "now",
    which articles use too. "Now" is the day of the newest article; None where no article has a date."""

    way: Way
    when: str | None
    question: str


_AS_OF = re.compile(r"\bas (?:of|at) (?:the end of )?(?:(?P<edtf>\d{4}-\d\d)\b(?!-))?", re.IGNORECASE)
# In small letters: "USA Today" is a name.
_NOW = re.compile(
    r"\b(?:now|today|nowadays|currently|at present|at the moment|latest|newest|most recent)\b(?!['’]s)"
)
# Of sentences that are no less likely than the best by more than this, the newest comes first.
_ABOUT_EQUAL = 0.15


def find_moment(question: str, newest_published: str | None) -> Moment | None:
    """The moment that a question asks about, or None. A month without a year is placed by the day of the
    newest article. Two moments are none: the question sets them against each other."""
    found = list(_as_of(question, newest_published))
    if found:
        return found[0] if len(found) == 1 and words(found[0].question) else None
    if _NOW.search(question[:1].lower() + question[1:]):
        return Moment(Way.LATEST, newest_published, question)
    return None


def without_moment(question: str) -> str:
    """A question without its "as of ..."; nothing but a mark where it is no more than that."""
    return next((moment.question for moment in _as_of(question, None)), question)


def _as_of(question: str, newest: str | None) -> Iterator[Moment]:
    for said in _AS_OF.finditer(question):
        when, end = said["edtf"], said.end()
        # Months are found by their capitals; in a date the places stay the same.
        for text in (question, question[:end] + question[end:].title()):
            day = next((day for day in find_days(text) if day.start == said.end()), None)
            if day and not when:
                when, end = _edtf(day, newest), day.end
        if when:
            before, after = question[: said.start()].rstrip(" ,("), question[end:].lstrip(" ,)")
            rest = f"{before} {after}" if before and words(after) else before + after
            yield Moment(Way.UNTIL, when, rest[:1].upper() + rest[1:])


def _edtf(day: Day, newest: str | None) -> str | None:
    """A date as precise as it is said; None where its year is not known."""
    years = {(each.year, each.month) for each in place(day, newest)}
    year, month = years.pop() if len(years) == 1 else (None, None)
    return edtf_of(year, month, max(day.days, default=None)) if year else None


def at_its_moment(
    question: str, filters: Filters, articles: Sequence[Article]
) -> tuple[str, Filters, Moment | None, str | None]:
    """The question without the words for the moment that it asks about, the filters with it, the
    moment, and, where no article counts for it, that in words. Dates of the reader's own that are
    narrower stay. Raises SettingsError for those that are none."""
    moment = find_moment(question, newest_published(articles))
    if moment is None or moment.way is Way.LATEST or moment.when is None:
        return question, filters, moment, None
    allowed_sources(articles, filters)
    own, until = filters.published_to, bounds(moment.when)[1]
    narrowed = filters if own and bounds(own)[1] <= until else replace(filters, published_to=moment.when)
    try:
        passing = allowed_sources(articles, narrowed)
    except SettingsError:
        # The reader's own dates begin after the moment.
        narrowed, passing = filters, set()
    nothing = f"No article that may be read was published until {readable(moment.when)}."
    return moment.question, narrowed, moment, None if passing else nothing


def told_when(answer: Answer, moment: Moment | None, nothing: str | None) -> Answer:
    """An answer with the moment that it was asked for, and what that did to it."""
    if moment is None:
        return answer
    told = (None if nothing else describe_moment(moment), answer.notice)
    as_of = moment.when if moment.way is Way.UNTIL else None
    return replace(answer, as_of=as_of, notice=" ".join(filter(None, told)) or None)


def describe_moment(moment: Moment) -> str:
    """What a moment did to the answer, in words for the reader."""
    when = readable(moment.when) if moment.when else None
    if moment.way is Way.UNTIL:
        return f"Asked as of {when}: only articles published until then were read."
    reach = f" The newest article is of {when}." if when else ""
    return f"Asked how things stand now: of what answers about equally, the newest comes first.{reach}"


def newest_published(articles: Sequence[Article]) -> str | None:
    """The date of the newest article."""
    dates = {article.published for article in articles if article.published}
    return max(dates, key=lambda published: bounds(published)[1], default=None)


class Dated(Protocol):
    """A sentence that may answer: how likely, 0..1, and its article."""

    @property
    def article(self) -> Article: ...
    @property
    def score(self) -> float: ...


_Sentence = TypeVar("_Sentence", bound=Dated)


def newest_first(sentences: Sequence[_Sentence], enough: float) -> list[_Sentence]:
    """Sentences that come best first, with those that answer about as well as the best one, and well
    `enough`, put in order of their articles' dates."""
    best = max((sentence.score for sentence in sentences), default=0.0)
    floor = max(enough, best - _ABOUT_EQUAL)
    equal = [sentence for sentence in sentences if sentence.score >= floor]
    rest = [sentence for sentence in sentences if sentence.score < floor]
    return sorted(equal, key=_newest, reverse=True) + rest


def _newest(sentence: Dated) -> date:
    published = sentence.article.published
    return bounds(published)[1] if published else date.min
