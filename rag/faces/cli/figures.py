"""The figures of an evaluation as text."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:  # the libraries behind it take seconds to load
    from lab.evaluation.measured import Measured
    from lab.evaluation.verification import Row


def print_scores(measured: "Measured") -> None:
    """A line for each figure, as soon as it is there."""
    from lab.evaluation.tables import rows

    for what, count, ours, goal, reached, plain, published, note in rows([measured]):
        told = f"; goal {goal}: {reached}" if goal else ""
        print(f"{what} ({count}): {ours}{told}", flush=True)
        for line in (plain, published and f"published: {published}", note):
            if line:
                print(f"    {line}", flush=True)
    for score in measured.result.scores:
        if score.is_skipped:
            print(f"{score.benchmark}: {score.note}", flush=True)


def print_rows(rows: "Sequence[Row]") -> None:
    """A table on a terminal, a line for each figure elsewhere."""
    table = Table("benchmark", "metric", "part", "n", "floor", "ours", "95 %", "published by others")
    for row in rows:
        ours = "–" if row.ours is None else f"{row.ours:.1f}"
        floor = "–" if row.floor is None else f"{row.floor:.1f}"
        within = f"{row.low:.1f}–{row.high:.1f}" if None not in (row.low, row.high) else ""
        told = "; ".join(filter(None, (row.published, row.note)))
        table.add_row(row.benchmark, row.metric, row.part, f"{row.count:,}", floor, ours, within, told)
        if not sys.stdout.isatty():
            figures = f"{ours} ({within})" if within else ours
            print(f"{row.benchmark}, {row.metric}, {row.part} ({row.count}): {figures}; floor {floor}")
            if told:
                print(f"    {told}")
    if sys.stdout.isatty():
        Console(highlight=False, markup=False).print(table)
