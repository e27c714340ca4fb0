"""The timeline: the articles at their dates, and what their sentences say happened on a date. What is
looked at and what is open stand in the address, so that a reload finds them again."""

import time
from collections.abc import Sequence

import streamlit as st

from rag.asking.assistant import Assistant
from rag.asking.timeline import Event, publications, statements
from rag.core.errors import RagError
from rag.core.records import Article
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.faces.web.shared import components, filters, history, panel
from rag.faces.web.shared.catalog import Catalog, catalog_of
from rag.faces.web.shared.core import assistant_for, errors_shown, watch_for_new_index
from rag.faces.web.shared.corpus_switch import choose_corpus
from rag.faces.web.shared.held import stop_work_elsewhere
from rag.faces.web.shared.payloads import Payload
from rag.faces.web.shared.viewer_payload import opened_payload
from rag.faces.web.timeline.payload import timeline_payload
from rag.faces.web.timeline.view import View, read_view, usual, whole
from rag.faces.web.timeline.words import find_citation, mentions
from rag.language.text import fold

PAGE = "timeline"
_WORDS, _OUTLETS, _FROM, _TO = "words", "publisher", "from", "to"
_KEPT, _READ_ALL, _SHOWN, _SHOWN_OF = (
    f"timeline_{name}" for name in ("events", "read_all", "shown", "shown_of")
)
_FIND, _OF = "timeline_find", "timeline_of"
# Of more articles their sentences are read only when the reader asks for it: that takes some seconds.
_READ_AT_ONCE = 800
_LINES = 60
_SILENT_SECONDS = 1.0

_NOTHING = "No article of known date has these words, and no sentence with a date."
_NO_DATES = (
    "No article here states when it was published, and no sentence names a date. Dates of articles can "
    "be added on the page Corpus."
)

# Streamlit wants a component to be registered once, outside the script that mounts it.
_timeline = components.component("timeline", "timeline", "timeline_picture")


def show() -> None:
    components.page_frame()
    history.restore_address(PAGE)
    filters.keep_choices()
    stop_work_elsewhere(None)
    with errors_shown():
        settings = choose_corpus(Settings.from_environment(), PAGE)
    with st.container(key="sourceline-timeline"):
        st.subheader("Timeline", anchor=False)
        with errors_shown(settings):
            assistant = assistant_for(settings, repr(settings))
            generation, catalog = assistant.generation, catalog_of(assistant, repr(settings))
        _show_timeline(catalog, (repr(settings), generation))
    with st.sidebar:
        watch_for_new_index(assistant, generation)
    _show_panel(assistant, catalog)
    history.remember_address(PAGE)


def _show_timeline(catalog: Catalog, index: tuple[str, int]) -> None:
    if not catalog.articles:
        components.notice("There is no article here yet. Add some on the page Corpus.", kind="note")
        return
    if undated := sum(article.published is None for article in catalog.articles.values()):
        st.caption(
            f"{counted(undated, 'article')} without a date: only the dates in the text are drawn."
        )
    wanted, outlets = _choose(catalog.publishers)
    events = _events(tuple(catalog.articles.values()), wanted, outlets, index)
    if not events:
        components.notice(_NOTHING if wanted or outlets else _NO_DATES, kind="note", key="timeline-none")
        return
    address = st.query_params
    view = read_view(address.get(_FROM), address.get(_TO)) or usual(events)
    # The list begins anew with every other view.
    looked_at = (index, tuple(wanted), tuple(outlets), view)
    if st.session_state.get(_SHOWN_OF) != looked_at:
        st.session_state[_SHOWN_OF], st.session_state[_SHOWN] = looked_at, _LINES
    is_read = st.session_state[_KEPT][2] is None
    payload = timeline_payload(events, view, st.session_state[_SHOWN], is_read)
    _draw(payload | {"chosen": address.get(panel.CLAIM)}, view)


def _draw(payload: Payload, view: View) -> None:
    key = "timeline"

    def look(to: object) -> None:
        if isinstance(to, list) and len(to) == 2 and read_view(*map(str, to)):
            _set_address({_FROM: str(to[0]), _TO: str(to[1])})

    def brush(part: object) -> None:
        if isinstance(part, list) and len(part) == 2:
            chosen = view.part(float(part[0]), float(part[1]))
            look([chosen.first.isoformat(), chosen.last.isoformat()])

    def more() -> None:
        st.session_state[_SHOWN] += _LINES

    _timeline(
        key=key,
        data=payload,
        on_opened_change=components.when_said(
            key, "opened", lambda opened: panel.open_claim(str(opened))
        ),
        on_viewed_change=components.when_said(key, "viewed", look),
        on_brushed_change=components.when_said(key, "brushed", brush),
        on_more_change=more,
    )


def _choose(offered: Sequence[str]) -> tuple[list[str], list[str]]:
    """Draw the fields; returns the folded words and the outlets that are looked for."""
    address = st.query_params
    # Set before they are drawn: the address decides, also after a reload.
    st.session_state[_FIND] = address.get(_WORDS, "")
    st.session_state[_OF] = [name for name in address.get_all(_OUTLETS) if name in offered]
    find, of = st.columns(2)
    find.text_input(
        "Words", placeholder="A name or other words", key=_FIND, max_chars=200, on_change=_remember
    )
    of.multiselect("Publishers", offered, key=_OF, placeholder="Any", on_change=_remember)
    return fold(st.session_state[_FIND]).split(), st.session_state[_OF]


def _remember() -> None:
    changes = {_WORDS: st.session_state[_FIND].strip(), _OUTLETS: st.session_state[_OF]}
    # All the dates of other events are other dates.
    events = st.session_state[_KEPT][1] if _KEPT in st.session_state else ()
    view = read_view(st.query_params.get(_FROM), st.query_params.get(_TO))
    if events and view == whole(events):
        changes |= {_FROM: "", _TO: ""}
    _set_address(changes)


def _set_address(changes: dict[str, str | list[str]]) -> None:
    """In one step, so that the browser's Back button takes one step too."""
    kept: dict[str, str | list[str]] = {
        name: st.query_params.get_all(name) for name in st.query_params if name not in changes
    }
    st.query_params.from_dict(kept | {name: value for name, value in changes.items() if value})


def _events(
    articles: Sequence[Article], wanted: Sequence[str], outlets: Sequence[str], index: tuple[str, int]
) -> tuple[Event, ...]:
    """What the fields leave, in order of the first days; kept for this visit, as looking closer asks
    for it again."""
    reads_all = bool(st.session_state.get(_READ_ALL))
    key = (index, tuple(wanted), tuple(outlets), reads_all)
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        chosen = [article for article in articles if not outlets or article.publisher in outlets]
        if wanted:
            chosen = [each for each in chosen if mentions(f"{each.title}\n{each.text}", wanted)]
        is_read = len(chosen) <= _READ_AT_ONCE or reads_all
        stated = _read_statements(chosen) if is_read else ()
        if wanted:
            stated = tuple(event for event in stated if mentions(event.citation.quote, wanted))
        found = sorted((*publications(chosen), *stated), key=lambda event: event.span)
        kept = st.session_state[_KEPT] = (key, tuple(found), None if is_read else len(chosen))
    if kept[2] is not None:
        _offer_to_read(kept[2])
    events: tuple[Event, ...] = kept[1]
    return events


def _offer_to_read(count: int) -> None:
    components.notice(
        f"These are the dates of {counted(count, 'article')}. What their sentences say happened on a "
        "date is read for fewer at once: choose a publisher or give words, or have all of them read.",
        kind="note",
        key="timeline-unread",
    )
    if st.button("Read all of them"):
        st.session_state[_READ_ALL] = True
        st.rerun()


def _read_statements(articles: Sequence[Article]) -> tuple[Event, ...]:
    place, started = st.empty(), time.monotonic()

    def progress(done: int) -> None:
        if time.monotonic() - started > _SILENT_SECONDS:
            words = f"Reading the dates: {done:,} of {len(articles):,} articles"
            place.progress(done / len(articles), words)

    found = statements(articles, progress)
    place.empty()
    return found


def _show_panel(assistant: Assistant, catalog: Catalog) -> None:
    """The panel opens the words that were chosen, in their file as it is now."""
    address = st.query_params.get(panel.CLAIM)
    if citation := find_citation(address, catalog.articles):
        try:
            panel.show(opened_payload(assistant.open(citation), address))
        except RagError as error:
            components.notice(str(error))
    elif address:
        components.notice(
            "The words that were open are not in the articles as they are now. Choose a point anew.",
            kind="note",
            key="timeline-gone",
        )
