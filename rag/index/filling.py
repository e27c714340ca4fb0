"""The passages of a generation, and their vectors in the store: taken over from a generation before, or
computed and added a few at a time, so that a killed run goes on where it was."""

import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rag.core.errors import IndexUnusable, StorageError
from rag.core.records import Article
from rag.index.intake import Progress
from rag.index.passages import PassageRules, split_passages, words_to_embed
from rag.index.store import Manifest, StoredPassage
from rag.index.vectors import VectorStore
from rag.language.sentences import split_sentences
from rag.models.embedding import Encoder

# A killed run loses no more than so many vectors.
_ADD_EVERY = 256


def begin_vectors(vectors: VectorStore, manifest: Manifest, anew: bool) -> frozenset[str]:
    """Begins the vectors of a generation from the newest that there are of its encoder, be they of a run
    that was killed, or from nothing; the keys that it then has. Raises StorageError."""
    mine = [name for name in vectors.generations() if name.endswith(f"-{manifest.embedding_weights}")]
    for previous in [] if anew else sorted(mine, key=_number, reverse=True):
        try:
            vectors.begin(manifest.vectors, previous)
            return vectors.keys(manifest.vectors)
        except StorageError:
            raise
        except IndexUnusable:
            continue  # damaged: the one before it may serve, or else all is computed again
    vectors.begin(manifest.vectors)
    return vectors.keys(manifest.vectors)


def forget_vectors(vectors: VectorStore, but: AbstractSet[str]) -> None:
    """Removes the generations that nobody names any more."""
    for generation in vectors.generations():
        if generation not in but:
            vectors.forget(generation)


def make_passages(
    articles: Sequence[Article],
    taken_over: Mapping[str, Sequence[StoredPassage]],
    rules: PassageRules,
    encoder: Encoder,
    progress: Progress,
) -> list[tuple[StoredPassage, str | None]]:
    """Every passage in order, with the words to embed where it is not taken over; `taken_over` are
    passages by source."""
    made: list[tuple[StoredPassage, str | None]] = []
    for done, article in enumerate(articles):
        progress(done, len(articles), "Splitting articles")
        if article.source in taken_over:
            made += [(stored, None) for stored in taken_over[article.source]]
            continue
        sentences = split_sentences(article.text, article.title)
        passages = split_passages(article, sentences, rules, encoder.count_tokens)
        texts = words_to_embed([article], passages, rules, encoder.count_tokens)
        for passage, words in zip(passages, texts, strict=True):
            key = hashlib.sha256(f"{encoder.weights}\0{words}".encode()).hexdigest()[:32]
            made.append((StoredPassage(passage, key), words))
    return made


def fill_vectors(
    vectors: VectorStore,
    generation: str,
    held: AbstractSet[str],
    passages: Sequence[tuple[StoredPassage, str | None]],
    encoder: Encoder,
    progress: Progress,
) -> int:
    """Leaves a generation, which holds some vectors, with those of the passages and no others; returns
    how many were computed."""
    wanted = {stored.vector: words for stored, words in passages}
    vectors.remove(generation, held - wanted.keys())
    keys = [key for key in wanted if key not in held]
    done = 0
    progress(0, len(keys), "Embedding passages")
    pending_keys: list[str] = []
    pending = []
    for rows, some in encoder.encode_batches([wanted[key] or "" for key in keys]):
        pending_keys += [keys[row] for row in rows]
        pending += list(some)
        done += len(rows)
        if len(pending) >= _ADD_EVERY or done == len(keys):
            vectors.add(generation, pending_keys, np.array(pending))
            pending_keys, pending = [], []
        progress(done, len(keys), "Embedding passages")
    return len(keys)


def _number(generation: str) -> int:
    number = generation.partition("-")[0]
    return int(number) if number.isdecimal() else -1
