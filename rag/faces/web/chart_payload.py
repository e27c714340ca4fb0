"""The scoreboard's curves and confusions as the browser draws them: scales, points, words for both."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.evaluation.measured import Scoreboard
from lab.evaluation.records import Confusion, Curve, CurveKind, Series
from rag.faces.web.payloads import Payload
from rag.faces.web.scoreboard_payload import heading

_TITLES = {
    CurveKind.RECALL: (
        "Is the answer among the first passages?",
        "The share of questions whose answer stands in one of so many passages. Higher is better.",
    ),
    CurveKind.RISK: (
        "Risk against coverage",
        "When only the surest answers are given: the share that is given, and what share of those is "
        "wrong. Lower is better.",
    ),
    CurveKind.CALIBRATION: (
        "Does what is told come true?",
        "The probabilities that were told, and how often it was so. On the diagonal both agree.",
    ),
}
# The most that an axis of shares shows, with the step of its marks: risks may all be small.
_TOPS = ((0.1, 0.02), (0.2, 0.05), (0.4, 0.1), (0.6, 0.2), (1.0, 0.2))
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_MOST_MARKS = 5
_TABLE_ROWS = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with a mark at each of `marks`; shares are told in percent."""

    label: str
    low: float
    high: float
    marks: tuple[float, ...]
    is_share: bool = True

    def words(self, value: float) -> str:
        return f"{100 * value:.0f} %" if self.is_share else f"{value:g}"

    def payload(self) -> Payload:
        marks = [{"at": self.place(mark), "words": self.words(mark)} for mark in self.marks]
        return {"label": self.label, "marks": marks}

    def place(self, value: float) -> float:
        """0..1 along the axis; what lies beyond it at its end."""
        return round(min(1.0, max(0.0, (value - self.low) / (self.high - self.low))), 4)


def charts_payload(board: Scoreboard) -> Payload:
    """A section for each kind of curve that has points, and the confusions."""
    curves = [curve for each in board.measured for curve in each.result.curves]
    drawn = [curve for curve in curves if any(series.points for series in curve.series)]
    return {
        "sections": [
            _section(kind, chosen)
            for kind in CurveKind
            if (chosen := [curve for curve in drawn if curve.kind is kind])
        ],
        "confusions": [
            _confusion(confusion) for each in board.measured for confusion in each.result.confusions
        ],
    }


def _section(kind: CurveKind, curves: Sequence[Curve]) -> Payload:
    title, about = _TITLES[kind]
    # One scale for all frames of a section, so that they can be compared by eye.
    top, step = next(
        ((top, step) for top, step in _TOPS if top >= _highest(curves)),
        _TOPS[-1],
    )
    if kind is not CurveKind.RISK:
        top, step = _TOPS[-1]
    frames = [_frame(curve, _share_axis(curve.y, top, step)) for curve in curves]
    return {"kind": kind.value, "title": title, "about": about, "frames": frames}


def _highest(curves: Sequence[Curve]) -> float:
    return max(y for curve in curves for series in curve.series for _, y in series.points)


def _share_axis(label: str, top: float, step: float) -> Axis:
    return Axis(label, 0.0, top, tuple(step * number for number in range(round(top / step) + 1)))


def _frame(curve: Curve, y: Axis) -> Payload:
    series = sorted((each for each in curve.series if each.points), key=lambda each: each.name != "ours")
    x = _count_axis(curve) if curve.kind is CurveKind.RECALL else _share_axis(curve.x, 1.0, 0.25)
    return {
        "title": heading(curve.benchmark),
        "x": x.payload(),
        "y": y.payload(),
        "has_diagonal": curve.kind is CurveKind.CALIBRATION,
        "has_dots": curve.kind is CurveKind.CALIBRATION,
        "series": [
            {"name": each.name, "points": [[x.place(at), y.place(to)] for at, to in each.points]}
            for each in series
        ],
        "words": "; ".join(_in_words(each, x, y) for each in series) + ".",
        "table": _table(series, x, y),
    }


def _count_axis(curve: Curve) -> Axis:
    """From the first passage to the last that any series counts to."""
    high = max(at for series in curve.series for at, _ in series.points)
    step = next((step for step in _STEPS if high / step <= _MOST_MARKS), max(1, round(high)))
    marks = (1.0, *(float(mark) for mark in range(step, int(high) + 1, step) if mark > 1))
    return Axis(curve.x, 1.0, max(2.0, high), marks, is_share=False)


def _in_words(series: Series, x: Axis, y: Axis) -> str:
    (first_x, first_y), (last_x, last_y) = series.points[0], series.points[-1]
    return (
        f"{series.name}: {y.label} {y.words(first_y)} at {x.words(first_x)} {x.label}, "
        f"{y.words(last_y)} at {x.words(last_x)}"
    )


def _table(series: Sequence[Series], x: Axis, y: Axis) -> Payload:
    """Some of the points in words: a row for each x, a column for each series."""
    columns = [dict(each.points) for each in series]
    every = sorted({at for column in columns for at in column})
    last = len(every) - 1
    chosen = every
    if last >= _TABLE_ROWS:
        chosen = [every[round(row * last / (_TABLE_ROWS - 1))] for row in range(_TABLE_ROWS)]
    return {
        "head": [x.label, *(each.name for each in series)],
        "rows": [[x.words(at), *(_cell(column, at, y) for column in columns)] for at in chosen],
    }


def _cell(column: dict[float, float], at: float, y: Axis) -> str:
    return f"{100 * column[at]:.1f} %" if y.is_share and at in column else "–"


def _confusion(confusion: Confusion) -> Payload:
    return {
        "title": heading(confusion.benchmark),
        "verdicts": list(confusion.verdicts),
        "rows": [
            {
                "truth": truth,
                "cells": [
                    _confused(count, sum(counts), truth == verdict)
                    for verdict, count in zip(confusion.verdicts, counts, strict=True)
                ],
            }
            for truth, counts in zip(confusion.truths, confusion.counts, strict=True)
        ],
    }


def _confused(count: int, total: int, agrees: bool) -> Payload:
    """Shaded by the share of the row: the truths are not equally many."""
    share = min(1.0, max(0.0, count / total)) if total > 0 else 0.0
    words = f"{100 * share:.0f} %"
    return {"count": f"{count:,}", "share": round(share, 3), "words": words, "agrees": agrees}
