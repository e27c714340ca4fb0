"""QACC: do the snippets of a search conflict on the answer to a question? Apache-2.0."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, Field

from lab.conflicts import ConflictQuestion, measure_conflicts
from lab.reading import read_whole
from lab.results import Result
from lab.scratch import Document
from lab.stage import Context, Stage
from lab.train.examples import Example
from lab.train.windows import holds, sentence_spans

NAME = "QACC"
KEY = "qacc"
ORIGIN = "github.com/amazon-science/qa-with-conflicting-context, as qacc/*.json"
# A search engine puts the day before the snippet.
_DAY = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}\s*(?:\.\.\.|·|—)\s*")

# A spreadsheet's cell: words, or a number where there are none.
_Cell = str | float | None


class Record(BaseModel):
    question: str
    contexts: list[str]
    first: _Cell = Field(default=None, alias="firstAnswer")
    second: _Cell = Field(default=None, alias="secondAnswer")
    third: _Cell = Field(default=None, alias="thirdAnswer")
    fourth: _Cell = Field(default=None, alias="fourthAnswer")
    first_places: _Cell = Field(default=None, alias="firstContext")
    second_places: _Cell = Field(default=None, alias="secondContext")
    third_places: _Cell = Field(default=None, alias="thirdContext")
    fourth_places: _Cell = Field(default=None, alias="fourthContext")
    has_second: _Cell = Field(default=None, alias="secondAnswerExist")

    @property
    def texts(self) -> list[str]:
        return [text.replace("\xa0", " ") for text in self.contexts]

    @property
    def answers(self) -> tuple[tuple[str, _Cell], ...]:
        """Each answer that people found, and the letters of the snippets that have it."""
        pairs = (
            (self.first, self.first_places),
            (self.second, self.second_places),
            (self.third, self.third_places),
            (self.fourth, self.fourth_places),
        )
        return tuple((answer.strip(), places) for answer, places in pairs if isinstance(answer, str))


def read(path: Path) -> list[Record]:
    """Raises BenchmarkUnusable."""
    return read_whole(path, list[Record])


def as_question(record: Record) -> ConflictQuestion:
    """Snippets conflict where people found a second answer in them."""
    return ConflictQuestion(
        record.question,
        tuple(Document(_DAY.sub("", text, count=1)) for text in record.texts),
        record.has_second == "A",
        tuple(answer for answer, _ in record.answers),
    )


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("qacc/*.json")))


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, files_of(folder), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    questions = [as_question(record) for path in files for record in read(path)]
    return measure_conflicts(context, KEY, NAME, questions)


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    for path in files_of(folder):
        for record in read(path):
            yield from _examples_of(record, chance)


def _examples_of(record: Record, chance: random.Random) -> Iterator[Example]:
    question = record.question
    placed = [(answer, places) for answer, places in record.answers if isinstance(places, str)]
    listed = {ord(letter) - ord("A") for _, places in placed for letter in re.findall(r"[A-Z]", places)}
    others = []
    for place, text in enumerate(map(str.strip, record.texts)):
        words = tuple(
            match.span()
            for answer, _ in placed
            if answer
            for match in re.finditer(re.escape(answer), text, re.IGNORECASE)
        )
        if place in listed and words:
            spans = sentence_spans(text)
            yield Example(
                KEY,
                question,
                question,
                text,
                answers=1.0,
                sentences=spans,
                bearing=tuple(holds(span, words) for span in spans),
                words=words,
                weight=0.7,
            )
        elif place in listed:
            yield Example(KEY, question, question, text, answers=1.0, weight=0.5)
        elif not words:
            others.append(text)
    for text in chance.sample(others, min(2, len(others))):
        spans = sentence_spans(text)
        yield Example(
            KEY,
            question,
            question,
            text,
            answers=0.0,
            sentences=spans,
            bearing=(0.0,) * len(spans),
            words=(),
            weight=0.5,
        )
