"""Questions wait on disk until they are answered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rag.core.records import Answer, AnswerKind, Exchange, Filters, Method
from rag.desk.desk import Desk
from rag.desk.waiting import Waiting

NOON = datetime(2025, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
FIRST = Waiting("talk", "Who\nsails?", Filters(frozenset({"log.md"})), NOON, Method.EXTRACTED)
SECOND = Waiting("talk", "And why?", Filters(), NOON + timedelta(seconds=1), is_alone=True)


def test_what_waits_comes_back_as_it_was_asked_and_its_conversation_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    questions = Desk(path).waiting
    for asked in (SECOND, FIRST, FIRST):
        questions.put(asked)
    assert Desk(path).waiting.of("talk") == (FIRST, SECOND)
    assert [(line.key, line.title) for line in Desk(path).conversations.list()] == [("talk", "And why?")]
    assert questions.of("elsewhere") == ()


def test_a_conversation_without_any_answer_goes_with_its_last_question(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    questions, conversations = Desk(path).waiting, Desk(path).conversations
    questions.put(FIRST)
    questions.put(SECOND)
    questions.forget(FIRST)
    assert len(conversations.list()) == 1
    questions.forget(SECOND)
    assert conversations.list() == ()
    questions.put(FIRST)
    answer = Answer("Who?", AnswerKind.NOT_FOUND, None, ())
    conversations.add("talk", Exchange("Who?", answer), Filters(), NOON)
    questions.forget(FIRST)
    assert len(conversations.list()) == 1
    questions.put(SECOND)
    conversations.delete("talk")
    assert questions.of("talk") == ()
