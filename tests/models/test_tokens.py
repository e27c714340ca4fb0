"""Tokens: tiktoken counts when it can, another when it cannot, and nobody waits for it twice."""

import logging
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.tokens import SLICE_CHARACTERS, Count, TokenCounter, _slices


def count_words(text: str) -> int:
    return len(text.split())


def test_the_loaded_vocabulary_counts() -> None:
    counter = TokenCounter(fallback=count_words, load=lambda: len)
    assert (counter.count("two words"), counter.source) == (9, "tiktoken's o200k_base")


def test_nothing_is_loaded_before_the_first_count() -> None:
    asked = []

    def load() -> Count:
        asked.append("load")
        return len

    counter = TokenCounter(fallback=count_words, load=load)
    assert asked == []
    counter.count("one")
    counter.count("two")
    assert asked == ["load"]


def test_without_a_network_the_fallback_counts_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def load() -> Count:
        raise ConnectionError("no such host")

    counter = TokenCounter(fallback=count_words, load=load)
    with caplog.at_level(logging.WARNING, logger="rag.models.tokens"):
        counts = [counter.count("two words"), counter.count("three more words")]
    assert counts == [2, 3]
    assert counter.source == "the embedding model's own tokenizer"
    assert [record.getMessage() for record in caplog.records] == [
        "Tokens are counted with the embedding model's own tokenizer, because tiktoken's vocabulary "
        "cannot be loaded (ConnectionError: no such host). To count with tiktoken, start once with a "
        "network, or set TIKTOKEN_CACHE_DIR to a folder that holds it."
    ]


def test_a_download_that_hangs_is_waited_for_once() -> None:
    let_go = threading.Event()
    started = []

    def load() -> Count:
        started.append("load")
        let_go.wait()
        return len

    counter = TokenCounter(fallback=count_words, load=load, patience_seconds=0.01)
    try:
        assert [counter.count("two words") for _ in range(100)] == [2] * 100
        assert started == ["load"]
    finally:
        let_go.set()


def test_a_vocabulary_that_comes_too_late_does_not_change_the_count() -> None:
    let_go, came = threading.Event(), threading.Event()

    def load() -> Count:
        let_go.wait()
        came.set()
        return len

    counter = TokenCounter(fallback=count_words, load=load, patience_seconds=0.01)
    before = counter.count("two words")
    let_go.set()
    came.wait()
    assert (before, counter.count("two words")) == (2, 2)


def test_callers_at_the_same_time_share_one_load() -> None:
    started = []

    def load() -> Count:
        started.append("load")
        time.sleep(0.02)
        return len

    counter = TokenCounter(fallback=count_words, load=load)
    callers = [threading.Thread(target=counter.count, args=("text",)) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert started == ["load"]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "ab " * 400_000, " " * 900_000, ""])
def test_no_piece_that_is_counted_is_long(text: str) -> None:
    pieces: list[str] = []

    def count(piece: str) -> int:
        pieces.append(piece)
        return len(piece)

    assert TokenCounter(fallback=count_words, load=lambda: count).count(text) == len(text)
    assert max(map(len, pieces), default=0) <= SLICE_CHARACTERS


@given(st.lists(st.sampled_from(["word", " ", "\n", "a" * 3_000, " " * 2_500, "İ"])).map("".join))
def test_the_pieces_make_up_the_text(text: str) -> None:
    assert "".join(_slices(text)) == text
    assert all(_slices(text))


def test_a_text_is_cut_at_a_space() -> None:
    text = "x" * 3_000 + " " + "y" * 3_000
    assert _slices(text) == ["x" * 3_000, " " + "y" * 3_000]
