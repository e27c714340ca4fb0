"""The core as the pages reach it: an assistant for each corpus that is in use, shared by the whole
server; runs of indexing; errors said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rag.asking.assistant import Assistant
from rag.core.errors import IndexMissing, RagError
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.faces.web.shared import components
from rag.faces.web.shared.payloads import describe_report
from rag.faces.web.shared.reindexing import Reindexing, Run, runs_of
from rag.loading.corpus import find_files
from rag.wiring import open_assistant

_SEEN_RUNNING = "indexing_seen"
_POLL_SECONDS = 3
_PROGRESS_SECONDS = 0.5
# Each holds the texts and the vectors of its corpus.
_MOST_ASSISTANTS = 4


@contextmanager
def errors_shown(settings: Settings | None = None) -> Iterator[None]:
    """What goes wrong inside is said on the page, which ends there.

    With settings, a missing index can be made on the spot.
    """
    try:
        yield
    except IndexMissing as error:
        if settings is None:
            components.notice(str(error), kind="note")
        else:
            offer_first_index(settings)
        st.stop()
    except RagError as error:
        components.notice(str(error))
        st.stop()


@st.cache_resource(
    show_spinner="Opening the articles and the search model …", max_entries=_MOST_ASSISTANTS
)
def assistant_for(_settings: Settings, key: str) -> Assistant:
    """The assistant for `key`, opened once for all visitors. Raises RagError."""
    return open_assistant(_settings)


def offer_first_index(settings: Settings) -> None:
    """What a corpus without an index needs: articles, or to be indexed."""
    runs = runs_of(settings)
    with errors_shown():
        count = len(find_files(settings.corpus_dir)[0])
    if not count:
        components.notice(
            "There is no article here yet. Add some on the page Corpus, then ask them.", kind="note"
        )
    elif not runs.run.is_running:
        files = "1 file waits" if count == 1 else f"{counted(count, 'file')} wait"
        components.notice(f"{files} to be indexed before the first question.", kind="note")
        if st.button("Index the articles now", type="primary"):
            start_run(runs)
            st.rerun()
    show_run(runs)


def start_run(runs: Reindexing, may_be_empty: bool = False) -> None:
    """Index in the background; this visit is shown what comes of it."""
    runs.start(may_be_empty)
    st.session_state[_SEEN_RUNNING] = runs.run.number


def show_run(runs: Reindexing) -> None:
    """How far the run is, or what came of one that this visit has seen running."""
    run = runs.run
    if run.is_running:
        st.session_state[_SEEN_RUNNING] = run.number
        with st.container(key="sourceline-indexing"):
            _show_progress(runs)
    elif run.failure is not None:
        components.notice(run.failure, key="indexing-failure")
        if st.button("Try again"):
            start_run(runs)
            st.rerun()
    elif st.session_state.pop(_SEEN_RUNNING, 0) == run.number and run.report is not None:
        components.notice(describe_report(run.report), kind="done", key="indexing-report")


@st.fragment(run_every=_PROGRESS_SECONDS)
def _show_progress(runs: Reindexing) -> None:
    run = runs.run
    if not run.is_running:
        st.rerun()
    st.progress(min(1.0, run.done / run.total) if run.total else 0.0)
    st.text(_described(run))


def _described(run: Run) -> str:
    return f"{run.doing}: {run.done:,} of {run.total:,}" if run.total else f"{run.doing} …"


@st.fragment(run_every=_POLL_SECONDS)
def watch_for_new_index(
    assistant: Assistant | None,
    generation: int | None,
    runs: Reindexing | None = None,
    drawn: Run | None = None,
) -> None:
    """Draw the page again when the index is another than `generation`, whoever has made it, and when a
    run has begun or ended since `drawn`. None stands for a corpus without an index."""
    try:
        changed = assistant is not None and generation_of(assistant) != generation
    except RagError:
        changed = True
    if runs is not None and drawn is not None:
        now = runs.run
        changed = changed or (now.number, now.is_running) != (drawn.number, drawn.is_running)
    if changed:
        st.rerun()


def generation_of(assistant: Assistant) -> int | None:
    """The generation that is current now; None where there is no index. Raises RagError."""
    try:
        return assistant.generation
    except IndexMissing:
        return None
