"""Questions and claims read together with a text: every token at its place, from any thread, and weights
that ship small."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings

from rag.core.errors import EmbeddingError
from rag.models.pairs import WEIGHTS, PairReader, open_pair_reader, packed, unpacked
from tests.strategies import texts

FERRY = (
    "The ferry to Elva carries forty people. Ada Okoye steers it. In winter the harbour is closed, and "
    "the town is reached by the coast road."
)


def test_every_token_of_the_text_lies_in_it_in_order(pairs: PairReader) -> None:
    (reading,) = pairs.read([("Who steers the ferry?", FERRY)])
    spans = list(zip(reading.starts.tolist(), reading.ends.tolist(), strict=True))
    assert "".join(FERRY[start:end] for start, end in spans) == FERRY.replace(" ", "")
    assert len(reading.bearing) == len(reading.wording) == len(spans)


@given(texts, texts)
@settings(max_examples=20)
@example("", "")
@example("İbrahim KALIN 😀", "e\u0301te\u0301 Kalın’ın\r\n\tU.S. 東京 ﬁn")
def test_any_text_can_be_read(pairs: PairReader, asked: str, text: str) -> None:
    (reading,) = pairs.read([(asked, text)])
    assert np.isfinite([reading.answers, reading.supports]).all()
    assert (reading.starts <= reading.ends).all()
    assert (reading.ends <= len(text)).all()


def test_what_lies_beyond_the_window_is_not_read(pairs: PairReader) -> None:
    long = "word " * 2000
    asked, text = pairs.read([(long, FERRY), ("Who?", long)])
    assert len(asked.starts) == len(pairs.read([("Who?", FERRY)])[0].starts)
    assert 200 < len(text.starts) < 2000


def test_pairs_come_in_their_order_however_many_and_again(pairs: PairReader) -> None:
    asked = [(f"Who steers ferry number {number}?", FERRY[: 30 + number]) for number in range(40)]
    together = pairs.read([*asked, *asked[::-1]])
    alone = [pairs.read([pair])[0] for pair in asked]
    assert [r.answers for r in together[:40]] == pytest.approx([r.answers for r in alone], abs=0.05)
    assert [r.answers for r in together[40:]] == [r.answers for r in together[:40]][::-1]


def test_eight_threads_get_what_one_gets(pairs: PairReader) -> None:
    asked = [(f"Who is on ferry number {number}?", FERRY) for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda at: pairs.read(asked[at::8]), range(8)))
    alone = pairs.read(asked)
    for at, share in enumerate(shares):
        expected = [reading.answers for reading in alone[at::8]]
        assert [reading.answers for reading in share] == pytest.approx(expected, abs=0.05)


def test_a_text_that_answers_is_told_from_one_that_does_not(pairs: PairReader) -> None:
    question = "How many people does the ferry to Elva carry?"
    answering, other = pairs.read(
        [(question, FERRY), (question, "The mayor of Elva opened a library. It holds many old books.")]
    )
    assert answering.answers > other.answers + 1
    first = answering.within(0, FERRY.index("."))
    assert answering.bearing[first].mean() > answering.bearing[~first].mean()


def test_the_weights_that_ship_are_small() -> None:
    assert WEIGHTS.stat().st_size < 10_000_000


def test_packed_weights_are_nearly_what_they_were() -> None:
    random = np.random.default_rng(0)
    matrix = random.normal(0, 0.01, (64, 384)).astype(np.float32)
    vector = random.normal(0, 0.01, 384).astype(np.float32)
    arrays = packed({"encoder.layer.weight": matrix, "encoder.layer.bias": vector}, "a digest")
    back = unpacked(arrays)
    np.testing.assert_array_equal(back["encoder.layer.bias"], vector)
    error = np.linalg.norm(back["encoder.layer.weight"] - matrix) / np.linalg.norm(matrix)
    assert error < 0.2
    assert arrays["encoder.layer.weight:steps"].dtype == np.int8


@pytest.mark.parametrize("damage", ["missing", "empty", "no archive"])
def test_weights_that_cannot_be_read_are_said(tmp_path: Path, damage: str) -> None:
    weights = tmp_path / "pairs.npz"
    if damage != "missing":
        weights.write_bytes(b"" if damage == "empty" else b"no archive")
    with pytest.raises(EmbeddingError, match="weights"):
        open_pair_reader(tmp_path / "models", weights=weights)
