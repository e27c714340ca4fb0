"""The sets that verification is measured on: their files, their figures, and what others reached."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lab.evaluation.metrics import (
    Items,
    Metric,
    auroc,
    balanced_accuracy,
    macro_f1,
    spearman,
    unsupported_f1,
)
from lab.evaluation.readers import (
    Case,
    Response,
    Summary,
    read_attributionbench,
    read_qags,
    read_ragtruth,
    read_scifact,
    read_wice,
)
from rag.core.records import Verdict

Unit = Case | Response | Summary
# The supports of the claims of one unit, 0..1 each.
Supports = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a set. `items` makes of units and their supports what the metric reads."""

    name: str
    metric: Metric
    items: Callable[[Sequence[Any], Sequence[Supports]], Items]
    published: str = ""
    has_threshold: bool = True


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A set: `pattern` names its files in the folder of benchmarks, `origin` where they come from."""

    name: str
    pattern: str
    origin: str
    read: Callable[[Path], Iterator[Unit]]
    measures: tuple[Measure, ...]

    def files(self, folder: Path) -> list[Path]:
        """What is measured on: the files that are not named as training data."""
        return [path for path in sorted(folder.glob(self.pattern)) if "train" not in path.name]


def _claims(cases: Sequence[Case], supports: Sequence[Supports]) -> Items:
    truths = [float(case.verdict is Verdict.SUPPORTED) for case in cases]
    return _items([own[0] for own in supports], truths, [case.group for case in cases])


def _whole_responses(responses: Sequence[Response], supports: Sequence[Supports]) -> Items:
    """A response is worth the less, the more of its characters one expects to be unsupported: what
    people marked are spans, and one is enough."""
    truths = [float(not response.unsupported) for response in responses]
    expected = [
        sum((1 - support) * len(claim) for claim, support in zip(response.claims, own, strict=True))
        for response, own in zip(responses, supports, strict=True)
    ]
    values = [1 / (1 + characters) for characters in expected]
    return _items(values, truths, [response.group for response in responses])


def _characters(responses: Sequence[Response], supports: Sequence[Supports]) -> Items:
    """Every character stands or falls with its sentence; those between sentences stand."""
    values: list[float] = []
    truths: list[float] = []
    weights: list[int] = []
    groups: list[str] = []
    for response, own in zip(responses, supports, strict=True):
        for support, counts in zip((*own, 1.0), response.characters, strict=True):
            values += [support, support]
            truths += [0.0, 1.0]
            weights += counts
            groups += [response.group, response.group]
    return _items(values, truths, groups, weights)


def _mean_sentences(summaries: Sequence[Summary], supports: Sequence[Supports]) -> Items:
    """People's score of a summary is the mean over its sentences, and so is ours."""
    values = [sum(own) / len(own) for own in supports]
    votes = [sum(summary.votes) / len(summary.votes) for summary in summaries]
    return _items(values, votes, [summary.group for summary in summaries])


def _items(
    supports: Sequence[float],
    truths: Sequence[float],
    groups: Sequence[str],
    weights: Sequence[int] | None = None,
) -> Items:
    counts = np.ones(len(supports)) if weights is None else np.array(weights, dtype=np.float64)
    return Items(
        np.array(supports, dtype=np.float64),
        np.array(truths, dtype=np.float64),
        counts,
        np.array(groups, dtype=np.object_),
    )


WICE = Benchmark(
    name="WiCE",
    pattern="wice/claim_*.jsonl",
    origin="github.com/ryokamoi/wice, the claims, as wice/claim_dev.jsonl",
    read=read_wice,
    measures=(
        Measure(
            "balanced accuracy",
            balanced_accuracy,
            _claims,
            "word coverage 63.3, SummaC-ZS 63.9, AlignScore 66.2, MiniCheck-770M 76.0, GPT-4o 78.5, "
            "FactCG 80.9 (test split, threshold tuned on dev)",
        ),
        Measure("AUROC", auroc, _claims, has_threshold=False),
    ),
)

ATTRIBUTIONBENCH = Benchmark(
    name="AttributionBench",
    pattern="attributionbench/*.jsonl",
    origin="github.com/OSU-NLP-Group/AttributionBench, "
    "as attributionbench/dev_all_subset_balanced.jsonl",
    read=read_attributionbench,
    measures=(
        Measure(
            "macro-F1",
            macro_f1,
            _claims,
            "word coverage 66.9, XLM-R 65.3, fine-tuned GPT-3.5 about 80 (in-domain test)",
        ),
        Measure("AUROC", auroc, _claims, has_threshold=False),
    ),
)

RAGTRUTH = Benchmark(
    name="RAGTruth questions",
    pattern="ragtruth_qa/*.jsonl",
    origin="github.com/ParticleMedia/RAGTruth, the question answering part with its passages as d1 "
    "and the response as d2, as ragtruth_qa/*.jsonl",
    read=read_ragtruth,
    measures=(
        Measure(
            "example F1",
            unsupported_f1,
            _whole_responses,
            "GPT-4-turbo 45.6, Luna 51.3, LettuceDetect-large 70.2, RAG-HAT 74.8",
        ),
        Measure("span F1", unsupported_f1, _characters, "GPT-4-turbo 32.6, LettuceDetect-large 64.4"),
        Measure("example AUROC", auroc, _whole_responses, has_threshold=False),
    ),
)

QAGS = Benchmark(
    name="QAGS CNN/DM",
    pattern="qags/mturk_cnndm*.jsonl",
    origin="github.com/W4ngatang/qags, as qags/mturk_cnndm.jsonl",
    read=read_qags,
    measures=(
        Measure(
            "Spearman",
            spearman,
            _mean_sentences,
            "word coverage 40.2, ChatGPT 52.7, AlignScore 73.9",
            has_threshold=False,
        ),
    ),
)

SCIFACT = Benchmark(
    name="SciFact claims",
    pattern="scifact/claims_*.jsonl",
    origin="github.com/allenai/scifact, as scifact/claims_dev.jsonl and scifact/corpus.jsonl.gz",
    read=read_scifact,
    measures=(
        Measure("balanced accuracy", balanced_accuracy, _claims),
        Measure("AUROC", auroc, _claims, has_threshold=False),
    ),
)

BENCHMARKS = (WICE, ATTRIBUTIONBENCH, RAGTRUTH, QAGS, SCIFACT)
