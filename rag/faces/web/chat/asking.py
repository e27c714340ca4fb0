"""A question from the moment it is typed until its answer is stored. A click elsewhere ends a
Streamlit script halfway: the question waits in the session, and the work on it goes on while its
conversation is on screen.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rag.asking.assistant import Assistant
from rag.core.errors import RagError, StorageError
from rag.core.records import Exchange, Filters, Method
from rag.desk.conversations import Conversations, Damaged, Stored
from rag.desk.waiting import Waiting, WaitingQuestions
from rag.faces.web.chat.answer_payload import pending_payload
from rag.faces.web.chat.components import pending
from rag.faces.web.shared import components, history
from rag.faces.web.shared.held import hold, let_go, work_held
from rag.faces.web.shared.work import Progress, Work

_WAITING, _FAILED, _FAULT, _QUESTION, _TYPED, _ALONE, _LATEST, _UNSTORED, _DONE = (
    "waiting",
    "failed",
    "fault",
    "question",
    "typed_again",
    "question_alone",
    "latest_answer",
    "unstored_answers",
    "done_with",
)
_STORING = Lock()
# How long claims that have come stay as they are before more are drawn, and how often a run that
# waits for them looks whether the reader has clicked.
_DRAWN_SECONDS, _POLL_SECONDS = 0.2, 0.1


@dataclass(frozen=True, slots=True)
class Unstored:
    """An answer that the disk did not take; it is on the page until this visit ends."""

    asked: Waiting
    exchange: Exchange


def ask_alone(question: str) -> None:
    """Have a question asked that leans on nothing said before, in the next run of the page."""
    st.session_state[_ALONE] = question


def take_up(questions: WaitingQuestions, key: str | None) -> None:
    """Questions of this conversation that a visit left behind without an answer wait in this one."""
    # A full disk may keep a question that this visit is done with.
    known = (*_waiting_in(key), *st.session_state.get(_DONE, ()))
    left = (asked for asked in (questions.of(key) if key else ()) if asked not in known)
    st.session_state[_WAITING] = (*st.session_state.get(_WAITING, ()), *left)


def take_question(
    key: str | None, filters: Filters, method: Method | None, questions: WaitingQuestions
) -> None:
    """Draw the field; what is sent waits from now on. Without a conversation it starts one."""
    state = st.session_state
    if typed := state.pop(_TYPED, None):
        state[_QUESTION] = typed
    sent = st.chat_input("Ask a question", key=_QUESTION), state.pop(_ALONE, None)
    for question, is_alone in zip(sent, (False, True), strict=True):
        if question and question.strip():
            state.pop(_FAILED, None)
            key = key or history.start_conversation()
            moment = datetime.now(UTC)
            asked = Waiting(key, question.strip(), filters, moment, method, is_alone)
            state[_WAITING] = (*state.get(_WAITING, ()), asked)
            # On a full disk the question still gets its answer.
            with suppress(StorageError):
                questions.put(asked)


def is_waiting(key: str | None) -> bool:
    return bool(_waiting_in(key))


def _waiting_in(key: str | None) -> tuple[Waiting, ...]:
    waiting: tuple[Waiting, ...] = st.session_state.get(_WAITING, ())
    return tuple(asked for asked in waiting if asked.conversation == key)


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
    questions: WaitingQuestions,
    key: str,
    exchanges: Sequence[Stored | Damaged],
) -> None:
    """Draw what has come of the next question that waits in this conversation, and draw anew when
    more has come, or when its answer is stored."""
    if fault := st.session_state.pop(_FAULT, None):
        raise fault
    waiting = _waiting_in(key)
    if not waiting:
        return
    asked = waiting[0]
    work = _work_on(asked, assistant, exchanges)
    drawn = work.progress
    # The answer takes the place of its drafts under the same key, so nothing moves.
    number = exchanges[-1].number + 1 if exchanges else 1
    pending(
        pending_payload(asked.question, asked.filters, number, drawn.standalone, drawn.claims),
        _working(drawn, asked, assistant.model),
        seconds=(datetime.now(UTC) - asked.asked_at).total_seconds(),
        key=exchange_key(key, number),
    )
    for place, later in enumerate(waiting[1:], number + 1):
        payload = pending_payload(later.question, later.filters, place)
        pending(payload, "This question waits its turn.", key=exchange_key(key, place))
    if _wait_for_news(work, drawn).is_over and not work.is_left:
        _finish(asked, work, conversations, questions)
    st.rerun()


def exchange_key(key: str, number: int) -> str:
    return f"exchange-{key}-{number}"


def _work_on(asked: Waiting, assistant: Assistant, exchanges: Sequence[Stored | Damaged]) -> Work:
    held = work_held()
    if held is not None and held[0] == asked and not held[1].is_left:
        work = held[1]
    else:
        earlier = (stored.exchange for stored in exchanges if isinstance(stored, Stored))
        said = () if asked.is_alone else tuple(earlier)
        events = assistant.ask(asked.question, said, asked.filters, asked.method)
        work = Work(events, _looks_on())
        hold(asked, work)
    # Only now: a click can end this run at any use of the session, and lose what it does not hold.
    work.start()
    return work


def _looks_on() -> Callable[[], bool]:
    """Whether the browser tab of this visit is still there, to be asked from any thread."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    return lambda: get_instance().is_active_session(session)


def _wait_for_news(work: Work, drawn: Progress) -> Progress:
    """What has come since `drawn`; a click ends the run that waits for it, not the work."""
    progress = work.wait(lambda now: now.is_over, _DRAWN_SECONDS)
    while progress is drawn and not progress.is_over:
        work_held()  # Streamlit ends a run where it uses the session.
        progress = work.wait(lambda now: now is not drawn, _POLL_SECONDS)
    return progress


def _finish(
    asked: Waiting, work: Work, conversations: Conversations, questions: WaitingQuestions
) -> None:
    """Store the answer once, or keep why there is none."""
    state, progress = st.session_state, work.progress
    try:
        if progress.error is not None:
            raise progress.error
        if progress.answer is not None and work.stored_as is None:
            exchange = Exchange(asked.question, progress.answer)
            answered = Unstored(asked, exchange)
            try:
                work.stored_as = _store(answered, conversations)
            except StorageError as error:
                state[_UNSTORED] = (*state.get(_UNSTORED, ()), answered)
                state[_FAILED] = (asked.conversation, _not_stored(error))
        state[_LATEST] = (asked.conversation, work.stored_as)
    except RagError as error:
        state[_FAILED] = (asked.conversation, str(error))
        state[_TYPED] = asked.question
    except Exception as error:
        # A fault of the program: said once, on a page that waits for nothing any more.
        state[_FAULT] = error
        state[_TYPED] = asked.question
    # A question whose answer is not stored waits on the disk, for a visit that can store one.
    if all(answered.asked != asked for answered in _unstored()):
        with suppress(StorageError):
            questions.forget(asked)
    _done(asked)


def with_unstored(
    key: str | None, exchanges: Sequence[Stored | Damaged]
) -> tuple[Stored | Damaged, ...]:
    """The exchanges of a conversation, followed by those of this visit that could not be stored."""
    last = exchanges[-1].number if exchanges else 0
    mine = (answered for answered in _unstored() if answered.asked.conversation == key)
    return (
        *exchanges,
        *(
            Stored(number, answered.exchange, answered.asked.filters, answered.asked.asked_at)
            for number, answered in enumerate(mine, last + 1)
        ),
    )


def offer_to_store(conversations: Conversations, questions: WaitingQuestions) -> None:
    """Where answers could not be stored: a button that tries again."""
    if not _unstored():
        return

    def store() -> None:
        while waiting := _unstored():
            try:
                _store(waiting[0], conversations)
            except RagError as error:
                st.session_state[_FAILED] = (waiting[0].asked.conversation, _not_stored(error))
                return
            st.session_state[_UNSTORED] = waiting[1:]
            with suppress(StorageError):
                questions.forget(waiting[0].asked)
        st.session_state.pop(_FAILED, None)

    st.button("Store the answer now", on_click=store, type="primary")


def _unstored() -> tuple[Unstored, ...]:
    unstored: tuple[Unstored, ...] = st.session_state.get(_UNSTORED, ())
    return unstored


def _not_stored(error: RagError) -> str:
    return f"The answer is here for now, but it could not be stored. {error}"


def _store(answered: Unstored, conversations: Conversations) -> int:
    """Store an answer once; returns its number. Raises StorageError."""
    asked = answered.asked
    with _STORING:
        # A run that was cut short may have been asked for the same answer once more.
        for stored in conversations.exchanges(asked.conversation):
            if isinstance(stored, Stored) and stored.asked_at == asked.asked_at:
                return stored.number
        return conversations.add(asked.conversation, answered.exchange, asked.filters, asked.asked_at)


def _done(asked: Waiting) -> None:
    state = st.session_state
    state[_DONE] = (*state.get(_DONE, ()), asked)
    state[_WAITING] = tuple(other for other in state.get(_WAITING, ()) if other != asked)
    let_go()


def _working(progress: Progress, asked: Waiting, model: str | None) -> str:
    """What is being done, in words."""
    if model is None or asked.method is Method.EXTRACTED or not progress.retrieved:
        return "Reading the articles …"
    return f"{model} is writing …"
