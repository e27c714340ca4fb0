"""A question to hits: search by meaning and by keywords, fused, filtered, without near-copies; the best
of them are read together with the question and ordered anew."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag.core.dates import bounds, overlaps
from rag.core.errors import IndexUnusable, SettingsError
from rag.core.records import Article, Filters, Hit, Passage, Skipped
from rag.index.keywords import KeywordIndex
from rag.index.passages import CountTokens, PassageRules, words_to_embed
from rag.index.store import Manifest, Store
from rag.index.vectors import VectorSearch, VectorStore
from rag.language.terms import STOP_WORDS, Lexicon, read_aliases, say_the_same
from rag.language.text import fold, fold_word, plain, words
from rag.models.embedding import Encoder, Vectors
from rag.models.pairs import PairReader

# How deep each search goes before the two are fused.
CANDIDATES = 100
# What keywords count beside meaning where the articles have all words of the question: chosen among
# seven on five desks of news; it finds more than ranks added up, most of all in other languages.
_KEYWORDS = 0.7
# Scores no further apart than this come from rounding.
_EQUAL = 1e-5
# So many filters' masks are kept; people ask several questions under one.
_MASKS = 32
# So many of the best passages are read together with the question at most, so many at a time until one
# of them answers with this probability: it finds what reading all of them does. And what the reading
# counts for beside the two searches.
READ_TOGETHER = 24
_READ_AT_ONCE = 8
_SURE = 0.5
_READING = 0.3
# Two passages that share this part of their terms are one thing said twice.
_NEAR_COPY = 0.8


@dataclass(frozen=True)
class Snapshot:
    """One generation of an index, opened: nothing in it changes."""

    manifest: Manifest
    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    skipped: tuple[Skipped, ...]
    file_hashes: dict[str, str]
    vectors: VectorSearch
    keywords: KeywordIndex
    lexicon: Lexicon

    @classmethod
    def open(cls, store: Store, vectors: VectorStore, lexicon: Lexicon) -> "Snapshot":
        """Raises IndexMissing, IndexTooNew, IndexUnusable."""
        stored = store.read()
        folder = store.generation_folder(stored.manifest.generation)
        passages = tuple(item.passage for item in stored.passages)
        return cls(
            stored.manifest,
            stored.articles,
            passages,
            stored.skipped,
            stored.file_hashes,
            vectors.open(stored.manifest.vectors, [item.vector for item in stored.passages]),
            KeywordIndex(folder / "keywords"),
            lexicon,
        )

    def knows(self, term: str) -> bool:
        """Whether any article has a term."""
        return self.keywords.document_frequency(term) > 0

    def terms(self, question: str) -> list[str]:
        """The terms of a question, in every language that the articles are in."""
        return self.lexicon.terms(question, self.languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the articles are in, as ISO 639-1 has them."""
        return self.keywords.languages

    def share_known(self, question: str) -> float:
        """The share of a question's terms that any article has, 0..1: a question in another language
        than theirs shares names with them at most."""
        terms = set(self.lexicon.terms(question))
        return sum(map(self.knows, terms)) / max(len(terms), 1)

    def article_of(self, row: int) -> Article:
        return self.articles[self.passages[row].source]

    def text_of(self, row: int) -> str:
        """The words of a passage."""
        passage = self.passages[row]
        return self.article_of(row).text[passage.start : passage.end]

    def embedded(self, rows: Sequence[int], count: CountTokens) -> list[str]:
        """What models read of some passages: the title and the words."""
        passages = [self.passages[row] for row in rows]
        articles = [self.article_of(row) for row in rows]
        return words_to_embed(articles, passages, self.rules, count)

    @property
    def rules(self) -> PassageRules:
        return PassageRules(self.manifest.window_tokens, self.manifest.passage_tokens)

    def spelled(self, row: int, spellings: Sequence[str]) -> int:
        """How many of the spellings stand in a passage as they are."""
        text = self.text_of(row)
        return sum(spelling in text for spelling in spellings)

    def distinct(self, rows: Sequence[int], count: int) -> list[int]:
        """The first `count` rows that are no near-copies of a row before."""
        kept: dict[int, str] = {}
        for row in rows:
            if len(kept) == count:
                break
            text = self.text_of(row)
            if not any(say_the_same(text, other, _NEAR_COPY) for other in kept.values()):
                kept[row] = text
        return list(kept)

    def mask(self, filters: Filters) -> NDArray[np.bool_] | None:
        """Which rows pass the filters, or None when every row does. Raises SettingsError."""
        return self._kept_mask(filters)

    @cached_property
    def _kept_mask(self) -> Callable[[Filters], NDArray[np.bool_] | None]:
        return lru_cache(maxsize=_MASKS)(self._make_mask)

    def _make_mask(self, filters: Filters) -> NDArray[np.bool_] | None:
        allowed = allowed_sources(self.articles.values(), filters)
        if allowed is None:
            return None
        passing = np.array([source in allowed for source in self.articles], dtype=bool)
        return passing[self._article_of_row]

    @cached_property
    def _article_of_row(self) -> NDArray[np.intp]:
        places = {source: place for place, source in enumerate(self.articles)}
        return np.array([places[passage.source] for passage in self.passages], dtype=np.intp)


class Retriever:
    """Finds passages. Sees a new generation at the next question, whoever made it. Threads may share
    one."""

    def __init__(
        self,
        store: Store,
        vectors: VectorStore,
        encoder: Encoder,
        aliases: Sequence[Path] = (),
        pairs: PairReader | None = None,
    ) -> None:
        """With `pairs` the first passages are read together with the question, and ordered anew."""
        self._store = store
        self._vectors = vectors
        self._pairs = pairs
        self._encoder = encoder
        self._aliases = aliases
        self._held: Snapshot | None = None
        self._opening = Lock()

    def snapshot(self) -> Snapshot:
        """The generation that is current now. Raises IndexMissing, IndexTooNew, IndexUnusable, and
        SettingsError for an index of another embedding model."""
        with self._opening:
            current = self._store.generation()
            while self._held is None or self._held.manifest.generation != current:
                try:
                    lexicon = Lexicon(read_aliases(*self._aliases))
                    self._held = Snapshot.open(self._store, self._vectors, lexicon)
                except IndexUnusable:
                    # A writer may have gone on to the next generation while this one was opened.
                    if self._store.generation() == current:
                        raise
                current = self._store.generation()
            manifest = self._held.manifest
            if manifest.embedding_weights != self._encoder.weights:
                raise SettingsError(
                    f"This index was made with the embedding model {manifest.embedding_model}, the "
                    f"setting says {self._encoder.name}, or its files changed. Run `sourceline index`."
                )
            return self._held

    def find(
        self, question: str, filters: Filters, count: int, snapshot: Snapshot | None = None
    ) -> tuple[Hit, ...]:
        """The best `count` passages, best first; scores in 0..1 compare within one question. They are
        of the snapshot that is given, unless its files are gone, or else of the current one."""
        vector = self._encoder.encode([plain(question)], "query")[0]
        snapshot = snapshot or self.snapshot()
        try:
            return self._find(snapshot, question, vector, filters, count)
        except IndexUnusable:
            newer = self.snapshot()
            if newer is snapshot:
                raise
            return self._find(newer, question, vector, filters, count)

    def _find(
        self, snapshot: Snapshot, question: str, vector: Vectors, filters: Filters, count: int
    ) -> tuple[Hit, ...]:
        mask = snapshot.mask(filters)
        by_meaning = snapshot.vectors.search(vector, CANDIDATES, mask)
        by_keywords = snapshot.keywords.search(snapshot.terms(question), CANDIDATES, mask)
        nearness, sameness = dict(_ranks(by_meaning)), dict(_ranks(by_keywords))
        fused = _fused(by_meaning, by_keywords, snapshot.share_known(question))
        exact = _spellings(question)
        # Deep enough for the near-copies among the first to be passed over.
        # Of two that are first in one search and second in the other, the nearer in meaning is first:
        # it is the same one however a name is spelled.
        first = sorted(fused, key=lambda row: (-fused[row], nearness.get(row, math.inf), row))
        first = first[: max(4 * count, 2 * READ_TOGETHER)]
        if exact:
            first.sort(
                key=lambda row: (
                    -fused[row],
                    nearness.get(row, math.inf),
                    -snapshot.spelled(row, exact),
                    row,
                )
            )
        scores = {row: fused[row] for row in first}
        kept = snapshot.distinct(first, max(count, READ_TOGETHER) if self._pairs else count)
        readings: dict[int, float] = {}
        if self._pairs and kept:
            readings = self._read_together(snapshot, self._pairs, question, kept[:READ_TOGETHER])
            read, rest = kept[: len(readings)], kept[len(readings) :]
            scores |= {r: (1 - _READING) * scores[r] + _READING * readings[r] for r in read}
            kept = sorted(read, key=lambda row: -scores[row]) + rest
            # The others stay behind those that were read, and so do their scores.
            lowest = min(scores[row] for row in read)
            scores |= {row: min(scores[row], lowest) for row in rest}
        return tuple(
            Hit(
                snapshot.passages[row],
                snapshot.article_of(row),
                scores[row],
                nearness.get(row),
                sameness.get(row),
                readings.get(row),
            )
            for row in kept[:count]
        )

    def _read_together(
        self, snapshot: Snapshot, pairs: PairReader, question: str, rows: Sequence[int]
    ) -> dict[int, float]:
        """How likely each of the first rows answers, 0..1, when it is read together with the question:
        as many as it takes to find one that does."""
        asked = plain(question)
        answers: dict[int, float] = {}
        for start in range(0, len(rows), _READ_AT_ONCE):
            some = rows[start : start + _READ_AT_ONCE]
            texts = snapshot.embedded(some, self._encoder.count_tokens)
            readings = pairs.read([(asked, text) for text in texts])
            answers |= {row: reading.answers for row, reading in zip(some, readings, strict=True)}
            if max(answers.values()) >= _SURE:
                break
        return answers


def _fused(
    by_meaning: Sequence[tuple[int, float]], by_keywords: Sequence[tuple[int, float]], known: float
) -> dict[int, float]:
    """For each row found how near it comes, 0..1: by meaning between the last one found and the first,
    by keywords as a share of the first one's score. `known` is how much of the question keywords can
    see, 0..1."""
    counts = _KEYWORDS * known
    fused: dict[int, float] = {}
    if by_meaning:
        first, last = by_meaning[0][1], by_meaning[-1][1]
        for row, score in by_meaning:
            fused[row] = (score - last) / (first - last) if first > last else 1.0
    for row, score in by_keywords:
        fused[row] = fused.get(row, 0.0) + counts * score / by_keywords[0][1]
    return {row: score / (1 + counts) for row, score in fused.items()}


def _ranks(ranking: Sequence[tuple[int, float]]) -> Iterator[tuple[int, int]]:
    """Each row with its rank, which rows of equal score share."""
    rank, last = 0, math.inf
    for place, (row, score) in enumerate(ranking, start=1):
        if score < last - _EQUAL:
            rank, last = place, score
        yield row, rank


def allowed_sources(articles: Iterable[Article], filters: Filters) -> set[str] | None:
    """The sources that pass the filters, or None when every article may."""
    if filters == Filters():
        return None
    try:
        earliest = bounds(filters.published_from)[0] if filters.published_from else None
        latest = bounds(filters.published_to)[1] if filters.published_to else None
    except ValueError as error:
        raise SettingsError(f"The dates asked for cannot be read: {error}.") from error
    if earliest and latest and earliest > latest:
        raise SettingsError(
            f"No day is after {filters.published_from} and before {filters.published_to}."
        )
    articles = tuple(articles)
    for source in filters.sources - {article.source for article in articles}:
        raise SettingsError(f"There is no article {source!r}. See `sourceline corpus`.")
    publishers = {fold(article.publisher) for article in articles if article.publisher}
    for publisher in filters.publishers:
        if fold(publisher) not in publishers:
            raise SettingsError(f"No article is from {publisher!r}. See `sourceline corpus`.")
    chosen = {fold(publisher) for publisher in filters.publishers}
    allowed = set()
    for article in articles:
        if filters.sources and article.source not in filters.sources:
            continue
        if chosen and fold(article.publisher or "") not in chosen:
            continue
        dated = article.published and overlaps(article.published, earliest, latest)
        if dated or not (earliest or latest):
            allowed.add(article.source)
    return allowed


def _spellings(question: str) -> list[str]:
    """The words of a question that are spelled with a letter of their own, or in capitals."""
    spelled = [question[word.start : word.end] for word in words(question)]
    return [word for word in spelled if fold_word(word) not in STOP_WORDS and fold(word) != word]
