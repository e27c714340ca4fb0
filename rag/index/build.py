"""The building pipeline: a folder of articles becomes the next generation of its index."""

import shutil
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from rag.core.errors import StorageError
from rag.core.records import Article, Skipped
from rag.index.filling import (
    add_vectors,
    begin_vectors,
    compute_vectors,
    forget_vectors,
    make_passages,
)
from rag.index.intake import Corpus, Corrections, Progress
from rag.index.keywords import KEYWORDS_VERSION, write_keywords
from rag.index.passages import PASSAGE_VERSION, PassageRules
from rag.index.pending import PendingVectors
from rag.index.store import Generation, Manifest, Store, StoredFile, StoredPassage
from rag.index.vectors import VectorStore
from rag.index.writer import only_writer
from rag.language.sentences import SPLITTING_VERSION
from rag.language.terms import Lexicon
from rag.language.tongues import language_of
from rag.loading.corpus import LOADING_VERSION
from rag.models.embedding import Encoder


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in numbers of articles; `embedded` counts passages. `reasons` says why more
    than the changed files was built again."""

    generation: int
    articles: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    skipped: tuple[Skipped, ...]
    reasons: tuple[str, ...]


def build_index(
    corpus_dir: Path,
    store: Store,
    vectors: VectorStore,
    encoder: Encoder,
    lexicon: Lexicon,
    passage_tokens: int,
    rebuild: bool = False,
    progress: Progress = lambda done, total, what: None,
    corrections: Corrections = MappingProxyType({}),
) -> Report:
    """Brings the index up to the corpus and commits it, or leaves it as it was.

    Raises IndexBusy when another process is at it, IndexTooNew, CorpusError for a folder that cannot
    be read, CorpusEmpty for one without a single readable article, StorageError for a disk that is
    full.
    """
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with only_writer(store.folder):
            pending = PendingVectors(store.folder)
            building = _Building(
                store, vectors, pending, encoder, lexicon, passage_tokens, rebuild, progress
            )
            return building.bring_up_to(Corpus(corpus_dir, corrections))
    except OSError as error:
        raise StorageError(
            f"The index in {store.folder} cannot be written: {error.strerror or error}. "
            "Make room or choose another folder with SOURCELINE_DATA; nothing indexed is lost."
        ) from error


@dataclass(frozen=True, slots=True)
class _Building:
    """One run, by one writer."""

    store: Store
    vectors: VectorStore
    pending: PendingVectors
    encoder: Encoder
    lexicon: Lexicon
    passage_tokens: int
    rebuild: bool
    progress: Progress

    def bring_up_to(self, corpus: Corpus) -> Report:
        store, vectors = self.store, self.vectors
        is_older = store.is_older()
        if is_older and not self.rebuild:
            self._rescue_vectors()
        store.prepare()
        store.clean()
        old = store.manifest()
        new = self._manifest(old)
        reasons = _reasons(old, new, is_older, self.rebuild)
        whole = old.vectors if old else store.whole_vectors()
        forget_vectors(vectors, but={whole})
        if old and not reasons and self._is_current(corpus, old):
            self.pending.forget()
            return _report_of_current(store, old)
        known = store.files() if old and old.loading_rules == new.loading_rules else {}
        files = list(corpus.read({} if self.rebuild else known, self.progress))
        articles, files = corpus.articles(files)
        before = store.read() if old else None
        passages, embedded = self._fill(new, whole, before, articles)
        self._write_keywords(store.generation_folder(new.generation), articles, passages)
        store.commit(new, files, articles, passages)
        store.clean()
        forget_vectors(vectors, but={new.vectors})
        self.pending.forget()
        known_articles = before.articles if before else {}
        return _report(new, files, articles, len(passages), known_articles, embedded, reasons)

    def _fill(
        self, new: Manifest, whole: str | None, before: Generation | None, articles: Sequence[Article]
    ) -> tuple[list[StoredPassage], int]:
        """The passages of the new generation, whose vectors it then has and no others, and how many were
        computed."""
        if self.rebuild:
            self.pending.forget()
        is_base = not self.rebuild and whole and whole.endswith(f"-{new.embedding_weights}")
        held = begin_vectors(self.vectors, new.vectors, whole if is_base else None)
        taken_over = {} if self.rebuild else _passages_to_take_over(before, new, articles, held)
        rules = PassageRules(new.window_tokens, new.passage_tokens)
        passages = make_passages(articles, taken_over, rules, self.encoder, self.progress)
        wanted = {stored.vector: words or "" for stored, words in passages}
        lacking = {key: words for key, words in wanted.items() if key not in held}
        embedded = compute_vectors(lacking, self.pending, self.encoder, self.progress)
        self.vectors.remove(new.vectors, held - wanted.keys())
        add_vectors(self.vectors, new.vectors, list(lacking), self.pending, self.progress)
        return [stored for stored, _ in passages], embedded

    def _manifest(self, old: Manifest | None) -> Manifest:
        encoder = self.encoder
        return Manifest(
            # A number that no index of this corpus has had, even one that was deleted meanwhile.
            generation=max(old.generation + 1 if old else 0, time.time_ns() // 1_000_000),
            embedding_model=encoder.name,
            embedding_weights=encoder.weights,
            dimension=encoder.dimension,
            window_tokens=encoder.window_tokens,
            passage_tokens=self.passage_tokens,
            splitting_rules=f"{SPLITTING_VERSION}.{PASSAGE_VERSION}",
            loading_rules=str(LOADING_VERSION),
            keyword_rules=f"{KEYWORDS_VERSION}.{self.lexicon.version}",
        )

    def _is_current(self, corpus: Corpus, manifest: Manifest) -> bool:
        """Whether the index was made, by the same rules, of just the bytes and corrections of now."""
        is_as = corpus.is_as(self.store.listed(), self.progress)
        return is_as and manifest.vectors in self.vectors.generations()

    def _rescue_vectors(self) -> None:
        """Takes the vectors over that an index of an older version kept itself, before it is emptied."""
        for keys, some in self.store.vectors_of_format_1(self.encoder.weights):
            self.pending.add(keys, some)
            self.progress(0, 0, "Taking over the vectors of the index before")

    def _write_keywords(
        self, folder: Path, articles: Sequence[Article], passages: Sequence[StoredPassage]
    ) -> None:
        """The keywords, in the folder of the new generation."""
        shutil.rmtree(folder, ignore_errors=True)
        texts = {article.source: article.text for article in articles}
        spoken = {article.source: (language_of(article.text),) for article in articles}
        titles = {
            article.source: self.lexicon.terms(article.title or "", spoken[article.source])
            for article in articles
        }
        rows = []
        for done, stored in enumerate(passages):
            if done % 500 == 0:
                self.progress(done, len(passages), "Indexing keywords")
            passage = stored.passage
            text = texts[passage.source][passage.start : passage.end]
            rows.append(titles[passage.source] + self.lexicon.terms(text, spoken[passage.source]))
        languages = {language for some in spoken.values() for language in some}
        write_keywords(folder / "keywords", rows, languages)
        self.progress(len(passages), len(passages), "Indexing keywords")


def _passages_to_take_over(
    old: Generation | None, new: Manifest, articles: Sequence[Article], held: AbstractSet[str]
) -> dict[str, list[StoredPassage]]:
    """Passages by source, of the articles that are as they were and whose vectors are all held."""
    if old is None or not _same_passages(old.manifest, new):
        return {}
    unchanged = {a.source for a in articles if old.articles.get(a.source) == a}
    found: dict[str, list[StoredPassage]] = {source: [] for source in unchanged}
    for stored in old.passages:
        if stored.passage.source in unchanged:
            found[stored.passage.source].append(stored)
    return {
        source: passages
        for source, passages in found.items()
        if all(passage.vector in held for passage in passages)
    }


def _report_of_current(store: Store, manifest: Manifest) -> Report:
    articles, passages = store.sizes()
    left_out = [Skipped(source, why) for source, (_, why) in sorted(store.listed().items()) if why]
    return Report(
        generation=manifest.generation,
        articles=articles,
        passages=passages,
        added=0,
        changed=0,
        removed=0,
        unchanged=articles,
        embedded=0,
        skipped=tuple(left_out),
        reasons=(),
    )


def _same_passages(old: Manifest, new: Manifest) -> bool:
    same = replace(
        old,
        generation=new.generation,
        keyword_rules=new.keyword_rules,
        loading_rules=new.loading_rules,
    )
    return same == new


def _reasons(old: Manifest | None, new: Manifest, is_older: bool, rebuild: bool) -> tuple[str, ...]:
    if rebuild:
        return ("a rebuild was asked for",)
    if is_older:
        return ("an older version of Sourceline made the index",)
    if old is None:
        return ()
    told = {
        "embedding_model": f"the embedding model is now {new.embedding_model}",
        "embedding_weights": f"the files of {new.embedding_model} have changed",
        "dimension": f"its vectors now have {new.dimension} numbers",
        "window_tokens": f"its window is now {new.window_tokens} tokens",
        "passage_tokens": f"passages now hold {new.passage_tokens} tokens",
        "splitting_rules": "the rules for splitting articles have changed",
        "loading_rules": "the rules for reading files have changed",
        "keyword_rules": "the aliases or the rules for keywords have changed",
    }
    return tuple(why for field, why in told.items() if getattr(old, field) != getattr(new, field))


def _report(
    manifest: Manifest,
    files: Sequence[StoredFile],
    articles: Sequence[Article],
    passages: int,
    before: Mapping[str, Article],
    embedded: int,
    reasons: tuple[str, ...],
) -> Report:
    now = {article.source: article for article in articles}
    shared = now.keys() & before.keys()
    changed = sum(now[source] != before[source] for source in shared)
    return Report(
        generation=manifest.generation,
        articles=len(articles),
        passages=passages,
        added=len(now.keys() - before.keys()),
        changed=changed,
        removed=len(before.keys() - now.keys()),
        unchanged=len(shared) - changed,
        embedded=embedded,
        skipped=tuple(Skipped(file.source, file.reason) for file in files if file.reason),
        reasons=reasons,
    )
