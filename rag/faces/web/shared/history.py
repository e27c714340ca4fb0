"""Earlier conversations in the sidebar, and which one is open: its key stands in the address."""

import streamlit as st

from rag.desk.conversations import Conversation, Conversations
from rag.desk.database import new_key
from rag.faces.web.shared import components, method, titles
from rag.faces.web.shared.core import errors_shown
from rag.faces.web.shared.payloads import conversations_payload

CHAT = "chat"
# With fewer conversations than this there is nothing to look for.
_FIND_FROM = 6
_WANTED = "wanted_conversations"
_LEFT_AT, _SHOWN, _NEW = "address_when_left", "shown_page", "new_conversations"


def restore_address(page: str) -> None:
    """Coming back from another page finds the conversation and the article that were open."""
    state = st.session_state
    if state.get(_SHOWN) not in (None, page) and not st.query_params:
        st.query_params.from_dict(state.get(f"{_LEFT_AT}_{page}", {}))
    state[_SHOWN] = page


def remember_address(page: str) -> None:
    st.session_state[f"{_LEFT_AT}_{page}"] = st.query_params.to_dict()


def start_conversation() -> str:
    """A key that is in the address from now on, before anything is stored under it."""
    key = new_key()
    st.session_state[_NEW] = {*st.session_state.get(_NEW, ()), key}
    st.query_params[CHAT] = key
    return key


def is_new(key: str) -> bool:
    return key in st.session_state.get(_NEW, ())


def open_conversation(key: str) -> None:
    st.query_params.from_dict(method.kept_choice() | {CHAT: key})


def open_none() -> None:
    st.query_params.from_dict(method.kept_choice())


def show_history(conversations: Conversations) -> None:
    """The list, with what can be done to the conversation that is open."""
    key = st.query_params.get(CHAT)
    wanted = st.session_state.get(_WANTED, "")
    with errors_shown():
        listed = conversations.list(wanted)
    st.button("New conversation", on_click=open_none, disabled=key is None, width="stretch")
    current = next((line for line in listed if line.key == key), None)
    if current is not None:
        _offer(conversations, current)
    if wanted or len(listed) >= _FIND_FROM:
        st.text_input(
            "Find in conversations",
            placeholder="Find in conversations",
            key=_WANTED,
            label_visibility="collapsed",
        )
    if wanted and not listed:
        st.caption("No conversation has all of these words.")
    if listed:
        components.conversations(conversations_payload(listed), key, "conversations", open_conversation)


def _offer(conversations: Conversations, current: Conversation) -> None:
    def delete() -> None:
        conversations.delete(current.key)
        open_none()

    titles.offer(
        "conversation",
        current.key,
        current.title,
        "Its questions and answers are deleted for good. The articles stay.",
        lambda title: conversations.rename(current.key, title),
        delete,
    )
