"""Conversations survive: restarts, other threads, damaged rows, awkward words."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.core.errors import StorageError
from rag.core.records import Answer, AnswerKind, Citation, Claim, Exchange, Filters, Scored, Verdict
from rag.desk import database
from rag.desk.conversations import Damaged, Stored
from rag.desk.database import LAYOUT, new_key
from rag.desk.desk import Desk

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
ANY = Filters()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "conversations.db"


def exchange(question: str = "Who sails?", text: str = "Ada sails.") -> Exchange:
    citation = Citation("log.md", "0" * 64, 0, len(text), text, "Log", None, "2024-05")
    claim = Claim(text, (citation,), Verdict.PARTLY, "It names no day.")
    nearest = (Scored(citation, 0.25),)
    return Exchange(
        question, Answer(question, AnswerKind.PARTIAL, "…", (claim,), nearest, {"read": 1.5})
    )


def test_what_was_stored_comes_back_whole_in_another_process(path: Path) -> None:
    filters = Filters(frozenset({"log.md"}), frozenset({"Port"}), "2024", None)
    key = new_key()
    Desk(path).conversations.add(key, exchange(), filters, NOON)
    assert Desk(path).conversations.exchanges(key) == (Stored(1, exchange(), filters, NOON),)


def test_a_conversation_is_named_after_its_first_question(path: Path) -> None:
    conversations, key = Desk(path).conversations, new_key()
    conversations.add(key, exchange("Who\n sails   far?"), ANY, NOON)
    conversations.add(key, exchange("And why?"), ANY, NOON + timedelta(hours=1))
    (line,) = conversations.list()
    assert (line.key, line.title, line.changed_at) == (
        key,
        "Who sails far?",
        NOON + timedelta(hours=1),
    )


def test_a_long_first_question_is_cut_at_a_word(path: Path) -> None:
    conversations = Desk(path).conversations
    conversations.add(new_key(), exchange("which harbour " * 50), ANY, NOON)
    (line,) = conversations.list()
    assert len(line.title) <= 81
    assert line.title.endswith(("which…", "harbour…"))


def test_the_latest_conversation_comes_first(path: Path) -> None:
    conversations = Desk(path).conversations
    for hour, key in enumerate(("a", "b", "c")):
        conversations.add(key, exchange(), ANY, NOON + timedelta(hours=hour))
    conversations.add("a", exchange(), ANY, NOON + timedelta(hours=9))
    assert [line.key for line in conversations.list()] == ["a", "c", "b"]


@pytest.mark.parametrize(
    "damage",
    [
        "answer = 'not json'",
        "answer = '[1]'",
        """answer = '{"schema": "sourceline.answer/99"}'""",
        "filters = '{'",
        "asked_at = 'yesterday'",
        "answer = x'ff00'",
        "answer = CAST(x'ff00' AS TEXT)",
    ],
)
def test_a_damaged_row_does_not_lose_the_others(path: Path, damage: str) -> None:
    conversations = Desk(path).conversations
    for question in ("One?", "Two?", "Three?"):
        conversations.add("key", exchange(question), ANY, NOON)
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE exchanges SET {damage} WHERE number = 2")
    first, second, third = conversations.exchanges("key")
    assert (first, third) == (
        Stored(1, exchange("One?"), ANY, NOON),
        Stored(3, exchange("Three?"), ANY, NOON),
    )
    assert isinstance(second, Damaged)
    assert (second.number, second.question) == (2, "Two?")
    assert second.reason


def test_a_damaged_line_of_the_list_does_not_lose_the_others(path: Path) -> None:
    conversations = Desk(path).conversations
    for key in ("a", "b"):
        conversations.add(key, exchange(), ANY, NOON)
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE conversations SET changed_at = '?', title = CAST(x'41ff' AS TEXT) WHERE key = 'a'"
        )
    titles = {line.key: line.title for line in conversations.list()}
    assert titles == {"a": "A\ufffd", "b": "Who sails?"}


@pytest.mark.parametrize("column", ["answer", "filters"])
def test_a_stored_date_that_is_none_is_told_as_damage(path: Path, column: str) -> None:
    conversations = Desk(path).conversations
    conversations.add("key", exchange(), Filters(published_from="2024-05"), NOON)
    conversations.add("key", exchange("And then?"), ANY, NOON)
    with sqlite3.connect(path) as database:
        database.execute(
            f"UPDATE exchanges SET {column} = replace({column}, ?, ?) WHERE number = 1",
            ('"2024-05"', '"yesterday"'),
        )
    damaged, whole = conversations.exchanges("key")
    assert isinstance(damaged, Damaged)
    assert (damaged.number, damaged.question) == (1, "Who sails?")
    assert "'yesterday' is n" in damaged.reason
    assert whole == Stored(2, exchange("And then?"), ANY, NOON)


def test_words_are_stored_as_they_are(path: Path) -> None:
    odd = "<b>'\"; DROP TABLE exchanges; -- $x$ :smile: İı 🚢 \x00 \r\n العربية"
    conversations = Desk(path).conversations
    conversations.add("key", exchange(odd, odd), ANY, NOON)
    assert conversations.exchanges("key") == (Stored(1, exchange(odd, odd), ANY, NOON),)


def test_renaming_and_deleting_touch_one_conversation_only(path: Path) -> None:
    conversations = Desk(path).conversations
    for key in ("a", "b"):
        conversations.add(key, exchange(), ANY, NOON)
    conversations.rename("a", "  The log  ")
    conversations.rename("b", "   ")
    assert {line.key: line.title for line in conversations.list()} == {
        "a": "The log",
        "b": "Who sails?",
    }
    conversations.delete("a")
    assert [line.key for line in conversations.list()] == ["b"]
    assert conversations.exchanges("a") == ()
    assert len(conversations.exchanges("b")) == 1


def test_a_conversation_that_is_not_there_has_no_exchanges(path: Path) -> None:
    assert Desk(path).conversations.exchanges("nowhere") == ()
    Desk(path).conversations.delete("nowhere")


def test_many_writers_lose_nothing_and_share_no_number(path: Path) -> None:
    def write(number: int) -> int:
        return Desk(path).conversations.add("key", exchange(f"{number}?"), ANY, NOON)

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(write, range(40)))
    assert numbers == list(range(1, 41))
    kept = Desk(path).conversations.exchanges("key")
    assert {stored.exchange.question for stored in kept if isinstance(stored, Stored)} == {
        f"{number}?" for number in range(40)
    }


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program in the middle of a long write."""
    Desk(path).conversations.add("key", exchange(), ANY, NOON)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE conversations SET title = 'Half written'")
    yield other
    other.close()


def test_who_reads_waits_for_no_writer(
    path: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.05)
    assert [line.title for line in Desk(path).conversations.list()] == ["Who sails?"]
    assert Desk(path).conversations.exchanges("key") == (Stored(1, exchange(), ANY, NOON),)
    assert (Desk(path).feedback.of("key"), Desk(path).feedback.cases()) == ({}, ())
    assert (Desk(path).briefings.list(), Desk(path).briefings.read("key")) == ((), None)
    assert Desk(path).corrections.all() == {}
    assert Desk(path).origins.of("log.md") is None
    assert len(Desk(path).export()["exchanges"]) == 1


def test_a_write_that_another_program_holds_up_for_long_says_so(
    path: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.05)
    with pytest.raises(StorageError, match="Another program is writing") as told:
        Desk(path).conversations.rename("key", "Mine")
    assert "Make room" not in str(told.value)
    writer.execute("ROLLBACK")
    Desk(path).conversations.rename("key", "Mine")
    assert [line.title for line in Desk(path).conversations.list()] == ["Mine"]


def test_a_file_that_is_no_database_is_said_in_words_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else entirely " * 100)
    with pytest.raises(StorageError, match="cannot be read or written"):
        Desk(path).conversations.list()
    assert path.read_bytes().startswith(b"something else")


def test_a_newer_layout_is_refused(path: Path) -> None:
    Desk(path).conversations.add("key", exchange(), ANY, NOON)
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    with pytest.raises(StorageError, match="newer version"):
        Desk(path).conversations.list()


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    with pytest.raises(StorageError):
        Desk(tmp_path / "state" / "conversations.db").conversations.add("key", exchange(), ANY, NOON)


def test_a_file_of_the_first_layout_is_brought_up_to_date_and_keeps_everything(path: Path) -> None:
    Desk(path).conversations.add("key", exchange(), ANY, NOON)
    with sqlite3.connect(path) as database:
        for table in ("waiting", "feedback", "entries", "briefings", "corrections", "origins"):
            database.execute(f"DROP TABLE {table}")
        database.execute("ALTER TABLE exchanges DROP COLUMN folded")
        database.execute("PRAGMA user_version = 1")
    conversations = Desk(path).conversations
    assert conversations.exchanges("key") == (Stored(1, exchange(), ANY, NOON),)
    assert [line.key for line in conversations.list("ada SAILS")] == ["key"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("kalin", ["a"]),
        ("KALIN ankara", ["a"]),
        ("kalin oslo", []),
        ("harbor log", ["b"]),
        ("100%", ["b"]),
        ("_", []),
        ("  ", ["a", "b"]),
    ],
)
def test_conversations_are_found_by_the_words_of_questions_answers_and_titles(
    path: Path, wanted: str, found: list[str]
) -> None:
    conversations = Desk(path).conversations
    conversations.add("a", exchange("Where was Kalın?", "He was in Ankara."), ANY, NOON)
    conversations.add("b", exchange("How full?", "It is 100% full."), ANY, NOON)
    conversations.rename("b", "The harbor log")
    assert sorted(line.key for line in conversations.list(wanted)) == found
