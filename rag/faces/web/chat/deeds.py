"""What a reader does with an answer besides reading it, and what came of that, in words."""

import math
import time
from collections.abc import Callable

import streamlit as st

from rag.core.errors import RagError
from rag.desk.conversations import Stored
from rag.desk.desk import Desk
from rag.desk.feedback import Fault, Feedback, Feedbacks
from rag.faces.web.briefing import actions as briefing_actions
from rag.faces.web.chat import asking
from rag.faces.web.chat.components import Deeds, told
from rag.faces.web.shared import panel
from rag.faces.web.shared.payloads import Payload

_TOLD = "deed_told"
_TOLD_SECONDS = 10
_NOTHING_TOLD = ("", "done", 0, -math.inf)


def on_exchange(desk: Desk, conversation: str, stored: Stored) -> Deeds:
    """What can be done to an answer of a conversation."""

    def judge(said: Payload) -> None:
        fault = said["fault"]
        feedback = Feedback(
            bool(said["is_good"]),
            Fault(fault) if fault in set(Fault) else None,
            str(said["words"]).strip(),
            bool(said["is_case"]),
        )
        _tell(lambda: _give(desk.feedback, conversation, stored.number, feedback))

    def keep(claim: int | None) -> None:
        if claim is None:
            _tell(lambda: briefing_actions.keep_answer(desk.briefings, stored))
        elif 1 <= claim <= len(stored.exchange.answer.claims):
            _tell(lambda: briefing_actions.keep_claim(desk.briefings, stored, claim))

    return Deeds(panel.open_claim, asking.ask_alone, judge, keep)


def show_told() -> None:
    """What came of the last deed, over the page; not once more when it is found again later."""
    words, kind, number, told_at = st.session_state.get(_TOLD, _NOTHING_TOLD)
    if time.monotonic() - told_at < _TOLD_SECONDS:
        told(words, kind, number)


def _give(feedbacks: Feedbacks, conversation: str, number: int, feedback: Feedback) -> str:
    feedbacks.give(conversation, number, feedback)
    if feedback.is_case:
        return "Noted, and saved as a case, to be asked again with sourceline cases."
    return "Noted."


def _tell(act: Callable[[], str]) -> None:
    """Do something and have said what came of it, when the page is drawn next."""
    try:
        words, kind = act(), "done"
    except RagError as error:
        words, kind = str(error), "error"
    _, _, number, _ = st.session_state.get(_TOLD, _NOTHING_TOLD)
    st.session_state[_TOLD] = words, kind, number + 1, time.monotonic()
