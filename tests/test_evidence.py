"""What is weighed of a sentence: where an office stands, who holds it must stand beside it."""

import pytest

from rag.embedding import Encoder
from rag.evidence import Candidate, Evidence
from rag.pairs import PairReader
from rag.passages import PassageRules
from rag.questions import QuestionReader
from rag.records import Article, Hit, Passage
from rag.terms import Lexicon

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
