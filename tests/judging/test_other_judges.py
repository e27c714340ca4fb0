"""The judges that may stand in for the bundled one: a cross-encoder of one output or three, and the
language model by its word."""

from pathlib import Path

import pytest
import torch
from transformers import BertForSequenceClassification

from rag.core.errors import EmbeddingError
from rag.judging.other_judges import CrossEncoderJudge, LanguageModelJudge
from rag.judging.support import Stance
from rag.judging.verification import PARTLY, SUPPORTED
from rag.models.llm import LanguageModel
from tests.scripted_server import ScriptedServer
from tests.tiny_models import config_of, save_tokenizer

CLAIM, WORDS = "The mill is red.", ["The mill was painted red.", "It stands by the river."]


def tiny_model(folder: Path, labels: tuple[str, ...]) -> Path:
    """A cross-encoder that says the same of everything: each label's logit is its place."""
    network = BertForSequenceClassification(config_of(labels))
    with torch.no_grad():
        network.classifier.weight.zero_()
        network.classifier.bias.copy_(torch.arange(len(labels)))
    network.save_pretrained(folder)
    save_tokenizer(folder)
    return folder


def test_one_output_is_the_support(tmp_path: Path) -> None:
    judge = CrossEncoderJudge(str(tiny_model(tmp_path, ("LABEL_0",))))
    stance = judge.stance(CLAIM, WORDS)
    assert stance.supports == pytest.approx(0.5)
    assert stance.contradicts == 0.0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_three_outputs_one_is_the_support_and_one_says_otherwise(tmp_path: Path, place: int) -> None:
    labels = ["contradiction", "neutral"]
    labels.insert(place, "ENTAILMENT")
    judge = CrossEncoderJudge(str(tiny_model(tmp_path, tuple(labels))))
    expected = torch.softmax(torch.arange(3.0), dim=0).tolist()
    stance = judge.stance(CLAIM, WORDS)
    assert stance.supports == pytest.approx(expected[place])
    assert stance.contradicts == pytest.approx(expected[labels.index("contradiction")])


def test_of_two_outputs_without_contradiction_nothing_says_otherwise(tmp_path: Path) -> None:
    judge = CrossEncoderJudge(str(tiny_model(tmp_path, ("other", "entailment"))))
    expected = torch.softmax(torch.arange(2.0), dim=0).tolist()
    stance = judge.stance(CLAIM, WORDS)
    assert stance.supports == pytest.approx(expected[1])
    assert stance.contradicts == 0.0


def test_a_cross_encoder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="SOURCELINE_JUDGE"):
        CrossEncoderJudge(str(tmp_path / "none"))


def model_at(server: ScriptedServer) -> LanguageModel:
    return LanguageModel(
        server.url,
        "scripted",
        connect_seconds=2,
        first_token_seconds=5,
        total_seconds=10,
        reply_tokens=16,
    )


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("supported", Stance(0.95)),
        ("**Partly**.\n", Stance((PARTLY + SUPPORTED) / 2)),
        ("<think>It is supported.</think>\nunsupported", Stance(0.05)),
        ("conflicting", Stance(0.0, 0.95)),
        ("I would rather talk about the weather.", Stance(0.0)),
        ("", Stance(0.0)),
    ],
)
def test_the_language_model_judges_by_one_word(reply: str, expected: Stance) -> None:
    with ScriptedServer() as server:
        server.reply(reply)
        assert LanguageModelJudge(model_at(server)).stance(CLAIM, WORDS) == expected
        asked = server.requests[-1].body["messages"][-1]["content"]
    assert CLAIM in asked
    assert all(words in asked for words in WORDS)


def test_a_language_model_that_fails_says_nothing() -> None:
    with ScriptedServer() as server:
        server.fault("status", status=400, message="no")
        assert LanguageModelJudge(model_at(server)).stance(CLAIM, WORDS) == Stance(0.0)
