"""The corpus: what can be asked, what is added to it, put right in it and removed from it, and what was
left out and why."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag.asking.assistant import Assistant
from rag.core.errors import IndexMissing
from rag.core.records import Article, Correction, Skipped
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.desk.desk import open_desk
from rag.desk.gathering import removed
from rag.faces.web.corpus import correcting, gather, removing
from rag.faces.web.corpus.components import shelf, style
from rag.faces.web.corpus.payload import (
    COLUMNS,
    PAGE_ROWS,
    View,
    chosen,
    shelf_payload,
    skipped_payload,
)
from rag.faces.web.shared import components, filters, history, panel
from rag.faces.web.shared.components import lines
from rag.faces.web.shared.core import (
    assistant_for,
    errors_shown,
    offer_first_index,
    show_run,
    watch_for_new_index,
)
from rag.faces.web.shared.corpus_switch import choose_corpus
from rag.faces.web.shared.held import stop_work_elsewhere
from rag.faces.web.shared.payloads import describe_library
from rag.faces.web.shared.reindexing import Reindexing, runs_of
from rag.faces.web.shared.viewer_payload import article_payload
from rag.index.store import Store
from rag.loading.corpus import find_files

PAGE = "corpus"
_FIND_FROM = 12
_FIND, _FROM, _TO, _BY, _DOWN, _TURNED = (
    "find_article",
    "find_from",
    "find_to",
    "shelf_by",
    "shelf_is_down",
    "shelf_page",
)


def show() -> None:
    components.page_frame()
    style()
    history.restore_address(PAGE)
    filters.keep_choices()
    stop_work_elsewhere(None)
    with errors_shown():
        settings = choose_corpus(Settings.from_environment(), PAGE, manages=True)
    runs = runs_of(settings)
    drawn = runs.run
    assistant: Assistant | None = None
    generation: int | None = None
    articles: Sequence[Article] = ()
    skipped: Sequence[Skipped] = ()
    with st.container(key="sourceline-corpus"):
        with errors_shown():
            corrections = open_desk(settings).corrections.all()
            trash = removed(settings)
            is_indexed = bool(Store(settings.state_dir).generation())
            is_new = not is_indexed and not find_files(settings.corpus_dir)[0]
        # The models take seconds to open: nobody waits for them where there is no index to ask.
        if is_indexed or not (is_new or drawn.is_running):
            with errors_shown(), suppress(IndexMissing):
                assistant = assistant_for(settings, repr(settings))
                generation, articles = assistant.generation, assistant.articles()
                skipped = assistant.skipped()
        _show_head(settings, articles, is_new)
        removing.show_last(settings, runs, trash)
        with _adding(settings, is_new):
            gather.show(settings, articles, lambda: removing.begin_run(runs))
        if generation is not None:
            show_run(runs)
            correcting.show_outdated(correcting.outdated(settings.corpus_dir, articles, corrections))
            kept = removing.without_removed(settings, articles, trash)
            _show_articles(settings, runs, kept, corrections)
            if st.button("Index the folder again"):
                removing.begin_run(runs)
                st.rerun()
        elif not is_new:
            offer_first_index(settings)
        removing.show_trash(settings, runs, trash)
        _show_skipped(skipped)
    watch_for_new_index(assistant, generation, runs, drawn)
    indexed = {article.source: article for article in articles}
    if (source := st.query_params.get(panel.ARTICLE)) in indexed:
        panel.show(article_payload(indexed[source]))
    correcting.show(settings, indexed, corrections, lambda: removing.begin_run(runs))
    history.remember_address(PAGE)


def _show_head(settings: Settings, articles: Sequence[Article], is_new: bool) -> None:
    if is_new:
        st.subheader("Begin with some articles", anchor=False)
        st.text(
            "This corpus is empty. Drag files in, paste a text or give a web address; you see what is "
            f"read of each before it is kept in {settings.corpus_dir}."
        )
        return
    st.subheader("Corpus", anchor=False)
    told = describe_library(articles) if articles else "No article is indexed yet"
    st.text(f"{told}, in {settings.corpus_dir}")


def _adding(settings: Settings, is_new: bool) -> DeltaGenerator:
    """Where articles are added: what an empty corpus is all about, and folded away elsewhere."""
    if is_new:
        return st.container(border=True, key="adding-first")
    return st.expander("Add articles", expanded=gather.is_waiting(settings), key="adding")


def _show_articles(
    settings: Settings,
    runs: Reindexing,
    articles: Sequence[Article],
    corrections: Mapping[str, Correction],
) -> None:
    if not articles:
        return
    state = st.session_state
    if len(articles) >= _FIND_FROM:
        words, first, last = st.columns([3, 1, 1])
        words.text_input(
            "Find", placeholder="Title, publisher, author or file", key=_FIND, on_change=_to_first_page
        )
        for place, label, key in ((first, "From", _FROM), (last, "Until", _TO)):
            place.date_input(
                label,
                value=None,
                key=key,
                min_value=date(1800, 1, 1),
                format="YYYY-MM-DD",
                on_change=_to_first_page,
            )
    days = [state[key].isoformat() if state.get(key) else None for key in (_FROM, _TO)]
    view = View(
        state.get(_FIND, ""),
        days[0],
        days[1],
        state.get(_BY, COLUMNS[0]),
        state.get(_DOWN, False),
        state.get(_TURNED, 1),
    )
    with errors_shown():
        found = chosen(articles, view)
    if not found:
        st.text("No article has these words in its title, publisher, author or file, and such a date.")
        return
    shelf(
        shelf_payload(found, view, st.query_params.get(panel.ARTICLE), corrections.keys()),
        key="shelf",
        acts={
            "opened": panel.open_article,
            "corrected": lambda source: correcting.begin(settings, source),
            "removed": lambda source: removing.take_out(settings, runs, source),
            "sorted": _sort,
            "turned": _turn,
        },
    )


def _to_first_page() -> None:
    st.session_state[_TURNED] = 1


def _turn(page: str) -> None:
    st.session_state[_TURNED] = int(page)


def _sort(column: str) -> None:
    """By another column, or the other way round; dates begin with the latest."""
    state = st.session_state
    if column in COLUMNS:
        is_same = state.get(_BY, COLUMNS[0]) == column
        state[_DOWN] = not state.get(_DOWN, False) if is_same else column == "published"
        state[_BY] = column
        _to_first_page()


def _show_skipped(skipped: Sequence[Skipped]) -> None:
    if skipped:
        with st.expander(f"{counted(len(skipped), 'file')} skipped", expanded=len(skipped) < _FIND_FROM):
            lines(skipped_payload(skipped[: 4 * PAGE_ROWS]), key="skipped")
