"""How answers are made: the switch in the sidebar. The choice stands in the address, so that a reload
keeps it.
"""

import streamlit as st

from rag.core.records import Method
from rag.faces.web.shared import components

ANSWERS, CORPUS = "answers", "corpus"


def choose_method(model: str | None) -> Method | None:
    """Draw the switch; None where there is no language model, and so nothing to choose."""
    if model is None:
        return None
    asked_for = st.query_params.get(ANSWERS)
    chosen = Method.EXTRACTED if asked_for == Method.EXTRACTED else Method.WRITTEN
    components.switch(
        "Answers",
        [
            (Method.WRITTEN, f"Written by {model}"),
            (Method.EXTRACTED, "The articles' own sentences"),
        ],
        chosen,
        key="method",
        on_choose=_choose,
    )
    return chosen


def kept_choice() -> dict[str, str]:
    """The part of the address that stays when another conversation is opened."""
    address = st.query_params.to_dict()
    return {name: address[name] for name in (ANSWERS, CORPUS) if name in address}


def _choose(value: str) -> None:
    if value == Method.EXTRACTED:
        st.query_params[ANSWERS] = value
    else:
        st.query_params.pop(ANSWERS, None)
