"""From a judge's probabilities and the gate's findings to a verdict with its reason."""

from collections.abc import Sequence

import pytest

from rag.core.records import Citation, Claim, Verdict
from rag.judging.gate import Gate, Kind
from rag.judging.support import Stance
from rag.judging.verification import PARTLY, SUPPORTED, Judgement, Verifier
from rag.language.terms import Lexicon

QUOTE = "Ada Okoye opened the mill in May, and forty people came."
CLAIM = "The mill was opened by Ada Okoye."
# What the gate finds something in; the last alone is never overruled.
TOO_MANY = "Ada Okoye opened the mill, and fifty people came."
TOO_LATE = "Ada Okoye opened the mill in June."
OTHER_NAME = "Ben Ruiz opened the mill in May."
DENIED = "Ada Okoye did not open the mill in May."
OTHER_WORDS = "Ada Okoye opened the mill “before a crowd of thousands” in May."


class Saying:
    """A judge that says the same of everything; keeps what it was asked."""

    name = "saying"

    def __init__(self, supports: float, contradicts: float = 0.0) -> None:
        self.stances = Stance(supports, contradicts)
        self.asked: list[tuple[str, Sequence[str]]] = []

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        self.asked.append((claim, texts))
        return self.stances


def citation(quote: str = QUOTE) -> Citation:
    return Citation("mill.md", "0" * 64, 0, len(quote), quote)


def judged(claim: str, supports: float, contradicts: float = 0.0) -> Judgement:
    return Verifier(Gate(Lexicon()), Saying(supports, contradicts)).judge(claim, [citation()])


@pytest.mark.parametrize(
    ("supports", "contradicts", "verdict"),
    [
        (1.0, 0.0, Verdict.SUPPORTED),
        (SUPPORTED, 0.5, Verdict.SUPPORTED),
        (SUPPORTED - 0.01, 0.0, Verdict.PARTLY),
        (PARTLY, 0.4, Verdict.PARTLY),
        (PARTLY - 0.01, 0.0, Verdict.UNSUPPORTED),
        (0.0, 0.0, Verdict.UNSUPPORTED),
        (PARTLY, 0.5, Verdict.CONFLICTING),
        (0.0, 1.0, Verdict.CONFLICTING),
    ],
)
def test_the_verdict_is_what_is_likeliest(supports: float, contradicts: float, verdict: Verdict) -> None:
    found = judged(CLAIM, supports, contradicts)
    assert (found.verdict, found.support, found.flaws) == (verdict, supports, ())
    assert (found.reason is None) is (verdict is Verdict.SUPPORTED)


def test_a_verdict_that_the_gate_cannot_explain_has_a_reason_too() -> None:
    reasons = [judged(CLAIM, *stance).reason for stance in ((0.2, 0.0), (0.1, 0.0), (0.1, 0.8))]
    assert reasons == [
        "The cited words say this only in part.",
        "The cited words do not say this.",
        "The cited words say otherwise.",
    ]


@pytest.mark.parametrize("claim", [OTHER_NAME, DENIED])
def test_a_judge_that_is_sure_overrules_what_the_gate_found(claim: str) -> None:
    found = judged(claim, 0.9)
    assert found.flaws
    assert (found.verdict, found.reason, found.vetoed) == (Verdict.SUPPORTED, None, False)


@pytest.mark.parametrize("claim", [TOO_MANY, TOO_LATE])
def test_another_date_and_another_number_of_the_same_thing_no_judge_overrules(claim: str) -> None:
    found = judged(claim, 0.99)
    assert (found.verdict, found.vetoed) == (Verdict.CONFLICTING, True)


@pytest.mark.parametrize(
    ("claim", "verdict", "reason", "vetoed"),
    [
        (TOO_MANY, Verdict.CONFLICTING, "fifty is not in the cited words; they say forty.", True),
        (TOO_LATE, Verdict.CONFLICTING, "June is not in the cited words; they say May.", True),
        (OTHER_NAME, Verdict.UNSUPPORTED, "“Ben Ruiz” is not in the cited words.", False),
        (
            DENIED,
            Verdict.CONFLICTING,
            "The cited words do not deny it: nothing there says “not open the mill in May”.",
            False,
        ),
    ],
)
def test_what_the_gate_found_is_the_reason_where_the_judge_is_not_sure(
    claim: str, verdict: Verdict, reason: str, vetoed: bool
) -> None:
    found = judged(claim, 0.1)
    assert (found.verdict, found.reason, found.vetoed) == (verdict, reason, vetoed)


@pytest.mark.parametrize("supports", [1.0, 0.4, 0.0])
def test_words_in_quotation_marks_that_stand_nowhere_are_never_supported(supports: float) -> None:
    found = judged(OTHER_WORDS, supports)
    assert [flaw.kind for flaw in found.flaws] == [Kind.QUOTATION]
    assert (found.verdict, found.vetoed) == (Verdict.UNSUPPORTED, True)
    assert (found.support or 0.0) <= supports
    assert found.reason == "“before a crowd of thousands” does not stand in the cited words so."


def test_without_words_nothing_is_supported_and_nobody_is_asked() -> None:
    judge = Saying(1.0)
    found = Verifier(Gate(Lexicon()), judge).judge(CLAIM, [])
    assert found == Judgement(Verdict.UNSUPPORTED, "No source is cited.")
    assert judge.asked == []


def test_the_very_words_are_supported_and_nobody_is_asked() -> None:
    judge = Saying(0.0, 1.0)
    found = Verifier(Gate(Lexicon()), judge).judge(QUOTE, [citation("Other words."), citation()])
    assert found == Judgement(Verdict.SUPPORTED)
    assert judge.asked == []


def test_all_cited_words_are_judged_together() -> None:
    judge = Saying(1.0)
    Verifier(Gate(Lexicon()), judge).judge(CLAIM, [citation("Ada opened it."), citation()])
    assert judge.asked == [(CLAIM, ["Ada opened it.", QUOTE])]


def test_a_claim_carries_its_verdict_and_can_be_judged_anew() -> None:
    gate = Gate(Lexicon())
    claim = Verifier(gate, Saying(0.9)).judged(CLAIM, [citation()])
    assert claim == Claim(CLAIM, (citation(),), Verdict.SUPPORTED, None)
    doubted = Verifier(gate, Saying(0.1)).rejudged(claim)
    assert (doubted.verdict, doubted.reason) == (
        Verdict.UNSUPPORTED,
        "The cited words do not say this.",
    )


def test_what_the_gate_finds_halves_the_odds() -> None:
    assert judged(OTHER_WORDS, 0.5).support == pytest.approx(1 / 3)
