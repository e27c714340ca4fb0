"""The core as the pages reach it: one assistant for the whole server, its errors said in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag.assistant import Assistant
from rag.errors import IndexMissing, RagError
from rag.settings import Settings
from rag.web import components
from rag.web.payloads import describe_report
from rag.wiring import build_index, open_assistant

_REPORT = "index_report"
_POLL_SECONDS = 3


@contextmanager
def errors_shown(settings: Settings | None = None) -> Iterator[None]:
    """What goes wrong inside is said on the page, which ends there.

    With settings, a missing index can be made on the spot.
    """
    try:
        yield
    except IndexMissing as error:
        components.notice(str(error), kind="note")
        if settings is not None:
            offer_index(settings, "Index the articles now")()
        st.stop()
    except RagError as error:
        components.notice(str(error))
        st.stop()


@st.cache_resource(show_spinner="Opening the articles and the search model …")
def assistant_for(_settings: Settings, key: str) -> Assistant:
    """The assistant for `key`, opened once for all visitors. Raises RagError."""
    return open_assistant(_settings)


def offer_index(settings: Settings, label: str) -> Callable[[], None]:
    """Draw a button that indexes the folder as it is now, and what came of it the last time.

    Returns what does it when the button was pressed, to be called once the page is drawn.
    """
    pressed = st.button(label)
    place = st.container()
    if report := st.session_state.pop(_REPORT, None):
        with place:
            components.notice(report, kind="done")
    return lambda: _index(settings, place) if pressed else None


def _index(settings: Settings, place: DeltaGenerator) -> None:
    bar, line = place.progress(0.0), place.empty()

    def progress(done: int, total: int, what: str) -> None:
        bar.progress(min(1.0, done / total) if total else 0.0)
        line.text(f"{what}: {done:,} of {total:,}")

    with place, errors_shown():
        report = build_index(settings, progress=progress)
    st.session_state[_REPORT] = describe_report(report)
    st.rerun()


@st.fragment(run_every=_POLL_SECONDS)
def watch_for_new_index(assistant: Assistant, generation: int) -> None:
    """Draw the page again when another process has indexed since `generation`."""
    try:
        changed = assistant.generation != generation
    except RagError:
        changed = True
    if changed:
        st.rerun()
