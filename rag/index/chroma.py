"""Vectors in Chroma's embedded store, a folder for each generation: the door to chromadb.

They lie here and nowhere else, and what else needs them asks for them: a run that was killed which there
are, a filter for the few that it leaves. docs/architecture.md has what that costs."""

import math
import shutil
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
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
from rag.models.embedding import Vectors

_COLLECTION = "passages"
# Neighbours looked at in the graph for each search.
_SEARCH_EFFORT = 100
_BATCH = 1000
# So many vectors are fetched and compared, which is exact and no slower than a search among them.
_FEW = 100
# From this share of the vectors on, asking for more neighbours is faster than saying which may be found.
_MANY = 0.3
# How many times what should be enough it is asked for then.
_SPARE = 1.5
# Among those that may be found the graph is searched so many times as deep: it passes many over.
_DEEPER = 4
# Chroma's memory of the clients of a process is not made for threads.
_OPENING = Lock()


class ChromaVectors:
    """A store of vectors in a folder. One that fills a generation keeps it open: to open one reads all
    of its graph."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filling: tuple[str, Any] = ("", None)

    def generations(self) -> tuple[str, ...]:
        return tuple(path.name for path in self._folder.glob("*-*") if not path.name.startswith("."))

    def begin(self, generation: str, previous: str | None = None) -> None:
        folder = self._folder / generation
        if previous is not None:
            _check(self._folder / previous)
        made = self._folder / f".new-{generation}"
        try:
            for left in (folder, *self._folder.glob(".new-*")):
                shutil.rmtree(left, ignore_errors=True)
            if previous is None:
                made.mkdir(parents=True)
            else:
                shutil.copytree(self._folder / previous, made)
            # Half a copy never bears the name.
            made.rename(folder)
            if previous is None:
                with _OPENING:
                    _client(folder).create_collection(
                        _COLLECTION,
                        configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_EFFORT}},
                        embedding_function=None,
                    )
        except (ChromaError, OSError) as error:
            raise _unwritable(folder, error) from error
        self._filling = generation, _opened(folder)

    def keys(self, generation: str) -> frozenset[str]:
        try:
            return frozenset(self._collection(generation).get(include=[])["ids"])
        except ChromaError as error:
            raise _unreadable(self._folder / generation, error) from error

    def add(self, generation: str, keys: Sequence[str], vectors: Vectors) -> None:
        collection = self._collection(generation)
        try:
            for at in range(0, len(keys), _BATCH):
                collection.add(ids=keys[at : at + _BATCH], embeddings=vectors[at : at + _BATCH])
        except (ChromaError, OSError) as error:
            raise _unwritable(self._folder / generation, error) from error

    def remove(self, generation: str, keys: AbstractSet[str]) -> None:
        collection = self._collection(generation)
        ordered = sorted(keys)
        try:
            for at in range(0, len(ordered), _BATCH):
                collection.delete(ids=ordered[at : at + _BATCH])
        except (ChromaError, OSError) as error:
            raise _unwritable(self._folder / generation, error) from error

    def fetch(self, generation: str, keys: Sequence[str]) -> Vectors:
        return _fetch(self._collection(generation), keys)

    def open(self, generation: str, keys: Sequence[str]) -> "ChromaSearch":
        return ChromaSearch(_opened(self._folder / generation), keys)

    def forget(self, generation: str) -> None:
        if self._filling[0] == generation:
            self._filling = ("", None)
        shutil.rmtree(self._folder / generation, ignore_errors=True)

    def _collection(self, generation: str) -> Any:
        name, collection = self._filling
        return collection if name == generation else _opened(self._folder / generation)


class ChromaSearch:
    """A generation, open for reading."""

    def __init__(self, collection: Any, keys: Sequence[str]) -> None:
        self._collection = collection
        self._keys = keys
        self._rows: dict[str, list[int]] = {}
        for row, key in enumerate(keys):
            self._rows.setdefault(key, []).append(row)

    def search(
        self, vector: Vectors, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        try:
            if allowed is None:
                keys: Sequence[str] = list(self._rows)
                near = self._neighbours(vector, count)
            else:
                keys = list(dict.fromkeys(self._keys[int(row)] for row in np.flatnonzero(allowed)))
                near = self._allowed_neighbours(vector, count, keys)
            # Now and then the graph has a vector that no path leads to.
            if len(near) < min(count, len(keys)):
                near = self._compare(vector, keys)
        except (ChromaError, ValueError) as error:
            raise IndexUnusable(f"The vectors cannot be searched: {error}") from error
        rows = [
            (row, cosine)
            for key, cosine in near
            for row in self._rows[key]
            if allowed is None or allowed[row]
        ]
        return sorted(rows, key=lambda found: (-found[1], found[0]))[:count]

    def _neighbours(self, vector: Vectors, count: int, **only: Any) -> list[tuple[str, float]]:
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=count, include=["distances"], **only
        )
        distances = found["distances"] or [[]]
        return [
            (key, 1.0 - distance)
            for key, distance in zip(found["ids"][0], distances[0], strict=True)
            if key in self._rows
        ]

    def _allowed_neighbours(
        self, vector: Vectors, count: int, keys: Sequence[str]
    ) -> list[tuple[str, float]]:
        if len(keys) <= _FEW:
            return self._compare(vector, keys)
        share = len(keys) / len(self._rows)
        if share >= _MANY:
            passing = set(keys)
            near = self._neighbours(vector, math.ceil(count / share * _SPARE))
            near = [(key, cosine) for key, cosine in near if key in passing]
            # What passes may lie all far from the question.
            if len(near) >= count:
                return near
        return self._neighbours(vector, _DEEPER * count, ids=list(keys))

    def _compare(self, vector: Vectors, keys: Sequence[str]) -> list[tuple[str, float]]:
        """The cosine of each."""
        if not keys:
            return []
        cosines = _fetch(self._collection, keys) @ vector
        return [(key, float(cosine)) for key, cosine in zip(keys, cosines, strict=True)]


def _fetch(collection: Any, keys: Sequence[str]) -> Vectors:
    known: dict[str, Vectors] = {}
    wanted = list(dict.fromkeys(keys))
    try:
        for at in range(0, len(wanted), _BATCH):
            found = collection.get(ids=wanted[at : at + _BATCH], include=["embeddings"])
            known |= zip(found["ids"], found["embeddings"], strict=True)
        return np.array([known[key] for key in keys], dtype=np.float32)
    except (ChromaError, KeyError) as error:
        raise IndexUnusable(
            f"There are vectors missing ({error}). Run `sourceline index --rebuild`."
        ) from error


def _client(folder: Path) -> Any:
    # Within a process Chroma hands every client of a path the view that the first one had of it.
    SharedSystemClient.clear_system_cache()
    return chromadb.PersistentClient(folder, ChromaSettings(anonymized_telemetry=False))


def _opened(folder: Path) -> Any:
    _check(folder)
    try:
        with _OPENING:
            return _client(folder).get_collection(_COLLECTION)
    except (ChromaError, ValueError, OSError) as error:
        raise _unreadable(folder, error) from error


def _check(folder: Path) -> None:
    """Raises IndexUnusable where there is no store: Chroma would make one."""
    if not (folder / "chroma.sqlite3").exists():
        raise IndexUnusable(f"There are no vectors in {folder}. Run `sourceline index --rebuild`.")


def _unreadable(folder: Path, error: Exception) -> IndexUnusable:
    return IndexUnusable(
        f"The vectors in {folder} cannot be opened ({error}). Run `sourceline index --rebuild`."
    )


def _unwritable(folder: Path, error: Exception) -> StorageError:
    return StorageError(f"The vectors in {folder} cannot be written: {error}")
