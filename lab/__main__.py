"""Measures the pipeline: `python -m lab`, on our own questions, on the public sets found through
SOURCELINE_BENCHMARKS, on the news desk found through SOURCELINE_NEWSDESK and on what was set aside of
the sets to learn from that are found through SOURCELINE_TRAINING."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lab import scoreboard
from lab.page import rows
from lab.results import Measured, to_json
from lab.sets import stages_in
from lab.stage import Context
from rag.core.errors import RagError
from rag.core.settings import Settings
from rag.faces.cli.console import errors, print_json, progress

Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only this stage, by name; may be repeated.")
]
Sample = Annotated[int | None, typer.Option("--sample", min=1, help="Records of each set.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Measure again what was measured before.")]
Out = Annotated[Path | None, typer.Option("--out", help="Also write the scoreboard into this folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def evaluate(
    only: Only = None,
    sample: Sample = None,
    fresh: Fresh = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Measure the pipeline on the sets in SOURCELINE_BENCHMARKS, on the desk in SOURCELINE_NEWSDESK and
    on what was set aside of those in SOURCELINE_TRAINING.

    What was measured before of the same files by the same program is not measured again. --out DIR
    also writes scoreboard.json, scoreboard.md and plots.
    """
    found = stages_in(
        _folder("SOURCELINE_BENCHMARKS"), _folder("SOURCELINE_NEWSDESK"), _folder("SOURCELINE_TRAINING")
    )
    chosen = [
        stage
        for stage in found
        if not only or any(stage.name == name or stage.name.startswith(f"{name}_") for name in only)
    ]
    if not chosen:
        known = ", ".join(stage.name for stage in found)
        raise typer.BadParameter(f"there is no stage {', '.join(only or ())}; these are: {known}")
    if out is not None and not out.is_dir():
        raise RagError(f"There is no folder {out} for --out. Make it, or name another.")
    measured = []
    with progress() as show:
        run = Context(Settings.from_environment(), sample, show)
        for each in scoreboard.run_stages(chosen, run, fresh, errors.print):
            measured.append(each)
            if not as_json:
                _print_scores(each)
    if as_json:
        print_json(to_json(measured))
    else:
        kept = scoreboard.kept_in(run.settings)
        print(f"What came out wrong can be read in {kept}, in the files *.failures.jsonl.")
    if out is not None:
        scoreboard.write_scoreboard(out, measured)


def _print_scores(measured: Measured) -> None:
    """A line for each figure, as soon as it is there."""
    for what, count, ours, goal, reached, plain, published, note in rows([measured]):
        told = f"; goal {goal}: {reached}" if goal else ""
        print(f"{what} ({count}): {ours}{told}", flush=True)
        for line in (plain, published and f"published: {published}", note):
            if line:
                print(f"    {line}", flush=True)
    for score in measured.result.scores:
        if score.is_skipped:
            print(f"{score.benchmark}: {score.note}", flush=True)


def _folder(variable: str) -> Path | None:
    """The folder that a variable names; None, and said so, where there is none."""
    named = os.environ.get(variable)
    folder = Path(named).expanduser() if named else None
    if folder and folder.is_dir():
        return folder
    why = f"There is no folder {named}." if named else f"{variable} is not set."
    errors.print(why, "Its sets are passed over.")
    return None


def main() -> None:
    """Errors that are meant for the user are printed, not traced."""
    try:
        app()
    except RagError as error:
        errors.print(f"lab: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
