"""Where articles give different accounts of one thing, both stand; where they agree, nothing does."""

import hashlib
import itertools
import json

import pytest

from rag.asking.assistant import Assistant
from rag.asking.conflicts.accounts import moment
from rag.asking.conflicts.figures import find_figures
from rag.asking.conflicts.find import find_conflicts
from rag.asking.evidence import Candidate
from rag.asking.questions import QuestionReader
from rag.core.records import Answer, Article, Conflict, ConflictKind, Span
from rag.core.settings import shipped
from rag.faces.cli.printing import print_answer
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from tests.asking.test_assistant import assistant_over

DAMASCUS = "kalin-damascus-visit.md"
INSS = "turkey-syria-normalization.md"


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, pairs: PairReader
) -> Assistant:
    return assistant_over(shipped("corpus"), tmp_path_factory.mktemp("state"), encoder, pairs)


def ask(assistant: Assistant, question: str) -> Answer:
    *_, last = assistant.ask(question)
    assert isinstance(last, Answer)
    return last


def shape(conflict: Conflict) -> tuple[str, str, list[tuple[str | None, set[str]]]]:
    sides = [(side.when, {each.source for each in side.citations}) for side in conflict.sides]
    return conflict.kind.value, conflict.about, sides


TROOPS = ("change", "US troops in Syria", [("2023-02-08", {INSS}), ("2025-05", {DAMASCUS})])
PLANTED = (
    ("How many US troops are in Syria?", TROOPS),
    ("How many American soldiers are stationed in Syria?", TROOPS),
    ("How large is the American force in Syria?", TROOPS),
    ("How many troops does the United States have in Syria?", TROOPS),
    ("What is the number of U.S. troops in Syria?", TROOPS),
    ("how many us troops are there in syria", ("change", "US troops in syria", TROOPS[2])),
)


@pytest.mark.parametrize(("question", "expected"), PLANTED)
def test_a_planted_pair_is_found_however_it_is_asked_for(
    assistant: Assistant,
    question: str,
    expected: tuple[str, str, list[tuple[str | None, set[str]]]],
) -> None:
    assert [shape(conflict) for conflict in ask(assistant, question).conflicts] == [expected]


def test_both_sides_stand_in_their_sources_words_with_outlet_and_date(assistant: Assistant) -> None:
    (conflict,) = ask(assistant, "How many US troops are in Syria?").conflicts
    assert [side.value for side in conflict.sides] == ["An estimated 800 US troops", "2,000 U.S. troops"]
    cited = [citation for side in conflict.sides for citation in side.citations]
    assert [(each.publisher, each.published) for each in cited] == [
        ("INSS", "2023-02-08"),
        ("PA Turkey", "2025-05"),
    ]
    articles = {article.source: article for article in assistant.articles()}
    for citation in cited:
        assert articles[citation.source].text[citation.start : citation.end] == citation.quote


def test_the_command_line_prints_both_sides(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(ask(assistant, "How many US troops are in Syria?"))
    assert capsys.readouterr().out.endswith(
        "\nChanged over time: US troops in Syria\n"
        "  8 February 2023: An estimated 800 US troops (Turkey and the Assad regime: why they are "
        "talking and how far it may go · INSS · 8 February 2023)\n"
        "  May 2025: 2,000 U.S. troops (Kalin in Damascus: talks on sanctions, ISIS camps and the SDF · "
        "PA Turkey · May 2025)\n"
    )


def test_the_command_line_prints_how_many_articles_are_independent(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(ask(assistant, "Who heads Turkey's intelligence?"))
    assert "\n3 articles, 3 independent\n" in capsys.readouterr().out


def test_comparing_is_timed_and_the_cited_reports_are_counted(assistant: Assistant) -> None:
    found = ask(assistant, "How many US troops are in Syria?")
    assert found.timings_ms["compare"] < 100
    assert found.reports == ((INSS,),)
    nothing = ask(assistant, "Who won the 2022 World Cup?")
    assert (nothing.reports, nothing.conflicts) == ((), ())


AGREEING = (
    "Who heads Turkey's intelligence?",
    "Who is the head of the National Intelligence Organization?",
    "Who is Turkey's spy chief?",
    "Who is Turkey's president?",
    "Who is the president of the United States?",
    "Who governs Turkey?",
    "Who is Syria's intelligence chief?",
    "Who is Antony Blinken?",
    "Who is Recep Tayyip Erdogan?",
    "What is Asaad al-Shaibani's office?",
    "What was Fidan's role in the call with Blinken?",
    "What role did MIT play in the prisoner swap?",
    "How many people were exchanged in the swap?",
    "How many prisoners were taken to Germany?",
    "How many prisoners were taken to Russia?",
    "How many people are held in the camps?",
    "How many refugees from Syria are in Turkey?",
    "How many refugees did Turkey want to settle in the security zone?",
    "How many US troops were killed in Syria?",
    "How many troops does Turkey have in Syria?",
    "How many US troops were in Syria in 2023?",
    "When did Kalin go to Damascus?",
    "When did Kalin meet the Hamas delegation?",
    "Where did the defense ministers of Turkey and Syria meet?",
    "Where did Kalin meet a Hamas delegation?",
    "What did Fidan and Blinken speak about?",
    "What did Kalin discuss in Damascus?",
    "Did Assad refuse to meet Erdogan?",
    "Does Turkey want to withdraw from Syria?",
    "Does Washington support normalization with Assad?",
    "Who met Kalin in Damascus?",
    "What is said about US troops in Syria?",
    "Why is Kalin in Baku?",
)


@pytest.mark.parametrize("question", AGREEING)
def test_articles_that_agree_raise_nothing(assistant: Assistant, question: str) -> None:
    assert ask(assistant, question).conflicts == ()


def test_of_our_own_questions_only_the_one_about_troops_in_two_years_meets_a_conflict(
    assistant: Assistant,
) -> None:
    lines = shipped("tests/questions.jsonl").read_text(encoding="utf-8").splitlines()
    every = [json.loads(line)["question"] for line in lines]
    # Those that ask who or how many can meet one; of the others some.
    questions = [each for each in every if "troops" in each or "name" in each] + every[::12]
    raised = [each for each in questions if ask(assistant, each).conflicts]
    assert raised == [
        "How many US troops are in Syria according to the 2023 article and how many according to the "
        "2025 one?"
    ]


_numbers = itertools.count()


def article(text: str, published: str | None = "2025-03-05", title: str | None = None) -> Article:
    source = f"{next(_numbers)}.md"
    return Article(
        source, text, hashlib.sha256(text.encode()).hexdigest(), title, source, None, published
    )


def sentences(*articles: Article, score: float = 0.9) -> list[Candidate]:
    """Every sentence of the articles, as if each were likely to answer."""
    return [
        Candidate(Span(each, sentence.start, sentence.end), score, ())
        for each in articles
        for sentence in split_sentences(each.text, each.title)
    ]


def compare(lexicon: Lexicon, question: str, *articles: Article, score: float = 0.9) -> list[Conflict]:
    asked = QuestionReader(lexicon).read_whole(question)
    return list(find_conflicts(asked, sentences(*articles, score=score), lexicon))


def values(conflicts: list[Conflict]) -> list[tuple[str, str, list[str]]]:
    return [(each.kind.value, each.about, [side.value for side in each.sides]) for each in conflicts]


TOLL = "How many people were killed in the Van ferry accident?"


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (("2025-03-05", "2025-03-07"), "change"),
        (("2025-03-05", "2025-03-05"), "disagreement"),
        (("2025-03-07", "2025-03-05"), "disagreement"),
        (("2025-03-05", "2025-03"), "disagreement"),
        (("2025-03-05", None), "disagreement"),
    ],
)
def test_a_toll_that_rises_from_day_to_day_is_a_change(
    lexicon: Lexicon, days: tuple[str | None, str | None], kind: str
) -> None:
    early, late = days
    found = compare(
        lexicon,
        TOLL,
        article("The Van ferry accident killed 14 people on Monday.", early),
        article("On Monday, in the Van ferry accident, 31 people were killed.", late),
    )
    (conflict,) = found
    assert (conflict.kind, conflict.about) == (kind, "the dead in the Van ferry accident")
    assert {side.value for side in conflict.sides} == {"14 people", "31 people"}


def test_a_toll_that_rises_is_told_in_the_order_of_its_articles(lexicon: Lexicon) -> None:
    (found,) = compare(
        lexicon,
        TOLL,
        article("On March 3 the Van ferry accident killed 31 people.", "2025-03-05"),
        article("The Van ferry accident killed 14 people.", "2025-03-04"),
        article("The Van ferry accident killed 40 people.", "2025-03-20"),
    )
    assert values([found]) == [
        ("change", "the dead in the Van ferry accident", ["14 people", "31 people", "40 people"])
    ]
    assert [side.when for side in found.sides] == ["2025-03-04", "2025-03-05", "2025-03-20"]


def test_a_toll_of_long_ago_does_not_rise(lexicon: Lexicon) -> None:
    (found,) = compare(
        lexicon,
        TOLL,
        article("The 1915 Van ferry accident killed 14 people.", "2025-03-04"),
        article("The Van ferry accident of 1915 killed 31 people.", "2025-03-20"),
    )
    assert found.kind is ConflictKind.DISAGREEMENT


def test_how_many_died_does_not_change_with_the_years(lexicon: Lexicon) -> None:
    found = compare(
        lexicon,
        TOLL,
        article("The Van ferry accident killed 14 people.", "2025-03-05"),
        article("The Van ferry accident killed 31 people.", "2027-06"),
    )
    assert [each.kind for each in found] == [ConflictKind.DISAGREEMENT]


def test_a_thing_that_changes_is_a_change_when_the_dates_lie_apart(lexicon: Lexicon) -> None:
    asked = "How many teachers work at the school in Kars?"
    early = article("The school in Kars has 40 teachers.", "2023-05")
    late = article("At the school in Kars there are 65 teachers.", "2025-05")
    soon = article("At the school in Kars there are 65 teachers.", "2023-05-20")
    unknown = article("At the school in Kars there are 65 teachers.", None)
    assert values(compare(lexicon, asked, late, early)) == [
        ("change", "teachers at the school in Kars", ["40 teachers", "65 teachers"])
    ]
    assert [each.kind.value for each in compare(lexicon, asked, early, soon)] == ["disagreement"]
    (undated,) = compare(lexicon, asked, unknown, early)
    assert (undated.kind.value, [side.when for side in undated.sides]) == (
        "disagreement",
        ["2023-05", None],
    )


def test_a_sentence_that_names_its_year_speaks_of_it(lexicon: Lexicon) -> None:
    found = compare(
        lexicon,
        "How many teachers work at the school in Kars?",
        article("In 2019 the school in Kars had 40 teachers.", "2025-05-03"),
        article("The school in Kars has 65 teachers.", "2025-05-04"),
    )
    assert [(each.kind.value, [side.when for side in each.sides]) for each in found] == [
        ("change", ["2019", "2025-05-04"])
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 2,000 troops", "2,000 troops"),
        ("some 2,000 troops", "2,030 troops"),
        ("more than 15,000 troops", "15,200 troops"),
        ("two thousand troops", "2,000 soldiers"),
        ("2,000 troops", "another 300 troops"),
        ("2,000 troops", "300 of them"),
        ("2,000 troops", "300 wounded troops"),
        ("2,000 troops", "300 Danish troops"),
        ("2,000 troops", "900 trucks"),
        ("2,000 troops", "$900 million"),
    ],
)
def test_roundings_parts_and_other_things_are_no_conflict(
    lexicon: Lexicon, one: str, other: str
) -> None:
    asked = "How many US troops are in Kosovo?"
    first = article(f"The US has {one} in Kosovo.", "2025-03-05")
    second = article(f"The US keeps {other} in Kosovo.", "2025-03-06")
    assert compare(lexicon, asked, first, second) == []


@pytest.mark.parametrize(
    "other",
    [
        "The US has 500 troops in Poland.",
        "The US had 2,000 troops in Kosovo, up from 500 troops.",
    ],
)
def test_what_is_elsewhere_or_told_as_past_is_no_conflict(lexicon: Lexicon, other: str) -> None:
    asked = "How many US troops are in Kosovo?"
    first = article("The US has 2,000 troops in Kosovo.", "2025-03-05")
    assert compare(lexicon, asked, first, article(other, "2025-03-06")) == []


def test_a_subset_and_the_whole_are_no_conflict(lexicon: Lexicon) -> None:
    found = compare(
        lexicon,
        "How many prisoners were exchanged in Ankara?",
        article("In Ankara 26 prisoners were exchanged.", "2024-08-02"),
        article("Of those exchanged in Ankara, 13 prisoners went to Germany.", "2024-08-02"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        (
            "How many miles is the run from Orsa to Vadso?",
            "The run from Orsa to Vadso is 40 miles.",
            "The train from Orsa to Vadso does 90 miles per hour.",
        ),
        (
            "How much are the jewels taken in Orsa worth?",
            "The jewels taken in Orsa are worth $40 million.",
            "A stone worth $60 million was not among the jewels taken in Orsa.",
        ),
    ],
)
def test_what_is_measured_or_paid_is_not_compared(
    lexicon: Lexicon, asked: str, one: str, other: str
) -> None:
    assert compare(lexicon, asked, article(one), article(other)) == []


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        (
            "How many contract workers are there at Lumbwe?",
            "The union wants the 900 contract workers at Lumbwe to be taken on permanently.",
            "Of the 900 contract workers at Lumbwe, 500 will get permanent posts by the end of 2027.",
        ),
        (
            "How many Armenian conscripts were released at Marneuli?",
            "Seven of the Armenians released at Marneuli are conscripts captured in a skirmish.",
            "Davit Ghukasian was one of the seven Armenian conscripts released at Marneuli in February.",
        ),
        (
            "How many prisoners is the Jufra Command to release?",
            "He would lift the roadblock once the Jufra Command had freed 42 prisoners.",
            "The document provides for 42 prisoners held by the Jufra Command and 29 held by the "
            "Western Coast Forces to be released.",
        ),
        (
            "How many pieces were stolen from the museum in Orsa?",
            "Two of the stolen pieces had belonged to the museum in Orsa since 1853.",
            "Eight pieces were stolen from the museum in Orsa.",
        ),
        (
            "How many people were killed in the crash at Elva?",
            "A total of 67 people were on the two aircraft in the crash at Elva.",
            "The crash at Elva killed 64 people.",
        ),
    ],
)
def test_articles_on_one_event_that_agree_raise_nothing(
    lexicon: Lexicon, asked: str, one: str, other: str
) -> None:
    assert compare(lexicon, asked, article(one), article(other)) == []


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        (
            "How many pages has the guide Harbour Lights 2?",
            "The guide Harbour Lights 2 has 210 pages.",
            "The guide Harbour Lights 2 has 340 pages.",
        ),
        (
            "How many people live in Sund Township?",
            "In Sund Township 3,100 people live.",
            "In Sund Township 5,200 people live.",
        ),
        (
            "How many Turkish soldiers were killed in the strike on Elva?",
            "The strike on Elva killed 3 Turkish soldiers.",
            "The strike on Elva killed 5 Turkish soldiers.",
        ),
        (
            "How many Norwegians were held in Elva?",
            "In Elva 40 Norwegians were held.",
            "In Elva 65 Norwegians were held.",
        ),
        (
            "How many people live in Orsa, 3,000 or 5,000?",
            "In Orsa 3,000 people live.",
            "In Orsa 5,000 people live.",
        ),
        (
            "How many people were killed in the Van ferry accident?",
            "The Van ferry accident killed 14 people a day after the storm.",
            "The Van ferry accident killed 31 people.",
        ),
    ],
)
def test_beside_them_what_differs_is_still_found(
    lexicon: Lexicon, asked: str, one: str, other: str
) -> None:
    assert len(compare(lexicon, asked, article(one), article(other))) == 1


def test_sides_that_agree_are_one_with_every_citation(lexicon: Lexicon) -> None:
    articles = (
        article("The Van ferry accident killed 14 people.", "2025-03-05"),
        article("Fourteen people were killed in the Van ferry accident.", "2025-03-06"),
        article("The Van ferry accident killed 31 people.", "2025-03-06"),
    )
    (found,) = compare(lexicon, TOLL, *articles)
    assert [[each.source for each in side.citations] for side in found.sides] == [
        [articles[0].source, articles[1].source],
        [articles[2].source],
    ]


def test_one_article_alone_contradicts_nobody(lexicon: Lexicon) -> None:
    alone = article("The Van ferry accident killed 14 people. Radio said the accident killed 31 people.")
    assert compare(lexicon, TOLL, alone) == []


def test_what_is_unlikely_to_answer_raises_nothing(lexicon: Lexicon) -> None:
    articles = (
        article("The Van ferry accident killed 14 people."),
        article("The Van ferry accident killed 31 people."),
    )
    assert compare(lexicon, TOLL, *articles, score=0.001) == []


def test_a_day_that_is_none_is_no_moment(lexicon: Lexicon) -> None:
    found = compare(
        lexicon,
        "How many US troops are in Syria?",
        article("On 31 June 2023 there were 800 US troops in Syria.", "2025-05"),
        article("There are 2,000 US troops in Syria.", "2025-05"),
    )
    assert [[side.value for side in each.sides] for each in found] == [
        ["800 US troops", "2,000 US troops"]
    ]


def test_a_figure_tells_what_it_counts(lexicon: Lexicon) -> None:
    text = "An estimated 800 US troops are based there, and 35 people were killed; 12 more came."
    found = [(each.words, each.counted, each.noun) for each in find_figures(text, lexicon)]
    assert found == [
        ("An estimated 800 US troops", "#troop", "US troops"),
        ("35 people", "#dead", "the dead"),
    ]


@pytest.mark.parametrize(
    ("text", "published", "when"),
    [
        ("On January 14, 2023 he spoke.", "2023-02-08", "2023-01-14"),
        ("He spoke on January 12.", "2023-02-08", "2023-01-12"),
        ("He has threatened it since May 2022.", "2023-02-08", "2023-02-08"),
        ("He spoke in 2020 and in 2021.", "2023-02-08", "2023-02-08"),
        ("It is planned in 2027.", "2023-02-08", "2023-02-08"),
        ("He spoke.", None, None),
    ],
)
def test_the_moment_is_the_one_named_or_the_day_of_publication(
    text: str, published: str | None, when: str | None
) -> None:
    each = article(text, published)
    assert moment(Candidate(Span(each, 0, len(text)), 1.0, ())) == when
