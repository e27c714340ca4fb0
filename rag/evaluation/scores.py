"""What the scoreboard is made of: figures with their intervals, curves, tables of confusion."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sklearn.calibration import calibration_curve

from rag.evaluation.metrics import RESAMPLES, Items, Metric, interval

Point = tuple[float, float]
_MOST_POINTS = 100
_BINS = 10


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a plain way reaches on the same records; None where that is not defined."""

    name: str
    figure: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """One figure in percent (Spearman: the correlation times 100) with the middle 95 %.

    `part` says which records it is on where that is not all of them, `count` how many; `published` is
    what others have reached. What could not be measured is None, and `note` says why. `is_skipped` is
    for a set that is not there.
    """

    benchmark: str
    metric: str
    count: int
    ours: float | None
    low: float | None = None
    high: float | None = None
    baselines: tuple[Baseline, ...] = ()
    published: str = ""
    note: str = ""
    part: str = ""
    is_skipped: bool = False


class CurveKind(StrEnum):
    RECALL = "recall"
    RISK = "risk"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines in one frame; x and y are shares (0..1), but for x of recall, a number of passages."""

    benchmark: str
    kind: CurveKind
    x: str
    y: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each truth (a row) was judged as each verdict (a column)."""

    benchmark: str
    truths: tuple[str, ...]
    verdicts: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage of the evaluation came to."""

    scores: tuple[Score, ...]
    curves: tuple[Curve, ...] = ()
    confusions: tuple[Confusion, ...] = ()


def items_of(
    values: Sequence[float], truths: Sequence[float | bool] | None, groups: Sequence[str]
) -> Items:
    """Items that count alike. Without truths the values speak for themselves, as `mean` reads them."""
    return Items(
        np.array(values, dtype=np.float64),
        np.array(values if truths is None else truths, dtype=np.float64),
        np.ones(len(values)),
        np.array(groups, dtype=np.object_),
    )


def score_of(
    benchmark: str,
    metric_name: str,
    metric: Metric,
    items: Items,
    baselines: Sequence[tuple[str, Items]] = (),
    published: str = "",
    note: str = "",
    resamples: int = RESAMPLES,
) -> Score:
    """A score at the threshold .5, which parts yes from no; the baselines are measured alike."""
    if not len(items):
        return Score(benchmark, metric_name, 0, None, published=published, note=note or "no records")
    low, high = interval(metric, items, 0.5, resamples)
    return Score(
        benchmark,
        metric_name,
        len(items),
        percent(metric(items, 0.5)),
        percent(low),
        percent(high),
        tuple(Baseline(str(name), percent(metric(plain, 0.5))) for name, plain in baselines),
        published,
        note,
    )


def sample_note(measured: int, known: int) -> str:
    """Says so where not all records were measured."""
    return "" if measured == known else f"a sample of {measured:,} of {known:,}"


def percent(figure: float) -> float | None:
    """To a tenth; None where the figure is not defined."""
    return None if math.isnan(figure) else round(100 * figure, 1)


def risk_series(name: str, confidences: Sequence[float], is_right: Sequence[bool]) -> Series:
    """When the surest answers are given and the rest withheld: the share that is given, and what share
    of those is wrong."""
    order = np.argsort(-np.array(confidences, dtype=np.float64), kind="stable")
    wrong = 1.0 - np.array(is_right, dtype=np.float64)[order]
    risks = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    places = np.unique(np.linspace(0, len(wrong) - 1, _MOST_POINTS).round().astype(int))
    points = [((place + 1) / len(wrong), risks[place]) for place in places] if len(wrong) else []
    return Series(name, _rounded(points))


def calibration_series(name: str, probabilities: Sequence[float], truths: Sequence[bool]) -> Series:
    """The probabilities that were told, in groups of one size, and what share of each came true."""
    if len(set(truths)) < 2:
        return Series(name, ())
    came_true, told = calibration_curve(
        np.array(truths, dtype=int), np.array(probabilities), n_bins=_BINS, strategy="quantile"
    )
    return Series(name, _rounded(list(zip(told, came_true, strict=True))))


def _rounded(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in points)
