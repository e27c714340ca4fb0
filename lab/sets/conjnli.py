"""ConjNLI: what follows of sentences with and, or, but; names, dates and roles swapped inside them.
github.com/swarnaHub/ConjNLI. MIT."""

import random
from collections.abc import Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.pairs import is_label, pair
from lab.train.tables import rows
from lab.train.tokens import together

KEY = "conjnli"


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Every pair once; chance plays no part."""
    seen = set()
    for path in sorted(folder.glob(f"{KEY}/*.tsv")):
        for premise, hypothesis, label in rows(path, skip=1):
            text, claim = _mended(premise), _mended(hypothesis)
            if is_label(label) and text != claim and (text, claim) not in seen:
                seen.add((text, claim))
                yield pair(KEY, text, text, claim, label)


def _mended(sentence: str) -> str:
    """Without what a tokenizer left on some sides only, which would tell the labels: blanks around
    hyphens and inside quotation marks, and marks around nothing."""
    written, _ = together(sentence.replace('" "', " ").replace(" - ", "-").split())
    return written
