"""The chat: questions, answers whose sentences open their sources, and earlier conversations."""

from collections.abc import Sequence

import streamlit as st

from rag.assistant import Assistant
from rag.errors import RagError
from rag.memory.conversations import Conversations, Damaged, Kept
from rag.records import Article
from rag.settings import Settings
from rag.web import asking, components, filters, history, method, panel
from rag.web.choice import find_citation, read_choice
from rag.web.core import assistant_for, errors_shown, watch_for_new_index
from rag.web.payloads import (
    article_payload,
    describe_library,
    exchange_payload,
    library_payload,
    opened_payload,
)

PAGE = "chat"
_INVITED_ARTICLES = 8


def show() -> None:
    """Draw the page. A question in hand is answered last, when everything else is on screen."""
    components.page_frame()
    history.restore_address(PAGE)
    filters.keep_choices()
    with errors_shown():
        settings = Settings.from_environment()
    with errors_shown(settings):
        assistant = assistant_for(settings, repr(settings))
        generation, articles = assistant.generation, assistant.articles()
    with errors_shown():
        conversations = Conversations(settings.memory_path)
        listed = conversations.list()
        key = st.query_params.get(history.CHAT)
        kept = conversations.exchanges(key) if key else ()
    with st.sidebar:
        watch_for_new_index(assistant, generation)
        chosen_filters = filters.choose_filters(articles)
        chosen_method = method.choose_method(assistant.model)
        history.show_history(conversations, listed)

    asking.stop_work_elsewhere(key)
    log = st.container(key="sourceline-chat", gap="large")
    with log:
        if key:
            _show_exchanges(key, kept)
    asking.take_question(key, chosen_filters, chosen_method)
    key = st.query_params.get(history.CHAT)
    with log:
        if not kept and not asking.is_waiting(key):
            _invite(articles, key)
        asking.show_failure(key)
    _show_panel(assistant, articles, kept)
    history.remember_address(PAGE)
    if key:
        with log:
            asking.answer_question(assistant, conversations, key, kept)


def _show_exchanges(key: str, kept: Sequence[Kept | Damaged]) -> None:
    chosen = st.query_params.get(panel.CLAIM)
    for stored in kept:
        if isinstance(stored, Damaged):
            components.notice(
                f"{stored.question}\n\nThis answer was stored and cannot be read: {stored.reason}"
            )
            continue
        mine = chosen and chosen.startswith(f"{stored.number}.")
        components.exchange(
            exchange_payload(stored),
            chosen if mine else None,
            key=asking.exchange_key(key, stored.number),
            on_choose=panel.open_claim,
            on_rewrite=asking.ask_alone,
            latest=asking.is_latest(key, stored.number),
        )


def _invite(articles: Sequence[Article], key: str | None) -> None:
    if key and not history.is_new(key):
        components.notice("This conversation is not here any more.", kind="note")
    with st.container(gap="small"):
        st.subheader("Ask the articles", anchor=False)
        st.text(f"{describe_library(articles)}. Each sentence of an answer opens its source.")
        latest = sorted(articles, key=lambda article: article.published or "", reverse=True)
        components.library(
            library_payload(latest[:_INVITED_ARTICLES]),
            st.query_params.get(panel.ARTICLE),
            key="invitation",
            on_open=panel.open_article,
            on_only=filters.only,
        )
        if len(latest) > _INVITED_ARTICLES:
            st.caption(f"The latest {_INVITED_ARTICLES}; the page Corpus has all.")


def _show_panel(
    assistant: Assistant, articles: Sequence[Article], kept: Sequence[Kept | Damaged]
) -> None:
    choice = read_choice(st.query_params.get(panel.CLAIM))
    citation = find_citation(choice, kept) if choice else None
    if choice and citation:
        try:
            panel.show(opened_payload(assistant.open(citation), choice.address))
        except RagError as error:
            components.notice(str(error))
        return
    source = st.query_params.get(panel.ARTICLE)
    for article in articles:
        if article.source == source:
            panel.show(article_payload(article))
