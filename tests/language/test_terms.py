"""Terms: forms of a word are one, names of a thing are one, and a bad line is named."""

from pathlib import Path

import pytest
from hypothesis import given

from rag.core.errors import SettingsError
from rag.language.terms import STOP_WORDS, Lexicon, is_unusual, read_aliases, stem
from rag.language.text import words
from tests.strategies import texts


@pytest.mark.parametrize(
    ("form", "base"),
    [("met", "meet"), ("meetings", "meeting"), ("visited", "visit"), ("women", "woman")],
)
def test_forms_of_a_word_share_a_stem(form: str, base: str) -> None:
    assert stem(form) == stem(base)


def test_a_name_is_unusual_and_a_word_is_not() -> None:
    assert is_unusual("kalin")
    assert not is_unusual("harbour")


def test_stop_words_are_no_terms() -> None:
    assert Lexicon().terms("What did they say about it to the others?") == [
        stem("say"),
        stem("others"),
    ]


def test_groups_that_share_a_name_are_one() -> None:
    lexicon = Lexicon([["Ash", "Birch"], ["Cedar", "Dogwood"], ["Birch", "Cedar"]])
    names = ["Ash", "Birch", "Cedar", "Dogwood"]
    assert [lexicon.name_spans(name) for name in names] == [[(0, len(name), "@ash")] for name in names]


def test_groups_that_share_no_name_are_two() -> None:
    lexicon = Lexicon([["Ash", "Birch"], ["Cedar", "Dogwood"]])
    assert lexicon.terms("birch dogwood") == ["@ash", "@cedar", stem("birch"), stem("dogwood")]


def test_the_longest_name_wins_and_names_do_not_overlap() -> None:
    lexicon = Lexicon(
        [["Islamic State", "IS of Iraq"], ["Islamic State of Iraq", "ISI"], ["Iraq", "Irak"]]
    )
    text = "Islamic State of Iraq, Islamic State, Iraq"
    assert lexicon.name_spans(text) == [
        (0, 21, "@islamic-state-of-iraq"),
        (23, 36, "@islamic-state"),
        (38, 42, "@iraq"),
    ]


def test_a_name_is_known_in_every_spelling(lexicon: Lexicon) -> None:
    for text in ("Ibrahim Kalin", "İBRAHİM KALIN", "İbrahim Kalın'ın", "ibrahim kalin’s", "Kalın"):
        assert lexicon.name_spans(text) == [(0, len(text), "@ibrahim-kalin")]


@pytest.mark.parametrize(
    "text", ["US", "U.S.", "the US and us", "US-led", "the US's role", "the US’s role", "US'"]
)
def test_a_name_in_capitals_that_is_a_word_counts_in_capitals(text: str, lexicon: Lexicon) -> None:
    ((start, end, name),) = lexicon.name_spans(text)
    assert (text[start:end][0], name) == ("U", "@united-states")


@pytest.mark.parametrize("text", ["us", "Us", "let us go", "u.s."])
def test_a_name_in_capitals_that_is_a_word_is_a_word_otherwise(text: str, lexicon: Lexicon) -> None:
    assert lexicon.name_spans(text) == []


def test_the_possessive_s_is_no_word(lexicon: Lexicon) -> None:
    assert lexicon.terms("the U.S.'s decision") == ["@united-states", stem("decision")]


def test_a_hyphened_word_is_found_joined_and_apart() -> None:
    lexicon = Lexicon()
    assert lexicon.terms("cease-fire") == ["ceas", "ceasefir", "fire"]
    assert set(lexicon.terms("ceasefire")) <= set(lexicon.terms("a cease-fire holds"))
    assert set(lexicon.terms("cease - fire")) == {"ceas", "fire"}


@given(texts)
def test_no_term_is_empty_or_a_stop_word(text: str) -> None:
    lexicon = Lexicon([["Kalin", "Doç"], ["US", "USA"]])
    terms = lexicon.terms(text)
    assert "" not in terms
    assert {stem(word.folded) for word in words(text) if word.folded not in STOP_WORDS} <= set(terms)


@given(texts)
def test_names_stand_in_order_and_apart(text: str) -> None:
    lexicon = Lexicon([["Kalin", "Doç. Dr."], ["US", "U.S."], ["no", "No. 5"]])
    spans = lexicon.name_spans(text)
    edges = [edge for start, end, _ in spans for edge in (start, end)]
    assert edges == sorted(edges)
    assert all(start < end for start, end, _ in spans)


def test_other_names_make_another_version() -> None:
    lexicons = [
        Lexicon(),
        Lexicon([["Ash", "Birch"]]),
        Lexicon([["Ash", "Cedar"]]),
        Lexicon([["US", "America"]]),
        Lexicon([["us", "America"]]),
    ]
    assert len({lexicon.version for lexicon in lexicons}) == 5
    assert Lexicon([["Ash", "Birch"]]).version == Lexicon([["ash", "BIRCH"]]).version


def test_aliases_are_read_from_all_files_that_exist(tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("\ufeff# Trees\n\nAsh = Birch\r\n  # more\nU.S. = US = \n", "utf-8")
    second.write_text("Kalın=Kalin", "utf-8")
    assert read_aliases(first, tmp_path / "none.txt", second) == [
        ["Ash", "Birch"],
        ["U.S.", "US"],
        ["Kalın", "Kalin"],
    ]


@pytest.mark.parametrize("line", ["Ash", "Ash =", "= Birch", "… = Birch", "Ash, Birch"])
def test_a_line_with_a_single_name_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "aliases.txt"
    path.write_text(f"# Trees\nCedar = Fir\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"aliases\.txt, line 3:"):
        read_aliases(path)


def test_a_file_of_aliases_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "aliases.txt"
    path.write_bytes(b"Ash = \xff\xfe\n")
    with pytest.raises(SettingsError, match=r"aliases\.txt cannot be read"):
        read_aliases(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_aliases(tmp_path)
