"""A claim and the words it cites to a verdict with its reason. Nothing else is looked at."""

import math
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

# What the gate finds lowers the support by so much in log odds, where one figure is wanted: a number
# that is not there by two, anything else by one.
_DOUBT = {Kind.NUMBER: 2.0}


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

    def support(self, claim: str, texts: Sequence[str]) -> float:
        """How far texts support a claim, 0..1, in one figure: the judge's, lower where the gate finds
        something; 1 where nothing is stated. For texts without credits; a verdict tells more."""
        claim = stated(claim)
        if not claim:
            return 1.0
        citations = [Citation("", "", 0, len(text), text) for text in texts]
        kinds = {flaw.kind for flaw in self._gate.check(claim, citations)} - {Kind.HEARSAY}
        support = self._judge.support(claim, texts)
        left = support * math.exp(-max((_DOUBT.get(kind, 1.0) for kind in kinds), default=0.0))
        return left / (left + 1 - support)

    def judged(self, text: str, citations: Sequence[Citation]) -> Claim:
        """A claim with its verdict."""
        judgement = self.judge(text, citations)
        return Claim(text, tuple(citations), judgement.verdict, judgement.reason)

    def rejudged(self, claim: Claim) -> Claim:
        judgement = self.judge(claim.text, claim.citations)
        return replace(claim, verdict=judgement.verdict, reason=judgement.reason)


def _reasons(flaws: Sequence[Flaw]) -> str:
    return " ".join(dict.fromkeys(flaw.reason for flaw in flaws))
