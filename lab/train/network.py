"""The bundled network as PyTorch learns it: layers and heads, named as in the packed file."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, gelu

from lab.train.examples import Example, Span
from rag.language.text import plain
from rag.models.packed import PADDING, Packed

# Of a text few words are the answer.
WORDS_COUNT = 3.0
# The words of an answer are told apart token by token, which is easy and makes for a small loss.
WORDING_COUNTS = 4.0

# What is added to the attention that filled places get.
_UNSEEN = 1e4

# The lowest layers stay as they are: what they know of languages is needed as it is.
FIXED_LAYERS = 3

HEADS = {"answers": 1, "stance": 3, "token": 2, "claim": 1}


class Layer(nn.Module):
    def __init__(self, width: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.attended_norm = nn.LayerNorm(width, epsilon)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)
        self.outer_norm = nn.LayerNorm(width, epsilon)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        query, key, value = (
            made.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for made in (self.query(states), self.key(states), self.value(states))
        )
        # PyTorch's own attention learns three times as slowly on a CPU.
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        attended = (scores + mask.to(scores.dtype)).softmax(dim=-1).to(value.dtype) @ value
        states = self.attended_norm(states + self.attended(attended.transpose(1, 2).flatten(-2)))
        outer: torch.Tensor = self.outer_norm(states + self.outer(gelu(self.inner(states))))
        return outer


class Reader(nn.Module):
    """Sums of piece and position vectors to states, and states to figures."""

    def __init__(self, packed: Packed) -> None:
        super().__init__()
        card, arrays = packed.card, packed.arrays
        inner, width = arrays["layers.0.inner.weight"].shape
        self.words = packed.words
        self.positions = nn.Parameter(torch.zeros(arrays["positions"].shape))
        self.norm = nn.LayerNorm(width, card["epsilon"])
        self.layers = nn.ModuleList(
            Layer(width, inner, card["heads"], card["epsilon"]) for _ in range(card["layers"])
        )
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in HEADS.items()})
        state = self.state_dict()
        for name, array in arrays.items():
            state[name] = torch.from_numpy(array.copy())
        for name in HEADS:
            if f"heads.{name}.weight" not in arrays:
                nn.init.normal_(state[f"heads.{name}.weight"], std=0.02)
                nn.init.zeros_(state[f"heads.{name}.bias"])
        self.load_state_dict(state)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden states (rows, tokens, width) of ids and a mask of ones and zeros (rows, tokens)."""
        embedded = torch.from_numpy(self.words.of(ids.numpy()))
        states = self.norm(embedded + self.positions[: ids.shape[1]])
        wide = (mask[:, None, None, :] - 1) * _UNSEEN
        for number, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= FIXED_LAYERS):
                states = layer(states, wide)
        read: torch.Tensor = states
        return read

    def vectors(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors (rows, width) of whole texts."""
        states = self.states(ids, mask).float()
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        unit: torch.Tensor = nn.functional.normalize(mean, dim=-1)
        return unit

    def read(self, batch: "Batch") -> "Figures":
        """What a batch of pairs says. The claim is supported as little as the worst met of its words."""
        states = self.states(batch.ids, batch.mask).float()
        first = states[:, 0]
        stance = self.heads["stance"](first)
        unmet = self.heads["claim"](states)[..., 0].masked_fill(~batch.asked, -1e4)
        worst = torch.logsumexp(unmet, dim=1)
        stance = stance - nn.functional.pad(worst[:, None], (0, 2))
        return Figures(self.heads["answers"](first)[:, 0], stance, self.heads["token"](states))


@dataclass(frozen=True, slots=True)
class Figures:
    """Logits: `answers` (pairs,), `stance` (pairs, 3: supports, contradicts, neither), `tokens`
    (pairs, tokens, 2: bearing, wording)."""

    answers: torch.Tensor
    stance: torch.Tensor
    tokens: torch.Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as arrays, (pairs, tokens) or (pairs,). `asked` marks the tokens of the question or claim;
    `sentence_of` gives each token the number of its sentence in the batch, or -1; `bearing` is of those
    sentences and `pair_of` the pair that each is of; pairs that ask the same have the same number in
    `question_of`. What is not known is NaN."""

    ids: torch.Tensor
    mask: torch.Tensor
    asked: torch.Tensor
    answers: torch.Tensor
    supports: torch.Tensor
    contradicts: torch.Tensor
    weights: torch.Tensor
    sentence_of: torch.Tensor
    bearing: torch.Tensor
    pair_of: torch.Tensor
    words: torch.Tensor
    question_of: torch.Tensor


def make_batch(tokenizer: Tokenizer, examples: Sequence[Example], length: int) -> Batch:
    """Examples as a batch, filled up to `length` tokens."""
    pairs = [as_pair(example) for example in examples]
    shape = (len(examples), length)
    ids = torch.full(shape, PADDING)
    mask = torch.zeros(shape)
    asked = torch.zeros(shape, dtype=torch.bool)
    sentence_of = torch.full(shape, -1)
    words = torch.full(shape, torch.nan)
    bearing: list[float] = []
    pair_of: list[int] = []
    for row, encoding in enumerate(tokenizer.encode_batch([pair[:2] for pair in pairs])):
        example, offset = examples[row], pairs[row][2]
        size = len(encoding.ids)
        ids[row, :size] = torch.tensor(encoding.ids)
        mask[row, :size] = 1
        first = len(bearing)
        bearing += example.bearing or (torch.nan,) * len(example.sentences)
        pair_of += [row] * len(example.sentences)
        for place, (kind, (start, end)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        ):
            if kind == 0:
                asked[row, place] = True
            if kind != 1 or end <= max(start, offset):
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
        asked,
        _known([e.answers for e in examples]),
        _known([e.supports for e in examples]),
        _known([e.contradicts for e in examples]),
        torch.tensor([e.weight for e in examples]),
        sentence_of,
        torch.tensor(bearing or [torch.nan]),
        torch.tensor(pair_of or [0]),
        words,
        _numbered([example.asked for example in examples]),
    )


def lengths(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[int]:
    """The tokens of each pair, marks included."""
    return [len(pair.ids) for pair in tokenizer.encode_batch_fast([as_pair(e)[:2] for e in examples])]


def sentence_logits(tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The mean over the tokens of each sentence, (sentences,); NaN for one that was cut off."""
    count = len(batch.bearing)
    inside = batch.sentence_of >= 0
    numbers = batch.sentence_of[inside]
    total = torch.zeros(count).index_add(0, numbers, tokens[..., 0][inside].float())
    sizes = torch.zeros(count).index_add(0, numbers, torch.ones(len(numbers)))
    return torch.where(sizes > 0, total / sizes.clamp(min=1), torch.nan)


def loss_of(figures: Figures, batch: Batch, ranking: float) -> torch.Tensor:
    """What the network says of a batch against what is known, weighed, per pair. To come before other
    texts of the question counts `ranking` beside being told right by itself."""
    total = torch.zeros(())
    known = ~batch.answers.isnan()
    if known.any():
        lost = lost_by(figures.answers[known], batch.answers[known])
        total = total + (lost * batch.weights[known]).sum()
    known = ~batch.supports.isnan()
    if known.any():
        lost = _stance_lost(figures.stance[known], batch.supports[known], batch.contradicts[known])
        total = total + (lost * batch.weights[known]).sum()
    said = sentence_logits(figures.tokens, batch)
    known = ~batch.bearing.isnan() & ~said.isnan()
    if known.any():
        # A text of many sentences counts for more than one of few, but not as many times.
        of_pair = batch.pair_of[known]
        sizes = torch.bincount(of_pair, minlength=len(batch.weights)).clamp(min=1)
        lost = lost_by(said[known], batch.bearing[known])
        total = total + (lost * batch.weights[of_pair] / sizes[of_pair].sqrt()).sum()
    known = ~batch.words.isnan()
    if known.any():
        lost = lost_by(figures.tokens[..., 1][known], batch.words[known], torch.tensor(WORDS_COUNT))
        share = batch.weights / known.sum(dim=1).clamp(min=1)
        total = total + WORDING_COUNTS * (lost * share[:, None].expand_as(known)[known]).sum()
    total = total + ranking * _ranked_lost(figures.answers, said, batch)
    return total / len(batch.weights)


def _ranked_lost(answers: torch.Tensor, said: torch.Tensor, batch: Batch) -> torch.Tensor:
    """What it costs that texts, and sentences, that answer a question do not come before the others that
    were read for it."""
    total = torch.zeros(())
    for number in set(batch.question_of.tolist()):
        rows = batch.question_of == number
        for logits, truths, mine in (
            (answers, batch.answers, rows),
            (said, batch.bearing, rows[batch.pair_of]),
        ):
            known = mine & ~truths.isnan() & ~logits.isnan()
            right = known & (truths >= 0.5)
            if right.any() and (known & ~right).any():
                # Any one of those that answer will do.
                total = total + logits[known].logsumexp(0) - logits[right].logsumexp(0)
    return total


def _numbered(texts: Sequence[str]) -> torch.Tensor:
    """The same number for the same text."""
    numbers: dict[str, int] = {}
    return torch.tensor([numbers.setdefault(text, len(numbers)) for text in texts])


def _stance_lost(
    stance: torch.Tensor, supports: torch.Tensor, contradicts: torch.Tensor
) -> torch.Tensor:
    """Cross entropy of (supports, contradicts, neither); where a claim is not supported and no more is
    known, of supported or not."""
    logs = stance.log_softmax(dim=1)
    which = contradicts.nan_to_num(0.0)
    unmet = torch.where(
        contradicts.isnan(),
        torch.logsumexp(logs[:, 1:], dim=1),
        which * logs[:, 1] + (1 - which) * logs[:, 2],
    )
    return -(supports * logs[:, 0] + (1 - supports) * unmet)


def _known(values: Sequence[float | None]) -> torch.Tensor:
    return torch.tensor([torch.nan if value is None else value for value in values])


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
