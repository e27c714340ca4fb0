"""A question that sets years or outlets against each other: asked once of each one's articles, so that
every side is heard."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from rag.questions import Question
from rag.records import Article, Filters
from rag.text import fold

# What is enough for a sentence to answer for its side: the question is half about the other.
ENOUGH_OF_A_SIDE = 0.25

_YEAR = re.compile(r"(?:19|20)\d\d")


def find_sides(
    question: Question, articles: Collection[Article], filters: Filters
) -> tuple[tuple[Question, Filters], ...]:
    """The question with the filters of each side, or nothing where it does not name two outlets or two
    years that articles are from. What names a side need not stand in the words that answer."""
    return _outlets(question, articles, filters) or _years(question, articles, filters)


def _outlets(
    question: Question, articles: Iterable[Article], filters: Filters
) -> tuple[tuple[Question, Filters], ...]:
    asked = fold(question.text)
    named = {}
    for publisher in dict.fromkeys(article.publisher for article in articles if article.publisher):
        spelled = fold(publisher).removeprefix("the ")
        if match := re.search(rf"\b{re.escape(spelled)}\b", asked):
            named[publisher] = match.start()
    chosen = sorted((place, publisher) for publisher, place in named.items())
    if filters.publishers or len(chosen) < 2:
        return ()
    words = " ".join(fold(publisher) for publisher in named)
    rest = tuple(name for name in question.names if fold(name.text) not in words)
    return tuple(
        (replace(question, names=rest), replace(filters, publishers=frozenset({publisher})))
        for _, publisher in chosen
    )


def _years(
    question: Question, articles: Iterable[Article], filters: Filters
) -> tuple[tuple[Question, Filters], ...]:
    known = {article.published[:4] for article in articles if article.published}
    years = [name for name in question.names if _YEAR.fullmatch(name.text) and name.text in known]
    if filters.published_from or filters.published_to or len({name.text for name in years}) < 2:
        return ()
    rest = tuple(name for name in question.names if name not in years)
    return tuple(
        (replace(question, names=rest), replace(filters, published_from=year, published_to=year))
        for year in dict.fromkeys(name.text for name in years)
    )
