"""Questions: which names they turn on, what kind of thing they want, and how many they are."""

import pytest
from hypothesis import given

from rag.asking.questions import MAX_CHARACTERS, Name, Question, QuestionReader, QuestionWord, Wanted
from rag.core.errors import QuestionError
from rag.language.terms import Lexicon, stem
from rag.language.text import words
from tests.strategies import texts

PLAIN = Lexicon()


def read_one(text: str, lexicon: Lexicon = PLAIN) -> Question:
    (question,) = QuestionReader(lexicon).read(text)
    return question


def names(text: str, lexicon: Lexicon = PLAIN) -> list[str]:
    return [name.text for name in read_one(text, lexicon).names]


def groups(text: str, lexicon: Lexicon = PLAIN) -> list[int]:
    return [name.group for name in read_one(text, lexicon).names]


def test_a_question_is_read_whole(lexicon: Lexicon) -> None:
    text = "What did Kalın discuss in Damascus?"
    assert QuestionReader(lexicon).read(text) == (
        Question(
            text,
            Wanted.ANYTHING,
            (
                QuestionWord(9, 14, "Kalın", "kalin", 1.0),
                QuestionWord(15, 22, "discuss", "discuss", 0.3),
                QuestionWord(26, 34, "Damascus", stem("damascus"), 1.0),
            ),
            (
                Name(9, 14, "Kalın", ("kalin",), "@ibrahim-kalin", None, 1),
                Name(26, 34, "Damascus", (stem("damascus"),), None, None, 2),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Who leads the agency?", Wanted.PERSON),
        ("Whom did he meet?", Wanted.PERSON),
        ("Whose plane was it?", Wanted.PERSON),
        ("Where did they meet?", Wanted.PLACE),
        ("In which city did they meet?", Wanted.PLACE),
        ("When did they meet?", Wanted.DATE),
        ("In what year did it begin?", Wanted.DATE),
        ("On what date was it signed?", Wanted.DATE),
        ("How many troops are there?", Wanted.NUMBER),
        ("How much did it cost?", Wanted.NUMBER),
        ("What is the population of the town?", Wanted.NUMBER),
        ("What percentage agreed?", Wanted.NUMBER),
        ("How long did the talks last?", Wanted.DURATION),
        ("For how many days did they talk?", Wanted.DURATION),
        ("WHEN DID THEY MEET?", Wanted.DATE),
        ("What was discussed?", Wanted.ANYTHING),
        ("Why did they meet?", Wanted.ANYTHING),
        ("Tell me about the wholesale market.", Wanted.ANYTHING),
    ],
)
def test_a_question_wants_a_kind_of_thing(text: str, wanted: Wanted) -> None:
    assert read_one(text).wanted is wanted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What did Bashir Rahal say in Marwan?", ["Bashir Rahal", "Marwan"]),
        ("Did Bashir al-Rahal sign?", ["Bashir al-Rahal"]),
        ("What did Prime Minister Rahal say?", ["Rahal"]),
        ("Did it happen in 2023 or 2025?", ["2023", "2025"]),
        ("Were 20,000 troops sent?", ["20,000"]),
        ("Rahal said what?", ["Rahal"]),
        ("Ships came from where?", []),
        ("what was said?", []),
        ("Was Rahal's plan read?", ["Rahal's"]),
    ],
)
def test_names_are_what_stands_in_capitals_and_numbers(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_known_name_needs_no_capital(lexicon: Lexicon) -> None:
    assert names("what did hakan fidan say about türkiye", lexicon) == ["hakan fidan", "türkiye"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("who met rahal in marwan?", ["marwan"]),
        ("who met rahal in damascus?", []),
        ("Who met rahal in marwan?", []),
        ("who spoke at the meeting?", []),
        ("who was there in 2023?", ["2023"]),
    ],
)
def test_without_capitals_a_place_that_no_article_knows_is_a_name(text: str, found: list[str]) -> None:
    reader = QuestionReader(PLAIN, lambda term: term == stem("damascus"))
    (question,) = reader.read(text)
    assert [name.text for name in question.names] == found


def test_a_known_name_that_is_a_word_needs_its_capitals(lexicon: Lexicon) -> None:
    question = read_one("What did the US tell us?", lexicon)
    assert question.names == (Name(13, 15, "US", (), "@united-states", None, 1),)


def test_a_known_name_beside_an_unknown_one_stays_apart(lexicon: Lexicon) -> None:
    assert names("Did Bashir Rahal call Kalin on Monday?", lexicon) == [
        "Bashir Rahal",
        "Kalin",
        "Monday",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who spoke in Damascus and Cairo?", [1, 1]),
        ("Who spoke in Damascus or in Cairo?", [1, 1]),
        ("Who spoke in Damascus, Cairo, and Doha?", [1, 1, 1]),
        ("Did Rahal speak in Damascus & Cairo?", [1, 2, 2]),
        ("Who went from Damascus to Cairo?", [1, 2]),
        ("Who spoke between Damascus and Cairo?", [1, 2]),
        ("Did Rahal speak in Damascus?", [1, 2]),
    ],
)
def test_names_that_are_listed_are_alternatives(text: str, expected: list[int]) -> None:
    assert groups(text) == expected


def test_two_questions_are_read_as_two(lexicon: Lexicon) -> None:
    parts = QuestionReader(lexicon).read(
        "When did Kalin visit Damascus? Who leads the agency in Ankara now?"
    )
    assert [(part.wanted, [name.text for name in part.names]) for part in parts] == [
        (Wanted.DATE, ["Kalin", "Damascus"]),
        (Wanted.PERSON, ["Ankara"]),
    ]


def test_a_pronoun_carries_the_names_before_it(lexicon: Lexicon) -> None:
    parts = QuestionReader(lexicon).read(
        "When did Kalin visit Damascus, and which ministers did he see afterwards?"
    )
    assert [(part.wanted, [name.text for name in part.names]) for part in parts] == [
        (Wanted.DATE, ["Kalin", "Damascus"]),
        (Wanted.ANYTHING, ["Kalin", "Damascus"]),
    ]


def test_without_a_pronoun_no_name_is_carried(lexicon: Lexicon) -> None:
    _, second = QuestionReader(lexicon).read("Where is Kalin from? Which minister visited Cairo?")
    assert [name.text for name in second.names] == ["Cairo"]


def test_a_name_already_there_is_not_carried_again(lexicon: Lexicon) -> None:
    _, second = QuestionReader(lexicon).read(
        "What did Fidan tell Blinken? And did Fidan say it to Kalin?"
    )
    assert [name.text for name in second.names] == ["Fidan", "Kalin", "Blinken"]


@pytest.mark.parametrize(
    "text",
    [
        "How many people and how many countries took part?",
        "Who sails? Why?",
        "What did the U.S. and Rahal want?",
        "Who sails and rows?",
        "Who sails?  ",
    ],
)
def test_what_makes_no_sense_apart_stays_one_question(text: str) -> None:
    assert read_one(text).text == text.strip()


@pytest.mark.parametrize("text", ["", "   \r\n", "?", "…", "😀", "'"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="in words"):
        QuestionReader(PLAIN).read(text)


def test_a_question_far_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(QuestionError, match=r"20,000 characters; 2,000 is the most"):
        QuestionReader(PLAIN).read("Why? " * 4000)
    assert QuestionReader(PLAIN).read("a" * MAX_CHARACTERS)
    with pytest.raises(QuestionError, match="2,001 characters"):
        QuestionReader(PLAIN).read("a" * (MAX_CHARACTERS + 1))


@given(texts)
def test_words_and_names_stand_where_they_are_said_to(text: str) -> None:
    if not words(text):
        return
    for part in QuestionReader(Lexicon([["Kalin", "No. 5"], ["US", "U.S."]])).read(text):
        assert 0 <= min([word.weight for word in part.words], default=1.0) <= 1
        spans = [(word.start, word.end, word.text) for word in part.words]
        spans += [(name.start, name.end, name.text) for name in part.names]
        for start, end, found in spans:
            assert part.text[start:end] == found
            assert found
        edges = [edge for name in part.names for edge in (name.start, name.end)]
        assert edges == sorted(edges)
        assert [name.group for name in part.names] == sorted(name.group for name in part.names)


def test_where_names_cannot_be_looked_up_a_question_turns_on_none() -> None:
    reader = QuestionReader(PLAIN, has_names=False)
    assert reader.read_whole("Wer besuchte Damaskus im Mai 2025?").names == ()
