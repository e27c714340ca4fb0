"""What the pages must know of all articles at once, worked out once for each generation of an index:
with thousands of articles it takes longer than everything else on a page."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice

import streamlit as st

from rag.asking.assistant import Assistant
from rag.asking.examples import example_questions
from rag.core.dates import bounds
from rag.core.records import Answer, AnswerKind, Article, Method
from rag.faces.web.shared.payloads import describe_library
from rag.language.text import fold

# How many articles are shown where a reader begins.
_LATEST = 8
# How many questions are offered there, of how many articles, and how many are tried for them.
_EXAMPLES, _EXAMPLE_ARTICLES, _EXAMPLES_ASKED = 4, 40, 12
_CATALOGS = 8
_LOG = logging.getLogger(__name__)
_LOOKING = ThreadPoolExecutor(1, thread_name_prefix="examples")


@dataclass(frozen=True)
class Catalog:
    """The articles of one generation. `titles` tells articles of one title apart by their files,
    `span` is from the first to the last day of any of them, None where none is dated."""

    articles: Mapping[str, Article]
    titles: Mapping[str, str]
    folded: Mapping[str, str]
    publishers: tuple[str, ...]
    span: tuple[date, date] | None
    described: str
    latest: tuple[Article, ...]

    def find(self, wanted: str, most: int) -> list[str]:
        """The sources of the latest articles whose title, publisher or file has all of these words."""
        words = fold(wanted).split()
        found = (source for source in self.titles if all(word in self.folded[source] for word in words))
        return [source for source, _ in zip(found, range(most), strict=False)]


def catalog_of(assistant: Assistant, key: str) -> Catalog:
    """The catalog of now. `key` tells one corpus from another. Raises IndexUnusable."""
    return _catalog(assistant, key, assistant.generation)


@st.cache_resource(show_spinner=False, max_entries=_CATALOGS)
def _catalog(_assistant: Assistant, key: str, generation: int) -> Catalog:
    return make_catalog(_assistant.articles())


def examples_of(assistant: Assistant, key: str) -> tuple[str, ...] | None:
    """Questions that the latest articles answer, to begin with; None while they are being looked for,
    which takes some seconds once for each generation."""
    looking = _examples(assistant, key, assistant.generation)
    if not looking.done():
        return None
    return looking.result()


@st.cache_resource(show_spinner=False, max_entries=_CATALOGS)
def _examples(_assistant: Assistant, key: str, generation: int) -> "Future[tuple[str, ...]]":
    return _LOOKING.submit(_find_examples, _assistant)


def _find_examples(assistant: Assistant) -> tuple[str, ...]:
    articles = sorted(assistant.articles(), key=lambda article: article.published or "", reverse=True)
    asked = islice(example_questions(articles[:_EXAMPLE_ARTICLES]), _EXAMPLES_ASKED)
    try:
        return tuple(
            islice((question for question in asked if _answers(assistant, question)), _EXAMPLES)
        )
    except Exception:  # questions to begin with are no reason for a page that fails
        _LOG.exception("No example questions were found.")
        return ()


def _answers(assistant: Assistant, question: str) -> bool:
    *_, answer = assistant.ask(question, method=Method.EXTRACTED)
    return isinstance(answer, Answer) and answer.kind is AnswerKind.ANSWERED


def make_catalog(articles: Sequence[Article]) -> Catalog:
    ordered = sorted(articles, key=lambda article: article.published or "", reverse=True)
    counts = Counter(article.title for article in articles)
    titles = {
        article.source: article.source
        if not article.title
        else article.title
        if counts[article.title] == 1
        else f"{article.title} ({article.source})"
        for article in ordered
    }
    days = [bounds(published) for published in {a.published for a in articles if a.published}]
    return Catalog(
        {article.source: article for article in articles},
        titles,
        {a.source: fold(f"{titles[a.source]} {a.publisher or ''} {a.source}") for a in ordered},
        tuple(sorted({article.publisher for article in articles if article.publisher})),
        (min(first for first, _ in days), max(last for _, last in days)) if days else None,
        describe_library(articles),
        tuple(ordered[:_LATEST]),
    )
