"""The bundled network, open: texts to hidden states. One set of weights in memory serves search, reading
and judging."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from rag.models.packed import PADDING, read_packed
from rag.models.runtime import Compiled, Floats, batches, bert, filled

WEIGHTS = Path(__file__).parent / "weights" / "reader.npz"
WINDOW_TOKENS = 512


class Backbone:
    """Threads may share one. `identity` changes with the weights; `card` says what they are, and
    `heads` are what figures are made of hidden states with."""

    window_tokens = WINDOW_TOKENS

    def __init__(self, path: Path) -> None:
        """Raises EmbeddingError, which says what to do."""
        packed = read_packed(path)
        card, arrays = packed.card, packed.arrays
        self.card, self.identity = card, packed.identity
        self.tokenizer = packed.tokenizer()
        self.heads = {
            name.removeprefix("heads."): array for name, array in arrays.items() if name[:6] == "heads."
        }
        self._words, self._positions = packed.words, arrays["positions"]
        self.dimension = self._positions.shape[1]
        self._network = Compiled(
            bert(arrays, card["layers"], card["heads"], card["epsilon"], self.dimension)
        )
        self.precision = self._network.precision

    def states(
        self, ids: Sequence[Sequence[int]], window: int = WINDOW_TOKENS
    ) -> Iterator[tuple[list[int], Floats, Floats]]:
        """Rows, their hidden states (rows, tokens, width) and the mask (rows, tokens), a batch at a
        time, longest first."""
        for rows, length in batches([len(row) for row in ids], window):
            numbers = filled([ids[row] for row in rows], length, PADDING)
            mask = filled([[1] * len(ids[row]) for row in rows], length).astype(np.float32)
            embedded = self._words.of(numbers) + self._positions[:length]
            (states,) = self._network.infer([embedded, mask])
            yield rows, states, mask

    def pooled(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Floats]]:
        """Rows and the mean of their hidden states, (rows, width), a batch at a time, longest first."""
        for rows, states, mask in self.states(ids):
            yield rows, (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)


def open_backbone(path: Path = WEIGHTS) -> Backbone:
    """The network of a file, opened once a process. Raises EmbeddingError."""
    return _opened(path)


@cache
def _opened(path: Path) -> Backbone:
    return Backbone(path)
