"""Names in a question as the articles spell them."""

import pytest

from rag.language.spelling import respelled
from rag.language.terms import Lexicon

NEAR = {"krassikov": "krasikov", "shaybani": "shaibani", "breadd": "bread"}
LEXICON = Lexicon([["Okoye", "Okoyeh"]])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what was Krassikov's rank", "what was Krasikov's rank"),
        ("who is asad al-shaybani", "who is asad al-shaibani"),
        ("who baked the breadd", "who baked the breadd"),
        ("What did Okoyeh say?", "What did Okoyeh say?"),
        ("What did Ada say?", "What did Ada say?"),
        ("", ""),
    ],
)
def test_names_are_spelled_as_the_articles_do(question: str, expected: str) -> None:
    assert respelled(question, LEXICON, NEAR.get) == expected
