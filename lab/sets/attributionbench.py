"""AttributionBench: is a sentence of an answer attributable to the passages that it refers to?"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from lab.claims import BY_PROBABILITY, Case, Measure, measure_claims, only_claims
from lab.metrics import macro_f1
from lab.reading import read_records, untrained
from lab.results import Result
from lab.stage import Context, Stage
from rag.core.records import Verdict

NAME = "AttributionBench"
KEY = "attributionbench"
ORIGIN = "github.com/OSU-NLP-Group/AttributionBench, as attributionbench/dev_all_subset_balanced.jsonl"
_MEASURE = Measure(
    "macro-F1",
    macro_f1,
    only_claims,
    "word coverage 66.9, XLM-R 65.3, fine-tuned GPT-3.5 about 80 (in-domain test)",
)


class _Record(BaseModel):
    id: str
    question: str
    claim: str
    references: list[str]
    attribution_label: Literal["attributable", "not attributable"]


def read(path: Path) -> Iterator[Case]:
    """Raises BenchmarkUnusable."""
    for _, record in read_records(path, _Record):
        is_supported = record.attribution_label == "attributable"
        yield Case(
            key=record.id,
            group=record.question,
            claim=record.claim,
            evidence=tuple(record.references),
            verdict=Verdict.SUPPORTED if is_supported else Verdict.UNSUPPORTED,
        )


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, untrained(folder, "attributionbench/*.jsonl"), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    every = [case for path in files for case in read(path)]
    return measure_claims(context, NAME, every, (_MEASURE, BY_PROBABILITY))
