"""A folder of state that an older version wrote opens: nothing in it is lost, and its citations open."""

import json
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.asking.assistant import Assistant
from rag.core.records import (
    Answer,
    AnswerKind,
    Citation,
    Correction,
    Filters,
    Method,
    Standing,
    Verdict,
)
from rag.core.settings import Settings
from rag.desk.conversations import Stored
from rag.desk.desk import Desk, open_desk
from rag.desk.entries import Entry, EntryKind
from rag.desk.feedback import Case, Fault, Feedback
from rag.desk.gathering import restore
from rag.desk.origins import Origin
from rag.desk.transfer import Imported
from rag.desk.waiting import Waiting
from rag.wiring import build_index, open_assistant

ROOT = Path(__file__).parent.parent.parent
OLD = ROOT / "tests" / "fixtures" / "state-2026-11.tar.gz"
MISSED = Feedback(False, Fault.MISSED, "the minister of defence", is_case=True)


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(OLD) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def settings(laid_out: Path, models_dir: Path, tmp_path: Path) -> Settings:
    """The state of then below the articles of now, in a folder of its own for each test."""
    corpus = shutil.copytree(ROOT / "corpus", tmp_path / "articles")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models_dir)
    settings = Settings(corpus, tmp_path / "data")
    shutil.copytree(laid_out / "state", settings.state_dir)
    return settings


@pytest.fixture
def old_export(laid_out: Path) -> bytes:
    return (laid_out / "export.json").read_bytes()


def stored(settings: Settings, key: str) -> list[Stored]:
    found = open_desk(settings).conversations.exchanges(key)
    assert all(isinstance(each, Stored) for each in found), found
    return [each for each in found if isinstance(each, Stored)]


def citations(answer: Answer) -> list[Citation]:
    """Every citation of an answer, of whatever stands in it."""
    scored = (*answer.nearest, *answer.considered, *answer.passed_over)
    sides = [side for conflict in answer.conflicts for side in conflict.sides]
    return [
        *(citation for claim in answer.claims for citation in claim.citations),
        *(citation for side in sides for citation in side.citations),
        *(each.citation for each in scored),
    ]


def check_opens(assistant: Assistant, cited: list[Citation]) -> None:
    for citation in cited:
        opened = assistant.open(citation)
        assert (opened.standing, opened.citation) == (Standing.SAME, citation)
        assert opened.article
        assert opened.article.text[citation.start : citation.end] == citation.quote


def test_the_conversations_open(settings: Settings) -> None:
    listed = open_desk(settings).conversations.list()
    assert {(line.key, line.title) for line in listed} == {
        ("visit", "What did Kalin discuss in Damascus?"),
        ("troops", "Troops in Syria"),
        ("cup", "Who won the 1998 World Cup?"),
    }
    visit, follow_up = stored(settings, "visit")
    assert visit.asked_at == datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert (visit.exchange.answer.kind, visit.exchange.answer.method) == (
        AnswerKind.ANSWERED,
        Method.EXTRACTED,
    )
    assert [claim.verdict for claim in visit.exchange.answer.claims] == [Verdict.SUPPORTED] * 2
    assert visit.exchange.answer.considered
    assert visit.exchange.answer.timings_ms
    assert follow_up.exchange.question == "Who did he meet there?"
    assert follow_up.exchange.answer.standalone == "Who did Kalin meet in Damascus?"
    troops, call = stored(settings, "troops")
    (conflict,) = troops.exchange.answer.conflicts
    assert [side.value for side in conflict.sides] == [
        "An estimated 800 US troops",
        "2,000 U.S. troops",
    ]
    assert [claim.text for claim in call.exchange.answer.claims] == ["The call lasted half an hour."]
    (cup,) = stored(settings, "cup")
    assert (cup.exchange.answer.kind, cup.exchange.answer.claims) == (AnswerKind.NOT_FOUND, ())
    assert "World Cup" in (cup.exchange.answer.message or "")
    assert cup.exchange.answer.nearest
    assert cup.filters == Filters(
        frozenset({"turkey-syria-normalization.md"}), frozenset({"INSS"}), "2022", "2023-12"
    )
    found = [line.key for line in open_desk(settings).conversations.list("stationed in syria")]
    assert found == ["troops"]


def test_what_was_said_of_answers_and_what_waits_opens(settings: Settings) -> None:
    feedbacks = open_desk(settings).feedback
    assert feedbacks.of("visit") == {1: Feedback(True), 2: MISSED}
    assert feedbacks.cases() == (Case("visit", 2, MISSED),)
    assert open_desk(settings).waiting.of("cup") == (
        Waiting(
            "cup",
            "And who lost?",
            Filters(publishers=frozenset({"INSS"})),
            datetime(2026, 11, 28, 13, tzinfo=UTC),
            Method.EXTRACTED,
        ),
    )


def test_the_briefing_opens(settings: Settings) -> None:
    briefing = open_desk(settings).briefings.read("syria")
    assert briefing
    assert (briefing.title, len(briefing.entries), len(briefing.removed)) == ("Syria in May", 9, 1)
    entries = [entry for entry in (*briefing.entries, *briefing.removed) if isinstance(entry, Entry)]
    assert [entry.kind for entry in entries] == [
        EntryKind.HEADING,
        *[EntryKind.SENTENCE] * 5,
        EntryKind.DIFFERENCE,
        EntryKind.MISSING,
        EntryKind.NOTE,
        EntryKind.SENTENCE,
    ]
    edited = entries[1]
    assert (edited.version, edited.is_edited, edited.verdict) == (2, True, Verdict.UNSUPPORTED)
    assert edited.reason == "“Iran” is not in the cited words."
    assert len(entries[6].citations) == 2
    assert entries[8].text == "Ask the ministry.\nAgain."


def test_the_corrections_and_origins_open(settings: Settings) -> None:
    corrections = open_desk(settings).corrections.all()
    assert corrections.keys() == {"kalin-hamas-ankara.md", "fidan-blinken-call.md"}
    assert corrections["kalin-hamas-ankara.md"] == Correction(
        title="Kalin and Hamas in Ankara", author="", published="2024-09"
    )
    text = corrections["fidan-blinken-call.md"].text
    assert text
    assert text.endswith("\n\nThe call lasted half an hour.")
    origins = open_desk(settings).origins
    origin = origins.of("kalin-damascus-visit.md")
    assert origin
    assert origin.url == "https://news.example/kalin-in-damascus"


def test_a_removed_article_comes_back_with_what_was_remembered_of_it(settings: Settings) -> None:
    (trashed,) = (settings.state_dir / ".trash").iterdir()
    assert restore(settings, trashed.name) == "ferry.txt"
    assert (settings.corpus_dir / "ferry.txt").read_text() == "The ferry Alba sails at noon.\n"
    assert open_desk(settings).corrections.all()["ferry.txt"] == Correction(title="The ferry")
    origin = open_desk(settings).origins.of("ferry.txt")
    assert origin == Origin("https://port.example/ferry", datetime.now(UTC).date().isoformat())


def test_every_citation_opens_in_the_index_as_it_is_or_made_anew(settings: Settings) -> None:
    report = build_index(settings)
    # An index that is not taken as it is says why.
    assert report.articles == 5
    assert report.unchanged == 5 or report.reasons, report
    assistant = open_assistant(settings)
    for key in ("visit", "troops", "cup"):
        for kept in stored(settings, key):
            check_opens(assistant, citations(kept.exchange.answer))
    briefing = open_desk(settings).briefings.read("syria")
    assert briefing
    for entry in (*briefing.entries, *briefing.removed):
        assert isinstance(entry, Entry)
        check_opens(assistant, list(entry.citations))
    said = stored(settings, "visit")[0].exchange
    *_, answer = assistant.ask("And whom did he meet there?", (said,))
    assert isinstance(answer, Answer)
    assert answer.kind is AnswerKind.ANSWERED
    check_opens(assistant, citations(answer))


def test_the_old_export_comes_in_and_is_known_where_it_was_made(
    settings: Settings, old_export: bytes, tmp_path: Path
) -> None:
    assert open_desk(settings).take_in(old_export) == Imported(0, 0, 0, 4, 0, 2)
    empty = tmp_path / "empty.db"
    assert Desk(empty).take_in(old_export) == Imported(3, 1, 2, 0, 0, 0)
    taken, old = Desk(empty).export(), json.loads(old_export)
    for document in (taken, old):
        del document["exported_at"]
    assert taken == old
    for key in ("visit", "troops", "cup"):
        assert Desk(empty).conversations.exchanges(key) == tuple(stored(settings, key))
