"""Which articles the next question is asked of: the choices in the sidebar."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from rag.dates import bounds
from rag.records import Article, Filters
from rag.retrieval import allowed_sources
from rag.web import components

SOURCES, PUBLISHERS, FROM, TO = (f"filter_{name}" for name in ("sources", "publishers", "from", "to"))


def keep_choices() -> None:
    """Streamlit forgets the choices of a page that is left, unless every page sets them anew."""
    for name in (SOURCES, PUBLISHERS, FROM, TO):
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def only(source: str) -> None:
    """Ask the next question of one article."""
    _clear()
    st.session_state[SOURCES] = [source]


def _clear() -> None:
    for name, nothing in ((SOURCES, []), (PUBLISHERS, []), (FROM, None), (TO, None)):
        st.session_state[name] = nothing


def choose_filters(articles: Sequence[Article]) -> Filters:
    """Draw the choices; returns what they come to."""
    chosen = _chosen(articles)
    allowed = allowed_sources(articles, chosen)
    passing = len(articles) if allowed is None else len(allowed)
    with st.expander(f"Articles {passing} of {len(articles)}", expanded=chosen != Filters()):
        # Above the fields: they grow and shrink, and would move it away under the pointer.
        st.button("Ask all articles", on_click=_clear, disabled=chosen == Filters())
        titles = _titles(articles)
        st.multiselect(
            "Articles",
            list(titles),
            key=SOURCES,
            format_func=lambda source: titles.get(source, source),
            placeholder="Any",
        )
        st.multiselect("Publishers", _publishers(articles), key=PUBLISHERS, placeholder="Any")
        if span := _span(articles):
            for label, name in (("Published from", FROM), ("Published until", TO)):
                st.date_input(
                    label,
                    value=None,
                    key=name,
                    min_value=span[0],
                    max_value=span[1],
                    format="YYYY-MM-DD",
                )
    if articles and not passing:
        components.notice("No article passes these filters.", kind="note")
    return chosen


def _chosen(articles: Sequence[Article]) -> Filters:
    """The choices so far, without those that the articles no longer offer."""
    state = st.session_state
    offered = {SOURCES: {article.source for article in articles}, PUBLISHERS: _publishers(articles)}
    for name, options in offered.items():
        state[name] = [value for value in state.get(name, []) if value in options]
    span = _span(articles)
    for name in (FROM, TO):
        day = state.get(name)
        state[name] = day if day and span and span[0] <= day <= span[1] else None
    return Filters(
        sources=frozenset(state[SOURCES]),
        publishers=frozenset(state[PUBLISHERS]),
        published_from=state[FROM].isoformat() if state[FROM] else None,
        published_to=state[TO].isoformat() if state[TO] else None,
    )


def _titles(articles: Sequence[Article]) -> dict[str, str]:
    """Source to title; the file's name tells articles of one title apart."""
    titles = [article.title for article in articles]
    return {
        article.source: article.source
        if not article.title
        else article.title
        if titles.count(article.title) == 1
        else f"{article.title} ({article.source})"
        for article in articles
    }


def _publishers(articles: Sequence[Article]) -> list[str]:
    return sorted({article.publisher for article in articles if article.publisher})


def _span(articles: Sequence[Article]) -> tuple[date, date] | None:
    days = [bounds(article.published) for article in articles if article.published]
    return (min(first for first, _ in days), max(last for _, last in days)) if days else None
