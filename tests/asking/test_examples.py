"""Questions to begin with are made of what the articles report, and of nothing else."""

import hashlib

import pytest

from rag.asking.examples import example_questions
from rag.core.records import Article


def article(text: str, source: str = "a.md") -> Article:
    return Article(source, text, hashlib.sha256(text.encode()).hexdigest())


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Mira Holm met Jonas Weil in Bremen on Friday.", ["Whom did Mira Holm meet?"]),
        ("Mira Holm said that the ferry Alba will sail in May.", ["What did Mira Holm say about Alba?"]),
        ("Mira Holm said on Tuesday that the boat's German engine is old.", []),
        ("The boats met a storm. It was said to be the worst.", []),
        ("Lamps are trimmed before dusk.", []),
    ],
)
def test_a_question_asks_what_a_sentence_says(text: str, questions: list[str]) -> None:
    assert list(example_questions([article(text)])) == questions


def test_every_article_has_its_turn_and_nobody_is_asked_of_twice() -> None:
    first = "Mira Holm met Jonas Weil in Bremen. Weil said that Norvik needs a pier."
    second = "Holm met Weil again. Mayor Ida Berg met Per Dahl in Oslo."
    assert list(example_questions([article(first), article(second, "b.md")])) == [
        "Whom did Mira Holm meet?",
        "Whom did Ida Berg meet?",
        "What did Weil say about Norvik?",
    ]
