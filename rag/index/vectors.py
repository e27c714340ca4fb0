"""Vectors in Chroma's embedded store: the door to chromadb.

Beside the store lies the plain matrix of the same vectors. Chroma searches all passages; where filters
leave many, it is asked for more, and what they forbid is dropped; where they leave few, each allowed
vector is compared, which is exact. Chroma's own filter takes 9 to 50 ms at 20,000 passages, these 2.
"""

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from rag.core.errors import IndexUnusable, StorageError

_COLLECTION = "passages"
_MATRIX = "vectors.npy"
# Neighbours looked at in the graph for each search.
_SEARCH_EFFORT = 100
_BATCH = 1000
# Up to this share of the rows, fetching them one by one is faster than reading all.
_FEW = 0.1
# From this share of the rows on, asking Chroma for more is faster than comparing.
_MANY = 0.3
# How many times what should be enough it is asked for then.
_SPARE = 1.5
# Chroma's memory of the clients of a process is not made for threads.
_OPENING = Lock()

Vectors = NDArray[np.float32]


def has_vectors(folder: Path) -> bool:
    """Whether a store was written to a folder to the end: its matrix comes last."""
    return (folder / _MATRIX).exists()


class VectorIndex:
    """The vectors in a folder, open for reading."""

    def __init__(self, folder: Path, rows: Mapping[str, int]) -> None:
        """`rows` gives the row of each passage by its key. Raises IndexUnusable when the folder holds
        no store."""
        self._rows = rows
        if not has_vectors(folder):
            raise IndexUnusable(f"There are no vectors in {folder}. Run `sourceline index --rebuild`.")
        try:
            with _OPENING:
                self._collection = _client(folder).get_collection(_COLLECTION)
            self._matrix: Vectors = np.load(folder / _MATRIX, mmap_mode="r")
        except (ChromaError, ValueError, OSError, EOFError) as error:
            raise IndexUnusable(
                f"The vectors in {folder} cannot be opened ({error}). Run `sourceline index --rebuild`."
            ) from error

    def search(
        self, vector: Vectors, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest rows with their cosine, best first. `vector` is a unit vector, (dimension,);
        `allowed` is a mask over the rows."""
        try:
            if allowed is None:
                found = self._neighbours(vector, count)
                # Now and then the graph has a row that no path leads to.
                if len(found) == min(count, len(self._matrix)):
                    return found
                return self._compare(vector, count, np.ones(len(self._matrix), dtype=bool))
            share = float(allowed.mean()) if len(allowed) else 0.0
            if share >= _MANY:
                near = self._neighbours(vector, math.ceil(count / share * _SPARE))
                passing = [(row, cosine) for row, cosine in near if allowed[row]]
                # What passes may lie all far from the question.
                if len(passing) >= count:
                    return passing[:count]
            return self._compare(vector, count, allowed)
        except (ChromaError, ValueError) as error:
            raise IndexUnusable(f"The vectors cannot be searched: {error}") from error

    def _neighbours(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=count, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [
            (self._rows[key], 1.0 - distance)
            for key, distance in zip(found["ids"][0], distances[0], strict=True)
            if key in self._rows
        ]

    def _compare(
        self, vector: Vectors, count: int, allowed: NDArray[np.bool_]
    ) -> list[tuple[int, float]]:
        rows = np.flatnonzero(allowed)
        few = len(rows) < _FEW * len(allowed)
        cosines = self._matrix[rows] @ vector if few else (self._matrix @ vector)[rows]
        if len(rows) > count:
            best = np.argpartition(-cosines, count - 1)[:count]
            rows, cosines = rows[best], cosines[best]
        order = np.lexsort((rows, -cosines))
        return [(int(rows[place]), float(cosines[place])) for place in order]

    def count(self) -> int:
        return int(self._collection.count())


def write_vectors(
    folder: Path,
    previous: Path | None,
    keys: Sequence[str],
    unchanged: frozenset[str],
    vectors: Callable[[Sequence[str]], Vectors],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Makes the store in `folder`, from a copy of the previous one or from nothing.

    `keys` are all passages in the order of their rows; `unchanged` are those whose vectors the
    previous store already has; `vectors` gives the vectors of keys, (keys, dimension). Raises
    StorageError.
    """
    try:
        if previous is not None:
            shutil.copytree(previous, folder, ignore=shutil.ignore_patterns(_MATRIX))
        else:
            folder.mkdir(parents=True)
        with _OPENING:
            collection = _client(folder).get_or_create_collection(
                _COLLECTION,
                configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_EFFORT}},
                embedding_function=None,
            )
        stale = [key for key in collection.get(include=[])["ids"] if key not in unchanged]
        for at in range(0, len(stale), _BATCH):
            collection.delete(ids=stale[at : at + _BATCH])
        added = [key for key in keys if key not in unchanged]
        for at in range(0, len(added), _BATCH):
            batch = added[at : at + _BATCH]
            collection.add(ids=batch, embeddings=vectors(batch))
            progress(at + len(batch), len(added))
        np.save(folder / _MATRIX, vectors(keys))
    except (ChromaError, OSError) as error:
        raise StorageError(f"The vectors in {folder} cannot be written: {error}") from error


def _client(folder: Path) -> Any:
    # Within a process Chroma hands every client of a path the view that the first one had of it.
    SharedSystemClient.clear_system_cache()
    return chromadb.PersistentClient(folder, ChromaSettings(anonymized_telemetry=False))
