"""Articles taken out of the corpus on its page, and put back: at once, or from the trash."""

from collections.abc import Sequence

import streamlit as st

from rag.core.errors import RagError
from rag.core.records import Article
from rag.core.settings import Settings
from rag.desk.gathering import Removed, remove, restore
from rag.faces.web.corpus.payload import PAGE_ROWS, removed_payload
from rag.faces.web.shared import components
from rag.faces.web.shared.components import lines
from rag.faces.web.shared.core import start_run
from rag.faces.web.shared.reindexing import Reindexing

_UNDO, _FAILED = "undo_removal", "corpus_failed"


def show_last(settings: Settings, runs: Reindexing, trash: Sequence[Removed]) -> None:
    """What went wrong with the last click, and how the last deed is undone where it was a removal."""
    if failure := st.session_state.pop(_FAILED, None):
        components.notice(failure)
    undoable = {(settings.state_dir, gone.key): gone.source for gone in trash}
    # The page is drawn anew as the index is: the button stays until it is used or another deed is done.
    last = st.session_state.get(_UNDO)
    if last not in undoable:
        st.session_state.pop(_UNDO, None)
        return
    key, source = last[1], undoable[last]
    words, undo = st.columns([5, 1], vertical_alignment="center")
    with words:
        components.notice(f"{source} was removed.", kind="done", key="removed")
    undo.button("Undo", width="stretch", on_click=_restore, args=(settings, runs, key))


def without_removed(
    settings: Settings, articles: Sequence[Article], trash: Sequence[Removed]
) -> Sequence[Article]:
    """Without what was removed and is indexed still."""
    lost = {gone.source for gone in trash if not (settings.corpus_dir / gone.source).exists()}
    return [article for article in articles if article.source not in lost] if lost else articles


def take_out(settings: Settings, runs: Reindexing, source: str) -> None:
    """Remove an article; the next run of the page says so, and offers to undo it."""
    try:
        gone = remove(settings, source)
    except RagError as error:
        st.session_state[_FAILED] = str(error)
    else:
        start_run(runs, may_be_empty=True)
        st.session_state[_UNDO] = settings.state_dir, gone.key


def _restore(settings: Settings, runs: Reindexing, key: str) -> None:
    try:
        restore(settings, key)
    except RagError as error:
        st.session_state[_FAILED] = str(error)
    else:
        begin_run(runs)


def begin_run(runs: Reindexing) -> None:
    """Index what was just done, which is the last deed now."""
    st.session_state.pop(_UNDO, None)
    start_run(runs)


def show_trash(settings: Settings, runs: Reindexing, trash: Sequence[Removed]) -> None:
    """What was removed, each to be put back."""
    if trash:
        with st.expander(f"Removed ({len(trash):,})"):
            lines(
                removed_payload(trash[:PAGE_ROWS]),
                key="removed-articles",
                on_act=lambda key: _restore(settings, runs, key),
            )
            st.text(f"The files are kept in {settings.state_dir / '.trash'}")
