"""FoolMeTwice: claims on Wikipedia that players wrote to fool others, with the sentences that decide.
github.com/google-research/fool-me-twice, the dev and test parts. Apache-2.0."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from lab.reading import read_records
from lab.train.examples import Example
from lab.train.windows import WINDOW, joined

KEY = "foolmetwice"
_AMONG_OTHERS = 0.5
_WITHOUT = 0.35


class _Sentence(BaseModel):
    text: str

    @property
    def words(self) -> str:
        # Sentences begin with what ended the one before where something was left out between.
        return self.text.strip().lstrip(",;.) ")


class _Record(BaseModel):
    text: str
    label: Literal["SUPPORTS", "REFUTES"]
    wikipedia_page: str
    gold_evidence: list[_Sentence]
    retrieved_evidence: list[_Sentence]


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Each claim with the sentences that decide, alone or among others of the page; for a part of them
    once more with the others alone, which do not."""
    for path in sorted(folder.glob(f"{KEY}/*.jsonl")):
        for _, record in read_records(path, _Record):
            gold = [sentence.words for sentence in record.gold_evidence if sentence.words]
            found = [sentence.words for sentence in record.retrieved_evidence if sentence.words]
            others = [sentence for sentence in dict.fromkeys(found) if sentence not in gold]
            among = chance.sample(others, min(chance.randint(1, 3), len(others)))
            is_among = chance.random() < _AMONG_OTHERS
            yield _decided(record, gold, among if is_among else [], chance)
            if others and chance.random() < _WITHOUT:
                yield _undecided(record, others)


def _decided(record: _Record, gold: list[str], among: list[str], chance: random.Random) -> Example:
    is_supported = record.label == "SUPPORTS"
    # What decides stays together and in its order.
    at = chance.randint(0, len(among))
    text, spans = joined([*among[:at], *gold, *among[at:]])
    return Example(
        KEY,
        record.wikipedia_page,
        record.text.strip(),
        text,
        record.wikipedia_page,
        supports=float(is_supported),
        contradicts=float(not is_supported),
        sentences=spans,
        bearing=tuple(float(at <= place < at + len(gold)) for place in range(len(spans)))
        if is_supported
        else None,
    )


def _undecided(record: _Record, others: list[str]) -> Example:
    kept = others[:1]
    for sentence in others[1:]:
        if sum(map(len, kept)) + len(sentence) <= WINDOW:
            kept.append(sentence)
    text, spans = joined(kept)
    return Example(
        KEY,
        record.wikipedia_page,
        record.text.strip(),
        text,
        record.wikipedia_page,
        supports=0.0,
        contradicts=0.0,
        sentences=spans,
        bearing=(0.0,) * len(spans),
    )
