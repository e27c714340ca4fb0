"""Claims that people judged, judged by the very function whose verdict the page, `check` and `verify`
show. Only "supported" counts as supported; there is no threshold to choose. Beside it stands how well
the probability behind the verdict orders the claims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lab.failures import Failure
from lab.metrics import Items, Metric, auroc
from lab.plain import word_coverage
from lab.reading import BenchmarkUnusable
from lab.results import Confusion, Result, Veto
from lab.scores import at_best, items_of, sample_note, score_of
from lab.stage import Context
from rag.core.records import Citation, Verdict
from rag.judging.gate import Kind
from rag.judging.verification import Judgement
from rag.wiring import open_verifier

# So many characters of the evidence are kept with a claim that came out wrong.
_SHOWN = 3000
# What a verdict counts for where figures are graded.
_GRADES = {Verdict.SUPPORTED: 1.0, Verdict.PARTLY: 0.5}

# A figure for each claim of a unit, 0..1.
Values = tuple[float, ...]


class Worth(StrEnum):
    """What of a judgement is measured: whether the verdict is "supported"; the same, but "partly" counts
    one half; or the probability behind the verdict."""

    VERDICT = "verdict"
    GRADE = "grade"
    PROBABILITY = "probability"


class Unit(Protocol):
    """Claims over the same evidence. `key` is stable and unique within its set; units of one `group`
    share a question, an article or an abstract. `truths` is for each claim the share of people who found
    it supported, 0..1."""

    @property
    def key(self) -> str: ...

    @property
    def group(self) -> str: ...

    @property
    def claims(self) -> tuple[str, ...]: ...

    @property
    def evidence(self) -> tuple[str, ...]: ...

    @property
    def truths(self) -> Values: ...


_Unit = TypeVar("_Unit", bound=Unit)


@dataclass(frozen=True, slots=True)
class Case:
    """One claim and the texts it is judged against. `supporting` are the ways to support the claim that
    people found, each as places in `evidence`. A contradicted claim is UNSUPPORTED."""

    key: str
    group: str
    claim: str
    evidence: tuple[str, ...]
    verdict: Verdict
    supporting: tuple[tuple[int, ...], ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        return (self.claim,)

    @property
    def truths(self) -> Values:
        return (float(self.verdict is Verdict.SUPPORTED),)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a set. `items` makes of units and the values of their claims what the metric
    reads."""

    name: str
    metric: Metric
    items: Callable[[Sequence[Any], Sequence[Values]], Items]
    published: str = ""
    worth: Worth = Worth.VERDICT


def places_are_there(ways: tuple[tuple[int, ...], ...], count: int, path: Path, number: int) -> None:
    """Raises BenchmarkUnusable where a way to support a claim names a sentence beyond the `count` that
    there are."""
    if any(not 0 <= place < count for way in ways for place in way):
        raise BenchmarkUnusable.at(path, number, "a supporting sentence is named that is not there")


def only_claims(units: Sequence[Unit], values: Sequence[Values]) -> Items:
    """Each unit has one claim, and counts as that does."""
    return items_of(
        [own[0] for own in values],
        [unit.truths[0] for unit in units],
        [unit.group for unit in units],
    )


# The metric's name where it is not the verdict that is measured.
AUROC = "AUROC of the probability behind the verdict"
BY_PROBABILITY = Measure(AUROC, auroc, only_claims, worth=Worth.PROBABILITY)


def measure_claims(
    context: Context,
    name: str,
    units: Sequence[_Unit],
    measures: Sequence[Measure],
    label: Callable[[_Unit], str] | None = None,
) -> Result:
    """The figures of a set, beside what is reached by words in common at the threshold that is best for
    these very records; and how often each kind of flaw was found, rightly and wrongly. Where units of
    one claim have a `label`, also which verdicts the claims of each label got."""
    chosen = context.sampled(units)
    judgements = judge(context, name, chosen)
    covered = [tuple(word_coverage(claim, unit.evidence) for claim in unit.claims) for unit in chosen]
    note = sample_note(len(chosen), len(units))
    scores = []
    for measure in measures:
        needs_threshold = measure.worth is Worth.VERDICT
        values = [tuple(_worth(each, measure.worth) for each in own) for own in judgements]
        ours, plain = measure.items(chosen, values), measure.items(chosen, covered)
        score = score_of(
            name,
            measure.name,
            measure.metric,
            ours,
            () if needs_threshold else (("word coverage", plain),),
            measure.published,
            note,
            context.resamples,
        )
        if needs_threshold:
            score = replace(score, baselines=at_best("word coverage", measure.metric, plain))
        scores.append(replace(score, count=len(chosen)))
    confusions: tuple[Confusion, ...] = ()
    if label:
        confusions = (_confusion(name, [label(unit) for unit in chosen], chosen, judgements),)
    return Result(tuple(scores), (), confusions, _vetoes(name, chosen, judgements))


def judge(context: Context, name: str, units: Sequence[Unit]) -> list[tuple[Judgement, ...]]:
    """The verdicts on the claims of each unit; those that people do not share are told as failures."""
    verifier = open_verifier(context.settings)
    found = []
    for unit in context.each(units, f"{name}: judging"):
        citations = tuple(Citation("", "0" * 64, 0, len(text), text) for text in unit.evidence)
        own = tuple(verifier.judge(claim, citations) for claim in unit.claims)
        found.append(own)
        for number, (claim, truth, judgement) in enumerate(
            zip(unit.claims, unit.truths, own, strict=True)
        ):
            is_supported = judgement.verdict is Verdict.SUPPORTED
            if is_supported != (truth >= 0.5):
                kind = "called supported" if is_supported else "called otherwise"
                came = ": ".join(filter(None, (judgement.verdict.value, judgement.reason)))
                evidence = " ".join(unit.evidence)[:_SHOWN]
                context.failed(Failure(name, kind, f"{unit.key}-{number}", claim, evidence, came))
    return found


def _vetoes(
    name: str, units: Sequence[Unit], judgements: Sequence[Sequence[Judgement]]
) -> tuple[Veto, ...]:
    """For each kind of flaw in how many claims the gate found it, and in how many of those rightly."""
    truths: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    for unit, own in zip(units, judgements, strict=True):
        for truth, judgement in zip(unit.truths, own, strict=True):
            for kind in {flaw.kind for flaw in judgement.flaws}:
                truths[kind].append(truth)
    return tuple(
        Veto(name, kind.value, len(each), sum(truth < 0.5 for truth in each))
        for kind, each in truths.items()
    )


def _confusion(
    name: str,
    labels: Sequence[str],
    units: Sequence[Unit],
    judgements: Sequence[Sequence[Judgement]],
) -> Confusion:
    """Which verdicts the claims of each label got; labels of supported claims come first."""
    counts: dict[str, dict[Verdict, int]] = {}
    sound: dict[str, float] = {}
    for label, unit, own in zip(labels, units, judgements, strict=True):
        counts.setdefault(label, dict.fromkeys(Verdict, 0))[own[0].verdict] += 1
        sound[label] = unit.truths[0]
    order = sorted(counts, key=lambda label: (-sound[label], label))
    return Confusion(
        name,
        tuple(order),
        tuple(verdict.value for verdict in Verdict),
        tuple(tuple(counts[label].values()) for label in order),
    )


def _worth(judgement: Judgement, worth: Worth) -> float:
    match worth:
        case Worth.VERDICT:
            return float(judgement.verdict is Verdict.SUPPORTED)
        case Worth.GRADE:
            return _GRADES.get(judgement.verdict, 0.0)
        case Worth.PROBABILITY:
            return probability(judgement)


def probability(judgement: Judgement) -> float:
    """How likely the words support the claim, 0..1, as the verdict takes it: 0 where "supported" is
    never shown, whatever the judge says; 1 for the very words."""
    if judgement.vetoed:
        return 0.0
    if judgement.support is None:
        return float(judgement.verdict is Verdict.SUPPORTED)
    return judgement.support
