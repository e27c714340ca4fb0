"""Follow-ups: what leans is filled in from the exchange before, what stands alone is never touched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.sets.own import read_questions
from rag.asking.followups.rewrites import stand_alone_with
from rag.asking.followups.standalone import stand_alone, transcript
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
OFFICIALS = "Which Syrian officials did Kalin meet in Damascus?"
SWAP = "How many people are held in the camps run by the SDF?"
PUTIN = "What did Kalin say to Vladimir Putin in Moscow?"


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
        (
            DAMASCUS,
            "And what did he say about the SDF?",
            "What did Kalin say about the SDF in Damascus?",
        ),
        (
            DAMASCUS,
            "So what did he discuss with Fidan?",
            "What did Kalin discuss with Fidan in Damascus?",
        ),
        (DAMASCUS, "But did he meet Fidan in Ankara?", "Did Kalin meet Fidan in Ankara?"),
        (DAMASCUS, "Did Fidan meet him?", "Did Fidan meet Kalin in Damascus?"),
        (DAMASCUS, "Whom did he meet there?", "Whom did Kalin meet in Damascus?"),
        (DAMASCUS, "Why did he go there?", "Why did Kalin go to Damascus?"),
        (DAMASCUS, "Who was there?", "Who was in Damascus?"),
        (DAMASCUS, "Who reported his visit?", "Who reported Kalin's visit in Damascus?"),
        (DAMASCUS, "Who attended that meeting?", "Who attended Kalin's meeting in Damascus?"),
        (DAMASCUS, "Tell me more about his talks.", "Tell me more about Kalin's talks."),
        (DAMASCUS, "His visit to Cairo?", "Kalin's visit to Cairo?"),
        (DAMASCUS, "What did he say about his plan?", "What did Kalin say about his plan in Damascus?"),
        (DAMASCUS, "Where was he born?", "Where was Kalin born?"),
        (DAMASCUS, "How old is he?", "How old is Kalin?"),
        (DAMASCUS, "Who is he?", "Who is Kalin?"),
        (DAMASCUS, "And Fidan?", "What did Fidan discuss in Damascus?"),
        (DAMASCUS, "Fidan?", "What did Fidan discuss in Damascus?"),
        (DAMASCUS, "What about Ned Price?", "What did Ned Price discuss in Damascus?"),
        (DAMASCUS, "What about the SDF?", "What did Kalin discuss in Damascus about the SDF?"),
        (DAMASCUS, "What about sanctions?", "What did Kalin discuss in Damascus about sanctions?"),
        (DAMASCUS, "And with Hamas?", "What did Kalin discuss in Damascus with Hamas?"),
        (DAMASCUS, "And in Cairo?", "What did Kalin discuss in Cairo?"),
        (DAMASCUS, "In Zarovia?", "What did Kalin discuss in Zarovia?"),
        (DAMASCUS, "And Cairo?", "What did Kalin discuss in Cairo?"),
        (DAMASCUS, "And in 2023?", "What did Kalin discuss in Damascus in 2023?"),
        (DAMASCUS, "And yesterday?", "What did Kalin discuss in Damascus yesterday?"),
        (DAMASCUS, "When?", "What did Kalin discuss in Damascus, and when?"),
        (DAMASCUS, "When did it happen?", "What did Kalin discuss in Damascus, and when?"),
        (DAMASCUS, "Why is that?", "What did Kalin discuss in Damascus, and why?"),
        (DAMASCUS, "Why did he?", "What did Kalin discuss in Damascus, and why?"),
        (DAMASCUS, "With whom?", "What did Kalin discuss in Damascus, and with whom?"),
        (DAMASCUS, "What else?", "What else did Kalin discuss in Damascus?"),
        (DAMASCUS, "Why is it important?", "Why is it important (Kalin, Damascus)?"),
        ("When did Fidan visit Baku?", "Why?", "Why did Fidan visit Baku?"),
        ("When did Fidan visit Baku?", "And Kalin?", "When did Kalin visit Baku?"),
        ("When did Fidan visit Baku?", "And Moscow?", "When did Fidan visit Moscow?"),
        ("Did Orlan Vask visit Zarovia?", "When?", "When did Orlan Vask visit Zarovia?"),
        ("Did Orlan Vask visit Zarovia?", "Whom did she meet?", "Whom did Orlan Vask meet in Zarovia?"),
        ("Why did Kalin meet Hamas?", "When?", "When did Kalin meet Hamas?"),
        (SWAP, "Where?", "Where are people held in the camps run by the SDF?"),
        (OFFICIALS, "Who else?", "Who else did Kalin meet in Damascus?"),
        (OFFICIALS, "What did they say?", "What did Syrian officials say in Damascus?"),
        (CALL, "How long did it last?", "How long did the call between Fidan and Blinken last?"),
        (CALL, "How long did the call last?", "How long did the call between Fidan and Blinken last?"),
        (CALL, "What did they discuss?", "What did Fidan and Blinken discuss?"),
        (CONFERENCE, "Who else spoke there?", "Who else spoke at the Baku Security Conference?"),
        (CONFERENCE, "And Kalın?", "What did Kalın say at the Baku Security Conference?"),
        (MAY, "What did Trump do that day?", "What did Trump do on May 14?"),
        (MAY, "And on May 15?", "What did Erdogan say on May 15?"),
        (MAY, "And what did he promise?", "What did Erdogan promise on May 14?"),
        (MAY, "What has he done since then?", "What has Erdogan done since May 14?"),
        (MAY, "Since then, what has he done?", "Since May 14, what has Erdogan done?"),
        ("what happened in türkiye?", "who was there?", "who was in türkiye?"),
        ("what happened in south africa?", "who was there?", "who was in south africa?"),
        (MAY, "Where was he then?", "Where was Erdogan on May 14?"),
        ("What is the SDF?", "Who leads it?", "Who leads the SDF?"),
        ("What is the SDF?", "What is its aim?", "What is the SDF's aim?"),
        ("What is the SDF?", "And the PKK?", "What is the PKK?"),
        ("What did Kalin say about the SDF?", "And the PKK?", "What did Kalin say about the PKK?"),
        ("What did Kalin say about the SDF?", "And about Hamas?", "What did Kalin say about Hamas?"),
        (PUTIN, "And Putin?", "What did Vladimir Putin say to Kalin in Moscow?"),
        (PUTIN, "Did Kalin meet him?", "Did Kalin meet Vladimir Putin in Moscow?"),
        (
            "Why were the negotiations held up?",
            "When did they begin?",
            "When did the negotiations begin?",
        ),
        ("What did İbrahim Kalın say in Şırnak?", "Neden?", "Neden?"),
        (
            "What did İbrahim Kalın say in Şırnak?",
            "And what did he ask for?",
            "What did İbrahim Kalın ask for in Şırnak?",
        ),
        (
            "what did kalin discuss in damascus?",
            "and what did he say about the sdf?",
            "what did kalin say about the sdf in damascus?",
        ),
        ("what did kalin discuss in damascus?", "and in cairo?", "what did kalin discuss in cairo?"),
    ],
)
def test_a_follow_up_is_filled_in_from_the_question_before(
    before: str, question: str, expected: str, reader: QuestionReader
) -> None:
    assert stand_alone(question, [exchange(before)], reader) == expected


@pytest.mark.parametrize("before", [DAMASCUS, CALL, CONFERENCE, MAY, SWAP, "Who won?"])
@pytest.mark.parametrize(
    "question",
    [
        "What did Kalin discuss in Cairo?",
        "Who won the 2022 World Cup?",
        "And who won the 2022 World Cup?",
        "What is the SDF?",
        "Why did it rain?",
        "Is it raining in Paris?",
        "Is it true that Turkey left NATO?",
        "How long does it take to bake bread?",
        "What time is it?",
        "How many troops are there in Syria?",
        "Are there any camps?",
        "Is there a deal?",
        "Who else did Kalin meet?",
        "What did Kalin say about his visit?",
        "What did Turkey say about its plans?",
        "When he was in Ankara, what did Kalin say?",
        "Who said he would resign?",
        "What did the president say he would do?",
        "Who leads the agency and what did he say?",
        "Who wrote Let It Be?",
        "What does “he who dares wins” mean?",
        "What is the boiling point of ethanol?",
        "How do I reset the password of my router?",
        "What happened to Blinken's phone?",
        "Who is the Turkish ambassador in Damascus?",
        "So far, who leads the SDF?",
        "kalin damascus",
        "And then?",
        "And they?",
        "What about him?",
        "So what?",
        "What?",
        "  What is the SDF?\n",
    ],
)
def test_a_question_that_stands_alone_is_the_very_same_string(
    question: str, before: str, reader: QuestionReader
) -> None:
    assert stand_alone(question, [exchange(before, "Kalin met Fidan in Ankara.")], reader) == question


@pytest.mark.parametrize("before", [DAMASCUS, CALL, MAY])
def test_no_question_of_our_own_leans_but_the_follow_ups(before: str, reader: QuestionReader) -> None:
    asked = [one.question for one in read_questions(QUESTIONS) if not one.history]
    history = [exchange(before, "On Tuesday Ibrahim Kalin went to Damascus.")]
    assert [stand_alone(question, history, reader) for question in asked] == asked


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did he discuss?", "What did Ibrahim Kalin discuss in Damascus?"),
        ("Why did she go there?", "Why did Ibrahim Kalin go to Damascus?"),
        ("And what is his office?", "What is Ibrahim Kalin's office?"),
        ("How big is it?", "How big is Damascus?"),
        ("When?", "Who visited Damascus, and when?"),
        ("And Cairo?", "Who visited Cairo?"),
        ("And Fidan?", "Who visited Damascus (Fidan)?"),
    ],
)
def test_he_is_who_the_answer_names_when_the_question_names_nobody(
    question: str, expected: str, reader: QuestionReader
) -> None:
    before = exchange("Who visited Damascus?", "On Tuesday Ibrahim Kalin went to Damascus.")
    assert stand_alone(question, [before], reader) == expected


def test_he_is_the_one_who_was_asked_for_before_the_one_who_was_named(reader: QuestionReader) -> None:
    before = exchange("Who succeeded Fidan?", "Ibrahim Kalin took over from Hakan Fidan.")
    assert stand_alone("What did he say?", [before], reader) == "What did Ibrahim Kalin say?"


def test_there_is_where_the_answer_was(reader: QuestionReader) -> None:
    before = exchange("Where did Kalin meet Hamas?", "Kalin met Hamas in Ankara on Friday.")
    assert stand_alone("Who else was there?", [before], reader) == "Who else was in Ankara?"


def test_follow_ups_in_a_row_lean_on_each_other(reader: QuestionReader) -> None:
    history = [exchange(DAMASCUS)]
    understood = []
    for question in ("And Fidan?", "What did he say about the SDF?", "And in Cairo?", "When?"):
        understood.append(stand_alone(question, history, reader))
        history.append(exchange(question, standalone=understood[-1]))
    assert understood == [
        "What did Fidan discuss in Damascus?",
        "What did Fidan say about the SDF in Damascus?",
        "What did Fidan say about the SDF in Cairo?",
        "What did Fidan say about the SDF in Cairo, and when?",
    ]


def test_when_after_why_asks_for_one_thing(reader: QuestionReader) -> None:
    before = exchange("Why?", standalone="What did Kalin discuss in Damascus, and why?")
    assert stand_alone("When?", [before], reader) == "What did Kalin discuss in Damascus, and when?"


def test_only_the_last_exchange_counts(reader: QuestionReader) -> None:
    history = [exchange(DAMASCUS), exchange("What did Fidan say?")]
    assert stand_alone("And what did he want?", history, reader) == "What did Fidan want?"


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
def test_a_models_rewrite_is_taken_without_what_stands_around_it(reply: str) -> None:
    assert stand_alone_with(reply, ASKED, FALLBACK, HISTORY) == UNDERSTOOD


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
def test_a_models_rewrite_is_refused(reply: str) -> None:
    assert stand_alone_with(reply, ASKED, FALLBACK, HISTORY) == FALLBACK


def test_a_rewrite_may_use_what_the_answer_said() -> None:
    reply = "What did Ahmed al-Sharaa say about the SDF on May 14?"
    assert stand_alone_with(reply, ASKED, FALLBACK, HISTORY) == reply


def test_a_rewrite_needs_no_mark_where_the_question_had_none() -> None:
    reply = "what did Kalin say about the sdf"
    assert stand_alone_with(reply, "and what did he say about the sdf", FALLBACK, HISTORY) == reply


def test_a_rewrite_of_one_word_may_be_a_question() -> None:
    reply = "When did Kalin discuss this in Damascus?"
    assert stand_alone_with(reply, "When?", "When?", HISTORY) == reply


def test_a_rewrite_may_be_turkish() -> None:
    history = [exchange("Kalın Şam'da ne konuştu?", "Kalın Şam'da yaptırımları ele aldı.")]
    reply = "Kalın Şam'da SDG hakkında ne dedi?"
    assert stand_alone_with(reply, "SDG hakkında ne dedi?", "", history) == reply


@given(texts, texts)
def test_any_reply_is_taken_as_one_line_or_not_at_all(reply: str, question: str) -> None:
    taken = stand_alone_with(reply, question, "fallback", HISTORY)
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
