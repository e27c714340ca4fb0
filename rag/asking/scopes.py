"""A question that sets years or outlets against each other: asked once of each one's articles, so that
each is heard."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rag.asking.questions import Question
from rag.core.records import Article, Filters
from rag.language.text import Word, words

# What is enough for a sentence to answer in its scope: the question is half about the other.
ENOUGH_OF_A_SCOPE = 0.25

_YEAR = re.compile(r"(?:19|20)\d\d")


def find_scopes(
    question: Question, articles: Collection[Article], filters: Filters
) -> tuple[tuple[Question, Filters], ...]:
    """The question with the filters of each, or nothing where it does not name two outlets or two
    years that articles are from. What names one need not stand in the words that answer."""
    return _outlets(question, articles, filters) or _years(question, articles, filters)


def _outlets(
    question: Question, articles: Iterable[Article], filters: Filters
) -> tuple[tuple[Question, Filters], ...]:
    asked = words(question.text)
    named: dict[str, tuple[int, int]] = {}
    for publisher in dict.fromkeys(article.publisher for article in articles if article.publisher):
        spelled = [word.folded for word in words(publisher)]
        if span := _said(spelled[1:] if spelled[:1] == ["the"] else spelled, asked):
            named[publisher] = span
    chosen = sorted((span, publisher) for publisher, span in named.items())
    if filters.publishers or len(chosen) < 2:
        return ()
    rest = tuple(
        name
        for name in question.names
        if not any(start < name.end and name.start < end for start, end in named.values())
    )
    return tuple(
        (replace(question, names=rest), replace(filters, publishers=frozenset({publisher})))
        for _, publisher in chosen
    )


def _said(spelled: Sequence[str], asked: Sequence[Word]) -> tuple[int, int] | None:
    """Where in a question some words stand one after another."""
    size = len(spelled)
    for place in range(len(asked) - size + 1):
        some = asked[place : place + size]
        if size and [word.folded for word in some] == list(spelled):
            return some[0].start, some[-1].end
    return None


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
