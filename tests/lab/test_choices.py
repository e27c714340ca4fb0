"""The choice that the articles bear out is chosen; none of them where none is."""

from pathlib import Path

import pytest

from lab.choices import choose, findings
from rag.asking.assistant import Assistant
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from tests.asking.test_assistant import assistant_over


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, pairs: PairReader
) -> Assistant:
    corpus: Path = tmp_path_factory.mktemp("corpus")
    (corpus / "mill.md").write_text(
        "---\ntitle: The mill of Elva\npublished: 2024\n---\n"
        "Ada Okoye bought the old mill on the river in May. Ben Ruiz, a baker, had wanted it.\n\n"
        "The mill grinds oats for three villages. A storm broke its wheel in the winter.\n"
    )
    return assistant_over(corpus, tmp_path_factory.mktemp("state"), encoder, pairs)


@pytest.mark.parametrize(
    ("question", "choices", "right"),
    [
        ("Who bought the old mill on the river?", ("Carl Meyer", "Ada Okoye", "Dana Levi"), 1),
        ("What does the mill of Elva grind?", ("oats", "coffee", "stones", "barley"), 0),
        ("What broke the wheel of the mill?", ("a tractor", "None of the above", "a storm"), 2),
    ],
)
def test_the_choice_that_is_borne_out_is_chosen(
    assistant: Assistant, question: str, choices: tuple[str, ...], right: int
) -> None:
    assert choose(assistant, question, choices) == right


def test_where_no_choice_is_borne_out_none_of_them_is_chosen(assistant: Assistant) -> None:
    choices = ("a volcano", "None of the above", "two elephants")
    assert choose(assistant, "What broke the wheel of the mill?", choices) == 1


def test_what_is_found_lies_between_0_and_1(assistant: Assistant) -> None:
    found = findings(assistant, "Who bought the mill?", ("Ada Okoye", "", "none of the above"))
    assert found[2] is None
    for each in found[:2]:
        assert each is not None
        values = (each.sentence, each.passages)
        assert all(0 <= value <= 1 for value in values)
