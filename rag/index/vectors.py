"""What building and searching need of a store of vectors; whoever implements it knows where they lie.

A generation is named by a key, is filled while nobody searches it, and never changes once it is
searched. There is one writer at a time, and there are any number of readers.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.models.embedding import Vectors


class VectorSearch(Protocol):
    """One generation, open for reading. Threads may share it."""

    def search(
        self, vector: Vectors, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest rows with their cosine, best first, ties by row. `vector` is a unit vector,
        (dimension,); `allowed` is a mask over the rows. Raises IndexUnusable."""
        ...


class VectorStore(Protocol):
    """Unit vectors by key, in generations."""

    def generations(self) -> tuple[str, ...]:
        """The names of those that there are, whole or not, in no order."""
        ...

    def begin(self, generation: str, previous: str | None = None) -> None:
        """Makes a generation that holds nothing, or what a previous one holds, which stays as it is. Of
        a generation of this name nothing is left. Raises IndexUnusable where the previous one cannot
        be read, StorageError."""
        ...

    def keys(self, generation: str) -> frozenset[str]:
        """Whose vectors a generation holds. Raises IndexUnusable."""
        ...

    def add(self, generation: str, keys: Sequence[str], vectors: Vectors) -> None:
        """Adds vectors, (len(keys), dimension), under keys that are new. They are kept when this
        returns, even if the process is killed then. Raises StorageError."""
        ...

    def remove(self, generation: str, keys: AbstractSet[str]) -> None:
        """Takes vectors out of a generation. Raises StorageError."""
        ...

    def fetch(self, generation: str, keys: Sequence[str]) -> Vectors:
        """The vectors of keys that are there: (len(keys), dimension). Raises IndexUnusable."""
        ...

    def open(self, generation: str, keys: Sequence[str]) -> VectorSearch:
        """A generation whose rows hold the vectors of these keys, which may repeat. Raises
        IndexUnusable where it is not there or cannot be read."""
        ...

    def forget(self, generation: str) -> None:
        """Removes a generation, if it is there."""
        ...
