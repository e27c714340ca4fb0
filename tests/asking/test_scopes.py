"""Questions that set years or outlets against each other are asked of each one's articles."""

import pytest

from rag.asking.questions import QuestionReader
from rag.asking.scopes import find_scopes
from rag.core.records import Article, Filters
from rag.language.terms import Lexicon

ARTICLES = (
    Article("one.md", "The mill has two wheels.", "1", publisher="The Elva Post", published="2023-02"),
    Article("two.md", "The mill has three wheels.", "2", publisher="Harbour News", published="2025-05"),
    Article("three.md", "The mill is shut.", "3", publisher="Harbour News", published="2024"),
)
READER = QuestionReader(Lexicon())


def sides(question: str, filters: Filters | None = None) -> list[tuple[tuple[str, ...], Filters]]:
    found = find_scopes(READER.read_whole(question), ARTICLES, filters or Filters())
    return [(tuple(name.text for name in asked.names), scope) for asked, scope in found]


def test_two_years_are_two_sides_and_need_not_stand_in_the_words() -> None:
    assert sides("How many wheels did the mill of Elva have in 2023 and how many in 2025?") == [
        (("Elva",), Filters(published_from="2023", published_to="2023")),
        (("Elva",), Filters(published_from="2025", published_to="2025")),
    ]


def test_two_outlets_are_two_sides_in_the_order_in_which_they_are_named() -> None:
    assert sides("What do Harbour News and the Elva Post say of the mill?") == [
        ((), Filters(publishers=frozenset({"Harbour News"}))),
        ((), Filters(publishers=frozenset({"The Elva Post"}))),
    ]


def test_what_is_named_like_an_outlet_beside_it_is_still_asked_about() -> None:
    asked = sides("What do Harbour News and the Elva Post say of the mayor of Elva?")
    assert [names for names, _ in asked] == [("Elva",), ("Elva",)]


@pytest.mark.parametrize(
    "question",
    [
        "How many wheels did the mill have in 2023?",
        "What did Harbour News say of the mill?",
        "Was the mill built in 1823 or in 1825?",
        "How did the mill change between 2023 and 1999?",
        "How many wheels has the mill?",
    ],
)
def test_other_questions_have_no_sides(question: str) -> None:
    assert sides(question) == []


def test_what_the_reader_filters_already_stays() -> None:
    question = "How many wheels in 2023 and in 2025?"
    assert sides(question, Filters(published_from="2024")) == []
    of_one = Filters(sources=frozenset({"one.md"}))
    assert {scope.sources for _, scope in sides(question, of_one)} == {frozenset({"one.md"})}
