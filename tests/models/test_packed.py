"""The packed network opens as it was written, runs as PyTorch runs it, and says what to do when it is
damaged. The networks here are small and hold chance alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lab.train.reader_network import Reader
from rag.core.errors import EmbeddingError
from rag.models.backbone import Backbone
from rag.models.packed import BLOCK, FORMAT, Packed, WordPieces, read_packed, write_packed

WIDTH, INNER, LAYERS = 64, 96, 2
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁mill", "▁open", "ed", ".", "▁açtı", "a")


def made() -> Packed:
    chance = np.random.default_rng(3)

    def drawn(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.2, shape).astype(np.float32)

    arrays = {"positions": drawn(64, WIDTH), "norm.weight": drawn(WIDTH) + 1, "norm.bias": drawn(WIDTH)}
    for number in range(LAYERS):
        for part, rows, columns in (
            ("query", WIDTH, WIDTH),
            ("key", WIDTH, WIDTH),
            ("value", WIDTH, WIDTH),
            ("attended", WIDTH, WIDTH),
            ("inner", INNER, WIDTH),
            ("outer", WIDTH, INNER),
        ):
            arrays[f"layers.{number}.{part}.weight"] = drawn(rows, columns)
            arrays[f"layers.{number}.{part}.bias"] = drawn(rows)
        for part in ("attended_norm", "outer_norm"):
            arrays[f"layers.{number}.{part}.weight"] = drawn(WIDTH) + 1
            arrays[f"layers.{number}.{part}.bias"] = drawn(WIDTH)
    words = WordPieces(
        chance.integers(0, 256, (len(PIECES), WIDTH // 2), dtype=np.uint8),
        np.full((len(PIECES), WIDTH // BLOCK), 0.02, dtype=np.float16),
    )
    scores = -np.arange(len(PIECES), dtype=np.float32)
    card = {"layers": LAYERS, "heads": 4, "epsilon": 1e-12}
    return Packed(card, PIECES, scores, words, arrays)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "reader.npz"
    write_packed(path, made())
    return path


def test_what_is_read_is_what_was_written_but_for_the_steps_of_matrices(path: Path) -> None:
    written, read = made(), read_packed(path)
    assert (read.pieces, read.scores.tolist()) == (written.pieces, written.scores.tolist())
    assert np.array_equal(read.words.codes, written.words.codes)
    assert read.arrays.keys() == written.arrays.keys()
    for name, array in written.arrays.items():
        if array.ndim == 1:
            assert np.array_equal(read.arrays[name], array)
        else:
            assert np.corrcoef(read.arrays[name].ravel(), array.ravel())[0, 1] > 0.999


def test_two_numbers_lie_in_one_byte_low_half_first_less_eight() -> None:
    codes = np.arange(BLOCK // 2, dtype=np.uint8)[None] | np.uint8(15 << 4)
    (vector,) = WordPieces(codes, np.full((1, 1), 0.5, dtype=np.float16)).of(np.array([0]))
    assert vector.tolist() == [(n - 8) / 2 for n in range(BLOCK // 2)] + [3.5] * (BLOCK // 2)


def test_the_tokens_stand_where_their_letters_do(path: Path) -> None:
    text = "the\n\u200bmill açtı 東."
    read = read_packed(path).tokenizer().encode(text)
    assert read.tokens == ["<s>", "▁the", "▁mill", "▁açtı", "▁", "東", ".", "</s>"]
    assert [text[start:end].strip("\n\u200b ") for start, end in read.offsets[1:-1]] == [
        "the",
        "mill",
        "açtı",
        "",
        "東",
        ".",
    ]


def test_it_runs_as_in_training_whatever_it_is_read_beside(path: Path) -> None:
    backbone = Backbone(path)
    ids = [backbone.tokenizer.encode(text).ids for text in ("the mill", "the mill opened.", "a")]
    network = Reader(read_packed(path)).eval()
    found = {}
    for rows, states, mask in backbone.states(ids):
        for place, row in enumerate(rows):
            found[row] = states[place, : int(mask[place].sum())]
    for row, tokens in enumerate(ids):
        with torch.no_grad():
            theirs = network.states(torch.tensor([tokens]), torch.ones((1, len(tokens))))[0].numpy()
        assert found[row].shape == theirs.shape
        # The processor may compute in bfloat16.
        assert np.abs(found[row] - theirs).mean() < 0.02


@pytest.mark.parametrize("kept", [0, 10, 0.5])
def test_a_file_that_is_cut_off_says_what_to_do(path: Path, kept: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole)) if kept < 1 else int(kept)])
    with pytest.raises(EmbeddingError, match=r"reader\.npz are missing or damaged .* Install again"):
        read_packed(path)


def test_weights_of_another_version_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.packed.FORMAT", FORMAT + 1)
    with pytest.raises(EmbeddingError, match=f"format {FORMAT}; .* reads format {FORMAT + 1}"):
        read_packed(path)


def test_a_card_is_kept_with_the_format(path: Path) -> None:
    assert read_packed(path).card == {**made().card, "format": FORMAT}
    write_packed(path, replace(made(), card={**made().card, "licence": "MIT"}))
    assert read_packed(path).card["licence"] == "MIT"
