"""Keywords: rows come back by how well they hold the terms, from the disk as from memory."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.errors import IndexUnusable
from rag.index.keywords import KeywordIndex, write_keywords

ROWS = (("ship", "harbour"), ("harbour",), (), ("ship", "ship", "harbour", "storm"), ("harbour",))


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    write_keywords(tmp_path / "keywords", ROWS)
    return KeywordIndex(tmp_path / "keywords")


def found(index: KeywordIndex, *terms: str, count: int = 10) -> list[int]:
    return [row for row, _ in index.search(terms, count)]


def test_rows_that_hold_a_term_are_found_and_no_others(index: KeywordIndex) -> None:
    assert sorted(found(index, "ship")) == [0, 3]
    assert sorted(found(index, "harbour")) == [0, 1, 3, 4]
    assert found(index, "storm") == [3]


def test_a_row_that_holds_a_term_more_often_comes_first(index: KeywordIndex) -> None:
    assert found(index, "ship") == [3, 0]


def test_a_rare_term_weighs_more_than_a_common_one(index: KeywordIndex) -> None:
    assert found(index, "storm", "harbour")[0] == 3
    (_, rare), (_, common) = index.search(["storm"], 1)[0], index.search(["harbour"], 1)[0]
    assert rare > common


def test_equal_rows_come_in_their_order(tmp_path: Path) -> None:
    write_keywords(tmp_path / "keywords", [("ship",)] * 40)
    index = KeywordIndex(tmp_path / "keywords")
    assert found(index, "ship", count=40) == list(range(40))
    assert found(index, "ship", count=1) == [0]
    assert found(index, "ship", count=7) == list(range(7))


def test_scores_are_given_best_first_and_are_those_of_the_rows(index: KeywordIndex) -> None:
    hits = index.search(["ship", "storm"], 10)
    scores = index.scores(["ship", "storm"])
    assert scores is not None
    assert hits == [(row, float(scores[row])) for row in (3, 0)]
    assert scores.shape == (5,)


def test_a_term_said_twice_counts_once(index: KeywordIndex) -> None:
    assert index.search(["ship", "ship"], 10) == index.search(["ship"], 10)


def test_a_mask_leaves_rows_out(index: KeywordIndex) -> None:
    allowed = np.array([False, True, True, False, True])
    assert [row for row, _ in index.search(["harbour", "ship"], 10, allowed)] == [1, 4]
    assert index.search(["harbour"], 10, np.zeros(5, dtype=bool)) == []


@pytest.mark.parametrize("terms", [[], ["unknown"], ["unknown", "other"], [""]])
def test_terms_that_stand_nowhere_find_nothing(index: KeywordIndex, terms: list[str]) -> None:
    assert index.scores(terms) is None
    assert index.search(terms, 10) == []


def test_an_unknown_term_does_not_spoil_a_known_one(index: KeywordIndex) -> None:
    assert index.search(["unknown", "ship"], 10) == index.search(["ship"], 10)


def test_document_frequency_counts_rows(index: KeywordIndex) -> None:
    terms = ("ship", "harbour", "storm", "unknown", "")
    assert [index.document_frequency(term) for term in terms] == [2, 4, 1, 0, 0]


@pytest.mark.parametrize("rows", [[], [()], [(), ()]])
def test_without_a_term_anywhere_nothing_is_found(tmp_path: Path, rows: list[list[str]]) -> None:
    write_keywords(tmp_path / "keywords", rows)
    index = KeywordIndex(tmp_path / "keywords")
    assert index.search(["ship"], 10, np.ones(len(rows), dtype=bool)) == []
    assert index.scores(["ship"]) is None
    assert index.document_frequency("ship") == 0


def test_terms_of_any_script_come_back_from_the_disk(tmp_path: Path) -> None:
    terms = ["kalin", "@ibrahim-kalin", "الرئيس", "東京", "3.5", "o'neill", "İ", "null", "__x__"]
    write_keywords(tmp_path / "keywords", [[term] for term in terms])
    index = KeywordIndex(tmp_path / "keywords")
    assert [found(index, term) for term in terms] == [[row] for row in range(len(terms))]


@given(
    st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=12),
    st.lists(st.sampled_from("abcdef"), max_size=4),
)
def test_a_row_is_found_exactly_when_it_holds_a_term(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], terms: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("keywords") / "index"
    write_keywords(folder, rows)
    index = KeywordIndex(folder)
    hits = index.search(terms, 20)
    assert sorted(row for row, _ in hits) == [
        row for row, held in enumerate(rows) if set(held) & set(terms)
    ]
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    for term in "abcdef":
        assert index.document_frequency(term) == sum(term in held for held in rows)


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        KeywordIndex(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"something else"])
@pytest.mark.parametrize(
    "name", ["card.json", "vocab.index.json", "params.index.json", "data.csc.index.npy"]
)
def test_a_damaged_file_is_said_in_words(tmp_path: Path, name: str, content: bytes | None) -> None:
    write_keywords(tmp_path / "keywords", ROWS)
    path = tmp_path / "keywords" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        KeywordIndex(tmp_path / "keywords")


def test_the_term_spelled_most_like_another_is_found(tmp_path: Path) -> None:
    write_keywords(tmp_path / "keywords", [["krasikov", "rank"], ["krasnov"]])
    index = KeywordIndex(tmp_path / "keywords")
    assert index.nearest_term("krassikov") == "krasikov"
    assert index.nearest_term("krasikov") is None
    assert index.nearest_term("zanzibar") is None
