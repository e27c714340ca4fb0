"""What a reader does with an answer besides reading it, and what came of that, in words."""

import streamlit as st

from rag.errors import RagError
from rag.memory.conversations import Kept
from rag.memory.feedback import Fault, Feedback, Feedbacks
from rag.web import asking, components, panel
from rag.web.components import Deeds
from rag.web.payloads import Payload

_TOLD = "deed_told"


def on_exchange(feedbacks: Feedbacks, conversation: str, stored: Kept) -> Deeds:
    def judge(said: Payload) -> None:
        fault = said["fault"]
        feedback = Feedback(
            bool(said["is_good"]),
            Fault(fault) if fault in set(Fault) else None,
            str(said["words"]).strip(),
            bool(said["is_case"]),
        )
        try:
            feedbacks.give(conversation, stored.number, feedback)
        except RagError as error:
            tell(str(error), "error")

    return Deeds(choose=panel.open_claim, rewrite=asking.ask_alone, judge=judge)


def tell(words: str, kind: str = "done") -> None:
    """Have words said on the page when it is drawn next."""
    st.session_state[_TOLD] = words, kind


def show_told() -> None:
    if told := st.session_state.pop(_TOLD, None):
        words, kind = told
        components.notice(words, kind=kind)
