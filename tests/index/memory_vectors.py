"""A store of vectors in memory: what a store must do at the least, and nothing of where vectors lie."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from rag.core.errors import IndexUnusable
from rag.index.vectors import VectorSearch
from rag.models.embedding import Vectors


class MemoryVectors:
    def __init__(self) -> None:
        self._generations: dict[str, dict[str, Vectors]] = {}

    def generations(self) -> tuple[str, ...]:
        return tuple(self._generations)

    def begin(self, generation: str, previous: str | None = None) -> None:
        self._generations[generation] = {} if previous is None else dict(self._of(previous))

    def keys(self, generation: str) -> frozenset[str]:
        return frozenset(self._of(generation))

    def add(self, generation: str, keys: Sequence[str], vectors: Vectors) -> None:
        self._of(generation).update(zip(keys, vectors, strict=True))

    def remove(self, generation: str, keys: AbstractSet[str]) -> None:
        for key in keys:
            self._of(generation).pop(key, None)

    def fetch(self, generation: str, keys: Sequence[str]) -> Vectors:
        held = self._of(generation)
        if lacking := set(keys) - held.keys():
            raise IndexUnusable(f"no vectors of {lacking}: run `sourceline index --rebuild`")
        return np.array([held[key] for key in keys], dtype=np.float32)

    def open(self, generation: str, keys: Sequence[str]) -> VectorSearch:
        return _Search(self.fetch(generation, keys))

    def forget(self, generation: str) -> None:
        self._generations.pop(generation, None)

    def _of(self, generation: str) -> dict[str, Vectors]:
        if generation not in self._generations:
            raise IndexUnusable(f"there is no {generation}: run `sourceline index --rebuild`")
        return self._generations[generation]


class _Search:
    def __init__(self, matrix: Vectors) -> None:
        self._matrix = matrix

    def search(
        self, vector: Vectors, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        rows = range(len(self._matrix)) if allowed is None else np.flatnonzero(allowed)
        try:
            found = [(int(row), float(self._matrix[row] @ vector)) for row in rows]
        except ValueError as error:
            raise IndexUnusable(f"The vectors cannot be searched: {error}") from error
        return sorted(found, key=lambda each: (-each[1], each[0]))[:count]
