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
from rag.desk.memory.briefings import Briefings, heading, note, sentence
from rag.desk.memory.conversations import Conversations, Kept
from rag.desk.memory.corrections import Corrections
from rag.desk.memory.feedback import Fault, Feedback, Feedbacks
from rag.desk.memory.shapes import MEMORY_SCHEMA
from rag.desk.memory.transfer import Imported, export_memory, import_memory

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
CITATION = Citation("log.md", "0" * 64, 0, 10, "Ada sails.", "Log", None, "2024-05")
CLAIM = Claim("Ada sails.", (CITATION,), Verdict.SUPPORTED)


def exchange(question: str) -> Exchange:
    return Exchange(question, Answer(question, AnswerKind.ANSWERED, None, (CLAIM,)))


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A memory with something of everything; the briefing's key is `briefing`."""
    path = tmp_path / "full.db"
    conversations = Conversations(path)
    conversations.add("talk", exchange("Who sails?"), Filters(frozenset({"log.md"})), NOON)
    conversations.add("talk", exchange("And then?"), Filters(), NOON)
    Feedbacks(path).give("talk", 2, Feedback(False, Fault.MISSED, "the mate", is_case=True))
    key = Briefings(path).create("Ships", [heading("Who"), sentence(CLAIM, "Who sails?"), note("Ask.")])
    Corrections(path).put("log.md", Correction(title="The log", published="2024-05-02"))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE briefings SET key = 'briefing' WHERE key = ?", (key,))
        database.execute("UPDATE entries SET briefing = 'briefing' WHERE briefing = ?", (key,))
    return path


def exported(path: Path) -> dict[str, Any]:
    document = export_memory(path)
    assert document.pop("exported_at")
    return document


def as_file(path: Path) -> bytes:
    return json.dumps(export_memory(path)).encode()


def test_an_empty_memory_that_takes_in_an_export_exports_the_same(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert import_memory(other, as_file(full)) == Imported(1, 1, 1, 0, 0, 0)
    assert exported(other) == exported(full)
    assert Conversations(other).exchanges("talk") == Conversations(full).exchanges("talk")
    assert Feedbacks(other).of("talk") == Feedbacks(full).of("talk")
    assert Briefings(other).read("briefing") == Briefings(full).read("briefing")
    assert Corrections(other).all() == Corrections(full).all()
    assert [line.key for line in Conversations(other).list("ada then")] == ["talk"]
    assert [line.key for line in Briefings(other).list("ada")] == ["briefing"]


def test_what_is_there_already_comes_in_no_second_time(full: Path) -> None:
    before = exported(full)
    assert import_memory(full, as_file(full)) == Imported(0, 0, 0, 2, 0, 1)
    assert exported(full) == before


def test_what_went_on_here_is_kept_beside_what_comes_in(full: Path) -> None:
    file = as_file(full)
    Conversations(full).add("talk", exchange("Where to?"), Filters(), NOON)
    Corrections(full).put("log.md", Correction(title="My title"))
    assert import_memory(full, file) == Imported(1, 0, 0, 1, 1, 1)
    assert len(Conversations(full).exchanges("talk")) == 3
    (other,) = (line for line in Conversations(full).list() if line.key != "talk")
    assert other.title == "Who sails? (imported)"
    stored = Conversations(full).exchanges(other.key)
    assert [kept.exchange.question for kept in stored if isinstance(kept, Kept)] == [
        "Who sails?",
        "And then?",
    ]
    assert Feedbacks(full).of(other.key)[2].words == "the mate"
    assert Corrections(full).all()["log.md"].title == "My title"


def test_a_file_that_differs_makes_one_copy_however_often_it_comes_in(full: Path) -> None:
    file = as_file(full)
    Conversations(full).add("talk", exchange("Where to?"), Filters(), NOON)
    Briefings(full).keep("briefing", [note("Mine.")])
    assert import_memory(full, file) == Imported(1, 1, 0, 0, 2, 1)
    before = exported(full)
    assert import_memory(full, file) == Imported(0, 0, 0, 2, 0, 1)
    assert exported(full) == before
    (copy,) = (line.key for line in Conversations(full).list() if line.key != "talk")
    Conversations(full).add(copy, exchange("Went on."), Filters(), NOON)
    assert import_memory(full, file) == Imported(0, 0, 0, 2, 0, 1)
    assert sorted(line.title for line in Briefings(full).list()) == ["Ships", "Ships (imported)"]


def test_feedback_on_a_known_conversation_comes_in_and_replaces_none(full: Path) -> None:
    Feedbacks(full).give("talk", 1, Feedback(True, words="theirs"))
    file = as_file(full)
    with sqlite3.connect(full) as database:
        database.execute("DELETE FROM feedback WHERE number = 2")
    Feedbacks(full).give("talk", 1, Feedback(True, words="mine"))
    assert import_memory(full, file) == Imported(0, 0, 0, 2, 0, 1)
    assert Feedbacks(full).of("talk") == {
        1: Feedback(True, words="mine"),
        2: Feedback(False, Fault.MISSED, "the mate", is_case=True),
    }


def test_an_export_that_left_out_an_answer_with_feedback_comes_in(full: Path, tmp_path: Path) -> None:
    with sqlite3.connect(full) as database:
        database.execute("UPDATE exchanges SET answer = '{' WHERE number = 2")
    other = tmp_path / "other.db"
    assert import_memory(other, as_file(full)) == Imported(1, 1, 1, 0, 0, 0)
    assert (len(Conversations(other).exchanges("talk")), Feedbacks(other).of("talk")) == (1, {})


def test_a_damaged_row_is_left_out_and_counted(full: Path) -> None:
    with sqlite3.connect(full) as database:
        database.execute("UPDATE exchanges SET answer = '{' WHERE number = 1")
    document = export_memory(full)
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
        import_memory(full, content)
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
    document = export_memory(full)
    damage(document)
    other = tmp_path / "other.db"
    with pytest.raises(TransferError, match="damaged"):
        import_memory(other, json.dumps(document).encode())
    assert exported(other) == {
        "schema": MEMORY_SCHEMA,
        **{name: [] for name in ("conversations", "exchanges", "feedback", "briefings", "entries")},
        **{name: [] for name in ("corrections", "origins")},
        "left_out": 0,
    }
