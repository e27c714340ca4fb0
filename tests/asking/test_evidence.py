"""What is weighed of a sentence: the name beside an office, the denial that is asked for; and what is no
sentence at all."""

import pytest

from rag.asking.evidence import Candidate, Evidence
from rag.asking.questions import QuestionReader
from rag.core.records import Article, Hit, Passage
from rag.index.passages import PassageRules
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader

LEXICON = Lexicon()


@pytest.fixture(scope="module")
def evidence(encoder: Encoder, pairs: PairReader) -> Evidence:
    return Evidence(encoder, pairs, LEXICON, PassageRules(256, 200), lambda term: 1.0)


def first(evidence: Evidence, question: str, text: str) -> Candidate:
    article = Article("elva.md", text, "", None)
    (read,) = QuestionReader(LEXICON).read(question)
    return evidence.candidates(read, [Hit(Passage("", "elva.md", 0, len(text)), article, 1.0)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Okoye, the mayor, opened the mill in spring.",
        "The mayor of Elva, Ada Okoye, opened the mill.",
        "The mill was opened by Mayor Ada Okoye in spring.",
        "Ada Okoye became the first mayor of Elva in spring.",
        "Ada Okoye, who is mayor of Elva, opened the mill.",
    ],
)
def test_an_office_with_the_name_beside_it_answers_who_holds_it(evidence: Evidence, text: str) -> None:
    assert first(evidence, "Who is the mayor of Elva?", text).signals.nameless == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "The mayor of Elva opened the mill in spring.",
        "In Elva the mayor spoke with Ada Okoye about the mill.",
        "Ada Okoye asked whether the mayor of Elva would come.",
    ],
)
def test_an_office_without_a_name_does_not_answer_who_holds_it(evidence: Evidence, text: str) -> None:
    found = first(evidence, "What is the name of the mayor of Elva?", text)
    assert found.signals.nameless == 1.0
    assert found.score < 0.5


def test_what_does_not_speak_of_the_office_is_not_judged_by_it(evidence: Evidence) -> None:
    found = first(evidence, "Who is the mayor of Elva?", "Ada Okoye governs Elva.")
    assert found.signals.nameless == 0.0


@pytest.mark.parametrize(
    ("question", "text", "undenied"),
    [
        ("Which bridge did the mayor not open?", "The mayor opened the bridge of Elva in spring.", 1.0),
        ("Which bridge did the mayor not open?", "The mayor did not open the bridge of Elva.", 0.0),
        ("Which bridge did the mayor open?", "The mayor opened the bridge of Elva in spring.", 0.0),
        ("Did the mayor not open the bridge?", "The mayor opened the bridge of Elva in spring.", 0.0),
    ],
)
def test_what_is_not_is_answered_by_what_denies(
    evidence: Evidence, question: str, text: str, undenied: float
) -> None:
    assert first(evidence, question, text).signals.undenied == undenied


def test_a_row_of_a_table_is_never_cited(evidence: Evidence) -> None:
    row = "Name Elva Mill Built 1902 Height 12 m Floors 3 Owner Okoye Trust Builder Ruiz Bros Open 1903"
    text = f"The mill of Elva was built in 1902 and has three floors, a wheel and a shed. {row}."
    article = Article("elva.md", text, "", None)
    (read,) = QuestionReader(LEXICON).read("Who is the builder of the mill of Elva?")
    found = evidence.candidates(read, [Hit(Passage("", "elva.md", 0, len(text)), article, 1.0)])
    assert [candidate.span.text for candidate in found] == [text[: text.index(" Name")]]
