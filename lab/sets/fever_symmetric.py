"""FEVER Symmetric: a claim and a sentence of Wikipedia, each also changed, so that either claim is borne
out by one of the two sentences and contradicted by the other. github.com/TalSchuster/FeverSymmetric,
version 0.2. CC BY-SA 3.0."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from lab.reading import read_records
from lab.train.examples import Example
from lab.train.pairs import pair
from lab.train.tokens import together

KEY = "fever_symmetric"
_LABELS = {"SUPPORTS": "entailment", "REFUTES": "contradiction"}
# What was made of a claim has its number and this much more.
_MADE_DIGITS = len("0000002")


class _Record(BaseModel):
    id: str
    claim: str
    evidence: str
    label: Literal["SUPPORTS", "REFUTES"]


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair; chance plays no part. Raises BenchmarkUnusable."""
    for path in sorted(folder.glob(f"{KEY}/symmetric_v0.2/*.jsonl")):
        for _, record in read_records(path, _Record):
            text, _ = together(record.evidence.split())
            claim, _ = together(record.claim.split())
            yield pair(KEY, _origin(record.id), text, claim, _LABELS[record.label])


def _origin(key: str) -> str:
    return key[:-_MADE_DIGITS] if key[-_MADE_DIGITS:-1] == "000000" else key
