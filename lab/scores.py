"""Judged items to the records of the scoreboard: a figure with its interval, the points of a curve."""

import math
from collections.abc import Sequence

import numpy as np
from sklearn.calibration import calibration_curve

from lab.metrics import RESAMPLES, Items, Metric, fit_threshold, interval
from lab.results import Baseline, Curve, CurveKind, Point, Score, Series

_MOST_POINTS = 100
_BINS = 10


def items_of(
    values: Sequence[float],
    truths: Sequence[float | bool] | None,
    groups: Sequence[str],
    weights: Sequence[float] | None = None,
) -> Items:
    """Items that count alike, or as their weights say. Without truths the values speak for themselves,
    as `mean` reads them."""
    return Items(
        np.array(values, dtype=np.float64),
        np.array(values if truths is None else truths, dtype=np.float64),
        np.ones(len(values)) if weights is None else np.array(weights, dtype=np.float64),
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


def at_best(name: str, metric: Metric, items: Items) -> tuple[Baseline, ...]:
    """A plain way at the threshold that is best for these very items: more than it could reach on
    others. None where there are too few items of one kind."""
    try:
        figure = percent(metric(items, fit_threshold(metric, items)))
    except ValueError:
        return ()
    return (Baseline(f"{name}, best threshold for these", figure),)


def answer_curves(
    name: str,
    wrong: str,
    risks: Sequence[tuple[str, Sequence[float], Sequence[bool]]],
    confidences: Sequence[float],
    truths: Sequence[bool],
) -> tuple[Curve, Curve]:
    """Of answers: the share that is `wrong` when only the surest are given, by each way to be sure; and
    whether the confidences are probabilities of there being an answer."""
    series = tuple(risk_series(*each) for each in risks)
    told = (calibration_series("ours", confidences, truths),)
    return (
        Curve(name, CurveKind.RISK, "questions answered", wrong, series),
        Curve(
            name, CurveKind.CALIBRATION, "told probability of an answer", "share with an answer", told
        ),
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
