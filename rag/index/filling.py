"""The passages of a generation, and their vectors in the store: taken over from the generation before,
or computed."""

import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rag.core.errors import IndexUnusable, StorageError
from rag.core.records import Article
from rag.index.intake import Progress
from rag.index.passages import PassageRules, split_passages, words_to_embed
from rag.index.pending import PendingVectors
from rag.index.store import StoredPassage
from rag.index.vectors import VectorStore
from rag.language.sentences import split_sentences
from rag.models.embedding import Encoder

# A killed run loses no more than so many vectors.
_KEEP_EVERY = 256
_ADD_EVERY = 1000


def begin_vectors(vectors: VectorStore, generation: str, whole: str | None) -> frozenset[str]:
    """Begins a generation with what a whole one holds, or with nothing where there is none that can be
    read; the keys that it then has. Raises StorageError."""
    if whole in vectors.generations():
        try:
            vectors.begin(generation, whole)
            return vectors.keys(generation)
        except StorageError:
            raise
        except IndexUnusable:
            pass  # all of it is computed again
    vectors.begin(generation)
    return frozenset()


def forget_vectors(vectors: VectorStore, but: AbstractSet[str | None]) -> None:
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


def compute_vectors(
    wanted: Mapping[str, str], pending: PendingVectors, encoder: Encoder, progress: Progress
) -> int:
    """Computes those vectors of words by key that do not wait yet, and has them wait; how many."""
    waiting = pending.keys()
    keys = [key for key in wanted if key not in waiting]
    done = 0
    progress(0, len(keys), "Embedding passages")
    some_keys: list[str] = []
    some = []
    for rows, batch in encoder.encode_batches([wanted[key] for key in keys]):
        some_keys += [keys[row] for row in rows]
        some += list(batch)
        done += len(rows)
        if len(some) >= _KEEP_EVERY or done == len(keys):
            pending.add(some_keys, np.array(some))
            some_keys, some = [], []
        progress(done, len(keys), "Embedding passages")
    return len(keys)


def add_vectors(
    vectors: VectorStore,
    generation: str,
    keys: Sequence[str],
    pending: PendingVectors,
    progress: Progress,
) -> None:
    """Adds vectors that wait to a generation. Raises StorageError."""
    for at in range(0, len(keys), _ADD_EVERY):
        progress(at, len(keys), "Indexing vectors")
        some = keys[at : at + _ADD_EVERY]
        vectors.add(generation, some, pending.read(some))
    progress(len(keys), len(keys), "Indexing vectors")
