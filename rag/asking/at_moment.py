"""What the moment that a question asks about does: to the filters, to the order of what answers, and how
that is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, TypeVar

from rag.asking.moments import Moment, Way, find_moment
from rag.core.dates import bounds, readable
from rag.core.errors import SettingsError
from rag.core.records import Answer, Article, Filters
from rag.index.search import allowed_sources

# Of sentences that are no less likely than the best by more than this, the newest comes first.
_ABOUT_EQUAL = 0.15


def narrowed(filters: Filters, moment: Moment) -> Filters:
    """The filters with the articles that count for a moment; where the reader's own dates are narrower
    they stay, and where they cannot be read."""
    try:
        if moment.way is Way.UNTIL and moment.when:
            own = filters.published_to
            if own is None or bounds(moment.when)[1] < bounds(own)[1]:
                return replace(filters, published_to=moment.when)
        if moment.way is Way.SINCE and moment.when:
            own = filters.published_from
            if own is None or bounds(moment.when)[0] > bounds(own)[0]:
                return replace(filters, published_from=moment.when)
    except ValueError:
        return filters
    return filters


def describe_moment(moment: Moment) -> str:
    """What a moment did to the answer, in words for the reader."""
    when = readable(moment.when) if moment.when else None
    match moment.way:
        case Way.UNTIL:
            return f"Asked as of {when}: only articles published until then were read."
        case Way.SINCE:
            return f"Asked of the time from {when} on: only articles published since then were read."
    reach = f" The newest article is of {when}." if when else ""
    return f"Asked how things stand now: of what answers about equally, the newest comes first.{reach}"


def describe_nothing(moment: Moment) -> str:
    """That no article counts for a moment, in words for the reader."""
    when = readable(moment.when) if moment.when else "then"
    if moment.way is Way.SINCE:
        return f"No article that may be read was published in {when} or later."
    return f"No article that may be read was published until {when}."


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


def at_its_moment(
    question: str, filters: Filters, articles: Sequence[Article]
) -> tuple[str, Filters, Moment | None, str | None]:
    """The question without the words for the moment that it asks about, the filters with it, the
    moment, and, where no article counts for it, that in words."""
    moment = find_moment(question, newest_published(articles))
    if moment is None or moment.way is Way.LATEST:
        return moment.question if moment else question, filters, moment, None
    own = allowed_sources(articles, filters)
    dated = {a.source for a in articles if a.published and (own is None or a.source in own)}
    at_moment = narrowed(filters, moment)
    try:
        passing = allowed_sources(articles, at_moment) or set()
    except SettingsError:
        # The reader's own dates begin after the moment, or end before it.
        at_moment, passing = filters, set()
    if not moment.is_certain and (not passing or passing >= dated):
        return question, filters, None, None
    if moment.way is Way.SINCE and dated and passing >= dated:
        return question, filters, None, None
    return moment.question, at_moment, moment, None if passing else describe_nothing(moment)


def told_when(answer: Answer, moment: Moment | None, nothing: str | None) -> Answer:
    """An answer with the moment that it was asked for, and what that did to it."""
    if moment is None:
        return answer
    told = (None if nothing else describe_moment(moment), answer.notice)
    as_of = moment.when if moment.way is Way.UNTIL else None
    return replace(answer, as_of=as_of, notice=" ".join(filter(None, told)) or None)
