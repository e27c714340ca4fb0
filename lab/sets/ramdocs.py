"""RAMDocs: documents that agree, that mislead, and noise. MIT."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel

from lab.conflicts import ConflictQuestion, measure_conflicts
from lab.reading import read_records
from lab.results import Result
from lab.scratch import Document
from lab.stage import Context, Stage
from lab.train.examples import Example
from lab.train.windows import holds, sentence_spans

NAME = "RAMDocs"
KEY = "ramdocs"
ORIGIN = "github.com/HanNight/RAMDocs, as ramdocs/*.jsonl"


class _Text(BaseModel):
    text: str
    type: str
    answer: str = ""

    @property
    def is_noise(self) -> bool:
        return self.type == "noise"


class Record(BaseModel):
    question: str
    documents: list[_Text]


def read(path: Path) -> Iterator[Record]:
    """Raises BenchmarkUnusable."""
    return (record for _, record in read_records(path, Record))


def as_question(record: Record) -> ConflictQuestion:
    """Texts conflict where those that are right and those that mislead have more than one answer between
    them. Noise has none."""
    answers = dict.fromkeys(text.answer for text in record.documents if not text.is_noise)
    documents = tuple(Document(text.text) for text in record.documents)
    return ConflictQuestion(record.question, documents, len(answers) > 1, tuple(answers))


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("ramdocs/*.jsonl")))


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, files_of(folder), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    questions = [as_question(record) for path in files for record in read(path)]
    return measure_conflicts(context, KEY, NAME, questions)


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    for path in files_of(folder):
        for record in read(path):
            for document in record.documents:
                text, answer = document.text, document.answer
                is_noise = document.is_noise or answer.lower() in ("", "unknown")
                words = [] if is_noise else [m.span() for m in re.finditer(re.escape(answer), text)]
                if not is_noise and not words:
                    continue
                spans = sentence_spans(text)
                yield Example(
                    KEY,
                    record.question,
                    record.question,
                    text,
                    answers=float(not is_noise),
                    sentences=spans,
                    bearing=tuple(holds(span, words) for span in spans),
                    words=tuple(words),
                )
