"""Trains the network that reads pairs, on a CPU: `python -m lab.train.train BENCHMARKS CHECKPOINT`.

Two thirds of the groups of each set are learned from; at the end it prints how well the others are told
apart. `lab/train/pack.py` makes of the checkpoint what ships."""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

from lab.learned import is_for_learning
from lab.sets import all_examples
from lab.train.examples import Example
from lab.train.network import (
    Batch,
    lengths,
    loss_of,
    make_batch,
    pair_tokenizer,
    sentence_logits,
    trainable,
)

SEED = 7
ROUNDS = 3
BATCH_TOKENS = 2560
# Few shapes: for each new one the runtime prepares itself, which takes longer than a step.
LENGTH_STEP = 32
PEAK_RATE = 1.2e-4
HEAD_RATE = 1e-3
# Lower layers, which know more of language than of the task, change less.
LAYER_DECAY = 0.85
WEIGHT_DECAY = 0.01
WARM_UP = 0.08
# The weights that ship are averaged over about the last five hundred steps.
AVERAGE = 0.998
_TOLD_EVERY = 100


def train(folder: Path, checkpoint: Path, rounds: int = ROUNDS) -> None:
    """Learns, and writes the averaged weights after each round. The same folder gives the same ones, up
    to the order of sums. Raises BenchmarkUnusable."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    network, tokenizer = trainable(), pair_tokenizer()
    # Each round alters other claims and cuts other windows.
    every = [list(all_examples(folder, SEED + number)) for number in range(rounds)]
    learned = [[e for e in examples if is_for_learning(e.source, e.group)] for examples in every]
    held = [e for e in every[0] if not is_for_learning(e.source, e.group)]
    sizes = [lengths(tokenizer, examples) for examples in learned]
    total, seen, losses, started = sum(map(sum, sizes)), 0, [], time.monotonic()
    optimizer = torch.optim.AdamW(_rated(network), betas=(0.9, 0.98))
    peaks = [group["lr"] for group in optimizer.param_groups]
    average = {name: p.detach().clone() for name, p in network.named_parameters() if p.requires_grad}
    for number in range(rounds):
        for length, examples in _batches(learned[number], sizes[number], chance):
            batch = make_batch(tokenizer, examples, length)
            at = seen / total
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * max(min(at / WARM_UP, (1 - at) / (1 - WARM_UP)), 0.0)
            losses.append(_step(network, optimizer, batch))
            seen += int(batch.attention_mask.sum())
            decay = min(AVERAGE, (1 + len(losses)) / (10 + len(losses)))
            with torch.no_grad():
                for name, parameter in network.named_parameters():
                    if parameter.requires_grad:
                        average[name].lerp_(parameter, 1 - decay)
            if len(losses) % _TOLD_EVERY == 0:
                loss, took = np.mean(losses[-_TOLD_EVERY:]), time.monotonic() - started
                print(
                    f"round {number + 1}: {seen / total:.1%}, loss {loss:.3f}, {took:.0f} s", flush=True
                )
        now = {name: value.clone() for name, value in network.state_dict().items()}
        network.load_state_dict(average, strict=False)
        torch.save(network.state_dict(), checkpoint)
        if number < rounds - 1:
            network.load_state_dict(now)
    _report(network, tokenizer, held)


def _step(network: Any, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        whole, tokens = network(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    loss = loss_of(whole, tokens, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def _batches(
    examples: Sequence[Example], sizes: Sequence[int], chance: random.Random
) -> Iterator[tuple[int, list[Example]]]:
    """Examples of like length together, in an order left to chance, with the length they are filled up
    to."""
    buckets: dict[int, list[int]] = {}
    for place in chance.sample(range(len(examples)), len(examples)):
        buckets.setdefault(-(-sizes[place] // LENGTH_STEP) * LENGTH_STEP, []).append(place)
    made = []
    for length, places in buckets.items():
        count = max(BATCH_TOKENS // length, 1)
        made += [(length, places[at : at + count]) for at in range(0, len(places), count)]
    for length, places in chance.sample(made, len(made)):
        yield length, [examples[place] for place in places]


def _rated(network: Any) -> list[dict[str, Any]]:
    """The parameters with the rates at which they learn."""
    layers = network.encoder.encoder.layer
    heads = [*network.whole.parameters(), *network.token.parameters()]
    groups = [{"params": heads, "lr": HEAD_RATE, "weight_decay": 0.0}]
    for number, layer in enumerate(layers):
        rate = PEAK_RATE * LAYER_DECAY ** (len(layers) - 1 - number)
        for is_matrix, decay in ((True, WEIGHT_DECAY), (False, 0.0)):
            some = [p for p in layer.parameters() if (p.ndim > 1) is is_matrix]
            groups.append({"params": some, "lr": rate, "weight_decay": decay})
    return groups


@torch.no_grad()
def _report(network: Any, tokenizer: Tokenizer, examples: Sequence[Example]) -> None:
    """For each set: AUROC of texts that answer or support, and how often the sentence with the highest
    logit of a text that answers is one that does."""
    rows: dict[str, list[tuple[float, float]]] = {}
    firsts: dict[str, list[float]] = {}
    sizes = lengths(tokenizer, examples)
    order = sorted(range(len(examples)), key=lambda place: -sizes[place])
    for at in range(0, len(order), 16):
        some = [examples[place] for place in order[at : at + 16]]
        batch = make_batch(tokenizer, some, sizes[order[at]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            whole, tokens = network(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        said = sentence_logits(tokens, batch).nan_to_num(-99.0)
        for place, example in enumerate(some):
            for column, truth in enumerate((example.answers, example.supports)):
                if truth is not None:
                    kind = ("answers", "supports")[column]
                    row = (float(truth >= 0.5), float(whole[place, column]))
                    rows.setdefault(f"{example.source} {kind}", []).append(row)
            mine = said[batch.pair_of == place]
            if example.bearing and any(example.bearing) and len(mine) == len(example.bearing):
                firsts.setdefault(example.source, []).append(example.bearing[int(mine.argmax())])
    for kind, pairs in sorted(rows.items()):
        truths, logits = zip(*pairs, strict=True)
        if len(set(truths)) == 2:
            print(f"  {kind}: AUROC {roc_auc_score(truths, logits):.3f} of {len(pairs)}")
    for source, right in sorted(firsts.items()):
        print(f"  {source}: first sentence right {np.mean(right):.3f} of {len(right)}", flush=True)


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
