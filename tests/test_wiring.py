"""Settings to an assistant: which model does what."""

from pathlib import Path

import pytest

from rag import wiring
from rag.core.records import Answer, AnswerKind
from rag.core.settings import BUNDLED_MODEL, Settings
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from tests.hash_encoder import HashEncoder


def test_another_embedding_model_searches_and_the_bundled_one_reads_and_judges(
    tmp_path: Path, encoder: Encoder, pairs: PairReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "ferry.md").write_text("The ferry to Elva carries forty people. Ada Okoye steers it.\n")
    settings = Settings(corpus, tmp_path / "data", embedding_model="another")
    other, models = HashEncoder("another"), settings.models_dir
    opened = {("another", models): other, (BUNDLED_MODEL, models): encoder}
    monkeypatch.setattr(wiring, "_encoders", opened)
    monkeypatch.setattr(wiring, "_pair_readers", {models: pairs})
    wiring.build_index(settings)
    *_, answer = wiring.open_assistant(settings).ask("Who steers the ferry to Elva?")
    assert isinstance(answer, Answer)
    assert answer.kind is AnswerKind.ANSWERED
    assert [claim.text for claim in answer.claims] == ["Ada Okoye steers it."]
    assert other.encoded[-1] == "Who steers the ferry to Elva?"
