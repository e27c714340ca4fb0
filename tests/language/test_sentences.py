"""Sentences: nothing is lost, nothing is said twice, and points that end nothing end nothing."""

from itertools import pairwise

import pytest
from hypothesis import example, given

from rag.core.records import Sentence
from rag.language.sentences import HEADING_WORDS, split_sentences
from tests.strategies import texts


def split(text: str, title: str | None = None) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, title)]


def headings(text: str, title: str | None = None) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, title) if s.is_heading]


@given(texts)
@example("\x1c.\x1c\x85a\u2028 b.\r\n\rc")
def test_every_visible_character_lies_in_one_sentence(text: str) -> None:
    covered = [place for s in split_sentences(text) for place in range(s.start, s.end)]
    assert len(covered) == len(set(covered))
    missing = set(range(len(text))) - set(covered)
    assert "".join(text[place] for place in sorted(missing)).strip() == ""


@given(texts)
def test_sentences_are_in_order_and_apart(text: str) -> None:
    found = split_sentences(text)
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(texts)
def test_no_sentence_has_white_space_around_it(text: str) -> None:
    assert [sentence for sentence in split(text) if sentence != sentence.strip()] == []


@given(texts)
def test_splitting_twice_gives_the_same(text: str) -> None:
    assert split_sentences(text, "Title") == split_sentences(text, "Title")


# The bar stands where a sentence ends.
ONE_LINE = [
    "He met Dr. Kalin in Damascus. | They spoke.",
    "Gen. Abdi spoke. | He left.",
    "Lt. Gen. Smith spoke on Monday. | He left.",
    "Mr. and Mrs. Brown left. | They drove.",
    "He met Sen. Graham. | They spoke.",
    "St. Petersburg is cold. | It snows.",
    "It began on Sept. 16 in Rome. | It ended soon.",
    "He came in Dec. 2023 and left. | She stayed.",
    "Vol. 3 came out in Oct. | It sold well.",
    "The U.S. decision was welcomed. | It came late.",
    "The U.K. Foreign Office spoke. | It denied it.",
    "It was made by the U.S. | The decision came late.",
    "He lives in the U.S. | He likes it.",
    "No. 5 was the best. | It won.",
    "See p. 5 for more. | Then read on.",
    "He said no. | Then he left.",
    "They met on Sat. | He left.",
    "They were in the sun. | He left.",
    "He read J. R. R. Tolkien. | He liked it.",
    "He saw George W. Bush. | They spoke.",
    "J. Smith left. | K. Brown stayed.",
    "It began at 9 a.m. on Monday. | It ended at 5 p.m. | They left.",
    "It rose 3.5 percent. | It fell 2.1 percent.",
    "It cost $1.5 million. | That is a lot.",
    "It was the year 2023. | 500 people came.",
    "Is it true? | Yes! | It is.",
    '"We will go." | He left.',
    'He said "We will go." | Then he left.',
    'He asked, "Will you go?" | She did.',
    "He said: “No.” | “Yes,” she said.",
    "“Will you go?” he asked. | She nodded.",
    "They met [in Rome]. | They spoke.",
    "They met (in Rome). | They spoke.",
    "Wait... | He left.",
    "He waited ... and left. | She stayed.",
    "He waited… and left. | She stayed.",
    "Wait… | He left.",
    "(He left early.) | They stayed.",
    "It closes in May. | Repairs take time.",
    "He told me. | Repairs go on.",
    "1. First point is made. | 2. Second point is made.",
    "Doç. Dr. Ayşe Yılmaz konuştu. | Sonra gitti.",
    "Prof. Dr. Ali Veli geldi. | Gitti.",
    "Tuğg. Ali konuştu. | Sonra gitti.",
    "Kalın'ın ziyareti bitti. | İbrahim döndü.",
    "قال الرئيس ذلك؟ | نعم. | ثم غادر.",
]


@pytest.mark.parametrize("marked", ONE_LINE)
def test_a_line_is_split_where_its_sentences_end(marked: str) -> None:
    assert split(marked.replace(" | ", " ")) == marked.split(" | ")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_text_broken_to_fit_a_page_is_read_as_one(ending: str) -> None:
    lines = [
        "The delegation arrived at the airport late in the evening and went on",
        "to the palace, where the talks had already begun without waiting for",
        "anyone. The host spoke first. Nobody took notes of what he said about",
        "Turkey and the border.",
    ]
    assert [sentence.split() for sentence in split(ending.join(lines))] == [
        sentence.split()
        for sentence in (
            "The delegation arrived at the airport late in the evening and went on to the palace, "
            "where the talks had already begun without waiting for anyone.",
            "The host spoke first.",
            "Nobody took notes of what he said about Turkey and the border.",
        )
    ]


def test_a_sentence_keeps_the_white_space_inside_it() -> None:
    text = "He  came\tlate.   She left."
    assert split_sentences(text) == (Sentence(0, 14), Sentence(17, 26))


def test_a_short_line_without_a_point_is_a_heading() -> None:
    text = "The road north\n\nThey drove for days. It rained.\n\nWhat came after\nNothing came after it."
    assert split(text) == [
        "The road north",
        "They drove for days.",
        "It rained.",
        "What came after",
        "Nothing came after it.",
    ]
    assert headings(text) == ["The road north", "What came after"]


def test_a_long_line_without_a_point_is_no_heading() -> None:
    assert headings(" ".join(["Word"] * HEADING_WORDS)) == [" ".join(["Word"] * HEADING_WORDS)]
    assert headings(" ".join(["Word"] * (HEADING_WORDS + 1))) == []


def test_the_title_is_a_heading_whatever_it_ends_with() -> None:
    text = "Who sails north?\n\nNobody does. Why should they?"
    assert headings(text, "Who sails north?") == ["Who sails north?"]
    assert headings(text, " Who sails north?\n") == ["Who sails north?"]
    assert headings(text) == []


def test_an_item_of_a_list_is_its_own_sentence_and_no_heading() -> None:
    text = "They want:\n- more ships\n- fewer rules\n1. one harbour\n(2) two masts"
    assert split(text) == [
        "They want:",
        "- more ships",
        "- fewer rules",
        "1. one harbour",
        "(2) two masts",
    ]
    assert headings(text) == ["They want:"]


def test_a_number_of_a_list_stays_with_its_item() -> None:
    assert split("3. First comes the harbour. 4. Then comes the sea.") == [
        "3. First comes the harbour.",
        "4. Then comes the sea.",
    ]


def test_a_closing_quote_or_bracket_is_no_sentence() -> None:
    assert split("He left. ” She stayed. )") == ["He left. ”", "She stayed. )"]


@pytest.mark.parametrize("text", ["", " ", "\r\n\n\t\u00a0\u2028"])
def test_a_text_without_a_visible_character_has_no_sentence(text: str) -> None:
    assert split_sentences(text, "Title") == ()
