"""Teaches the bundled network on a CPU."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from lab.train.examples import Example
from lab.train.network import FIXED_LAYERS, Reader, lengths, loss_of, make_batch

BATCH_TOKENS = 3072
LENGTH_STEP = 16
# Lower layers, which know more of language than of the task, change less.
LAYER_DECAY = 0.9
WEIGHT_DECAY = 0.01
WARM_UP = 0.06
# The weights that ship are averaged over about the last three hundred steps.
AVERAGE = 0.997
_TOLD_EVERY = 50
# So many texts of one question are set against each other.
_MOST_OF_A_QUESTION = 10
# To be far from what a vector was counts this much beside what pairs say.
_RECALL_COUNTS = 20.0


@dataclass(frozen=True, slots=True)
class Recall:
    """Texts as a search reads them, and the unit vectors that they had before anything was learned,
    (texts, width): what the network must not forget."""

    texts: tuple[str, ...]
    vectors: torch.Tensor


def train(
    network: Reader,
    tokenizer: Tokenizer,
    rounds: Sequence[Sequence[Example]],
    rate: float,
    head_rate: float,
    ranking: float,
    recall: Recall | None = None,
    recall_share: float = 0.15,
    seed: int = 7,
    told: Callable[[str], None] = print,
    kept: Callable[[dict[str, torch.Tensor]], None] = lambda _: None,
) -> dict[str, torch.Tensor]:
    """Learns from each round's examples; gives the averaged weights, and `kept` has them after each
    round. `rate` is the highest of the highest layer, `head_rate` that of the heads."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network.train()
    sizes = [lengths(tokenizer, examples) for examples in rounds]
    total, seen, started = sum(map(sum, sizes)), 0, time.monotonic()
    losses: list[float] = []
    forgotten: list[float] = []
    optimizer = torch.optim.AdamW(_rated(network, rate, head_rate), betas=(0.9, 0.98))
    peaks = [group["lr"] for group in optimizer.param_groups]
    average = {name: p.detach().clone() for name, p in network.named_parameters()}
    since = 0
    for number, examples in enumerate(rounds):
        for length, some in _batches(examples, sizes[number], chance):
            batch = make_batch(tokenizer, some, length)
            at = seen / total
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * max(min(at / WARM_UP, (1 - at) / (1 - WARM_UP)), 0.0)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                figures = network.read(batch)
            loss = loss_of(figures, batch, ranking)
            losses.append(loss.item())
            loss.backward()  # type: ignore[no-untyped-call]
            used = int(batch.mask.sum())
            seen += used
            since += used
            if recall is not None and since > BATCH_TOKENS / recall_share:
                since = 0
                lost = _forgotten(network, tokenizer, recall, chance)
                forgotten.append(lost.item())
                (lost * _RECALL_COUNTS).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            decay = min(AVERAGE, (1 + len(losses)) / (10 + len(losses)))
            with torch.no_grad():
                for name, parameter in network.named_parameters():
                    average[name].lerp_(parameter, 1 - decay)
            if len(losses) % _TOLD_EVERY == 0:
                took = time.monotonic() - started
                lately, far = np.mean(losses[-_TOLD_EVERY:]), np.mean(forgotten[-10:] or [0])
                told(
                    f"round {number + 1}: {seen / total:.1%}, loss {lately:.3f}, forgotten {far:.4f}, "
                    f"{took:.0f} s, {seen / took:.0f} tokens/s"
                )
        kept(average)
    return average


def _forgotten(
    network: Reader, tokenizer: Tokenizer, recall: Recall, chance: random.Random
) -> torch.Tensor:
    """How far the vectors of some texts are from what they were: 1 - cosine."""
    first = chance.randrange(len(recall.texts))
    rows = [(first + n) % len(recall.texts) for n in range(16)]
    some = tokenizer.encode_batch([recall.texts[row] for row in rows])
    length = max(len(one.ids) for one in some)
    ids, mask = torch.ones((len(some), length), dtype=torch.long), torch.zeros((len(some), length))
    for row, one in enumerate(some):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = network.vectors(ids, mask)
    return (1 - (vectors * recall.vectors[rows]).sum(1)).mean()


def _batches(
    examples: Sequence[Example], sizes: Sequence[int], chance: random.Random
) -> Iterator[tuple[int, list[Example]]]:
    """Examples of like length together, those of one question in any case, in an order left to chance,
    with the length they are filled up to."""
    asked: dict[tuple[str, str], list[int]] = {}
    for place, example in enumerate(examples):
        asked.setdefault((example.source, example.asked), []).append(place)
    together = [
        places[at : at + _MOST_OF_A_QUESTION]
        for places in asked.values()
        for at in range(0, len(places), _MOST_OF_A_QUESTION)
    ]
    longest = [max(sizes[place] for place in places) for places in together]
    made: list[tuple[int, list[Example]]] = []
    some: list[int] = []
    length = 0
    for number in sorted(chance.sample(range(len(together)), len(together)), key=longest.__getitem__):
        needed = -(-longest[number] // LENGTH_STEP) * LENGTH_STEP
        if some and needed * (len(some) + len(together[number])) > BATCH_TOKENS:
            made.append((length, [examples[place] for place in some]))
            some = []
        some += together[number]
        length = needed
    if some:
        made.append((length, [examples[place] for place in some]))
    yield from chance.sample(made, len(made))


def _rated(network: Any, rate: float, head_rate: float) -> list[dict[str, Any]]:
    """The parameters with the rates at which they learn. Positions stay."""
    network.positions.requires_grad_(False)
    network.norm.requires_grad_(False)
    for layer in network.layers[:FIXED_LAYERS]:
        layer.requires_grad_(False)
    groups = [{"params": [*network.heads.parameters()], "lr": head_rate, "weight_decay": 0.0}]
    parts = network.layers[FIXED_LAYERS:]
    for number, layer in enumerate(parts):
        slower = rate * LAYER_DECAY ** (len(parts) - 1 - number)
        for is_matrix, decay in ((True, WEIGHT_DECAY), (False, 0.0)):
            some = [p for p in layer.parameters() if (p.ndim > 1) is is_matrix]
            if some:
                groups.append({"params": some, "lr": slower, "weight_decay": decay})
    return groups
