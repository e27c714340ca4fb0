"""The article beside the page: which one is open, in the address, and how it is closed."""

import streamlit as st

from rag.faces.web.shared import components
from rag.faces.web.shared.payloads import Payload

CLAIM, ARTICLE = "claim", "article"
_VISIT = "panel_visit"


def open_claim(address: str) -> None:
    _open(CLAIM, address)


def open_article(source: str) -> None:
    _open(ARTICLE, source)


def _open(kind: str, value: str) -> None:
    _set_address({kind: value})
    # Choosing the same sentence again scrolls to its words again.
    st.session_state[_VISIT] = st.session_state.get(_VISIT, 0) + 1


def close() -> None:
    _set_address({})


def _set_address(opened: dict[str, str]) -> None:
    """In one step, so that the browser's Back button takes one step too."""
    rest = {
        name: value for name, value in st.query_params.to_dict().items() if name not in (CLAIM, ARTICLE)
    }
    st.query_params.from_dict(rest | opened)


def show(payload: Payload) -> None:
    """Draw the panel, which takes no room while nothing is open in it."""
    with st.container(key="sourceline-panel"):
        components.article(
            payload,
            visit=st.session_state.get(_VISIT, 0),
            key="panel",
            on_close=close,
            on_step=open_claim,
        )
