"""The thread that an answer is made on. No browser is needed here."""

import threading
from collections.abc import Iterator

import pytest

from rag.core.errors import QuestionError
from rag.core.records import (
    Answer,
    AnswerKind,
    Claim,
    Drafted,
    Event,
    Retrieved,
    Understood,
    Verdict,
    Waited,
    Weighed,
)
from rag.faces.web.shared.work import Progress, Work

CLAIM = Claim("It sailed.", (), Verdict.SUPPORTED)
ANSWER = Answer("Did it?", AnswerKind.ANSWERED, None, (CLAIM,))


def done(work: Work) -> Progress:
    work.start()
    progress = work.wait(lambda now: now.is_over, 5)
    assert progress.is_over
    return progress


def test_what_comes_is_kept_in_order_until_the_answer() -> None:
    events: list[Event] = [Understood("Did the ship sail?"), Retrieved(()), Weighed(()), Waited()]
    events += [Drafted(CLAIM), Waited(), Drafted(CLAIM), ANSWER]
    assert done(Work(iter(events), lambda: True)) == Progress(
        "Did the ship sail?", True, (CLAIM, CLAIM), ANSWER
    )


@pytest.mark.parametrize("leave", ["by a word", "because nobody wants it"])
def test_who_leaves_closes_the_events_when_the_next_one_comes(leave: str) -> None:
    go_on, closed = threading.Event(), threading.Event()
    asked = []

    def events() -> Iterator[Event]:
        try:
            asked.append("first")
            go_on.wait(5)
            yield Drafted(CLAIM)
            asked.append("second")
            yield ANSWER
        finally:
            closed.set()

    work = Work(events(), lambda: leave == "by a word")
    work.start()
    if leave == "by a word":
        work.leave()
    go_on.set()
    assert closed.wait(5)
    assert (asked, work.is_left) == (["first"], True)


def test_an_error_is_kept_for_who_waits() -> None:
    def events() -> Iterator[Event]:
        yield Retrieved(())
        raise QuestionError("The question is empty.")

    assert str(done(Work(events(), lambda: True)).error) == "The question is empty."


def test_events_that_end_without_an_answer_are_an_error() -> None:
    assert isinstance(done(Work(iter([Retrieved(())]), lambda: True)).error, RuntimeError)
