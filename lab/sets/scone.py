"""ScoNe: the same pairs without a negation, with one that matters, and with those that do not.
github.com/selenashe/ScoNe, the files in `scone_nli`. CC0 1.0."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.pairs import is_label, pair

KEY = "scone"


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair that is whole; chance plays no part. What does not follow is neither: the set has no
    opposites. The pairs of one group differ in their negations alone."""
    for path in sorted(folder.glob(f"{KEY}/scone_nli/*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                text = row.get("sentence1_edited") or row["sentence1"]
                claim = row.get("sentence2_edited") or row["sentence2"]
                label = row.get("gold_label_edited") or row["gold_label"]
                if is_label(label) and _is_whole(text, claim):
                    group = f"{path.parent.name} {row.get('group_index') or row['']}"
                    yield pair(KEY, group, text.strip(), claim.strip(), label)


def _is_whole(text: str, claim: str) -> bool:
    """Words were changed by rule, within others too: "case that" became "case tsunhat"."""
    return text.split().count("that") == claim.split().count("that")
