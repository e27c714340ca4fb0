"""Asked as of a moment, articles published later are not read; asked how things stand now, the newest
come first."""

from pathlib import Path

import pytest

from rag.asking.assistant import Assistant
from rag.core.records import Answer, AnswerKind, Exchange, Filters, Understood
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from tests.asking.test_assistant import answer, assistant_over

ARTICLES = {
    "old.md": ("2022-03-01", "Dana Lind is the mayor of Orsa. The ferry of Orsa has room for 40 cars."),
    "middle.md": ("2023-06", "The ferry of Orsa has room for 60 cars. A new quay was built for it."),
    "new.md": ("2025-02-11", "The ferry of Orsa has room for 90 cars. Its crew has grown to eleven."),
    "undated.md": (None, "The lighthouse of Orsa was painted white and red."),
}
ROOM = "For how many cars does the ferry of Orsa have room"


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, pairs: PairReader
) -> Assistant:
    folder = tmp_path_factory.mktemp("dated")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, (published, text) in ARTICLES.items():
        head = f'---\npublished: "{published}"\n---\n' if published else ""
        (corpus / name).write_text(f"{head}{text}\n", encoding="utf-8")
    return assistant_over(corpus, folder / "state", encoder, pairs)


def sources(found: Answer) -> list[str]:
    return [citation.source for claim in found.claims for citation in claim.citations]


def test_as_of_a_moment_only_what_was_published_until_then_is_read(assistant: Assistant) -> None:
    found = answer(assistant, f"{ROOM} as of 2022?")
    assert (sources(found), found.as_of) == (["old.md"], "2022")
    assert found.notice == "Asked as of 2022: only articles published until then were read."
    assert found.standalone is None
    assert {considered.citation.source for considered in found.considered} == {"old.md"}


def test_the_question_without_a_moment_is_asked_of_every_article(assistant: Assistant) -> None:
    found = answer(assistant, f"{ROOM}?")
    assert set(sources(found)) == {"old.md", "middle.md", "new.md"}
    assert (found.as_of, found.notice) == (None, None)


def test_asked_how_things_stand_now_the_newest_comes_first(assistant: Assistant) -> None:
    found = answer(assistant, f"{ROOM} now?")
    assert sources(found)[0] == "new.md"
    assert found.as_of is None
    assert found.notice == (
        "Asked how things stand now: of what answers about equally, the newest comes first. "
        "The newest article is of 11 February 2025."
    )


def test_where_no_article_is_as_old_that_is_said(assistant: Assistant) -> None:
    found = answer(assistant, "As of 2020, who is the mayor of Orsa?")
    assert (found.kind, found.claims, found.as_of) == (AnswerKind.NOT_FOUND, (), "2020")
    assert found.message == (
        "The articles do not answer this. No article that may be read was published until 2020."
    )
    assert found.notice is None


def test_the_readers_dates_may_leave_nothing_for_the_moment(assistant: Assistant) -> None:
    found = answer(assistant, f"{ROOM} as of 2022?", Filters(published_from="2024"))
    assert found.kind is AnswerKind.NOT_FOUND
    assert found.message == (
        "The articles do not answer this. No article that may be read was published until 2022."
    )


def test_a_date_of_what_happened_changes_nothing(assistant: Assistant) -> None:
    for question in ("Who was the mayor of Orsa before 2020?", "Who has been mayor of Orsa since 1990?"):
        found = answer(assistant, question)
        assert (found.as_of, found.notice) == (None, None)
        assert {considered.citation.source for considered in found.considered} == set(ARTICLES)


def test_a_follow_up_that_is_a_moment_asks_the_same_of_it(assistant: Assistant) -> None:
    first = answer(assistant, f"{ROOM}?")
    events = list(assistant.ask("And as of 2022?", [Exchange(first.question, first)]))
    found = events[-1]
    assert isinstance(found, Answer)
    assert events[0] == Understood(f"{ROOM} as of 2022?")
    assert (sources(found), found.as_of) == (["old.md"], "2022")


def test_what_no_article_may_tell_is_not_told_by_accounts_that_differ(
    tmp_path: Path, encoder: Encoder, pairs: PairReader
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, count in (("a.md", 40), ("b.md", 65)):
        head = f'---\npublished: "{2024 + (name == "b.md")}-02"\n---\n'
        sentence = f"There are {count} teachers at the school in Narvik."
        (corpus / name).write_text(f"{head}{sentence}\n", encoding="utf-8")
    assistant = assistant_over(corpus, tmp_path / "state", encoder, pairs)
    asked = "how many teachers are there at the school in Narvik?"
    assert [len(conflict.sides) for conflict in answer(assistant, asked).conflicts] == [2]
    late = Filters(published_from="2024")
    found = answer(assistant, f"As of 2023, {asked}", filters=late)
    assert (found.kind, found.claims, found.conflicts) == (AnswerKind.NOT_FOUND, (), ())
