"""Follow-ups: what leans gets beside it what the question before was about, what stands alone is never
touched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.sets.own import read_questions
from rag.asking.followups import rewritten, stand_alone, transcript
from rag.asking.questions import MAX_CHARACTERS, QuestionReader
from rag.core.errors import QuestionError
from rag.core.records import Answer, AnswerKind, Claim, Exchange, Verdict
from rag.language.terms import Lexicon
from tests.own_questions import QUESTIONS
from tests.strategies import texts

DAMASCUS = "What did Kalin discuss in Damascus?"
CALL = "Which broadcaster reported the call between Fidan and Blinken?"
CONFERENCE = "What did Fidan say at the Baku Security Conference?"
MAY = "What did Erdogan say on May 14?"
FERRY = "Why were the ferries late?"


def exchange(question: str, *claims: str, standalone: str | None = None) -> Exchange:
    kind = AnswerKind.ANSWERED if claims else AnswerKind.NOT_FOUND
    said = tuple(Claim(claim, (), Verdict.SUPPORTED) for claim in claims)
    return Exchange(question, Answer(question, kind, None, said, standalone=standalone))


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> QuestionReader:
    return QuestionReader(lexicon)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (DAMASCUS, "Whom did he meet there?", "Whom did he meet there (Kalin, discuss, Damascus)?"),
        (DAMASCUS, "And whom did he meet", "And whom did he meet (Kalin, discuss, Damascus)?"),
        (DAMASCUS, "Why was that visit late?", "Why was that visit late (Kalin, discuss, Damascus)?"),
        (DAMASCUS, "And the sanctions?", "And the sanctions (Kalin, discuss, Damascus)?"),
        (DAMASCUS, "Who paid for it?", "Who paid for it (Kalin, discuss, Damascus)?"),
        (DAMASCUS, "Who paid?", "Who paid (Kalin, discuss, Damascus)?"),
        (
            DAMASCUS,
            "And what did he say of the SDF?",
            "And what did he say of the SDF (Kalin, discuss, Damascus)?",
        ),
        (DAMASCUS, "But did Kalin meet them?", "But did Kalin meet them (discuss, Damascus)?"),
        ("what did kalin say in damascus?", "who met him?", "who met him (kalin, say, damascus)?"),
        (FERRY, "And who paid for them?", "And who paid for them (ferries, late)?"),
        (MAY, "What did he promise?", "What did he promise (Erdogan, say, 14)?"),
    ],
)
def test_a_follow_up_has_what_the_question_before_was_about_beside_it(
    before: str, question: str, expected: str, reader: QuestionReader
) -> None:
    assert stand_alone(question, [exchange(before)], reader) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (DAMASCUS, "When?", "What did Kalin discuss in Damascus, when?"),
        (DAMASCUS, "And why?", "What did Kalin discuss in Damascus, and why?"),
        (DAMASCUS, "Who else?", "What did Kalin discuss in Damascus, who else?"),
        (DAMASCUS, "And in Cairo?", "What did Kalin discuss in Damascus, and in Cairo?"),
        (DAMASCUS, "What about Fidan?", "What did Kalin discuss in Damascus, what about Fidan?"),
        (DAMASCUS, "And now?", "What did Kalin discuss in Damascus, and now?"),
        (DAMASCUS, "And as of 2023?", "What did Kalin discuss in Damascus as of 2023?"),
        ("Who runs the mill as of 2021?", "But as of 2023?", "Who runs the mill as of 2023?"),
        (FERRY, "Since when?", "Why were the ferries late, since when?"),
    ],
)
def test_a_question_that_says_nothing_itself_comes_behind_the_question_before(
    before: str, question: str, expected: str, reader: QuestionReader
) -> None:
    assert stand_alone(question, [exchange(before)], reader) == expected


@pytest.mark.parametrize("before", [DAMASCUS, CALL, CONFERENCE, MAY, FERRY, "Who won?"])
@pytest.mark.parametrize(
    "question",
    [
        "What did Kalin discuss in Cairo?",
        "Who won the 2022 World Cup?",
        "And who won the 2022 World Cup?",
        "What is the SDF?",
        "Is it raining in Paris?",
        "Is it true that Turkey left NATO?",
        "How many troops are there in Syria?",
        "Who else did Kalin meet?",
        "What did Kalin say about his visit?",
        "When he was in Ankara, what did Kalin say?",
        "What is the boiling point of ethanol?",
        "How do I reset the password of my router?",
        "How many ferries left the port before they were stopped by fog?",
        "Thanks!",
        "What can you do?",
        "kalin damascus",
        "meloni age",
        "  What is the SDF?\n",
    ],
)
def test_a_question_that_stands_alone_is_the_very_same_string(
    question: str, before: str, reader: QuestionReader
) -> None:
    assert stand_alone(question, [exchange(before, "Kalin met Fidan in Ankara.")], reader) == question


@pytest.mark.parametrize("before", [DAMASCUS, CALL, MAY])
def test_of_our_own_questions_one_in_fifty_is_taken_for_a_follow_up(
    before: str, reader: QuestionReader
) -> None:
    asked = [one.question for one in read_questions(QUESTIONS) if not one.history]
    history = [exchange(before, "On Tuesday Ibrahim Kalin went to Damascus.")]
    taken = [question for question in asked if stand_alone(question, history, reader) != question]
    assert len(taken) <= len(asked) / 50, taken


def test_follow_ups_in_a_row_keep_what_they_are_about(reader: QuestionReader) -> None:
    history = [exchange(DAMASCUS)]
    understood = []
    for question in ("And why?", "What did he say about it?", "Who reported that?"):
        understood.append(stand_alone(question, history, reader))
        history.append(exchange(question, standalone=understood[-1]))
    assert understood == [
        "What did Kalin discuss in Damascus, and why?",
        "What did he say about it (Kalin, discuss, Damascus)?",
        "Who reported that (say, Kalin, discuss, Damascus)?",
    ]


def test_of_a_long_conversation_the_names_stay_and_not_every_word(reader: QuestionReader) -> None:
    alone, history = "", [exchange(DAMASCUS)]
    things = (
        "mills goats boats roads farms shops wells coins boots lamps towers gates lakes hills".split()
    )
    for thing in things * 2:
        alone = stand_alone(f"Who sold those {thing}?", history, reader)
        history.append(exchange("?", standalone=alone))
    assert "Kalin" in alone
    assert "Damascus" in alone
    assert len(alone) < 200


def test_only_the_last_exchange_counts(reader: QuestionReader) -> None:
    history = [exchange(DAMASCUS), exchange("What did Fidan say?")]
    assert stand_alone("And what did he want?", history, reader) == "And what did he want (Fidan, say)?"


def test_when_and_why_are_read_as_one_question(reader: QuestionReader) -> None:
    asked = stand_alone("When?", [exchange(DAMASCUS)], reader)
    assert [(part.text, part.wanted.value) for part in reader.read(asked)] == [(asked, "date")]


@given(texts)
def test_without_history_nothing_ever_changes(text: str) -> None:
    assert stand_alone(text, (), QuestionReader(Lexicon())) == text


_LEANING = (
    "And he?",
    "What did he say there?",
    "When?",
    "And in Cairo?",
    "Why was it so?",
    "that visit",
)


@given(st.one_of(texts, st.sampled_from(_LEANING)), texts, texts)
def test_nothing_raises_but_what_the_reader_raises(question: str, before: str, claim: str) -> None:
    reader = QuestionReader(Lexicon([["Ibrahim Kalin", "Kalin"]]))
    try:
        reader.read(question)
    except QuestionError:
        return
    asked = stand_alone(question, [exchange(before, claim, claim)], reader)
    assert asked == question or reader.read(asked)


def test_a_question_in_no_words_is_refused_as_the_reader_refuses_it(reader: QuestionReader) -> None:
    with pytest.raises(QuestionError):
        stand_alone("?!", [exchange(DAMASCUS)], reader)


@pytest.mark.parametrize("before", ["", "?!", "x" * (MAX_CHARACTERS + 1), "\ud800 he"])
def test_a_question_before_that_cannot_be_read_gives_nothing(
    before: str, reader: QuestionReader
) -> None:
    assert stand_alone("What did he say?", [exchange(before)], reader) == "What did he say?"


def test_a_question_that_would_grow_too_long_stays_as_it_is(reader: QuestionReader) -> None:
    question = "What did he say " + "about the talks " * 123 + "?"
    assert MAX_CHARACTERS - 20 < len(question) <= MAX_CHARACTERS
    assert (
        stand_alone(question, [exchange("What did Ibrahim Kalin say in Damascus?")], reader) == question
    )


@pytest.mark.parametrize("piece", ["it to ", "the of ", "And Fidan in Cairo ", "who and he ", "in  \t "])
def test_the_longest_questions_are_read_in_no_time(piece: str, reader: QuestionReader) -> None:
    long = (piece * MAX_CHARACTERS)[: MAX_CHARACTERS - 1] + "?"
    started = time.perf_counter()
    stand_alone(long, [exchange(long, long * 3)], reader)
    assert time.perf_counter() - started < 3


ASKED = "And what did he say about the SDF?"
UNDERSTOOD = "What did Kalin say about the SDF in Damascus?"
FALLBACK = "What did Kalin say about the SDF?"
HISTORY = (exchange(DAMASCUS, "Kalin met Ahmed al-Sharaa on May 14 and spoke of 26 people."),)


@pytest.mark.parametrize(
    "reply",
    [
        UNDERSTOOD,
        f"  {UNDERSTOOD}\n",
        f"“{UNDERSTOOD}”",
        f'Standalone question: "{UNDERSTOOD}"',
        f"**Rewritten question:** {UNDERSTOOD}",
        f"Question:\n{UNDERSTOOD}",
        f"<think>He is Kalin. Or Putin?</think>\n\n{UNDERSTOOD}",
        f"He may be Putin.</think>{UNDERSTOOD}",
    ],
)
def test_a_models_rewrite_is_taken_without_what_stands_around_it(
    reply: str, reader: QuestionReader
) -> None:
    assert rewritten(reply, ASKED, FALLBACK, HISTORY, reader) == UNDERSTOOD


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "?",
        "<think>What did Kalin say about the SDF in Damascus?",
        "Kalin said that the SDF should be disarmed.",
        "What did Putin say about the SDF in Damascus?",
        "what did putin say about the sdf in damascus?",
        "What did Kalin say about the SDF in Damascus in 2023?",
        "What did Kalin say about the SDF to seven countries?",
        "What did Kalin say in Damascus?",
        "What did Kalin say about the SDF?\nIt was in Damascus?",
        "What did Kalin say about the SDF? What did Kalin say in Damascus?",
        "Here it is. What did Kalin say about the SDF?",
        "What did Kalin say about the SDF [b2cd]?",
        "What did Kalin say about the SDF at https://kalin?",
        "What did Kalin say about the SDF " + "in Damascus " * 15 + "?",
        "What did Kalin say about the SDF \ud800?",
    ],
)
def test_a_models_rewrite_is_refused(reply: str, reader: QuestionReader) -> None:
    assert rewritten(reply, ASKED, FALLBACK, HISTORY, reader) == FALLBACK


def test_a_rewrite_may_use_what_the_answer_said(reader: QuestionReader) -> None:
    reply = "What did Ahmed al-Sharaa say about the SDF on May 14?"
    assert rewritten(reply, ASKED, FALLBACK, HISTORY, reader) == reply


def test_a_rewrite_needs_no_mark_where_the_question_had_none(reader: QuestionReader) -> None:
    reply = "what did Kalin say about the sdf"
    assert rewritten(reply, "and what did he say about the sdf", FALLBACK, HISTORY, reader) == reply


def test_a_rewrite_of_one_word_may_be_a_question(reader: QuestionReader) -> None:
    reply = "When did Kalin discuss this in Damascus?"
    assert rewritten(reply, "When?", "When?", HISTORY, reader) == reply


def test_a_rewrite_may_be_turkish(reader: QuestionReader) -> None:
    history = [exchange("Kalın Şam'da ne konuştu?", "Kalın Şam'da yaptırımları ele aldı.")]
    reply = "Kalın Şam'da SDG hakkında ne dedi?"
    assert rewritten(reply, "SDG hakkında ne dedi?", "", history, reader) == reply


@given(texts, texts)
def test_any_reply_is_taken_as_one_line_or_not_at_all(reply: str, question: str) -> None:
    taken = rewritten(reply, question, "fallback", HISTORY, QuestionReader(Lexicon()))
    assert taken == "fallback" or (len(taken.splitlines()) == 1 and len(taken) <= 300)


def test_a_transcript_has_the_last_exchanges() -> None:
    history = [
        exchange("One?", "First."),
        exchange("Two?", "Second.", "And  more\nof it."),
        exchange("And three?", standalone="Who is three?"),
    ]
    assert transcript(history, limit=2) == (
        "Question: Two?\nAnswer: Second. And more of it.\n"
        "Question: Who is three?\nAnswer: Nothing was found."
    )


def test_a_transcript_of_nothing_is_empty() -> None:
    assert (transcript(()), transcript([exchange("One?")], limit=0)) == ("", "")


def test_a_transcript_shortens_long_answers() -> None:
    lines = transcript([exchange("long " * 400, "word " * 400)]).splitlines()
    assert [(len(line) < 700, line[-2:]) for line in lines] == [(True, " …"), (True, " …")]
