"""The stages of the evaluation, in the order in which they run, for the sets that lie in a folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lab.evaluation import clapnq, conflicting, none_of_ten, realtimeqa, scifact, squad2, verdicts
from lab.evaluation.benchmarks import BENCHMARKS
from lab.evaluation.own_questions import ask_questions, failures, measure, read_questions
from lab.evaluation.scores import Result, Score
from lab.evaluation.stage import Context, Stage
from lab.evaluation.verification import Row
from rag.core.settings import shipped
from rag.wiring import build_index, open_assistant

OWN = "own"
# All questions, those that something was tuned on, and the others.
_OWN_PARTS = ("all", "tuned", "fresh")


def stages_in(folder: Path | None) -> tuple[Stage, ...]:
    """Every stage. Those whose files are not in the folder have none."""
    folder = folder or Path("no folder of benchmarks")
    years = sorted(path for path in folder.glob("realtimeqa_*") if path.is_dir())
    pools = none_of_ten.files_of(folder)
    return (
        Stage(OWN, "Own questions", _own_files(), "tests/questions.jsonl of the project", measure_own),
        Stage(
            clapnq.KEY,
            clapnq.NAME,
            clapnq.files_of(folder),
            clapnq.ORIGIN,
            clapnq.measure_passages,
        ),
        Stage(
            none_of_ten.KEY,
            none_of_ten.NAME,
            pools or clapnq.files_of(folder),
            none_of_ten.ORIGIN,
            none_of_ten.measure_pools if pools else none_of_ten.measure_made_pools,
        ),
        Stage(
            squad2.KEY, squad2.NAME, squad2.files_of(folder), squad2.ORIGIN, squad2.measure_abstention
        ),
        Stage(
            verdicts.NAME,
            "Verification",
            verdicts.files_of(folder),
            "; ".join(benchmark.origin for benchmark in BENCHMARKS),
            verdicts.measure_verdicts,
        ),
        Stage(
            "scifact",
            scifact.NAME,
            scifact.files_of(folder),
            scifact.ORIGIN,
            scifact.measure_ranking,
        ),
        Stage(
            conflicting.RAMDOCS,
            conflicting.NAMES[conflicting.RAMDOCS],
            conflicting.files_of(conflicting.RAMDOCS, folder),
            conflicting.ORIGINS[conflicting.RAMDOCS],
            conflicting.measure_ramdocs,
        ),
        Stage(
            conflicting.QACC,
            conflicting.NAMES[conflicting.QACC],
            conflicting.files_of(conflicting.QACC, folder),
            conflicting.ORIGINS[conflicting.QACC],
            conflicting.measure_qacc,
        ),
        *(stage for year in years for stage in _news(year)),
        *(() if years else (_no_news(),)),
    )


def _news(folder: Path) -> tuple[Stage, Stage]:
    title, files = realtimeqa.title_of(folder), realtimeqa.files_of(folder)
    return (
        Stage(folder.name, title, files, realtimeqa.ORIGIN, realtimeqa.measure_recall),
        Stage(
            f"{folder.name}_choices",
            f"{title}, choices",
            files,
            realtimeqa.ORIGIN,
            realtimeqa.measure_choices,
        ),
    )


def _no_news() -> Stage:
    return Stage("realtimeqa", "RealTimeQA", (), realtimeqa.ORIGIN, realtimeqa.measure_recall)


def measure_own(context: Context, files: Sequence[Path]) -> Result:
    """Our own questions, asked of the articles that ship."""
    questions, *_ = files
    settings = replace(context.settings, corpus_dir=shipped("corpus"))
    build_index(settings, progress=context.progress)
    outcomes = ask_questions(
        open_assistant(settings),
        read_questions(questions),
        lambda done, total: context.progress(done, total, "own questions: asking"),
    )
    for failure in failures(outcomes):
        context.failed(failure)
    return Result(tuple(_own_score(row) for row in measure(outcomes) if row.part in _OWN_PARTS))


def _own_score(row: Row) -> Score:
    part = "" if row.part == "all" else row.part
    note = row.note or ""
    return Score(
        row.benchmark, row.metric, row.count, row.ours, row.low, row.high, (), row.published, note, part
    )


def _own_files() -> tuple[Path, ...]:
    """The questions, then the articles that they are asked of."""
    questions = shipped("tests/questions.jsonl")
    articles = sorted(path for path in shipped("corpus").rglob("*") if path.is_file())
    return (questions, *articles) if questions.exists() else ()
