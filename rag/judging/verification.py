"""A claim and the words it cites to a verdict with its reason. Nothing else is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.core.records import Citation, Claim, Verdict
from rag.judging.gate import Flaw, Gate, Kind
from rag.judging.support import Judge, Stance
from rag.language.framing import stated

# The probability from which a claim is supported, and from which partly.
SUPPORTED = 0.25
PARTLY = 0.15
# And the one from which the cited words say otherwise.
_CONTRADICTED = 0.5
# What the gate finds makes it this many times less likely, in odds, that a claim is supported: of claims
# close to the article's own words the reader is unsure, and there the gate sees what was changed.
_FOUND = 2.0
# What of the gate's findings the reader never overrules. On 471 claims of news that nothing was learned
# from those on dates and quotations, and other numbers of the same thing, were right each time. Other
# findings that the reader did not share were so in half of the cases or fewer.
_VETOES = frozenset({Kind.DATE, Kind.QUOTATION})


@dataclass(frozen=True, slots=True)
class Judgement:
    """`support` is the probability, 0..1, that the cited words say the claim; None where there was
    nothing to judge. `flaws` are what the gate found."""

    verdict: Verdict
    reason: str | None = None
    support: float | None = None
    flaws: tuple[Flaw, ...] = field(default=(), compare=False)

    @property
    def vetoed(self) -> bool:
        """Whether a finding of the gate decided."""
        return any(map(_is_veto, self.flaws))


class Verifier:
    def __init__(self, gate: Gate, judge: Judge) -> None:
        self._gate = gate
        self._judge = judge

    def judge(self, claim: str, citations: Sequence[Citation]) -> Judgement:
        """The verdict on a claim from the words it cites alone."""
        if not citations:
            return Judgement(Verdict.UNSUPPORTED, "No source is cited.")
        if any(claim == citation.quote for citation in citations):
            return Judgement(Verdict.SUPPORTED)
        claim = stated(claim) or claim
        stance = self._judge.stance(claim, [citation.quote for citation in citations])
        flaws = self._gate.check(claim, citations)
        vetoes = [flaw for flaw in flaws if _is_veto(flaw)]
        if flaws:
            stance = replace(stance, supports=_with_odds_over(stance.supports, _FOUND))
        verdict = _verdict(stance, bool(vetoes), any(flaw.contradicts for flaw in flaws))
        reason = None
        if verdict is not Verdict.SUPPORTED:
            # What the words lack is told where it is known.
            reason = _reasons(vetoes or flaws) or _REASONS[verdict]
        return Judgement(verdict, reason, stance.supports, flaws)

    def judged(self, text: str, citations: Sequence[Citation]) -> Claim:
        """A claim with its verdict."""
        judgement = self.judge(text, citations)
        return Claim(text, tuple(citations), judgement.verdict, judgement.reason)

    def rejudged(self, claim: Claim) -> Claim:
        judgement = self.judge(claim.text, claim.citations)
        return replace(claim, verdict=judgement.verdict, reason=judgement.reason)


_REASONS = {
    Verdict.PARTLY: "The cited words say this only in part.",
    Verdict.UNSUPPORTED: "The cited words do not say this.",
    Verdict.CONFLICTING: "The cited words say otherwise.",
}


def _verdict(stance: Stance, is_vetoed: bool, is_otherwise: bool) -> Verdict:
    if stance.supports >= SUPPORTED and not is_vetoed:
        return Verdict.SUPPORTED
    if stance.contradicts >= _CONTRADICTED or is_otherwise:
        return Verdict.CONFLICTING
    return Verdict.PARTLY if stance.supports >= PARTLY and not is_vetoed else Verdict.UNSUPPORTED


def _with_odds_over(probability: float, divisor: float) -> float:
    return probability / (probability + divisor * (1 - probability))


def _is_veto(flaw: Flaw) -> bool:
    return flaw.kind in _VETOES or (flaw.kind is Kind.NUMBER and flaw.contradicts)


def _reasons(flaws: Sequence[Flaw]) -> str:
    return " ".join(dict.fromkeys(flaw.reason for flaw in flaws))
