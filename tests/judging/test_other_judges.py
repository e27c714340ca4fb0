"""The judges that may stand in for the bundled one: a cross-encoder of one output or three, and the
language model by its word."""

from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from rag.core.errors import EmbeddingError
from rag.judging.other_judges import CrossEncoderJudge, LanguageModelJudge
from rag.models.embedding import bundled_model
from rag.models.llm import LanguageModel
from tests.scripted_server import ScriptedServer

CLAIM, WORDS = "The mill is red.", ["The mill was painted red.", "It stands by the river."]


def tiny_model(folder: Path, labels: tuple[str, ...]) -> Path:
    """A cross-encoder that says the same of everything: each label's logit is its place."""
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
    )
    network = BertForSequenceClassification(config)
    with torch.no_grad():
        network.classifier.weight.zero_()
        network.classifier.bias.copy_(torch.arange(len(labels)))
    network.save_pretrained(folder)
    AutoTokenizer.from_pretrained(bundled_model()).save_pretrained(folder)
    return folder


def test_one_output_is_the_support(tmp_path: Path) -> None:
    judge = CrossEncoderJudge(str(tiny_model(tmp_path, ("LABEL_0",))))
    assert judge.support(CLAIM, WORDS) == pytest.approx(0.5)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_three_outputs_entailment_is_the_support(tmp_path: Path, place: int) -> None:
    labels = ["contradiction", "neutral"]
    labels.insert(place, "ENTAILMENT")
    judge = CrossEncoderJudge(str(tiny_model(tmp_path, tuple(labels))))
    expected = torch.softmax(torch.arange(3.0), dim=0)[place]
    assert judge.support(CLAIM, WORDS) == pytest.approx(float(expected))


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
        ("supported", 0.95),
        ("**Partly**.\n", 0.4),
        ("<think>It is supported.</think>\nunsupported", 0.05),
        ("conflicting", 0.0),
        ("I would rather talk about the weather.", 0.0),
        ("", 0.0),
    ],
)
def test_the_language_model_judges_by_one_word(reply: str, expected: float) -> None:
    with ScriptedServer() as server:
        server.reply(reply)
        assert LanguageModelJudge(model_at(server)).support(CLAIM, WORDS) == expected
        asked = server.requests[-1].body["messages"][-1]["content"]
    assert CLAIM in asked
    assert all(words in asked for words in WORDS)


def test_a_language_model_that_fails_supports_nothing() -> None:
    with ScriptedServer() as server:
        server.fault("status", status=400, message="no")
        assert LanguageModelJudge(model_at(server)).support(CLAIM, WORDS) == 0.0
