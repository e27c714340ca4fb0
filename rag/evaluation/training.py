"""Judged claims to train a judge on, from the sets whose licences allow it: WiCE and SciFact."""

from collections.abc import Iterator
from pathlib import Path

from rag.evaluation.benchmarks import SCIFACT, WICE
from rag.evaluation.metrics import Half, half_of
from rag.evaluation.readers import BenchmarkUnusable, Case, read_scifact, read_wice


def training_cases(folder: Path, everything: bool = False) -> Iterator[Case]:
    """Cases with their verdicts and supporting sentences. What is measured is held back: of WiCE the
    report half, of SciFact every abstract that a measured claim cites.

    A judge trained on these knows the tuning half of WiCE, so that a threshold fitted on it may lie
    off. With `everything` nothing is held back, and figures on these files say nothing any more.
    Raises BenchmarkUnusable when neither set is in the folder.
    """
    if not any(folder.glob(WICE.pattern)) and not any(folder.glob(SCIFACT.pattern)):
        raise BenchmarkUnusable(
            f"There is nothing to train on in {folder}. It needs {WICE.origin}, or {SCIFACT.origin}."
        )
    for benchmark, read in ((WICE, read_wice), (SCIFACT, read_scifact)):
        measured = [case for path in benchmark.files(folder) for case in read(path)]
        held_back = {
            case.group for case in measured if benchmark is SCIFACT or half_of(case.group) is Half.REPORT
        }
        learned = [case for path in benchmark.training_files(folder) for case in read(path)]
        yield from (case for case in learned + measured if everything or case.group not in held_back)
