"""Examples as arrays, and what the network is told of how it reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits

from lab.train.examples import Example, Span
from rag.language.text import plain
from rag.models.embedding import bundled_model
from rag.models.pairs import WINDOW_TOKENS, make_network

_UNKNOWN = float("nan")
# Of a text few words are the answer.
WORDS_COUNT = 3.0
# The words of an answer are told apart token by token, which is easy and makes for a small loss.
WORDING_COUNTS = 4.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as arrays, (pairs, tokens) or (pairs,). `sentence_of` gives each token the number of its
    sentence in the batch, or -1; `bearing` is of those sentences and `pair_of` the pair that each is
    of. `answers`, `supports`, `words` and `bearing` are NaN where nothing is known."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    token_type_ids: torch.Tensor
    answers: torch.Tensor
    supports: torch.Tensor
    weights: torch.Tensor
    sentence_of: torch.Tensor
    bearing: torch.Tensor
    pair_of: torch.Tensor
    words: torch.Tensor


def trainable() -> Any:
    """The network, with everything fixed but the encoder's layers and the heads."""
    network = make_network().train()
    for module in network.modules():
        # Without it a step takes a tenth less time; averaged weights keep the fit in bounds.
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    network.encoder.embeddings.requires_grad_(False)
    return network


def pair_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(Path(bundled_model()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(WINDOW_TOKENS, strategy="only_second")
    return tokenizer


def lengths(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[int]:
    """The tokens of each pair, marks included."""
    return [len(pair.ids) for pair in tokenizer.encode_batch_fast([as_pair(e)[:2] for e in examples])]


def make_batch(tokenizer: Tokenizer, examples: Sequence[Example], length: int) -> Batch:
    """Examples as a batch, filled up to `length` tokens."""
    pairs = [as_pair(example) for example in examples]
    shape = (len(examples), length)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    sentence_of = torch.full(shape, -1, dtype=torch.long)
    words = torch.full(shape, torch.nan)
    bearing: list[float] = []
    pair_of: list[int] = []
    for row, encoding in enumerate(tokenizer.encode_batch([pair[:2] for pair in pairs])):
        example, offset = examples[row], pairs[row][2]
        size = len(encoding.ids)
        ids[row, :size] = torch.tensor(encoding.ids)
        mask[row, :size] = 1
        types[row, :size] = torch.tensor(encoding.type_ids)
        first = len(bearing)
        bearing += example.bearing or (_UNKNOWN,) * len(example.sentences)
        pair_of += [row] * len(example.sentences)
        for place, (kind, (start, end)) in enumerate(
            zip(encoding.type_ids, encoding.offsets, strict=True)
        ):
            if kind != 1 or end <= start or start < offset:
                continue
            span = start - offset, end - offset
            number = holding(example.sentences, span)
            if number is not None:
                sentence_of[row, place] = first + number
            if example.words is not None:
                words[row, place] = float(holding(example.words, span) is not None)
    return Batch(
        ids,
        mask,
        types,
        torch.tensor([_UNKNOWN if e.answers is None else e.answers for e in examples]),
        torch.tensor([_UNKNOWN if e.supports is None else e.supports for e in examples]),
        torch.tensor([e.weight for e in examples]),
        sentence_of,
        torch.tensor(bearing or [_UNKNOWN]),
        torch.tensor(pair_of or [0]),
        words,
    )


class WithSentences(Protocol):
    """A batch of pairs whose tokens are of sentences."""

    @property
    def sentence_of(self) -> torch.Tensor: ...

    @property
    def bearing(self) -> torch.Tensor: ...


def sentence_logits(tokens: torch.Tensor, batch: WithSentences) -> torch.Tensor:
    """The mean over the tokens of each sentence, (sentences,); NaN for one that was cut off."""
    count = len(batch.bearing)
    inside = batch.sentence_of >= 0
    numbers = batch.sentence_of[inside]
    total = torch.zeros(count).index_add(0, numbers, tokens[..., 0][inside].float())
    sizes = torch.zeros(count).index_add(0, numbers, torch.ones(len(numbers)))
    return torch.where(sizes > 0, total / sizes.clamp(min=1), torch.nan)


def loss_of(whole: torch.Tensor, tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
    """What the network says of a batch against what is known, weighed, per pair."""
    total = torch.zeros(())
    for column, truths in enumerate((batch.answers, batch.supports)):
        known = ~truths.isnan()
        if known.any():
            lost = lost_by(whole[known, column], truths[known])
            total = total + (lost * batch.weights[known]).sum()
    said = sentence_logits(tokens, batch)
    known = ~batch.bearing.isnan() & ~said.isnan()
    if known.any():
        # A text of many sentences counts for more than one of few, but not as many times.
        of_pair = batch.pair_of[known]
        sizes = torch.bincount(of_pair, minlength=len(batch.weights)).clamp(min=1)
        lost = lost_by(said[known], batch.bearing[known])
        total = total + (lost * batch.weights[of_pair] / sizes[of_pair].sqrt()).sum()
    known = ~batch.words.isnan()
    if known.any():
        lost = lost_by(tokens[..., 1][known], batch.words[known], torch.tensor(WORDS_COUNT))
        share = batch.weights / known.sum(dim=1).clamp(min=1)
        total = total + WORDING_COUNTS * (lost * share[:, None].expand_as(known)[known]).sum()
    return total / len(batch.weights)


def lost_by(
    logits: torch.Tensor, truths: torch.Tensor, counts: torch.Tensor | None = None
) -> torch.Tensor:
    return binary_cross_entropy_with_logits(logits.float(), truths, reduction="none", pos_weight=counts)


def as_pair(example: Example) -> tuple[str, str, int]:
    """What is asked, what is read, and where in it the text begins."""
    title = f"{example.title}\n" if example.title else ""
    return plain(example.asked), plain(title + example.text), len(title)


def holding(spans: Sequence[Span], span: Span) -> int | None:
    return next((n for n, (start, end) in enumerate(spans) if start < span[1] and span[0] < end), None)
