"""The chat: questions, answers whose sentences open their sources, and earlier conversations."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rag.asking.assistant import Assistant
from rag.core.errors import RagError
from rag.core.records import Article
from rag.core.settings import Settings
from rag.desk.conversations import Damaged, Stored
from rag.desk.desk import Desk, open_desk
from rag.faces.web.briefing import actions as briefing_actions
from rag.faces.web.chat import asking, deeds, export_import
from rag.faces.web.chat.answer_payload import exchange_payload
from rag.faces.web.chat.components import examples, exchange, library
from rag.faces.web.shared import components, filters, history, method, panel
from rag.faces.web.shared.catalog import Catalog, catalog_of, examples_of
from rag.faces.web.shared.choice import find_citation, read_choice
from rag.faces.web.shared.core import assistant_for, errors_shown, watch_for_new_index
from rag.faces.web.shared.corpus_switch import choose_corpus
from rag.faces.web.shared.held import stop_work_elsewhere
from rag.faces.web.shared.payloads import library_payload
from rag.faces.web.shared.viewer_payload import (
    article_payload,
    held_payload,
    opened_payload,
    with_opened,
)

PAGE = "chat"
_ASKED_EXAMPLE = "example_asked"
_LOOK_SECONDS = 1.0


def show() -> None:
    """Draw the page. A question in hand is answered last, when everything else is on screen."""
    components.page_frame()
    history.restore_address(PAGE)
    filters.keep_choices()
    with errors_shown():
        settings = choose_corpus(Settings.from_environment(), PAGE)
    with errors_shown(settings):
        assistant = assistant_for(settings, repr(settings))
        generation, catalog = assistant.generation, catalog_of(assistant, repr(settings))
    with errors_shown():
        desk = open_desk(settings)
        conversations, questions = desk.conversations, desk.waiting
        key = st.query_params.get(history.CHAT)
        asking.take_up(questions, key)
        exchanges = asking.with_unstored(key, conversations.exchanges(key) if key else ())
    with st.sidebar:
        watch_for_new_index(assistant, generation)
        chosen_filters = filters.choose_filters(catalog)
        chosen_method = method.choose_method(assistant.model)
        history.show_history(conversations)
        export_import.offer_transfer(settings)

    stop_work_elsewhere(key)
    log = st.container(key="sourceline-chat", gap="large")
    with log:
        if key:
            _show_exchanges(desk, key, exchanges)
    asking.take_question(key, chosen_filters, chosen_method, questions)
    key = st.query_params.get(history.CHAT)
    with log:
        if not exchanges and not asking.is_waiting(key):
            _invite(assistant, settings, catalog, key)
        asking.show_failure(key)
        asking.offer_to_store(conversations, questions)
    _show_panel(assistant, catalog.articles, exchanges)
    history.remember_address(PAGE)
    if key:
        with log:
            asking.answer_question(assistant, conversations, questions, key, exchanges)


def _show_exchanges(desk: Desk, key: str, exchanges: Sequence[Stored | Damaged]) -> None:
    chosen = st.query_params.get(panel.CLAIM)
    with errors_shown():
        given = desk.feedback.of(key)
        briefing = briefing_actions.current(desk.briefings)
        is_kept = briefing.keeper() if briefing else lambda claim: False
    for stored in exchanges:
        if isinstance(stored, Damaged):
            components.notice(
                f"{stored.question}\n\nThis answer was stored and cannot be read: {stored.reason}"
            )
            continue
        mine = chosen and chosen.startswith(f"{stored.number}.")
        exchange(
            exchange_payload(stored, given.get(stored.number), is_kept),
            chosen if mine else None,
            key=asking.exchange_key(key, stored.number),
            deeds=deeds.on_exchange(desk, key, stored),
            latest=asking.is_latest(key, stored.number),
        )
    deeds.show_told()


def _invite(assistant: Assistant, settings: Settings, catalog: Catalog, key: str | None) -> None:
    if key and not history.is_new(key):
        components.notice("This conversation is not here any more.", kind="note")
    with st.container(gap="small"):
        st.subheader("Ask the articles", anchor=False)
        st.text(f"{catalog.described}. Each sentence of an answer opens its source.")
        _show_examples(assistant, repr(settings))
        library(
            library_payload(catalog.latest),
            st.query_params.get(panel.ARTICLE),
            key="invitation",
            on_open=panel.open_article,
            on_only=filters.only,
        )
        if len(catalog.articles) > len(catalog.latest):
            st.caption(f"The latest {len(catalog.latest)}; the page Corpus has all.")


def _show_examples(assistant: Assistant, key: str) -> None:
    found = examples_of(assistant, key)
    # Looked at again until they are found; then there is nothing to wait for any more.
    st.fragment(run_every=None if found is not None else _LOOK_SECONDS)(_draw_examples)(assistant, key)


def _draw_examples(assistant: Assistant, key: str) -> None:
    questions = examples_of(assistant, key)

    def ask(question: str) -> None:
        asking.ask_alone(question)
        # The click ran this piece of the page alone; the whole of it takes the question.
        st.session_state[_ASKED_EXAMPLE] = True

    examples(questions, "examples", ask)
    if st.session_state.pop(_ASKED_EXAMPLE, False):
        st.rerun()


def _show_panel(
    assistant: Assistant, indexed: Mapping[str, Article], exchanges: Sequence[Stored | Damaged]
) -> None:
    """The panel holds what the answers cite, so that choosing a sentence needs no run to show it; the
    run that follows says what has become of the file."""
    answers = [stored for stored in exchanges if isinstance(stored, Stored)]
    payload = held_payload(answers, indexed)
    choice = read_choice(st.query_params.get(panel.CLAIM))
    citation = find_citation(choice, exchanges) if choice else None
    source = st.query_params.get(panel.ARTICLE)
    if choice and citation:
        try:
            opened = opened_payload(assistant.open(citation), choice.address)
            payload = with_opened(payload, opened)
        except RagError as error:
            components.notice(str(error))
    elif source and source in indexed:
        payload = with_opened(payload, article_payload(indexed[source]))
    panel.show(payload)
