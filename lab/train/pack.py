"""Makes of what was learned the files that ship: `python -m lab.train.pack BENCHMARKS CHECKPOINT`."""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from lab.learned import LEARNED, is_for_learning, mark_of
from lab.sets import all_examples
from lab.train.examples import Example
from lab.train.train import SEED
from rag.models.embedding import bundled_model, digest_of
from rag.models.pairs import WEIGHTS, make_network, packed

_REMARK = "# Marks of the records that the weights have learned from; no figure is taken on them.\n"


def pack(checkpoint: Path, weights: Path = WEIGHTS) -> int:
    """Writes the differences of a trained network to the bundled encoder; their size in bytes."""
    learned = torch.load(checkpoint, weights_only=True)
    base = make_network().state_dict()
    differences = {}
    for name, tensor in learned.items():
        before = base[name] if name.startswith("encoder.") else torch.zeros_like(tensor)
        difference = (tensor.float() - before.float()).numpy()
        if difference.any():
            differences[name] = difference
    weights.parent.mkdir(exist_ok=True)
    with weights.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **packed(differences, digest_of(bundled_model())))
    return weights.stat().st_size


def write_learned(examples: Iterable[Example], path: Path = LEARNED) -> int:
    """Lists what was learned from; how many groups that is."""
    groups = {(e.group, e.source) for e in examples if is_for_learning(e.source, e.group)}
    marks = sorted({mark_of(*group) for group in groups})
    path.write_text(_REMARK + "".join(f"{mark}\n" for mark in marks), encoding="utf-8")
    return len(marks)


if __name__ == "__main__":
    folder, trained = map(Path, sys.argv[1:3])
    print(f"{pack(trained):,} bytes of weights")
    print(f"{write_learned(all_examples(folder, SEED)):,} groups learned from")
