"""Pairs of MultiNLI and SNLI with a negation put into either side or both, judged anew.
github.com/mosharafhossain/negation-and-nli, `data/new_benchmarks/clean_data`, without the pairs of RTE,
whose licence is not known. MIT."""

import random
from collections.abc import Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.pairs import is_label, pair
from lab.train.tables import rows

KEY = "negation_nli"
# Three pairs are made of each.
_TOGETHER = 3
_ENCODING = "cp1252"


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair; chance plays no part. Those made of one pair are one group."""
    for name in ("MNLI", "SNLI"):
        path = folder / KEY / "data/new_benchmarks/clean_data" / f"{name}.txt"
        if not path.exists():
            continue
        for number, premise, hypothesis, label in rows(path, skip=1, encoding=_ENCODING):
            if is_label(label):
                group = f"{name} {int(number) // _TOGETHER}"
                yield pair(KEY, group, premise.strip(), hypothesis.strip(), label)
