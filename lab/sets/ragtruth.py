"""RAGTruth, its questions: which spans of a language model's answer do the passages not bear out?
CC BY-NC."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, Field

from lab.claims import AUROC, Measure, Values, Worth, measure_claims
from lab.metrics import Items, auroc, unsupported_f1
from lab.reading import BenchmarkUnusable, read_records, untrained
from lab.results import Result
from lab.scores import items_of
from lab.stage import Context, Stage
from rag.core.records import Sentence
from rag.language.sentences import split_sentences

NAME = "RAGTruth questions"
KEY = "ragtruth"
ORIGIN = (
    "github.com/ParticleMedia/RAGTruth, the question answering part with its passages as d1 and the "
    "response as d2, as ragtruth_qa/*.jsonl"
)
_NEXT_PASSAGE = re.compile(r"\n\s*(?=passage \d+:)")


class _Span(BaseModel):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class _Record(BaseModel):
    id: str
    source_id: str
    d1: str
    d2: str
    labels: list[_Span]


@dataclass(frozen=True, slots=True)
class Response:
    """A language model's answer; each of its sentences is a claim.

    `unsupported` are the spans (start, end, in characters of `text`) that people marked.
    """

    key: str
    group: str
    text: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[str, ...]
    unsupported: tuple[tuple[int, int], ...]

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(self.text[sentence.start : sentence.end] for sentence in self.sentences)

    @property
    def truths(self) -> Values:
        return tuple(float(not marked) for marked, _ in self.characters[:-1])

    @property
    def characters(self) -> tuple[tuple[int, int], ...]:
        """For each sentence how many of its characters are marked and how many are not; at the end
        the same for what lies between sentences."""
        marked = np.zeros(len(self.text), dtype=bool)
        for start, end in self.unsupported:
            marked[start:end] = True
        counts = []
        for sentence in self.sentences:
            own = marked[sentence.start : sentence.end]
            counts.append((int(own.sum()), int((~own).sum())))
            own[:] = False
        between = len(self.text) - sum(sum(count) for count in counts)
        left = int(marked.sum())
        return (*counts, (left, between - left))


def read(path: Path) -> Iterator[Response]:
    """`d2` is a model's answer from the passages in `d1`. Every marked span counts, as in the published
    figures: those that are true elsewhere, too. Raises BenchmarkUnusable."""
    for number, record in read_records(path, _Record):
        for span in record.labels:
            if record.d2[span.start : span.end] != span.text:
                told = "the words of a marked span do not stand where it says"
                raise BenchmarkUnusable.at(path, number, told)
        passages = (passage.strip() for passage in _NEXT_PASSAGE.split(record.d1))
        yield Response(
            key=record.id,
            group=record.source_id,
            text=record.d2,
            sentences=split_sentences(record.d2),
            evidence=tuple(passage for passage in passages if passage),
            unsupported=tuple((span.start, span.end) for span in record.labels),
        )


def _responses(responses: Sequence[Response], values: Sequence[Values]) -> Items:
    """A response stands as its weakest sentence does: of what people marked one span is enough."""
    return items_of(
        [min(own, default=1.0) for own in values],
        [not response.unsupported for response in responses],
        [response.group for response in responses],
    )


def _characters(responses: Sequence[Response], values: Sequence[Values]) -> Items:
    """Every character stands or falls with its sentence; those between sentences stand."""
    supports: list[float] = []
    truths: list[float] = []
    weights: list[int] = []
    groups: list[str] = []
    for response, own in zip(responses, values, strict=True):
        for value, counts in zip((*own, 1.0), response.characters, strict=True):
            supports += [value, value]
            truths += [0.0, 1.0]
            weights += counts
            groups += [response.group, response.group]
    return items_of(supports, truths, groups, weights)


MEASURES = (
    Measure(
        "example F1",
        unsupported_f1,
        _responses,
        "GPT-4-turbo 45.6, Luna 51.3, LettuceDetect-large 70.2, RAG-HAT 74.8",
    ),
    Measure("span F1", unsupported_f1, _characters, "GPT-4-turbo 32.6, LettuceDetect-large 64.4"),
    Measure(f"example {AUROC}", auroc, _responses, worth=Worth.PROBABILITY),
)


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, untrained(folder, "ragtruth_qa/*.jsonl"), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    return measure_claims(context, NAME, [each for path in files for each in read(path)], MEASURES)
