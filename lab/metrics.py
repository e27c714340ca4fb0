"""Figures over judged items: thresholds, values and intervals. It knows nothing of any data set."""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu, spearmanr
from sklearn.metrics import balanced_accuracy_score, f1_score

RESAMPLES = 500
# More thresholds than this are not tried: they would only fit the noise of the tuning half.
_MOST_THRESHOLDS = 200

# One figure of items at a threshold, 0..1 (Spearman: -1..1); NaN where it is not defined.
Metric = Callable[["Items", float], float]


class Half(StrEnum):
    """Thresholds are chosen on one half of a set, and figures hold for the other."""

    TUNING = "tuning"
    REPORT = "report"


def half_of(group: str) -> Half:
    """The half that a group of cases belongs to, for ever: it hangs on nothing but the group's name."""
    digest = hashlib.sha256(f"half:{group}".encode(errors="surrogatepass")).digest()
    return Half.REPORT if digest[0] % 2 else Half.TUNING


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """What was judged, as arrays of one length: supports in 0..1, what people found (1 supported,
    0 not, or a share between), how much each item counts, and the group that it belongs to."""

    supports: NDArray[np.float64]
    truths: NDArray[np.float64]
    weights: NDArray[np.float64]
    groups: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.supports)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Items":
        return Items(
            self.supports[chosen], self.truths[chosen], self.weights[chosen], self.groups[chosen]
        )

    def half(self, half: Half) -> "Items":
        return self.take(np.array([half_of(group) is half for group in self.groups], dtype=bool))


def mean(items: Items, threshold: float = 0.0) -> float:
    """The mean of the values; neither threshold nor truth counts."""
    return float(np.average(items.supports, weights=items.weights)) if len(items) else math.nan


def median(items: Items, threshold: float = 0.0) -> float:
    """The median of the values; neither threshold nor truth nor weight counts."""
    return float(np.median(items.supports)) if len(items) else math.nan


def accuracy(items: Items, threshold: float) -> float:
    """The share of items that were judged right."""
    right = (items.supports >= threshold) == (items.truths > 0.5)
    return float(np.average(right, weights=items.weights)) if len(items) else math.nan


def balanced_accuracy(items: Items, threshold: float) -> float:
    """The mean of the shares of supported and of other items that were judged right."""
    if not _has_both(items):
        return math.nan
    return float(
        balanced_accuracy_score(
            items.truths > 0.5, items.supports >= threshold, sample_weight=items.weights
        )
    )


def macro_f1(items: Items, threshold: float) -> float:
    """The mean of F1 for supported and F1 for other items."""
    if not _has_both(items):
        return math.nan
    return _f1(items, threshold, average="macro")


def unsupported_f1(items: Items, threshold: float) -> float:
    """F1 of finding what is not supported."""
    if not (items.truths < 0.5).any():
        return math.nan
    return _f1(items, threshold, pos_label=0)


def _f1(items: Items, threshold: float, **options: str | int) -> float:
    found = f1_score(
        (items.truths > 0.5).astype(int),
        (items.supports >= threshold).astype(int),
        labels=[0, 1] if "average" in options else None,
        sample_weight=items.weights,
        zero_division=0,
        **options,
    )
    return float(found)


def auroc(items: Items, threshold: float = 0.0) -> float:
    """How often a supported item has more support than another one; a tie counts half. Neither
    threshold nor weight counts."""
    if not _has_both(items):
        return math.nan
    is_supported = items.truths > 0.5
    supported, others = items.supports[is_supported], items.supports[~is_supported]
    # scikit-learn's figure at a tenth of its time, which an interval takes hundreds of times.
    wins = mannwhitneyu(supported, others, method="asymptotic").statistic
    return float(wins / (len(supported) * len(others)))


def spearman(items: Items, threshold: float = 0.0) -> float:
    """Whether supports and truths have the same order, -1..1. Neither threshold nor weight counts."""
    if len(np.unique(items.supports)) < 2 or len(np.unique(items.truths)) < 2:
        return math.nan
    return float(spearmanr(items.supports, items.truths).statistic)


def _has_both(items: Items) -> bool:
    return len(np.unique(items.truths > 0.5)) == 2


def fit_threshold(metric: Metric, items: Items) -> float:
    """The threshold with the best figure. Of several that are equally good, the middle one.

    Raises ValueError when the figure is defined at none: there are too few items of one kind."""
    supports = np.unique(items.supports)
    between = (supports[1:] + supports[:-1]) / 2
    if len(between) > _MOST_THRESHOLDS:
        between = between[np.linspace(0, len(between) - 1, _MOST_THRESHOLDS).round().astype(int)]
    # Everything is supported, some is, nothing is.
    thresholds = np.array([0.0, *between, math.nextafter(1.0, 2.0)])
    figures = np.array([metric(items, float(threshold)) for threshold in thresholds])
    if np.isnan(figures).all():
        raise ValueError("a threshold needs supported and unsupported items to be fitted on")
    best = np.flatnonzero(np.isclose(figures, np.nanmax(figures), rtol=0, atol=1e-12))
    return float(thresholds[best[len(best) // 2]])


def interval(
    metric: Metric, items: Items, threshold: float, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[float, float]:
    """The middle 95 % of the figure when whole groups are drawn anew, with replacement.

    Both ends are NaN when the figure is defined for no draw."""
    _, group_of = np.unique(items.groups, return_inverse=True)
    order = np.argsort(group_of, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(group_of))[:-1])
    random = np.random.default_rng(seed)
    figures = []
    for _ in range(resamples):
        drawn = random.integers(len(members), size=len(members))
        figures.append(metric(items.take(np.concatenate([members[n] for n in drawn])), threshold))
    defined = [figure for figure in figures if not math.isnan(figure)]
    if not defined:
        return math.nan, math.nan
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
