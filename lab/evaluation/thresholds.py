"""The thresholds of verification that ship with the judge. They were chosen on certain files: on any
others they stand, and on those themselves one half is measured with a threshold chosen on the other.

`python -m lab.evaluation.thresholds FOLDER` chooses them anew on the benchmarks in a folder."""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.evaluation.benchmarks import BENCHMARKS, Benchmark
from lab.evaluation.splits import is_unlearned_unit
from lab.evaluation.verification import Row, evaluate_verification, rows_to_json
from rag.core.settings import Settings
from rag.wiring import open_verifier

THRESHOLDS = Path(__file__).with_name("thresholds.json")
# Of each set; a threshold hangs on few of them.
MOST_CASES = 500


def read_thresholds(folder: Path, path: Path = THRESHOLDS) -> tuple[Row, ...]:
    """The rows to measure with, of those benchmarks in the folder that no threshold was chosen on; none
    where none ship."""
    if not path.exists():
        return ()
    shipped = json.loads(path.read_text(encoding="utf-8"))
    rows = tuple(Row(**fields) for fields in shipped["rows"])
    unseen = {each.name for each in BENCHMARKS if not set(_marks(each, folder)) & set(shipped["files"])}
    return tuple(row for row in rows if row.benchmark in unseen)


def write_thresholds(folder: Path, rows: Sequence[Row], path: Path = THRESHOLDS) -> None:
    """Keeps the thresholds of these rows, which were chosen on the folder's files."""
    kept = [row for row in rows if row.part == "report" and not row.is_skipped]
    marks = sorted({mark for benchmark in BENCHMARKS for mark in _marks(benchmark, folder)})
    content = {"files": marks, "rows": rows_to_json(kept)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _marks(benchmark: Benchmark, folder: Path) -> Iterator[str]:
    for path in benchmark.files(folder):
        yield hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def main() -> None:
    folder = Path(sys.argv[1])
    verifier = open_verifier(Settings.from_environment())
    rows = evaluate_verification(
        folder,
        lambda pairs: [verifier.support(claim, texts) for claim, texts in pairs],
        MOST_CASES,
        keep=is_unlearned_unit,
    )
    write_thresholds(folder, rows)


if __name__ == "__main__":
    main()
