"""Another title for what is open, or its end: a conversation and a briefing alike."""

from collections.abc import Callable

import streamlit as st

from rag.faces.web.shared import components
from rag.faces.web.shared.core import errors_shown

Rename = Callable[[str], None]
Delete = Callable[[], None]

_OPENED = "titles_opened"
_RENAME, _DELETE = "rename", "delete"


def offer(what: str, key: str, title: str, lost: str, rename: Rename, delete: Delete) -> None:
    """Two buttons, each with its dialog. `what` it is called, `lost` says what goes with it."""
    left, right = st.columns(2)
    left.button("Rename", type="tertiary", width="stretch", on_click=_open, args=(_RENAME, key))
    right.button("Delete", type="tertiary", width="stretch", on_click=_open, args=(_DELETE, key))
    # Drawn in every run until it is closed: the page is drawn anew when another tab changes something.
    opened = st.session_state.get(_OPENED)
    if opened == (_RENAME, key):
        st.dialog(f"Rename the {what}", on_dismiss=_close)(_rename)(title, rename)
    elif opened == (_DELETE, key):
        st.dialog(f"Delete the {what}?", on_dismiss=_close)(_delete)(title, lost, delete)


def _open(dialog: str, key: str) -> None:
    st.session_state[_OPENED] = dialog, key


def _close() -> None:
    st.session_state.pop(_OPENED, None)


def _rename(title: str, rename: Rename) -> None:
    with st.form("rename", border=False):
        wanted = st.text_input("Title", value=title)
        if st.form_submit_button("Rename", type="primary"):
            _close()
            with errors_shown():
                rename(wanted)
            st.rerun()


def _delete(title: str, lost: str, delete: Delete) -> None:
    components.notice(title, kind="note")
    st.text(lost)
    left, right = st.columns(2)
    if left.button("Delete it", type="primary", width="stretch"):
        _close()
        with errors_shown():
            delete()
        st.rerun()
    if right.button("Keep it", width="stretch"):
        _close()
        st.rerun()
