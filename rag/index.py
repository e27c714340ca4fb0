"""Vectors in Chroma's embedded store: the door to chromadb. Knows passages by their keys only."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from rag.errors import IndexUnusable, StorageError

_COLLECTION = "passages"
# Neighbours looked at in the graph for each search. At 50,000 passages a hundred find what
# comparing with every vector finds, 99 times in 100.
_SEARCH_EFFORT = 100
_BATCH = 1000

Vectors = NDArray[np.float32]


class VectorIndex:
    """A Chroma store in a folder, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable when the folder holds no store."""
        try:
            self._collection = _client(folder).get_collection(_COLLECTION)
        except (ChromaError, ValueError, OSError) as error:
            raise IndexUnusable(
                f"The vectors in {folder} cannot be opened ({error}). Run `sourceline index --rebuild`."
            ) from error

    def search(
        self,
        vector: Vectors,
        count: int,
        sources: Sequence[str] | None = None,
        excluded: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """The nearest passages' keys with their cosine, best first. `vector` is (dimension,).

        `sources` keeps to these articles, `excluded` leaves these out.
        """
        where: dict[str, Any] | None = None
        if sources is not None:
            where = {"source": {"$in": list(sources)}}
        elif excluded:
            where = {"source": {"$nin": list(excluded)}}
        try:
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=count,
                where=where,
                include=["distances"],
            )
        except (ChromaError, ValueError) as error:
            raise IndexUnusable(f"The vectors cannot be searched: {error}") from error
        distances = found["distances"] or [[]]
        return [
            (key, 1.0 - distance) for key, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def count(self) -> int:
        return int(self._collection.count())


def write_vectors(
    folder: Path,
    previous: Path | None,
    removed: Sequence[str],
    added: Sequence[tuple[str, str]],
    vectors: Callable[[Sequence[str]], Vectors],
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Makes the store in `folder` from a copy of the previous one, or from nothing.

    `removed` are keys; `added` are pairs of a key and its article's source; `vectors` gives the
    vectors of keys. Raises StorageError.
    """
    try:
        if previous is not None and previous.exists():
            shutil.copytree(previous, folder)
        else:
            folder.mkdir(parents=True)
        collection = _client(folder).get_or_create_collection(
            _COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_EFFORT}},
            embedding_function=None,
        )
        for at in range(0, len(removed), _BATCH):
            collection.delete(ids=list(removed[at : at + _BATCH]))
        for at in range(0, len(added), _BATCH):
            batch = added[at : at + _BATCH]
            keys = [key for key, _ in batch]
            collection.add(
                ids=keys,
                embeddings=vectors(keys),
                metadatas=[{"source": source} for _, source in batch],
            )
            progress(at + len(batch))
    except (ChromaError, OSError) as error:
        raise StorageError(f"The vectors in {folder} cannot be written: {error}") from error
    finally:
        # Another client of this folder must not find this one's memory of it.
        SharedSystemClient.clear_system_cache()


def _client(folder: Path) -> Any:
    # Chroma shares one system a path within a process; folders are never changed once made, so
    # sharing is safe, but each client asks for its own telemetry setting.
    return chromadb.PersistentClient(folder, ChromaSettings(anonymized_telemetry=False))
