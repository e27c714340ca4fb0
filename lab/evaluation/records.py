"""What the scoreboard is made of: figures with their intervals, curves, tables of confusion.

Nothing here measures, so whoever only reads a scoreboard loads no library for it.
"""

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


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
