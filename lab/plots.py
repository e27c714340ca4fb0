"""The scoreboard's curves and its confusion as SVG. The door to matplotlib."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.results import Confusion, Curve, CurveKind, Measured
from rag.core.errors import RagError

_TITLES = {
    CurveKind.RECALL: "Is the answer among the first passages?",
    CurveKind.RISK: "Risk against coverage",
    CurveKind.CALIBRATION: "Does what is told come true?",
}
_COLUMNS = 3
# Apart in lightness too, for those who see no colours.
_COLOURS = ("#0b3d91", "#d95f02", "#66a61e", "#999999")
_DASHES = ("-", "--", "-.", ":")


def write_plots(folder: Path, measured: Sequence[Measured]) -> tuple[str, ...]:
    """Writes a picture for each kind of curve and one of the confusions; their names. Those of an
    earlier run go.

    The same figures give the same bytes. Raises RagError where the folder cannot be written to."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "sourceline"
    names = []
    for kind in CurveKind:
        every = [curve for each in measured for curve in each.result.curves if curve.kind is kind]
        curves = [curve for curve in every if any(series.points for series in curve.series)]
        if curves:
            names.append(_save(_curves(_TITLES[kind], curves), folder / f"scoreboard-{kind}.svg"))
    confusions = [confusion for each in measured for confusion in each.result.confusions]
    if confusions:
        names.append(_save(_confusions(confusions), folder / "scoreboard-confusion.svg"))
    for old in folder.glob("scoreboard-*.svg"):
        if old.name not in names:
            old.unlink()
    return tuple(names)


def _save(figure: Figure, path: Path) -> str:
    try:
        figure.savefig(path, metadata={"Date": None})
    except OSError as error:
        raise RagError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path.name


def _frames(count: int, title: str) -> tuple[Figure, list[Axes]]:
    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    figure = Figure(figsize=(4.2 * columns, 3.6 * rows), layout="constrained")
    figure.suptitle(title)
    frames = figure.subplots(rows, columns, squeeze=False).flatten().tolist()
    for spare in frames[count:]:
        spare.set_axis_off()
    return figure, frames[:count]


def _curves(title: str, curves: Sequence[Curve]) -> Figure:
    figure, frames = _frames(len(curves), title)
    for curve, axes in zip(curves, frames, strict=True):
        for place, series in enumerate(curve.series):
            axes.plot(
                [x for x, _ in series.points],
                [y for _, y in series.points],
                label=series.name,
                color=_COLOURS[place % len(_COLOURS)],
                linestyle=_DASHES[place % len(_DASHES)],
                marker="o" if curve.kind is CurveKind.CALIBRATION else None,
            )
        if curve.kind is CurveKind.CALIBRATION:
            axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1, label="as it should be")
        axes.set_title(curve.benchmark, fontsize=10)
        axes.set_xlabel(curve.x)
        axes.set_ylabel(curve.y)
        axes.set_ylim(0, 1)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    return figure


def _confusions(confusions: Sequence[Confusion]) -> Figure:
    figure, frames = _frames(len(confusions), "What people found, and the verdicts given")
    for confusion, axes in zip(confusions, frames, strict=True):
        # A row's colours are shares of the row: the truths are not equally many.
        shares = [[count / max(sum(counts), 1) for count in counts] for counts in confusion.counts]
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(len(confusion.verdicts)), confusion.verdicts, fontsize=8)
        axes.set_yticks(range(len(confusion.truths)), confusion.truths, fontsize=8)
        axes.set_title(confusion.benchmark, fontsize=10)
        for row, counts in enumerate(confusion.counts):
            for column, count in enumerate(counts):
                colour = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, str(count), ha="center", va="center", color=colour)
    return figure
