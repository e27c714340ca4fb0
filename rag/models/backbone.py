"""The bundled network, open: texts to hidden states. One set of weights in memory serves search, reading
and judging."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.models.packed import PADDING, read_packed
from rag.models.runtime import Compiled, Floats, batches, bert, filled

WINDOW_TOKENS = 512


class Backbone:
    """Threads may share one."""

    def __init__(self, path: Path) -> None:
        """Raises EmbeddingError, which says what to do."""
        packed = read_packed(path)
        card, arrays = packed.card, packed.arrays
        self.card = card
        self.tokenizer = packed.tokenizer()
        self.heads = {
            name.removeprefix("heads."): array for name, array in arrays.items() if name[:6] == "heads."
        }
        self._words, self._positions = packed.words, arrays["positions"]
        width = self._positions.shape[1]
        self._network = Compiled(bert(arrays, card["layers"], card["heads"], card["epsilon"], width))

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
