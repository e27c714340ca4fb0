"""Weights are applied to the encoder that they were fitted to, and to no other."""

from pathlib import Path

import numpy as np
import pytest

from rag.asking import evidence
from rag.asking.evidence import Evidence
from rag.core.errors import EmbeddingError
from rag.core.settings import BUNDLED_MODEL
from rag.index.passages import PassageRules
from rag.judging import support
from rag.judging.support import EncoderJudge
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder, bundled_model, digest_of, open_encoder
from rag.models.pairs import WEIGHTS, PairReader, open_pair_reader, read_weights
from tests.hash_encoder import HashEncoder


@pytest.mark.parametrize(
    ("file", "fitted_to", "made_by"),
    [
        ("rag/asking/evidence.py", evidence.FITTED_TO, "lab/train/weigh.py"),
        ("rag/judging/support.py", support.FITTED_TO, "lab/train/weigh.py"),
        ("rag/models/weights/pairs.npz", read_weights(WEIGHTS)[0], "lab/train/pack.py"),
    ],
)
def test_all_weights_that_ship_were_fitted_to_the_bundled_encoder(
    file: str, fitted_to: str, made_by: str
) -> None:
    bundled = digest_of(bundled_model())
    assert fitted_to == bundled, (
        f"{file} holds weights that were fitted to {fitted_to or 'it does not say what'}; "
        f"the bundled embedding model is {bundled}. Fit them anew with {made_by}."
    )


def test_the_bundled_encoder_says_which_weights_it_has(encoder: Encoder) -> None:
    assert encoder.digest == digest_of(bundled_model())


def test_an_export_of_a_version_before_is_given_its_digest(models_dir: Path, encoder: Encoder) -> None:
    (models_dir / encoder.weights / "weights.sha256").unlink()
    assert open_encoder(BUNDLED_MODEL, models_dir).digest == encoder.digest


def test_where_there_are_no_weights_there_is_no_digest(tmp_path: Path) -> None:
    assert digest_of(str(tmp_path)) == digest_of("no folder") == ""
    (tmp_path / "pytorch_model.bin").write_bytes(b"numbers")
    assert len(digest_of(str(tmp_path))) == 64


def test_what_reads_and_judges_refuses_another_encoder(pairs: PairReader) -> None:
    other = HashEncoder("other")
    with pytest.raises(EmbeddingError, match=r"evidence\.py\) were fitted to another .* than other"):
        Evidence(other, pairs, Lexicon(), PassageRules(256, 160), lambda term: 1.0)
    with pytest.raises(EmbeddingError, match=r"support\.py\) were fitted to another .* than other"):
        EncoderJudge(other, pairs, Lexicon())


@pytest.mark.parametrize("mark", [None, "0" * 64])
def test_a_pair_reader_of_another_encoder_is_refused(tmp_path: Path, mark: str | None) -> None:
    with np.load(WEIGHTS) as shipped:
        arrays = {name: shipped[name] for name in ("whole.weight", "whole.bias")}
    if mark:
        arrays["fitted_to"] = np.array(mark)
    np.savez(tmp_path / "pairs.npz", **arrays)
    with pytest.raises(EmbeddingError, match="fitted to another embedding model"):
        open_pair_reader(tmp_path / "models", weights=tmp_path / "pairs.npz")
