"""A claim and the words it cites to a verdict with its reason. Nothing else is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.core.records import Citation, Claim, Verdict
from rag.judging.gate import Flaw, Gate, Kind
from rag.judging.support import Judge
from rag.language.framing import stated

# The support from which a claim is supported, and from which partly: between the supported claims of
# tests/claims.jsonl and those cited to the wrong words.
SUPPORTED = 0.3
PARTLY = 0.2


@dataclass(frozen=True, slots=True)
class Judgement:
    """`support` is the judge's probability, 0..1; None where the gate or the claim itself decided.
    `flaws` are what the gate found."""

    verdict: Verdict
    reason: str | None = None
    support: float | None = None
    flaws: tuple[Flaw, ...] = field(default=(), compare=False)


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
        flaws = self._gate.check(claim, citations)
        hard = [flaw for flaw in flaws if flaw.kind is not Kind.HEARSAY]
        if hard:
            contradicted = any(flaw.contradicts for flaw in hard)
            verdict = Verdict.CONFLICTING if contradicted else Verdict.UNSUPPORTED
            return Judgement(verdict, _reasons(hard), flaws=flaws)
        support = self._judge.support(claim, [citation.quote for citation in citations])
        if support < PARTLY:
            return Judgement(Verdict.UNSUPPORTED, "The cited words do not say this.", support, flaws)
        if flaws:
            return Judgement(Verdict.PARTLY, _reasons(flaws), support, flaws)
        if support < SUPPORTED:
            return Judgement(Verdict.PARTLY, "The cited words say this only in part.", support)
        return Judgement(Verdict.SUPPORTED, None, support)

    def judged(self, text: str, citations: Sequence[Citation]) -> Claim:
        """A claim with its verdict."""
        judgement = self.judge(text, citations)
        return Claim(text, tuple(citations), judgement.verdict, judgement.reason)

    def rejudged(self, claim: Claim) -> Claim:
        judgement = self.judge(claim.text, claim.citations)
        return replace(claim, verdict=judgement.verdict, reason=judgement.reason)


def _reasons(flaws: Sequence[Flaw]) -> str:
    return " ".join(dict.fromkeys(flaw.reason for flaw in flaws))
