"""A question from the moment it is typed until its answer is stored. A click elsewhere ends a
Streamlit script halfway: the question waits in the session and is asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from rag.assistant import Assistant
from rag.conversations import Conversations, Damaged, Kept
from rag.errors import RagError
from rag.records import Answer, AnswerKind, Claim, Draft, Exchange, Filters
from rag.web import components, history
from rag.web.payloads import claims_payload, question_payload

_WAITING, _FAILED, _QUESTION, _TYPED, _LATEST = (
    "waiting",
    "failed",
    "question",
    "typed_again",
    "latest_answer",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that was asked and has no answer yet."""

    conversation: str
    question: str
    filters: Filters
    asked_at: datetime


def take_question(key: str | None, filters: Filters) -> None:
    """Draw the field; what is sent waits from now on. Without a conversation it starts one."""
    state = st.session_state
    if typed := state.pop(_TYPED, None):
        state[_QUESTION] = typed
    question = st.chat_input("Ask a question", key=_QUESTION)
    if not question or not question.strip():
        return
    state.pop(_FAILED, None)
    key = key or history.start_conversation()
    asked = Waiting(key, question.strip(), filters, datetime.now(UTC))
    state[_WAITING] = (*state.get(_WAITING, ()), asked)


def is_waiting(key: str | None) -> bool:
    return _next_waiting(key) is not None


def _next_waiting(key: str | None) -> Waiting | None:
    waiting: tuple[Waiting, ...] = st.session_state.get(_WAITING, ())
    return next((asked for asked in waiting if asked.conversation == key), None)


def is_latest(key: str, number: int) -> bool:
    """Whether this is the answer that this visit asked for last."""
    latest: tuple[str, int] | None = st.session_state.get(_LATEST)
    return latest == (key, number)


def show_failure(key: str | None) -> None:
    """Why the last question of this conversation has no answer; its words are in the field."""
    failed_in, reason = st.session_state.get(_FAILED, (None, ""))
    if failed_in is not None and failed_in == key:
        components.notice(reason)


def answer_question(
    assistant: Assistant,
    conversations: Conversations,
    key: str,
    kept: Sequence[Kept | Damaged],
) -> None:
    """Ask the next question that waits in this conversation, store its answer, draw anew."""
    asked = _next_waiting(key)
    if asked is None:
        return
    try:
        answer = _ask(assistant, asked, kept)
        exchange = Exchange(asked.question, answer)
        number = conversations.add(key, exchange, asked.filters, asked.asked_at)
        st.session_state[_LATEST] = (key, number)
    except RagError as error:
        st.session_state[_FAILED] = (key, str(error))
        st.session_state[_TYPED] = asked.question
        _done(asked)
        st.rerun()
    except Exception:
        # A fault of the program: said once, not again with every rerun.
        _done(asked)
        raise
    _done(asked)
    st.rerun()


def _done(asked: Waiting) -> None:
    waiting: tuple[Waiting, ...] = st.session_state.get(_WAITING, ())
    st.session_state[_WAITING] = tuple(other for other in waiting if other != asked)


def _ask(assistant: Assistant, asked: Waiting, kept: Sequence[Kept | Damaged]) -> Answer:
    components.draft(question_payload(asked.question, asked.filters))
    drafts = st.container()
    claims: list[Claim] = []
    earlier = tuple(stored.exchange for stored in kept if isinstance(stored, Kept))
    answer: Answer | None = None
    with st.spinner("Reading the articles …", show_time=True):
        for event in assistant.ask(asked.question, earlier, asked.filters):
            if isinstance(event, Draft):
                claims.append(event.claim)
                with drafts:
                    components.draft(_drafted(claims))
            elif isinstance(event, Answer):
                answer = event
    if answer is None:
        raise RuntimeError("the assistant ended without an answer")
    return answer


def _drafted(claims: Sequence[Claim]) -> dict[str, object]:
    """The last of the claims so far, numbered as it will be in the answer."""
    return {
        "question": None,
        "scope": None,
        "answer": {
            "kind": AnswerKind.ANSWERED.value,
            "message": None,
            "claims": claims_payload(claims, 0)[-1:],
        },
    }
