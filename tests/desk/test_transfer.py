"""The memory goes out as JSON and comes in again: everything, once, and nothing is overwritten."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rag.core.errors import TransferError
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Claim,
    Correction,
    Exchange,
    Filters,
    Verdict,
)
from rag.desk.conversations import Stored
from rag.desk.desk import Desk
from rag.desk.entries import heading, note, sentence
from rag.desk.feedback import Fault, Feedback
from rag.desk.rows import EXPORT_SCHEMA
from rag.desk.transfer import Imported

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
CITATION = Citation("log.md", "0" * 64, 0, 10, "Ada sails.", "Log", None, "2024-05")
CLAIM = Claim("Ada sails.", (CITATION,), Verdict.SUPPORTED)


def exchange(question: str) -> Exchange:
    return Exchange(question, Answer(question, AnswerKind.ANSWERED, None, (CLAIM,)))


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A memory with something of everything; the briefing's key is `briefing`."""
    path = tmp_path / "full.db"
    conversations = Desk(path).conversations
    conversations.add("talk", exchange("Who sails?"), Filters(frozenset({"log.md"})), NOON)
    conversations.add("talk", exchange("And then?"), Filters(), NOON)
    Desk(path).feedback.give("talk", 2, Feedback(False, Fault.MISSED, "the mate", is_case=True))
    key = Desk(path).briefings.create(
        "Ships", [heading("Who"), sentence(CLAIM, "Who sails?"), note("Ask.")]
    )
    Desk(path).corrections.put("log.md", Correction(title="The log", published="2024-05-02"))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE briefings SET key = 'briefing' WHERE key = ?", (key,))
        database.execute("UPDATE entries SET briefing = 'briefing' WHERE briefing = ?", (key,))
    return path


def exported(path: Path) -> dict[str, Any]:
    document = Desk(path).export()
    assert document.pop("exported_at")
    return document


def as_file(path: Path) -> bytes:
    return json.dumps(Desk(path).export()).encode()


def test_an_empty_memory_that_takes_in_an_export_exports_the_same(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert Desk(other).take_in(as_file(full)) == Imported(1, 1, 1, 0, 0, 0)
    assert exported(other) == exported(full)
    assert Desk(other).conversations.exchanges("talk") == Desk(full).conversations.exchanges("talk")
    assert Desk(other).feedback.of("talk") == Desk(full).feedback.of("talk")
    assert Desk(other).briefings.read("briefing") == Desk(full).briefings.read("briefing")
    assert Desk(other).corrections.all() == Desk(full).corrections.all()
    assert [line.key for line in Desk(other).conversations.list("ada then")] == ["talk"]
    assert [line.key for line in Desk(other).briefings.list("ada")] == ["briefing"]


def test_what_is_there_already_comes_in_no_second_time(full: Path) -> None:
    before = exported(full)
    assert Desk(full).take_in(as_file(full)) == Imported(0, 0, 0, 2, 0, 1)
    assert exported(full) == before


def test_what_went_on_here_is_kept_beside_what_comes_in(full: Path) -> None:
    file = as_file(full)
    Desk(full).conversations.add("talk", exchange("Where to?"), Filters(), NOON)
    Desk(full).corrections.put("log.md", Correction(title="My title"))
    assert Desk(full).take_in(file) == Imported(1, 0, 0, 1, 1, 1)
    assert len(Desk(full).conversations.exchanges("talk")) == 3
    (other,) = (line for line in Desk(full).conversations.list() if line.key != "talk")
    assert other.title == "Who sails? (imported)"
    stored = Desk(full).conversations.exchanges(other.key)
    assert [kept.exchange.question for kept in stored if isinstance(kept, Stored)] == [
        "Who sails?",
        "And then?",
    ]
    assert Desk(full).feedback.of(other.key)[2].words == "the mate"
    assert Desk(full).corrections.all()["log.md"].title == "My title"


def test_a_file_that_differs_makes_one_copy_however_often_it_comes_in(full: Path) -> None:
    file = as_file(full)
    Desk(full).conversations.add("talk", exchange("Where to?"), Filters(), NOON)
    Desk(full).briefings.keep("briefing", [note("Mine.")])
    assert Desk(full).take_in(file) == Imported(1, 1, 0, 0, 2, 1)
    before = exported(full)
    assert Desk(full).take_in(file) == Imported(0, 0, 0, 2, 0, 1)
    assert exported(full) == before
    (copy,) = (line.key for line in Desk(full).conversations.list() if line.key != "talk")
    Desk(full).conversations.add(copy, exchange("Went on."), Filters(), NOON)
    assert Desk(full).take_in(file) == Imported(0, 0, 0, 2, 0, 1)
    assert sorted(line.title for line in Desk(full).briefings.list()) == ["Ships", "Ships (imported)"]


def test_feedback_on_a_known_conversation_comes_in_and_replaces_none(full: Path) -> None:
    Desk(full).feedback.give("talk", 1, Feedback(True, words="theirs"))
    file = as_file(full)
    with sqlite3.connect(full) as database:
        database.execute("DELETE FROM feedback WHERE number = 2")
    Desk(full).feedback.give("talk", 1, Feedback(True, words="mine"))
    assert Desk(full).take_in(file) == Imported(0, 0, 0, 2, 0, 1)
    assert Desk(full).feedback.of("talk") == {
        1: Feedback(True, words="mine"),
        2: Feedback(False, Fault.MISSED, "the mate", is_case=True),
    }


def test_an_export_that_left_out_an_answer_with_feedback_comes_in(full: Path, tmp_path: Path) -> None:
    with sqlite3.connect(full) as database:
        database.execute("UPDATE exchanges SET answer = '{' WHERE number = 2")
    other = tmp_path / "other.db"
    assert Desk(other).take_in(as_file(full)) == Imported(1, 1, 1, 0, 0, 0)
    assert (len(Desk(other).conversations.exchanges("talk")), Desk(other).feedback.of("talk")) == (1, {})


def test_a_damaged_row_is_left_out_and_counted(full: Path) -> None:
    with sqlite3.connect(full) as database:
        database.execute("UPDATE exchanges SET answer = '{' WHERE number = 1")
    document = Desk(full).export()
    assert (document["left_out"], len(document["exchanges"])) == (1, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not exported from Sourceline"),
        (b"\xff\xfe", "not exported from Sourceline"),
        (b"[1, 2]", "not exported from Sourceline"),
        (b"[" * 100_000, "not exported from Sourceline"),
        (b'{"schema": "sourceline.memory/99"}', "newer version"),
        (b'{"schema": "sourceline.answer/1"}', "holds sourceline.answer"),
        (b'{"schema": "sourceline.memory/1", "conversations": [{"key": 1}]}', "damaged"),
        (b'{"schema": "sourceline.memory/1", "entries": 7}', "damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_what_it_is(full: Path, content: bytes, said: str) -> None:
    before = exported(full)
    with pytest.raises(TransferError, match=said):
        Desk(full).take_in(content)
    assert exported(full) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d["exchanges"][1]["answer"].pop("claims"),
        lambda d: d["exchanges"][1].update(asked_at="yesterday"),
        lambda d: d["entries"][0]["record"].update(kind="poem"),
        lambda d: d["corrections"][0]["record"].update(published="yesterday"),
        lambda d: d["entries"].append(d["entries"][0]),
        lambda d: d["exchanges"][1].update(number=2**70),
        lambda d: d["exchanges"][1].update(number=-1),
        lambda d: d["feedback"][0].update(number=2**70),
        lambda d: d["entries"][2].update(place=2**70),
        lambda d: d["entries"][2].update(version=2**63 - 1),
        lambda d: d["exchanges"][1].update(question="Who \ud800?"),
        lambda d: d["exchanges"][1]["answer"]["claims"][0].update(text="\udfff"),
        lambda d: d["briefings"][0].update(title="\ud800"),
        lambda d: d["feedback"][0].update(words="\ud800"),
        lambda d: d["entries"][1]["record"].update(text="\ud800"),
        lambda d: d["exchanges"][1]["answer"]["claims"][0]["citations"][0].update(published="soon"),
        lambda d: d["exchanges"][1]["answer"]["timings_ms"].update(read=float("nan")),
        lambda d: d["exchanges"][1]["filters"].update(published_from="soon"),
        lambda d: d["entries"][1]["record"]["citations"][0].update(published="soon"),
        lambda d: d["entries"][1]["record"]["citations"][0].update(end=11),
    ],
)
def test_a_damaged_file_changes_nothing_at_all(full: Path, tmp_path: Path, damage: Any) -> None:
    document = Desk(full).export()
    damage(document)
    other = tmp_path / "other.db"
    with pytest.raises(TransferError, match="damaged"):
        Desk(other).take_in(json.dumps(document).encode())
    assert exported(other) == {
        "schema": EXPORT_SCHEMA,
        **{name: [] for name in ("conversations", "exchanges", "feedback", "briefings", "entries")},
        **{name: [] for name in ("corrections", "origins")},
        "left_out": 0,
    }
