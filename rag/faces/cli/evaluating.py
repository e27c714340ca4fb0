"""Measuring the pipeline."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rag.core.errors import RagError
from rag.core.schema import answer_to_json
from rag.core.settings import Settings
from rag.faces.cli.console import errors, gather, print_json, progress
from rag.faces.cli.figures import print_rows, print_scores
from rag.faces.cli.opening import ready
from rag.faces.cli.options import AsJson, Corpus
from rag.faces.cli.words import one_line
from rag.wiring import open_verifier

evaluate = typer.Typer(help="Measure the pipeline, on our own questions and on public benchmarks.")

Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only this stage, by name; may be repeated.")
]
Sample = Annotated[int | None, typer.Option("--sample", min=1, help="Records of each set.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Measure again what was measured before.")]
Out = Annotated[Path | None, typer.Option("--out", help="Also write the scoreboard into this folder.")]


@evaluate.callback(invoke_without_command=True)
def evaluate_all(
    context: typer.Context,
    only: Only = None,
    sample: Sample = None,
    fresh: Fresh = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Measure every stage of the pipeline on the benchmarks that SOURCELINE_BENCHMARKS holds.

    What was measured before of the same files by the same program is not measured again. --out DIR
    also writes scoreboard.json, scoreboard.md and plots.
    """
    if context.invoked_subcommand is None:
        _evaluate(only or (), sample, fresh, out, as_json)


@evaluate.command("questions")
def evaluate_questions(
    only: Only = None,
    sample: Sample = None,
    fresh: Fresh = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Only the stages that ask questions: all but the verdicts."""
    _evaluate(only or (), sample, fresh, out, as_json, asks=True)


def _evaluate(
    only: Sequence[str],
    sample: int | None,
    fresh: bool,
    out: Path | None,
    as_json: bool,
    asks: bool = False,
) -> None:
    from lab.evaluation import scoreboard, stages, verdicts
    from lab.evaluation.measured import to_json
    from lab.evaluation.stage import Context

    folder, why = _benchmarks()
    if folder is None:
        errors.print(
            why or "SOURCELINE_BENCHMARKS is not set.", "The public benchmarks are passed over."
        )
    found = stages.stages_in(folder)
    chosen = [
        stage
        for stage in found
        if not (asks and stage.name == verdicts.NAME)
        and (not only or any(stage.name == name or stage.name.startswith(f"{name}_") for name in only))
    ]
    if not chosen:
        known = ", ".join(stage.name for stage in found)
        raise typer.BadParameter(f"there is no stage {', '.join(only)}; these are: {known}")
    if out is not None:
        _check_folder(out)
    measured = []
    with progress() as show:
        run = Context(Settings.from_environment(), sample, show)
        for each in scoreboard.run_stages(chosen, run, fresh, errors.print):
            measured.append(each)
            if not as_json:
                print_scores(each)
    if as_json:
        print_json(to_json(measured))
    else:
        kept = scoreboard.kept_in(run.settings)
        print(f"What came out wrong can be read in {kept}, in the files *.failures.jsonl.")
    if out is not None:
        scoreboard.write_scoreboard(out, measured, errors.print)


@evaluate.command("verification")
def evaluate_verdicts(
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Cases of each set.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the JSON here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Judge the claims of WiCE, AttributionBench, RAGTruth, QAGS and SciFact.

    Thresholds are chosen on one half of each set and figures taken on the other.
    """
    from lab.evaluation.benchmarks import BENCHMARKS
    from lab.evaluation.verification import evaluate_verification, rows_to_json

    folder, why = _benchmarks()
    if folder is None:
        set_it = "Set SOURCELINE_BENCHMARKS to a folder with some of these benchmarks:"
        origins = (f"  {benchmark.name}: {benchmark.origin}" for benchmark in BENCHMARKS)
        raise RagError("\n".join((f"{why} {set_it}".strip(), *origins)))
    if out is not None:
        _check_folder(out.parent)
    verifier = open_verifier(Settings.from_environment())
    with progress() as show:
        rows = evaluate_verification(
            folder,
            lambda pairs: [verifier.support(claim, texts) for claim, texts in pairs],
            sample,
            lambda name, done, total: show(done, total, name),
        )
    report = {"schema": "sourceline.verification/1", "rows": rows_to_json(rows)}
    print_json(report) if as_json else print_rows(rows)
    if out is not None:
        try:
            out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise RagError(f"The figures cannot be written to {out}: {error}") from error


@evaluate.command("cases")
def evaluate_cases(corpus: Corpus = None, as_json: AsJson = False) -> None:
    """Ask again the questions whose answers readers found wrong and saved as cases."""
    from lab.evaluation.cases import ask_again
    from rag.desk.memory.conversations import Conversations
    from rag.desk.memory.feedback import FAULT_WORDS, Feedbacks

    settings = Settings.from_environment(corpus_dir=corpus)
    cases = Feedbacks(settings.memory_path).cases()
    if not cases:
        print("No case is saved. On the page, say what is wrong with an answer and save it as one.")
        return
    asked_again = ask_again(ready(settings), Conversations(settings.memory_path), cases)
    outcomes = gather(asked_again, len(cases), "Asking again")
    if as_json:
        lines = [
            {
                "question": again.question,
                **asdict(again.case.feedback),
                "is_as_before": again.is_as_before,
                "before": answer_to_json(again.before),
                "now": answer_to_json(again.now) if again.now else None,
                "error": again.error,
            }
            for again in outcomes
        ]
        print_json({"schema": "sourceline.cases/1", "cases": lines})
        return
    for again in outcomes:
        came = again.error or ("as before" if again.is_as_before else "otherwise now")
        fault = again.case.feedback.fault
        print(f"{came}: {one_line(again.question)} ({FAULT_WORDS[fault] if fault else 'wrong'})")
    print(f"{sum(not again.is_as_before for again in outcomes)} of {len(outcomes)} come otherwise now.")


def _benchmarks() -> tuple[Path | None, str]:
    """The folder of the benchmarks; or None and what the one named lacks, "" where none is named."""
    named = os.environ.get("SOURCELINE_BENCHMARKS")
    if not named:
        return None, ""
    folder = Path(named).expanduser()
    return (folder, "") if folder.is_dir() else (None, f"There is no folder {named}.")


def _check_folder(out: Path) -> None:
    """Raises RagError where nothing could be written into it."""
    if not out.is_dir():
        raise RagError(f"There is no folder {out} for --out. Make it, or name another.")
