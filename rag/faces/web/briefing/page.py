"""The briefing: what was kept of answers, to be put in order, reworded, and taken along as a file."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from rag.asking.assistant import Assistant
from rag.core.errors import BriefingGone, RagError
from rag.core.settings import Settings
from rag.desk.briefings import Briefings
from rag.desk.desk import open_desk
from rag.desk.document import make_document
from rag.desk.entries import Briefing, Listed
from rag.desk.exports.formats import MEDIA_TYPES, Format, export, file_name
from rag.faces.web.briefing import actions
from rag.faces.web.briefing.actions import BRIEFING
from rag.faces.web.briefing.payload import briefing_payload, briefings_payload, find_citation
from rag.faces.web.shared import components, filters, history, method, panel, titles
from rag.faces.web.shared.core import assistant_for, errors_shown, watch_for_new_index
from rag.faces.web.shared.corpus_switch import choose_corpus
from rag.faces.web.shared.held import stop_work_elsewhere
from rag.faces.web.shared.viewer_payload import opened_payload
from rag.judging.verification import Verifier

PAGE = "briefing"
_TOLD, _FAILURES = "briefing_told", "briefing_exports_failed"
_FIND_FROM = 8
_POLL_SECONDS = 3
_FORMAT_WORDS = {
    Format.DOCX: "Word",
    Format.PDF: "PDF",
    Format.HTML: "HTML",
    Format.MARKDOWN: "Markdown",
}

# Streamlit wants a component to be registered once, outside the script that mounts it.
_document = components.component(
    "briefing", "briefing", "briefing_acts", "briefing_editor", "briefing_entry"
)
_list = components.component("briefing", "briefings")


def show() -> None:
    components.page_frame()
    st.html(f"<style>{components.asset('briefing', 'briefing_page.css')}</style>")
    history.restore_address(PAGE)
    filters.keep_choices()
    stop_work_elsewhere(None)
    with errors_shown():
        settings = choose_corpus(Settings.from_environment(), PAGE)
    with errors_shown(settings):
        assistant = assistant_for(settings, repr(settings))
        generation = assistant.generation
    briefings = open_desk(settings).briefings
    with errors_shown():
        key = _key_in_address(briefings)
        briefing = briefings.read(key) if key else None
    with st.sidebar:
        _show_list(briefings, briefing)
    with st.container(key="sourceline-briefing"):
        failed = st.session_state.pop(_FAILURES, [])
        for told in (*failed, *st.session_state.pop(_TOLD, ())):
            components.notice(told)
        if briefing is None:
            _invite(briefings, was_there=key is not None)
        else:
            _show_briefing(briefings, briefing, assistant, settings)
    if briefing is None:
        watch_for_new_index(assistant, generation)
    else:
        _watch(briefings, briefing, assistant, generation)
        _show_panel(assistant, briefing)
    history.remember_address(PAGE)


def _key_in_address(briefings: Briefings) -> str | None:
    """The briefing that is open; coming here without one opens the one that is kept into."""
    key = st.query_params.get(BRIEFING)
    if key is None and (found := actions.current(briefings)):
        key = st.query_params[BRIEFING] = found.key
    if key is not None:
        actions.choose(key)
    return key


def _show_briefing(
    briefings: Briefings, briefing: Briefing, assistant: Assistant, settings: Settings
) -> None:
    key = f"briefing-{briefing.key}"
    if briefing.entries:
        _show_exports(briefings, briefing, assistant, settings.corpus_dir.resolve().name)

    def judge() -> Verifier:
        return assistant.bench().verifier

    _document(
        key=key,
        data=briefing_payload(briefing)
        | {"chosen": st.query_params.get(panel.CLAIM), "heard": actions.heard()},
        on_acts_change=components.when_said(
            key, "acts", lambda acts: actions.perform(briefings, judge, briefing.key, acts)
        ),
    )


def _show_exports(briefings: Briefings, briefing: Briefing, assistant: Assistant, corpus: str) -> None:
    with st.container(
        key="sourceline-exports",
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
    ):
        st.text("Export", width="content")
        for wanted, words in _FORMAT_WORDS.items():
            st.download_button(
                words,
                data=_maker(briefings, briefing.key, assistant, corpus, wanted),
                file_name=file_name(briefing.title, wanted),
                mime=MEDIA_TYPES[wanted],
                on_click="ignore",
                type="tertiary",
                key=f"export-{wanted}",
            )


def _maker(
    briefings: Briefings, key: str, assistant: Assistant, corpus: str, wanted: Format
) -> Callable[[], bytes]:
    """Makes the file when it is asked for, of the briefing as it stands then."""

    failures: list[str] = st.session_state.setdefault(_FAILURES, [])

    def make() -> bytes:
        try:
            briefing = briefings.read(key)
            if briefing is None:
                raise BriefingGone("This briefing was deleted.")
            entries, today = briefing.entries, date.today()
            return export(make_document(briefing.title, entries, corpus, today, assistant.open), wanted)
        except RagError as error:
            # Streamlit makes the file outside any run, and says only that it failed.
            failures.append(str(error))
            raise

    return make


def _invite(briefings: Briefings, was_there: bool) -> None:
    if was_there:
        lost = [failure["text"] for failure in actions.heard()["failures"] if failure["text"]]
        words = "This briefing is not here any more."
        if lost:
            words += " These words of yours are not stored:\n\n" + "\n\n".join(map(str, lost))
        components.notice(words, kind="note")
    st.subheader("A briefing", anchor=False)
    st.text(
        "It gathers sentences of answers, each with the words it rests on. Put them in order, under "
        "headings and in your own words, add notes, and take it along as Word, PDF, HTML or Markdown. "
        "Keep a sentence in the chat, or start with an empty page."
    )
    st.button("Start a briefing", type="primary", on_click=_start, args=(briefings,), key="start")


def _show_list(briefings: Briefings, current: Briefing | None) -> None:
    with errors_shown():
        listed = briefings.list()
    st.button("New briefing", on_click=_start, args=(briefings,), width="stretch")
    if current is not None:
        _offer(briefings, current)
    if len(listed) >= _FIND_FROM:
        wanted = st.text_input("Find a briefing", placeholder="Words in it", key="find_briefing")
        with errors_shown():
            listed = briefings.list(wanted)
        if not listed:
            st.caption("No briefing has these words.")
    _draw_list(listed, current)


def _draw_list(listed: tuple[Listed, ...], current: Briefing | None) -> None:
    if listed:
        _list(
            key="briefings",
            data={
                "rows": briefings_payload(listed),
                "chosen": current.key if current else None,
            },
            on_opened_change=components.when_said("briefings", "opened", _open),
        )


def _open(key: str) -> None:
    actions.choose(key)
    st.query_params.from_dict(method.kept_choice() | {BRIEFING: key})


def _start(briefings: Briefings) -> None:
    try:
        _open(briefings.create(f"Briefing of {date.today():%-d %B %Y}"))
    except RagError as error:
        st.session_state[_TOLD] = (str(error),)


def _offer(briefings: Briefings, current: Briefing) -> None:
    def delete() -> None:
        briefings.delete(current.key)
        st.query_params.from_dict(method.kept_choice())

    titles.offer(
        "briefing",
        current.key,
        current.title,
        "All that was kept in it is deleted for good. Conversations and articles stay.",
        lambda title: briefings.rename(current.key, title),
        delete,
    )


@st.fragment(run_every=_POLL_SECONDS)
def _watch(briefings: Briefings, shown: Briefing, assistant: Assistant, generation: int) -> None:
    """Draw the page again when another tab has changed the briefing, another process has indexed, or a
    file could not be made.

    One fragment for all: Streamlit throws a file away that it made for a download at the second run
    after, and two that run at once would take it before the browser has it.
    """
    try:
        now = briefings.read(shown.key)
        changed = now is None or now.changed_at != shown.changed_at
        changed = changed or assistant.generation != generation
    except RagError:
        return
    if changed or st.session_state.get(_FAILURES):
        st.rerun()


def _show_panel(assistant: Assistant, briefing: Briefing) -> None:
    address = st.query_params.get(panel.CLAIM)
    if address and (citation := find_citation(briefing, address)):
        try:
            panel.show(opened_payload(assistant.open(citation), address))
        except RagError as error:
            components.notice(str(error))
