"""Breaking NLI: sentences of which one word was changed, for its like, its opposite or another of its
kind. github.com/BIU-NLP/Breaking_NLI; the sentences are of SNLI. CC BY-SA 4.0."""

import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from lab.reading import BenchmarkUnusable
from lab.train.examples import Example
from lab.train.pairs import is_label, pair

KEY = "breaking_nli"
# All are alike in kind, and more of them would crowd out others.
MOST = 4000
_INSIDE = "data/dataset.jsonl"


class _Record(BaseModel):
    sentence1: str
    sentence2: str
    gold_label: str


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """At most 4,000 of the pairs, at random. Raises BenchmarkUnusable."""
    for path in sorted(folder.glob(f"{KEY}/*.zip")):
        records = [record for record in _read(path) if is_label(record.gold_label)]
        for record in chance.sample(records, min(MOST, len(records))):
            yield pair(KEY, record.sentence1, record.sentence1, record.sentence2, record.gold_label)


def _read(path: Path) -> Iterator[_Record]:
    try:
        with zipfile.ZipFile(path) as packed, packed.open(_INSIDE) as lines:
            for line in lines:
                yield _Record.model_validate(json.loads(line))
    except (OSError, KeyError, zipfile.BadZipFile, ValueError, ValidationError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error
