"""Questions made by rule: those that a sentence answers are answered by the words they name, and those
that nothing answers are not. All sentences here are our own inventions."""

import random

import pytest

from rag.training.asking import Asked, joined_wrongly, near_miss, questions_of

SEEDS = range(40)


def made_of(sentence: str, around: str | None = None) -> set[Asked]:
    return {
        asked
        for seed in SEEDS
        for asked in questions_of(sentence, around or sentence, random.Random(seed))
    }


@pytest.mark.parametrize(
    ("sentence", "question", "words"),
    [
        ("Ada Okoye opened the old mill by the river.", "Who opened the old mill", "Ada Okoye"),
        ("The mill was opened to visitors in 1902.", "When was the mill opened to visitors?", "1902"),
        ("The mill was built by two brothers in Elva.", "Where was the mill built by", "Elva"),
        ("They sold 120 loaves on the first day.", "How many loaves", "120"),
        ("The mayor Ada Okoye cut the ribbon.", "Who was mayor?", "Ada Okoye"),
        ("The mayor Ada Okoye cut the ribbon.", "Who is Ada Okoye?", "The mayor"),
        ("Ada Okoye, the head of the guild, came late.", "Who is the head of the guild?", "Ada Okoye"),
        ("He ended a three-day visit to Elva.", "How long was the visit?", "three-day"),
        ("The siege lasted six weeks.", "How long did the siege last?", "six weeks"),
        ("They sailed a ship called Halcyon.", "What is the ship called?", "Halcyon"),
    ],
)
def test_a_question_of_a_sentence_names_the_words_that_answer_it(
    sentence: str, question: str, words: str
) -> None:
    answered = {
        (asked.question, sentence[slice(*asked.words)])
        for asked in made_of(sentence)
        if asked.words is not None
    }
    assert any(made.startswith(question) and told == words for made, told in answered), answered


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("They thanked the mayor.", "What is the name of the mayor?"),
        ("They thanked the mayor.", "How old is the mayor?"),
        ("They bought the hotel beside the lake.", "How much did the hotel cost?"),
        ("They bought the hotel beside the lake.", "When was the hotel built?"),
        ("They came home after the visit.", "How long was the visit?"),
        ("Some of the visitors were sent home early.", "How many visitors were sent home early?"),
        ("Ada Okoye met Ben Ruiz at the pier.", "Who met Ada Okoye at the pier?"),
    ],
)
def test_a_question_that_a_sentence_does_not_answer_names_no_words(sentence: str, question: str) -> None:
    asked = {made.question: made.words for made in made_of(sentence)}
    assert question in asked, sorted(asked)
    assert asked[question] is None


@pytest.mark.parametrize(
    ("sentence", "around", "never"),
    [
        ("They bought the hotel.", "They bought the hotel for 3 million dollars.", "How much did"),
        ("They bought the hotel.", "They bought the hotel in 1902.", "When was"),
        ("They came after the visit.", "The visit went on for three days.", "How long"),
        ("They thanked the mayor.", "The mayor, Ada Okoye, came.", "What is the name of the mayor"),
    ],
)
def test_what_the_text_around_tells_is_not_taken_for_unanswered(
    sentence: str, around: str, never: str
) -> None:
    assert not [made for made in made_of(sentence, around) if made.question.startswith(never)]


@pytest.mark.parametrize(
    "question",
    [
        "When did Ada Okoye open the mill?",
        "Who opened the mill in 1902?",
        "How many loaves did Ben Ruiz sell?",
        "who opened the mill",
    ],
)
def test_a_near_miss_asks_something_else(question: str) -> None:
    answering = "Ada Okoye opened it in 1902."
    made = {near_miss(question, answering, "Cleo Vance sold 7 loaves.", random.Random(s)) for s in SEEDS}
    assert made - {None}
    assert question not in made


def test_no_near_miss_asks_for_what_the_answering_words_tell() -> None:
    asked = "Where did Ada Okoye open the mill?"
    made = {near_miss(asked, "In 1902, at Elva.", "", random.Random(seed)) for seed in SEEDS}
    assert not [question for question in made if question and question.startswith("When")]


def test_two_sentences_are_joined_where_their_subjects_differ() -> None:
    first, second = "Ada Okoye opened the mill in Elva.", "Ben Ruiz baked 120 loaves of rye bread."
    assert joined_wrongly(first, second) == "Ada Okoye baked 120 loaves of rye bread."
    assert joined_wrongly(first, "Ben Ruiz sold bread to Ada Okoye in Elva.") is None
    assert joined_wrongly("It rained.", second) is None
