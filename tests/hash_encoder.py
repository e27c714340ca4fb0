"""An encoder without a model, for tests about files and not about meaning: a text's vector is made
from its hash, a token is a word."""

import hashlib
import time
from collections.abc import Iterator, Sequence

import numpy as np

from rag.models.embedding import Encoder, Vectors


class HashEncoder(Encoder):
    """Counts the texts it encodes; may take its time over each batch."""

    def __init__(self, name: str = "hash", seconds_a_batch: float = 0.0, window: int = 128) -> None:
        self.name = self.weights = name
        self.dimension = 8
        self.window_tokens = window
        self.precision = "none"
        self.encoded: list[str] = []
        self._seconds = seconds_a_batch

    def encode_batches(
        self, texts: Sequence[str], kind: str = "document"
    ) -> Iterator[tuple[list[int], Vectors]]:
        for start in range(0, len(texts), 8):
            batch = texts[start : start + 8]
            self.encoded += batch
            time.sleep(self._seconds)
            vectors = np.array([self._vector(text) for text in batch], dtype=np.float32)
            yield list(range(start, start + len(batch))), vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
