"""MED: what follows if a word is put for a more general or a more special one.
github.com/verypluming/MED. CC BY-SA 4.0."""

import random
from collections.abc import Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.pairs import is_label, pair
from lab.train.tables import rows

KEY = "med"
_PREMISE, _HYPOTHESIS, _LABEL = 8, 9, 15


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair; chance plays no part. What does not follow is neither: the set has no opposites."""
    for path in sorted(folder.glob(f"{KEY}/*.tsv")):
        for row in rows(path, skip=1):
            text, claim, label = row[_PREMISE].strip(), row[_HYPOTHESIS].strip(), row[_LABEL].strip()
            if is_label(label) and text != claim:
                yield pair(KEY, text, text, claim, label)
