"""Words stand where they are said to stand, and spellings of one name meet."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.language.text import Word, fold, fold_word, plain, words
from tests.strategies import texts


@given(texts)
def test_words_are_in_order_and_do_not_overlap(text: str) -> None:
    edges = [edge for word in words(text) for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(0 <= word.start < word.end <= len(text) for word in words(text))


@given(texts)
def test_the_text_at_a_words_span_folds_to_the_word(text: str) -> None:
    for word in words(text):
        assert fold_word(text[word.start : word.end]) == word.folded


@given(texts)
def test_every_letter_and_digit_that_folds_lies_in_a_word(text: str) -> None:
    inside = {place for word in words(text) for place in range(word.start, word.end)}
    for place, letter in enumerate(text):
        if letter.isalnum() and fold(letter):
            assert place in inside


@given(texts)
@example("İİİ'ın ŉ 'S IŞIK’ın")
def test_a_plain_text_is_as_long_as_the_text(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(texts)
@example("Kalin's's")
def test_a_plain_text_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(texts)
def test_a_folded_text_is_folded_already(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.characters(codec="utf-8"))
def test_case_does_not_outlive_folding(letter: str) -> None:
    assert fold(letter) == fold(letter).lower()


@given(texts, texts)
def test_words_of_one_line_do_not_depend_on_the_next(first: str, second: str) -> None:
    assert words(f"{first}\n{second}")[: len(words(first))] == words(first)


def test_six_spellings_of_a_name_are_one_word() -> None:
    spellings = ["Kalin", "Kalın", "KALIN", "kalın'ın", "Kalin's", "kalin"]
    assert [fold_word(spelling) for spelling in spellings] == ["kalin"] * 6


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("KALIN'IN", "kalin"),
        ("Kalın’ın", "kalin"),
        ("KALİN", "kalin"),
        ("Ankara'dan", "ankara"),
        ("Ankara'nın", "ankara"),
        ("Türkiye'ye", "turkiye"),
        ("İstanbul'un", "istanbul"),
        ("Suriye'de", "suriye"),
        ("Erdoğan'ı", "erdogan"),
        ("ISIS's", "isis"),
        ("İbrahim", "ibrahim"),
        ("Łódź", "lodz"),
        ("Sørensen", "sorensen"),
        ("Đorđe", "dorde"),
        ("ﬁnance", "finance"),
        ("Straße", "strasse"),
        ("U.S.", "us"),
        ("a.m.", "am"),
        ("20,000", "20000"),
        ("3.5", "3.5"),
        ("12:30", "12:30"),
        ("O'Neill", "o'neill"),
        ("O’Neill", "o'neill"),
        ("don't", "don't"),
        ("العـربية", "العربية"),
    ],
)
def test_a_word_folds(word: str, folded: str) -> None:
    assert words(word) == [Word(0, len(word), folded)]


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    assert words("Tu\u0308rkiye") == [Word(0, 8, "turkiye")]


def test_vowel_marks_do_not_cut_an_arabic_word() -> None:
    assert words("مُحَمَّد") == [Word(0, 8, "محمد")]


def test_words_carry_their_place_in_the_original() -> None:
    text = "“İbrahim Kalın’ın” — U.S. visit"
    assert words(text) == [
        Word(1, 8, "ibrahim"),
        Word(9, 17, "kalin"),
        Word(21, 25, "us"),
        Word(26, 31, "visit"),
    ]


def test_what_hangs_on_a_name_becomes_spaces() -> None:
    assert plain("Kalın'ın evi, Fidan’s car, don't") == "Kalin    evi, Fidan   car, don't"


def test_a_text_without_a_letter_has_no_words() -> None:
    assert words(" \n — … ' _ 😀 ()") == []
