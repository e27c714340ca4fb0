"""The packed network opens as it was written, runs as PyTorch runs it, and says what to do when it is
damaged. The networks here are small and hold chance alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lab.train.examples import Example
from lab.train.network import HEADS, Reader, lengths, make_batch
from rag.core.errors import EmbeddingError
from rag.models.backbone import Backbone
from rag.models.packed import BLOCK, FORMAT, Packed, WordPieces, read_packed, write_packed
from rag.models.pairs import PairReader, PairReading, logit

WIDTH, INNER, LAYERS, POSITIONS = 64, 96, 2, 512
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁mill", "▁open", "ed", ".", "▁açtı", "a")


PROMPTS = {"query": "a ", "document": "the "}
# Probabilities are those of the logits as they are.
AS_THEY_ARE = {
    "answers": (1.0, 0.0),
    "bears": (1.0, 0.0, 0.0, 0.0),
    "stance": (1.0, 0.0, 0.0),
}


def made(pieces: tuple[str, ...] = PIECES, layers: int = LAYERS) -> Packed:
    """A whole network that can be searched with, reads and judges; what it says is chance."""
    chance = np.random.default_rng(3)

    def drawn(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.2, shape).astype(np.float32)

    arrays = {
        "positions": drawn(POSITIONS, WIDTH),
        "norm.weight": drawn(WIDTH) + 1,
        "norm.bias": drawn(WIDTH),
    }
    for number in range(layers):
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
    for name, size in HEADS.items():
        arrays[f"heads.{name}.weight"], arrays[f"heads.{name}.bias"] = drawn(size, WIDTH), drawn(size)
    words = WordPieces(
        chance.integers(0, 256, (len(pieces), WIDTH // 2), dtype=np.uint8),
        np.full((len(pieces), WIDTH // BLOCK), 0.02, dtype=np.float16),
    )
    scores = -np.arange(len(pieces), dtype=np.float32)
    card = {
        "layers": layers,
        "heads": 4,
        "epsilon": 1e-12,
        "prompts": PROMPTS,
        "calibration": AS_THEY_ARE,
    }
    return Packed(card, pieces, scores, words, arrays)


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
    as_json = json.loads(json.dumps(made().card))
    assert read_packed(path).card == {**as_json, "format": FORMAT}
    write_packed(path, replace(made(), card={**made().card, "licence": "MIT"}))
    assert read_packed(path).card["licence"] == "MIT"


def test_the_identity_changes_with_what_makes_a_vector_and_with_nothing_else(path: Path) -> None:
    identity = Backbone(path).identity
    assert len(identity) == 16
    written = made()
    written.arrays["heads.answers.bias"][0] += 1
    write_packed(path, written)
    assert Backbone(path).identity == identity
    written.arrays["norm.bias"][0] += 1e-6
    write_packed(path, written)
    assert Backbone(path).identity != identity


def test_what_heads_there_are_is_opened_with_the_network(path: Path) -> None:
    backbone = Backbone(path)
    assert backbone.dimension == WIDTH
    assert {name: array.shape for name, array in backbone.heads.items()} == {
        f"{name}.{part}": shape
        for name, size in HEADS.items()
        for part, shape in (("weight", (size, WIDTH)), ("bias", (size,)))
    }


PAIRS = (
    ("a mill", "the mill opened. the mill shut."),
    ("the mill opened", "a."),
    ("a", "the mill 東 opened.\na mill."),
)


def test_pairs_are_read_as_in_training(path: Path) -> None:
    network, tokenizer = Reader(read_packed(path)).eval(), read_packed(path).tokenizer()
    for pair, reading in zip(PAIRS, PairReader(Backbone(path)).read(PAIRS), strict=True):
        examples = [Example("made", "", *pair)]
        with torch.no_grad():
            figures = network.read(make_batch(tokenizer, examples, lengths(tokenizer, examples)[0]))
        # The processor may compute in bfloat16.
        assert logit(reading.answers) == pytest.approx(float(figures.answers[0]), abs=0.15)
        shares = figures.stance[0].softmax(dim=0).numpy()
        assert [reading.supports, reading.contradicts] == pytest.approx(shares[:2], abs=0.05)
        tokens = figures.tokens[0, -1 - len(reading.starts) : -1].numpy()
        assert np.abs(np.column_stack([reading.bearing, reading.wording]) - tokens).mean() < 0.06


def read_as(path: Path, calibration: Mapping[str, tuple[float, ...]]) -> PairReading:
    write_packed(path, replace(made(), card={**made().card, "calibration": calibration}))
    (reading,) = PairReader(Backbone(path)).read(PAIRS[:1])
    return reading


def test_probabilities_are_as_the_card_calibrates_them(path: Path) -> None:
    plain = read_as(path, AS_THEY_ARE)
    found = read_as(
        path,
        {"answers": (0.5, -0.4), "bears": (0.6, 0.3, 0.2, -0.1), "stance": (0.25, 0.7, -0.2)},
    )
    assert logit(found.answers) == pytest.approx(0.5 * logit(plain.answers) - 0.4, abs=1e-3)
    end = PAIRS[0][1].index(".") + 1
    inside = plain.within(0, end)
    assert 0 < inside.sum() < len(inside)
    assert logit(found.bears(0, end) or 0.0) == pytest.approx(
        0.6 * plain.bearing[inside].mean()
        + 0.3 * logit(found.answers)
        + 0.2 * plain.wording[inside].max()
        - 0.1,
        abs=1e-3,
    )
    shares = np.array([plain.supports, plain.contradicts, 1 - plain.supports - plain.contradicts])
    weighed = shares**0.25 * np.exp([0.7, -0.2, 0.0])
    assert [found.supports, found.contradicts] == pytest.approx(weighed[:2] / weighed.sum(), abs=1e-3)


def test_a_claim_is_supported_as_little_as_the_least_met_of_its_words(path: Path) -> None:
    written = made()
    written.arrays["heads.claim.weight"][:] = 0.0
    written.arrays["heads.claim.bias"][:] = -20.0
    write_packed(path, written)
    (met,) = PairReader(Backbone(path)).read(PAIRS[:1])
    written.arrays["heads.claim.bias"][:] = 20.0
    write_packed(path, written)
    (unmet,) = PairReader(Backbone(path)).read(PAIRS[:1])
    assert met.supports > 0.999
    assert unmet.supports < 0.001
    assert unmet.answers == met.answers
