"""Another title for what is open, or its end: a conversation and a briefing alike."""

from collections.abc import Callable

import streamlit as st

from rag.web import components
from rag.web.core import errors_shown

Rename = Callable[[str], None]
Delete = Callable[[], None]


def offer(what: str, title: str, lost: str, rename: Rename, delete: Delete) -> None:
    """Two buttons, each with its dialog. `what` it is called, `lost` says what goes with it."""
    left, right = st.columns(2)
    if left.button("Rename", type="tertiary", width="stretch"):
        st.dialog(f"Rename the {what}")(_rename)(title, rename)
    if right.button("Delete", type="tertiary", width="stretch"):
        st.dialog(f"Delete the {what}?")(_delete)(title, lost, delete)


def _rename(title: str, rename: Rename) -> None:
    with st.form("rename", border=False):
        wanted = st.text_input("Title", value=title)
        if st.form_submit_button("Rename", type="primary"):
            with errors_shown():
                rename(wanted)
            st.rerun()


def _delete(title: str, lost: str, delete: Delete) -> None:
    components.notice(title, kind="note")
    st.text(lost)
    left, right = st.columns(2)
    if left.button("Delete it", type="primary", width="stretch"):
        with errors_shown():
            delete()
        st.rerun()
    if right.button("Keep it", width="stretch"):
        st.rerun()
