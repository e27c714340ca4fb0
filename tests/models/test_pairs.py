"""Questions and claims read together with a text: every token at its place, from any thread, and weights
that ship small."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings

from rag.core.errors import EmbeddingError
from rag.models.backbone import WEIGHTS, Backbone, open_backbone
from rag.models.pairs import PairReader
from tests.strategies import texts

FERRY = (
    "The ferry to Elva carries forty people. Ada Okoye steers it. In winter the harbour is closed, and "
    "the town is reached by the coast road."
)


def test_every_token_of_the_text_lies_in_it_in_order(pairs: PairReader) -> None:
    (reading,) = pairs.read([("Who steers the ferry?", FERRY)])
    spans = list(zip(reading.starts.tolist(), reading.ends.tolist(), strict=True))
    assert "".join(FERRY[start:end] for start, end in spans) == FERRY
    assert len(reading.bearing) == len(reading.wording) == len(spans)


@given(texts, texts)
@settings(max_examples=20)
@example("", "")
@example("İbrahim KALIN 😀", "e\u0301te\u0301 Kalın’ın\r\n\tU.S. 東京 ﬁn")
def test_any_text_can_be_read(pairs: PairReader, asked: str, text: str) -> None:
    (reading,) = pairs.read([(asked, text)])
    for probability in (reading.answers, reading.supports, reading.contradicts):
        assert 0 <= probability <= 1
    assert reading.supports + reading.contradicts <= 1 + 1e-6
    assert np.isfinite([*reading.bearing, *reading.wording]).all()
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
    assert answering.answers > other.answers
    first = FERRY.index(".") + 1
    of_first, of_rest = answering.bears(0, first), answering.bears(first + 1, len(FERRY))
    assert of_first is not None
    assert of_rest is not None
    assert 0 <= of_rest < of_first <= 1


def test_of_a_sentence_that_was_not_read_nothing_is_known(pairs: PairReader) -> None:
    (reading,) = pairs.read([("Who steers the ferry?", f"{FERRY} " * 40)])
    assert reading.bears(0, len(FERRY)) is not None
    assert reading.bears(39 * len(FERRY), 40 * len(FERRY)) is None


def test_a_claim_that_is_said_is_told_from_one_that_is_denied(pairs: PairReader) -> None:
    said, denied = pairs.read(
        [("The harbour is closed in winter.", FERRY), ("The harbour is not closed in winter.", FERRY)]
    )
    assert said.supports > denied.supports
    assert said.contradicts < denied.contradicts


def test_the_weights_that_ship_fit_a_repository() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.parent.iterdir()) <= 60_000_000


def test_the_network_is_opened_once() -> None:
    assert open_backbone() is open_backbone(WEIGHTS)


@pytest.mark.parametrize("kept", [None, 0, 100, 1_000_000])
def test_weights_that_are_missing_or_cut_off_say_what_to_do(tmp_path: Path, kept: int | None) -> None:
    weights = tmp_path / "reader.npz"
    if kept is not None:
        with WEIGHTS.open("rb") as whole:
            weights.write_bytes(whole.read(kept))
    with pytest.raises(EmbeddingError, match=r"reader\.npz are missing or damaged .* Install again"):
        Backbone(weights)
