"""Pairs of SNLI of which people changed one side, as little as made it mean something else.
github.com/acmi-lab/counterfactually-augmented-data, the files in `NLI/all_combined`. Apache-2.0."""

import random
from collections.abc import Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.pairs import is_label, pair
from lab.train.tables import rows

KEY = "counterfactual_nli"
# A pair and the four made of it follow each other: two with another first side, two with another second.
_TOGETHER = 5


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair; chance plays no part. Those made of one pair are one group."""
    for path in sorted(folder.glob(f"{KEY}/NLI/all_combined/*.tsv")):
        for number, (premise, hypothesis, label) in enumerate(rows(path, skip=1)):
            if is_label(label):
                group = f"{path.stem} {number // _TOGETHER}"
                yield pair(KEY, group, premise.strip(), hypothesis.strip(), label)
