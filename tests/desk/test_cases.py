"""Cases that readers saved are asked again as they were asked then."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from rag.asking.assistant import Assistant
from rag.core.errors import RagError
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    Event,
    Exchange,
    Filters,
    Method,
    Verdict,
)
from rag.desk.cases import ask_again
from rag.desk.desk import Desk
from rag.desk.feedback import Case, Fault, Feedback

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
WRONG = Feedback(False, Fault.WRONG_SOURCE, "the log", is_case=True)


def answer(question: str, text: str) -> Answer:
    citation = Citation("log.md", "0" * 64, 0, len(text), text)
    return Answer(question, AnswerKind.ANSWERED, None, (Claim(text, (citation,), Verdict.SUPPORTED),))


class Scripted:
    """Answers "Ada sails." to everything, and refuses a question that has "refuse" in it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], Filters, Method | None]] = []

    def ask(
        self,
        question: str,
        history: Sequence[Exchange],
        filters: Filters,
        method: Method | None,
    ) -> Iterator[Event]:
        said = tuple(exchange.question for exchange in history)
        self.asked.append((question, said, filters, method))
        if "refuse" in question:
            raise RagError("no such article")
        yield answer(question, "Ada sails.")


def test_a_case_is_asked_with_what_was_said_before_it_and_held_against_its_answer(
    tmp_path: Path,
) -> None:
    path = tmp_path / "memory.db"
    filters = Filters(frozenset({"log.md"}))
    for question, text in (("Who?", "Ada sails."), ("And who?", "Bo rows."), ("I refuse", "Bo rows.")):
        exchange = Exchange(question, answer(question, text))
        Desk(path).conversations.add("talk", exchange, filters, NOON)
    feedbacks = Desk(path).feedback
    for number in (1, 2, 3):
        feedbacks.give("talk", number, WRONG)
    cases = (*feedbacks.cases(), Case("gone", 1, WRONG))
    assistant = Scripted()
    again = list(ask_again(cast(Assistant, assistant), Desk(path).conversations, cases))
    assert [(each.question, each.is_as_before, each.error) for each in again] == [
        ("Who?", True, None),
        ("And who?", False, None),
        ("I refuse", False, "no such article"),
    ]
    assert assistant.asked[1] == ("And who?", ("Who?",), filters, Method.EXTRACTED)


def test_what_is_taken_back_is_no_case_any_more(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    Desk(path).conversations.add("talk", Exchange("Who?", answer("Who?", "Ada.")), Filters(), NOON)
    feedbacks = Desk(path).feedback
    feedbacks.give("talk", 1, WRONG)
    feedbacks.give("talk", 1, Feedback(True))
    assert (feedbacks.cases(), feedbacks.of("talk")) == ((), {1: Feedback(True)})
