"""How well claims are judged, as a stage; and how verdicts and people's labels go together."""

from collections.abc import Sequence
from pathlib import Path

from lab.evaluation.benchmarks import BENCHMARKS, WICE, Supports, Unit
from lab.evaluation.failures import Failure
from lab.evaluation.readers import Case, Response, read_wice
from lab.evaluation.scores import (
    Baseline,
    Confusion,
    Curve,
    CurveKind,
    Result,
    Score,
    calibration_series,
)
from lab.evaluation.splits import is_unlearned_unit
from lab.evaluation.stage import Context
from lab.evaluation.thresholds import read_thresholds
from lab.evaluation.verification import FIXED, Row, evaluate_verification
from rag.core.records import Citation, Verdict
from rag.judging.verification import SUPPORTED, Verifier
from rag.wiring import open_verifier

NAME = "verification"
# So many characters of the evidence are kept with a claim that came out wrong.
_SHOWN = 3000
_TRUTHS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED)


def files_of(folder: Path) -> tuple[Path, ...]:
    files = [path for benchmark in BENCHMARKS for path in benchmark.files(folder)]
    return (*files, *sorted(folder.glob("scifact/corpus.jsonl.gz"))) if files else ()


def measure_verdicts(context: Context, files: Sequence[Path]) -> Result:
    """The figures of every set of judged claims that is there."""
    folder = files[0].parent.parent
    verifier = open_verifier(context.settings)
    rows = evaluate_verification(
        folder,
        lambda pairs: [verifier.support(claim, texts) for claim, texts in pairs],
        context.sample,
        lambda name, done, total: context.progress(done, total, f"{name}: judging"),
        read_thresholds(folder),
        context.resamples,
        keep=is_unlearned_unit,
        judged=lambda name, unit, supports: _tell_failures(name, unit, supports, context),
    )
    scores = tuple(_score(row, context.sample) for row in rows if _is_shown(row, rows))
    cases = [case for path in WICE.files(folder) for case in read_wice(path)]
    cases = context.sampled(case for case in cases if is_unlearned_unit(WICE.name, case))
    curve, confusion = _verdicts(cases, verifier, context)
    return Result(scores, (curve,), (confusion,)) if cases else Result(scores)


def _tell_failures(name: str, unit: Unit, supports: Supports, context: Context) -> None:
    """Claims that people found borne out and the pipeline does not, or the other way round."""
    if isinstance(unit, Case):
        truths = [unit.verdict is Verdict.SUPPORTED]
    elif isinstance(unit, Response):
        truths = [not marked for marked, _ in unit.characters[:-1]]
    else:
        truths = [vote >= 0.5 for vote in unit.votes]
    evidence = " ".join(unit.evidence)
    for number, (claim, truth, support) in enumerate(zip(unit.claims, truths, supports, strict=True)):
        if (support >= SUPPORTED) is truth:
            continue
        kind = "called unsupported" if truth else "called supported"
        key = f"{unit.key}-{number}"
        context.failed(Failure(name, kind, key, claim, evidence[:_SHOWN], f"{support:.2f}"))


def _is_shown(row: Row, rows: Sequence[Row]) -> bool:
    """On all records where no threshold was chosen on any of them, else on those where none was."""
    has_all = (
        row.is_skipped
        or row.threshold is None
        or not any(
            (other.benchmark, other.metric, other.part) == (row.benchmark, row.metric, "report")
            for other in rows
        )
    )
    return row.part == ("all" if has_all else "report")


def _score(row: Row, sample: int | None) -> Score:
    note = row.note or ""
    if row.is_skipped:
        origin = next(each.origin for each in BENCHMARKS if each.name == row.benchmark)
        note = f"not there; it can be had from {origin}"
    elif row.note == FIXED:
        note = "thresholds as they ship, chosen on other records" if row.threshold is not None else ""
    elif row.part == "report":
        note = "on one half, the threshold was chosen on the other"
    if sample and not row.is_skipped:
        note = "; ".join(filter(None, (note, f"a sample of {sample} at most")))
    baselines = () if row.is_skipped else (Baseline(f"shared {row.floor_name}", row.floor),)
    return Score(
        row.benchmark,
        row.metric,
        row.count,
        row.ours,
        row.low,
        row.high,
        baselines,
        row.published,
        note,
        is_skipped=row.is_skipped,
    )


def _verdicts(cases: Sequence[Case], verifier: Verifier, context: Context) -> tuple[Curve, Confusion]:
    """What people found and which verdicts the claims got; and whether supports are probabilities."""
    counts = {truth: dict.fromkeys(Verdict, 0) for truth in _TRUTHS}
    supports = []
    for number, case in enumerate(cases, start=1):
        citations = [Citation("", "", 0, len(text), text) for text in case.evidence]
        counts[case.verdict][verifier.judge(case.claim, citations).verdict] += 1
        supports.append(verifier.support(case.claim, case.evidence))
        context.progress(number, len(cases), f"{WICE.name}: verdicts")
    truths = [case.verdict is Verdict.SUPPORTED for case in cases]
    curve = Curve(
        WICE.name,
        CurveKind.CALIBRATION,
        "told support",
        "share supported",
        (calibration_series("ours", supports, truths),),
    )
    confusion = Confusion(
        WICE.name,
        tuple(truth.value for truth in _TRUTHS),
        tuple(verdict.value for verdict in Verdict),
        tuple(tuple(counts[truth].values()) for truth in _TRUTHS),
    )
    return curve, confusion
