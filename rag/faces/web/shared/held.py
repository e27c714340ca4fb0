"""The work on a question that this visit holds: it goes on while its conversation is on screen."""

import streamlit as st

from rag.desk.waiting import Waiting
from rag.faces.web.shared.work import Work

_WORK = "work"


def work_held() -> tuple[Waiting, Work] | None:
    """The question that is worked on, and the work."""
    held: tuple[Waiting, Work] | None = st.session_state.get(_WORK)
    return held


def hold(asked: Waiting, work: Work) -> None:
    st.session_state[_WORK] = (asked, work)


def let_go() -> None:
    st.session_state.pop(_WORK, None)


def stop_work_elsewhere(key: str | None) -> None:
    """End the work on a question whose conversation is not on screen any more; it waits there."""
    held = work_held()
    if held is not None and held[0].conversation != key:
        held[1].leave()
        let_go()
