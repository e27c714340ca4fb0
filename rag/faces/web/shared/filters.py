"""Which articles the next question is asked of: the choices in the sidebar."""

import streamlit as st

from rag.core.records import Filters
from rag.faces.web.shared import components
from rag.faces.web.shared.catalog import Catalog
from rag.index.search import allowed_sources

SOURCES, PUBLISHERS, FROM, TO = (f"filter_{name}" for name in ("sources", "publishers", "from", "to"))
_WANTED = "filter_wanted"
# A list of more articles than these is long to read and slow to draw: a reader searches it.
_LISTED = 50


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


def choose_filters(catalog: Catalog) -> Filters:
    """Draw the choices; returns what they come to."""
    chosen = _chosen(catalog)
    count = len(catalog.articles)
    allowed = allowed_sources(catalog.articles.values(), chosen)
    passing = count if allowed is None else len(allowed)
    with st.expander(f"Articles {passing:,} of {count:,}", expanded=chosen != Filters()):
        # Above the fields: they grow and shrink, and would move it away under the pointer.
        st.button("Ask all articles", on_click=_clear, disabled=chosen == Filters())
        wanted = ""
        if count > _LISTED:
            wanted = st.text_input("Find articles", placeholder="Title, publisher or file", key=_WANTED)
        st.multiselect(
            "Articles" if count <= _LISTED else f"Articles, the latest {_LISTED} of those found",
            # Those that are chosen stay in the list whatever is looked for.
            list(dict.fromkeys([*st.session_state[SOURCES], *catalog.find(wanted, _LISTED)])),
            key=SOURCES,
            format_func=lambda source: catalog.titles.get(source, source),
            placeholder="Any",
        )
        st.multiselect("Publishers", catalog.publishers, key=PUBLISHERS, placeholder="Any")
        if catalog.span:
            for label, name in (("Published from", FROM), ("Published until", TO)):
                st.date_input(
                    label,
                    value=None,
                    key=name,
                    min_value=catalog.span[0],
                    max_value=catalog.span[1],
                    format="YYYY-MM-DD",
                )
    if count and not passing:
        components.notice("No article passes these filters.", kind="note")
    return chosen


def _chosen(catalog: Catalog) -> Filters:
    """The choices so far, without those that the articles no longer offer."""
    state = st.session_state
    for name, options in ((SOURCES, catalog.articles), (PUBLISHERS, frozenset(catalog.publishers))):
        state[name] = [value for value in state.get(name, []) if value in options]
    for name in (FROM, TO):
        day = state.get(name)
        state[name] = day if day and catalog.span and catalog.span[0] <= day <= catalog.span[1] else None
    return Filters(
        sources=frozenset(state[SOURCES]),
        publishers=frozenset(state[PUBLISHERS]),
        published_from=state[FROM].isoformat() if state[FROM] else None,
        published_to=state[TO].isoformat() if state[TO] else None,
    )
