"""CondaQA: what a negation changes. Passages of Wikipedia, each edited up to three ways, and questions
that the edits answer otherwise. github.com/AbhilashaRavichander/CondaQA, the dev part. Apache-2.0.

Nearly all answers are yes or no. A question with one of the two behind it is the claim then, which the
passage bears out or contradicts."""

import random
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from lab.reading import read_records
from lab.train.examples import Example, Span
from lab.train.windows import cut, holds, sentence_spans

KEY = "condaqa"
_YES, _NO, _UNKNOWN = "YES", "NO", "DON'T KNOW"
_OTHER = {_YES: _NO, _NO: _YES}


class _Record(BaseModel):
    passage: str = Field(alias="sentence1")
    question: str = Field(alias="sentence2")
    label: str
    number: int = Field(alias="PassageID")
    original: str = Field(alias="original passage")
    negated: str = Field(alias="original sentence")


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Each question of its passage, and of those answered with yes or no the right or the wrong answer
    as a claim. Raises BenchmarkUnusable."""
    for path in sorted(folder.glob(f"{KEY}/*.json")):
        for _, record in read_records(path, _Record):
            yield from _examples_of(record, chance)


def _examples_of(record: _Record, chance: random.Random) -> Iterator[Example]:
    question = record.question.strip()
    text, sentences = _window(record, chance)
    place = text.lower().find(record.label.lower())
    words: tuple[Span, ...] | None = None
    if record.label not in (_YES, _NO):
        found = record.label != _UNKNOWN and place >= 0
        words = ((place, place + len(record.label)),) if found else ()
    if words is None or words or record.label == _UNKNOWN:
        is_known = record.label != _UNKNOWN
        bearing = None if words is None else tuple(holds(sentence, words) for sentence in sentences)
        yield Example(
            KEY,
            str(record.number),
            question,
            text,
            answers=float(is_known),
            sentences=sentences,
            bearing=bearing,
            words=words,
        )
    if record.label in (_YES, _NO, _UNKNOWN):
        said = chance.choice((_YES, _NO))
        yield Example(
            KEY,
            str(record.number),
            f"{question} {said.capitalize()}.",
            text,
            supports=float(said == record.label),
            contradicts=float(said == _OTHER.get(record.label)),
            sentences=sentences,
        )


def _window(record: _Record, chance: random.Random) -> tuple[str, tuple[Span, ...]]:
    """Of a long passage the sentences around those that the edit changed."""
    passage, original, negated = map(_mended, (record.passage, record.original, record.negated))
    sentences = [passage[start:end] for start, end in sentence_spans(passage)]
    changed = [float(sentence not in original or sentence in negated) for sentence in sentences]
    text, spans, _ = cut(sentences, changed, chance)
    return text, spans


def _mended(text: str) -> str:
    """Without what is left of the entities of HTML for blanks."""
    return text.replace(" ;", " ")
