"""What the scoreboard is made of: figures with their intervals, curves, tables of confusion and of
vetoes; and its JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SCHEMA = "sourceline.scoreboard/1"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a plain way reaches on the same records; None where that is not defined."""

    name: str
    figure: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """One figure in percent (Spearman: the correlation times 100) with the middle 95 %.

    `part` says which records it is on where that is not all of them, `count` how many things were
    counted; `published` is
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
class Veto:
    """How often the gate found a kind of flaw in the claims of a set, and in how many of those people
    found the claim not supported either: those were `right`, the others false vetoes."""

    benchmark: str
    kind: str
    fired: int
    right: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage of the evaluation came to."""

    scores: tuple[Score, ...]
    curves: tuple[Curve, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    vetoes: tuple[Veto, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A stage's result. `fingerprint` is of all that it hangs on; of a set that is not there it is
    empty."""

    stage: str
    fingerprint: str
    result: Result


def to_json(measured: Sequence[Measured]) -> dict[str, Any]:
    """The scoreboard in plain JSON types. Nothing in it changes where no figure does."""
    return {
        "schema": SCHEMA,
        "stages": [{"stage": each.stage, **asdict(each.result)} for each in measured],
    }
