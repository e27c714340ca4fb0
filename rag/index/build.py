"""The building pipeline: a folder of articles becomes the next generation of its index."""

import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
from filelock import FileLock, Timeout

from rag.core.errors import ArticleError, CorpusEmpty, IndexBusy, StorageError
from rag.core.records import Article, Correction, Skipped
from rag.index.keywords import KEYWORDS_VERSION, write_keywords
from rag.index.passages import PASSAGE_VERSION, PassageRules, split_passages, words_to_embed
from rag.index.store import Manifest, Store, StoredFile, StoredPassage
from rag.index.vectors import has_vectors, write_vectors
from rag.language.sentences import SPLITTING_VERSION, split_sentences
from rag.language.terms import Lexicon
from rag.loading.corpus import (
    LOADING_VERSION,
    corrected,
    cut_repeats,
    find_files,
    load,
    read_bytes,
    stamped,
)
from rag.loading.formats import endings
from rag.models.embedding import Encoder

# Progress: how much is done, of how much, of what.
Progress = Callable[[int, int, str], None]
# What people put right in the articles, by source.
Corrections = Mapping[str, Correction]

# Vectors are kept after this many, so that a killed run goes on where it was.
_SAVE_EVERY = 256


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
        with _only_writer(store.folder):
            corpus = _Corpus(corpus_dir, corrections)
            return _build(corpus, store, encoder, lexicon, passage_tokens, rebuild, progress)
    except OSError as error:
        raise StorageError(
            f"The index in {store.folder} cannot be written: {error.strerror or error}. "
            "Make room or choose another folder with SOURCELINE_DATA; nothing indexed is lost."
        ) from error


@dataclass(frozen=True, slots=True)
class _Corpus:
    folder: Path
    corrections: Corrections


def _build(
    corpus: _Corpus,
    store: Store,
    encoder: Encoder,
    lexicon: Lexicon,
    passage_tokens: int,
    rebuild: bool,
    progress: Progress,
) -> Report:
    store.prepare()
    store.clean()
    old = store.manifest()
    rules = PassageRules(encoder.window_tokens, passage_tokens)
    new = Manifest(
        # A number that no index of this corpus has had, even one that was deleted meanwhile.
        generation=max(old.generation + 1 if old else 0, time.time_ns() // 1_000_000),
        embedding_model=encoder.name,
        embedding_weights=encoder.weights,
        dimension=encoder.dimension,
        window_tokens=encoder.window_tokens,
        passage_tokens=passage_tokens,
        splitting_rules=f"{SPLITTING_VERSION}.{PASSAGE_VERSION}",
        loading_rules=str(LOADING_VERSION),
        keyword_rules=f"{KEYWORDS_VERSION}.{lexicon.version}",
    )
    reasons = _reasons(old, new, rebuild)
    if old and not reasons and _is_current(corpus, store, old, progress):
        return _report_of_current(store, old)
    known = store.files() if old and old.loading_rules == new.loading_rules else {}
    files = list(_read(corpus, {} if rebuild else known, progress))
    articles, files = _articles(corpus, files)
    before = _Before.of(store, old, new, rebuild)
    passages = _passages(articles, before, rules, encoder, progress)
    if rebuild:
        store.forget_vectors()
    embedded = _embed(passages, store, encoder, progress)
    folder = store.generation_folder(new.generation)
    shutil.rmtree(folder, ignore_errors=True)
    _write_searches(folder, articles, passages, before, store, new, lexicon, progress)
    store.commit(new, files, articles, [stored for stored, _ in passages])
    store.clean()
    return _report(new, files, articles, len(passages), before, embedded, reasons)


@dataclass(frozen=True, slots=True)
class _Before:
    """What the index holds that the next one may take over."""

    articles: dict[str, Article]
    passages: dict[str, list[StoredPassage]]
    vectors_folder: Path | None

    @classmethod
    def of(cls, store: Store, old: Manifest | None, new: Manifest, rebuild: bool) -> "_Before":
        if old is None:
            return cls({}, {}, None)
        generation = store.read()
        passages: dict[str, list[StoredPassage]] = {}
        if not rebuild and _same_passages(old, new):
            for passage in generation.passages:
                passages.setdefault(passage.passage.source, []).append(passage)
        folder = _vectors_folder(store, old)
        keep = passages and has_vectors(folder)
        return cls(generation.articles, passages, folder if keep else None)


def _vectors_folder(store: Store, manifest: Manifest) -> Path:
    return store.generation_folder(manifest.generation) / "vectors"


def _is_current(corpus: _Corpus, store: Store, manifest: Manifest, progress: Progress) -> bool:
    """Whether the index was made, by the same rules, of just the bytes and corrections of now. Asked
    before anything indexed is read: most runs find nothing changed, and should cost little."""
    now = {
        source: (sha256, None if sha256 else str(content))
        for source, sha256, content in _contents(corpus, progress, "Looking for changes")
    }
    then = {
        source: (sha256, None if sha256 else reason)
        for source, (sha256, reason) in store.listed().items()
    }
    return now == then and has_vectors(_vectors_folder(store, manifest))


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


def _reasons(old: Manifest | None, new: Manifest, rebuild: bool) -> tuple[str, ...]:
    if rebuild:
        return ("a rebuild was asked for",)
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


def _contents(
    corpus: _Corpus, progress: Progress, what: str
) -> Iterator[tuple[str, str, bytes | ArticleError]]:
    """Source, stamp and bytes of every file of the corpus; no stamp and the reason when it cannot be
    read."""
    found, skipped = find_files(corpus.folder)
    for skip in skipped:
        yield skip.source, "", ArticleError(skip.reason)
    for done, file in enumerate(found):
        progress(done, len(found), what)
        try:
            content = read_bytes(file)
        except ArticleError as error:
            yield file.source, "", error
        else:
            sha256 = hashlib.sha256(content).hexdigest()
            yield file.source, stamped(sha256, corpus.corrections.get(file.source)), content
    progress(len(found), len(found), what)


def _read(corpus: _Corpus, known: dict[str, StoredFile], progress: Progress) -> Iterator[StoredFile]:
    """Every file of the corpus by source: loaded anew when its bytes or its correction changed, with a
    reason when it cannot be an article."""
    for source, sha256, content in _contents(corpus, progress, "Reading articles"):
        stored = known.get(source)
        if isinstance(content, ArticleError):
            yield StoredFile(source, sha256, None, str(content))
        elif stored and stored.sha256 == sha256:
            yield stored
        else:
            try:
                article = corrected(load(source, content), corpus.corrections.get(source))
                yield StoredFile(source, sha256, article, None)
            except ArticleError as error:
                yield StoredFile(source, sha256, None, str(error))


def _articles(corpus: _Corpus, files: Sequence[StoredFile]) -> tuple[list[Article], list[StoredFile]]:
    """The articles by source, without what repeats across them but for texts that a person corrected;
    and the files by source, copies of a text marked as such."""
    first: dict[str, str] = {}
    loaded, listed = [], []
    for file in sorted(files, key=lambda file: file.source):
        if file.loaded is None:
            listed.append(file)
            continue
        original = first.setdefault(file.loaded.sha256, file.source)
        if original == file.source:
            loaded.append(file.loaded)
            listed.append(replace(file, reason=None))
        else:
            listed.append(replace(file, reason=f"holds the same text as {original}"))
    if not loaded:
        raise CorpusEmpty(
            f"There is no article in {corpus.folder}. Put {endings()} files there, "
            "or name another folder with --corpus."
            + "".join(f"\n  {file.source}: {file.reason}" for file in listed[:20])
        )
    # What a person wrote is not cut, and tells nothing of what repeats in the others.
    as_read = [
        article for article in loaded if not _is_by_hand(article, corpus.corrections.get(article.source))
    ]
    shorter = {article.source: article for article in cut_repeats(as_read)}
    return [shorter.get(article.source, article) for article in loaded], listed


def _is_by_hand(article: Article, correction: Correction | None) -> bool:
    """Whether an article, corrected already, has the text that a person gave it."""
    if correction is None or correction.text is None:
        return False
    given = replace(article, sha256=correction.text_of or "")
    return corrected(given, correction).sha256 == article.sha256


def _passages(
    articles: Sequence[Article],
    before: _Before,
    rules: PassageRules,
    encoder: Encoder,
    progress: Progress,
) -> list[tuple[StoredPassage, str | None]]:
    """Every passage in order, with the words to embed where it is not taken over."""
    made: list[tuple[StoredPassage, str | None]] = []
    for done, article in enumerate(articles):
        progress(done, len(articles), "Splitting articles")
        if before.articles.get(article.source) == article and article.source in before.passages:
            made += [(stored, None) for stored in before.passages[article.source]]
            continue
        sentences = split_sentences(article.text, article.title)
        passages = split_passages(article, sentences, rules, encoder.count_tokens)
        texts = words_to_embed([article], passages, rules, encoder.count_tokens)
        for passage, words in zip(passages, texts, strict=True):
            key = hashlib.sha256(f"{encoder.weights}\0{words}".encode()).hexdigest()[:32]
            made.append((StoredPassage(passage, key), words))
    return made


def _embed(
    passages: Sequence[tuple[StoredPassage, str | None]],
    store: Store,
    encoder: Encoder,
    progress: Progress,
) -> int:
    """Computes and keeps the vectors that are not known yet; returns how many."""
    wanted = {stored.vector: words for stored, words in passages if words is not None}
    missing = store.missing_vectors(list(wanted))
    keys = [key for key in wanted if key in missing]
    texts = [wanted[key] or "" for key in keys]
    done = 0
    progress(0, len(keys), "Embedding passages")
    pending_keys: list[str] = []
    pending = []
    for rows, vectors in encoder.encode_batches(texts):
        pending_keys += [keys[row] for row in rows]
        pending += list(vectors)
        done += len(rows)
        if len(pending) >= _SAVE_EVERY or done == len(keys):
            store.save_vectors(pending_keys, np.array(pending))
            pending_keys, pending = [], []
        progress(done, len(keys), "Embedding passages")
    return len(keys)


def _write_searches(
    folder: Path,
    articles: Sequence[Article],
    passages: Sequence[tuple[StoredPassage, str | None]],
    before: _Before,
    store: Store,
    manifest: Manifest,
    lexicon: Lexicon,
    progress: Progress,
) -> None:
    """The vectors in Chroma and the keywords, in the folder of the new generation."""
    stored = {item.passage.key: item for item, _ in passages}
    old = {item.passage.key: item for items in before.passages.values() for item in items}
    copied = before.vectors_folder is not None
    # A passage whose title changed keeps its place and words, and gets another vector.
    unchanged = frozenset(key for key, item in stored.items() if copied and old.get(key) == item)
    write_vectors(
        folder / "vectors",
        before.vectors_folder,
        list(stored),
        unchanged,
        lambda keys: store.vectors([stored[key].vector for key in keys], manifest.dimension),
        lambda done, total: progress(done, total, "Indexing vectors"),
    )
    by_source = {article.source: article for article in articles}
    titles = {a.source: lexicon.terms(a.title or "") for a in articles}
    rows = []
    for done, item in enumerate(stored.values()):
        if done % 500 == 0:
            progress(done, len(stored), "Indexing keywords")
        passage = item.passage
        text = by_source[passage.source].text[passage.start : passage.end]
        rows.append(titles[passage.source] + lexicon.terms(text))
    write_keywords(folder / "keywords", rows)
    progress(len(stored), len(stored), "Indexing keywords")


def _report(
    manifest: Manifest,
    files: Sequence[StoredFile],
    articles: Sequence[Article],
    passages: int,
    before: _Before,
    embedded: int,
    reasons: tuple[str, ...],
) -> Report:
    now = {article.source: article for article in articles}
    shared = now.keys() & before.articles.keys()
    changed = sum(now[source] != before.articles[source] for source in shared)
    return Report(
        generation=manifest.generation,
        articles=len(articles),
        passages=passages,
        added=len(now.keys() - before.articles.keys()),
        changed=changed,
        removed=len(before.articles.keys() - now.keys()),
        unchanged=len(shared) - changed,
        embedded=embedded,
        skipped=tuple(Skipped(file.source, file.reason) for file in files if file.reason),
        reasons=reasons,
    )


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Holds the lock of a state folder. The system frees it when the process ends, however it ends."""
    lock = FileLock(folder / "writer.lock")
    holder = folder / "writer.json"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(_told(holder)) from error
    try:
        since = datetime.now().isoformat(sep=" ", timespec="seconds")
        who = {"process": os.getpid(), "machine": socket.gethostname(), "since": since}
        holder.write_text(json.dumps(who))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _told(holder: Path) -> str:
    try:
        who = json.loads(holder.read_text())
        name = f"Process {who['process']} on {who['machine']} (since {who['since']})"
    except (OSError, ValueError, KeyError):
        name = "Another process"
    return f"{name} is indexing this corpus. Wait until it has finished, then try again."
