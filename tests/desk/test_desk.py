"""A desk keeps what one person did, apart from anybody else's, in the file that was there before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.core.records import Answer, AnswerKind, Correction, Exchange, Filters
from rag.core.settings import Settings
from rag.desk.desk import LOCAL, Desk, open_desk
from rag.desk.entries import note
from rag.desk.feedback import Feedback

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
EXCHANGE = Exchange("Who sails?", Answer("Who sails?", AnswerKind.NOT_FOUND, "Nobody says.", ()))


def work_at(desk: Desk) -> None:
    desk.conversations.add("talk", EXCHANGE, Filters(), NOON)
    desk.feedback.give("talk", 1, Feedback(True))
    desk.briefings.create("Ships", [note("Ask.")])
    desk.corrections.put("log.md", Correction(title="The log"))
    desk.origins.put("log.md", "https://port.example/log")


def kept_at(desk: Desk) -> tuple[int, ...]:
    document = desk.export()
    tables = ("conversations", "exchanges", "feedback", "briefings", "entries", "corrections", "origins")
    return tuple(len(document[table]) for table in tables)


@pytest.mark.parametrize("user", ["ada", "Ada", "ada@port.example", "../../ada", "İpek\0", ""])
def test_nobody_sees_what_another_keeps(tmp_path: Path, user: str) -> None:
    path = tmp_path / "conversations.db"
    work_at(Desk(path))
    other = Desk(path, user)
    assert kept_at(other) == (0,) * 7
    other.conversations.add("talk", EXCHANGE, Filters(), NOON)
    other.conversations.delete("talk")
    assert kept_at(Desk(path)) == (1,) * 7
    files = {file.name.partition("-")[0] for file in tmp_path.iterdir() if file.suffix == ".db"}
    assert files == {"conversations.db", "conversations"}


def test_each_name_has_a_desk_of_its_own(tmp_path: Path) -> None:
    for user in ("ada", "Ada", "bo"):
        Desk(tmp_path / "kept.db", user).briefings.create(user)
    for user in ("ada", "Ada", "bo"):
        titles = [line.title for line in Desk(tmp_path / "kept.db", user).briefings.list()]
        assert titles == [user]


def test_the_file_of_a_corpus_is_the_desk_of_its_one_person(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "articles", tmp_path / "data")
    work_at(Desk(settings.memory_path))
    assert kept_at(open_desk(settings)) == kept_at(open_desk(settings, LOCAL)) == (1,) * 7


def test_reading_makes_no_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "state" / "kept.db")
    assert kept_at(desk) == (0,) * 7
    assert desk.conversations.list("ada") == ()
    assert desk.conversations.exchanges("talk") == ()
    assert desk.corrections.all() == {}
    assert desk.origins.of("log.md") is None
    assert not (tmp_path / "state").exists()
