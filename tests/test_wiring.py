"""Settings to an assistant: which model does what."""

from pathlib import Path

import pytest

from rag import wiring
from rag.core.records import Answer, AnswerKind
from rag.core.settings import BUNDLED_MODEL, Settings
from rag.index.store import Store
from rag.models.backbone import WEIGHTS, Backbone
from rag.models.embedding import Encoder
from rag.models.packed import write_packed
from rag.models.pairs import PairReader
from tests.hash_encoder import HashEncoder
from tests.models.test_packed import made

QUESTION = "Who steers the ferry to Elva?"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "ferry.md").write_text("The ferry to Elva carries forty people. Ada Okoye steers it.\n")
    return corpus


@pytest.fixture(autouse=True)
def opened(encoder: Encoder, pairs: PairReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process has open: nothing yet."""
    monkeypatch.setattr(wiring, "_encoders", {})
    monkeypatch.setattr(wiring, "_readers", {})


def ask(settings: Settings) -> Answer:
    *_, answer = wiring.open_assistant(settings).ask(QUESTION)
    assert isinstance(answer, Answer)
    return answer


def test_one_network_searches_reads_and_judges_and_makes_no_file(corpus: Path, tmp_path: Path) -> None:
    settings = Settings(corpus, tmp_path / "data")
    wiring.build_index(settings)
    assert ask(settings).considered
    wiring.open_verifier(settings)
    assert wiring._encoders.keys() == {(BUNDLED_MODEL, settings.models_dir)}
    assert wiring._readers.keys() == {WEIGHTS}
    assert not settings.models_dir.exists()
    manifest = Store(settings.state_dir).read().manifest
    assert manifest.embedding_weights == wiring._readers[WEIGHTS]._backbone.identity


def test_another_embedding_model_searches_and_the_bundled_one_reads_and_judges(
    corpus: Path, tmp_path: Path, encoder: Encoder, pairs: PairReader
) -> None:
    settings = Settings(corpus, tmp_path / "data", embedding_model="another")
    other, models = HashEncoder("another"), settings.models_dir
    wiring._encoders |= {("another", models): other, (BUNDLED_MODEL, models): encoder}
    wiring._readers[WEIGHTS] = pairs
    wiring.build_index(settings)
    answer = ask(settings)
    assert answer.kind is AnswerKind.ANSWERED
    assert "Ada Okoye steers it." in [claim.text for claim in answer.claims]
    assert other.encoded[-1] == QUESTION
    assert wiring._readers.keys() == {WEIGHTS}


def test_a_folder_of_packed_weights_searches_reads_and_judges(corpus: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    write_packed(own / WEIGHTS.name, made())
    settings = Settings(corpus, tmp_path / "data", embedding_model=str(own))
    wiring.build_index(settings)
    assert ask(settings).timings_ms
    wiring.open_verifier(settings)
    identity = Backbone(own / WEIGHTS.name).identity
    assert wiring._encoders.keys() == {(str(own), settings.models_dir)}
    assert wiring._readers.keys() == {own / WEIGHTS.name}
    assert wiring._readers[own / WEIGHTS.name]._backbone.identity == identity
    assert Store(settings.state_dir).read().manifest.embedding_weights == identity
