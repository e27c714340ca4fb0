"""The building pipeline: incremental, one writer at a time, whole whatever happens."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from rag.core.errors import CorpusError, IndexBusy, IndexTooNew, StorageError
from rag.core.records import Skipped
from rag.index.build import Report, build_index
from rag.index.keywords import KeywordIndex
from rag.index.store import Store
from rag.index.vectors import VectorIndex
from rag.language.terms import Lexicon
from tests.hash_encoder import HashEncoder


def write_articles(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"article-{number:03}.md").write_text(
            f"---\ntitle: Report {number}\n---\n"
            f"Delegation {number} reached the harbour of town {number * 7}. Its envoys stayed for "
            f"{number + 2} days and signed paper {number * 13}.\n\n"
            f"Nobody in town {number * 7} expected them. The mayor received delegation {number} late.\n"
        )
    return folder


def run(corpus: Path, store: Store, encoder: HashEncoder | None = None) -> Report:
    return build_index(corpus, store, encoder or HashEncoder(), Lexicon(), 64)


def contents(store: Store) -> dict[str, object]:
    """Everything that an index holds, but for the number of its generation."""
    generation = store.read()
    manifest = replace(generation.manifest, generation=0)
    folder = store.generation_folder(generation.manifest.generation)
    rows = {item.passage.key: row for row, item in enumerate(generation.passages)}
    vectors = VectorIndex(folder / "vectors", rows)
    stored = store.vectors([item.vector for item in generation.passages], manifest.dimension)
    keywords = KeywordIndex(folder / "keywords")
    return {
        "manifest": manifest,
        "articles": generation.articles,
        "passages": generation.passages,
        "files": generation.file_hashes,
        "skipped": generation.skipped,
        "vectors": stored.tobytes(),
        "chroma": vectors.count(),
        "nearest": [vectors.search(vector, 1)[0][0] for vector in stored],
        "keywords": [keywords.search([f"{number}"], 3) for number in range(20)],
        "folders": len(list(store.folder.glob("generation-*"))),
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "corpus", 12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state")


def test_the_first_run_indexes_every_article(corpus: Path, store: Store) -> None:
    report = run(corpus, store)
    assert (report.added, report.changed, report.removed, report.unchanged) == (12, 0, 0, 0)
    assert report.embedded == report.passages == len(store.read().passages)


def test_an_unchanged_corpus_embeds_nothing_and_makes_no_generation(corpus: Path, store: Store) -> None:
    run(corpus, store)
    encoder = HashEncoder()
    report = run(corpus, store, encoder)
    assert (report.unchanged, report.embedded) == (12, 0)
    assert encoder.encoded == []


def test_one_edited_file_embeds_that_file_alone(corpus: Path, store: Store) -> None:
    run(corpus, store)
    (corpus / "article-003.md").write_text("The harbour was closed by a storm in the night.\n")
    encoder = HashEncoder()
    report = run(corpus, store, encoder)
    assert (report.changed, report.unchanged, report.embedded) == (1, 11, 1)
    assert encoder.encoded == ["The harbour was closed by a storm in the night."]


def test_a_run_after_changes_equals_a_run_from_nothing(
    corpus: Path, store: Store, tmp_path: Path
) -> None:
    run(corpus, store)
    (corpus / "article-003.md").write_text("The harbour was closed by a storm in the night.\n")
    (corpus / "article-004.md").unlink()
    (corpus / "later.txt").write_text("A later report says the storm has passed the harbour.\n")
    run(corpus, store)
    fresh = Store(tmp_path / "fresh")
    run(corpus, fresh)
    assert contents(store) == contents(fresh)


def test_a_deleted_file_disappears(corpus: Path, store: Store) -> None:
    run(corpus, store)
    (corpus / "article-000.md").unlink()
    assert run(corpus, store).removed == 1
    assert "article-000.md" not in store.read().articles


def test_a_new_title_embeds_the_article_again(corpus: Path, store: Store) -> None:
    run(corpus, store)
    file = corpus / "article-005.md"
    file.write_text(file.read_text().replace("Report 5", "Another title"))
    report = run(corpus, store)
    assert (report.changed, report.embedded) == (1, 1)


@pytest.mark.parametrize(
    ("encoder", "tokens", "reason"),
    [
        (HashEncoder("other"), 64, "the embedding model is now other"),
        (HashEncoder(window=100), 64, "its window is now 100 tokens"),
        (HashEncoder(), 48, "passages now hold 48 tokens"),
    ],
)
def test_changed_rules_build_everything_again_and_say_why(
    corpus: Path, store: Store, encoder: HashEncoder, tokens: int, reason: str
) -> None:
    run(corpus, store)
    report = build_index(corpus, store, encoder, Lexicon(), tokens)
    assert report.reasons[0] == reason
    assert report.embedded == 12 or not encoder.encoded


def test_changed_aliases_embed_nothing(corpus: Path, store: Store) -> None:
    run(corpus, store)
    encoder = HashEncoder()
    report = build_index(corpus, store, encoder, Lexicon([["harbour", "port"]]), 64)
    assert report.reasons == ("the aliases or the rules for keywords have changed",)
    assert encoder.encoded == []


def test_one_bad_file_stops_nothing_and_is_listed(corpus: Path, store: Store) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 but not really")
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "picture.png").write_bytes(b"\x89PNG")
    report = run(corpus, store)
    assert report.added == 12
    assert [skipped.source for skipped in report.skipped] == ["broken.pdf", "empty.txt", "picture.png"]
    assert all(skipped.reason for skipped in report.skipped)


def test_a_copy_of_a_text_is_listed_not_doubled(corpus: Path, store: Store) -> None:
    (corpus / "copy.md").write_text((corpus / "article-001.md").read_text())
    report = run(corpus, store)
    assert report.articles == 12
    assert report.skipped == (Skipped("copy.md", "holds the same text as article-001.md"),)
    (corpus / "article-001.md").unlink()
    run(corpus, store)
    assert "copy.md" in store.read().articles


def test_an_empty_corpus_is_an_error_and_loses_nothing(corpus: Path, store: Store) -> None:
    run(corpus, store)
    before = contents(store)
    for file in corpus.iterdir():
        file.unlink()
    with pytest.raises(CorpusError, match="There is no article"):
        run(corpus, store)
    assert contents(store) == before


def test_an_index_of_a_newer_version_is_left_alone(corpus: Path, store: Store) -> None:
    run(corpus, store)
    generation = store.read()
    newer = replace(generation.manifest, format=99)
    store.commit(newer, [], list(generation.articles.values()), generation.passages)
    with pytest.raises(IndexTooNew, match="newer version"):
        run(corpus, store)


def test_a_full_disk_is_told_and_loses_nothing(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, store)
    before = contents(store)
    (corpus / "later.txt").write_text("A later report says the storm has passed the harbour.\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StorageError, match="No space left on device"):
        run(corpus, store)
    monkeypatch.undo()
    assert contents(store) | {"folders": 1} == before
    assert run(corpus, store).added == 1


def test_a_second_writer_is_told_who_holds_the_index(corpus: Path, store: Store) -> None:
    store.folder.mkdir()
    holder = {"process": 4321, "machine": "desk", "since": "2025-05-01 10:00:00"}
    with FileLock(store.folder / "writer.lock"):
        (store.folder / "writer.json").write_text(json.dumps(holder))
        script = (
            "from pathlib import Path; import sys; from tests.index.test_indexing import run; "
            "from rag.index.store import Store; run(Path(sys.argv[1]), Store(Path(sys.argv[2])))"
        )
        second = subprocess.run(
            [sys.executable, "-c", script, corpus, store.folder],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
    assert "IndexBusy: Process 4321 on desk (since 2025-05-01 10:00:00) is indexing" in second.stderr
    with pytest.raises(IndexBusy), FileLock(store.folder / "writer.lock"):
        _in_another_process(corpus, store)


def _in_another_process(corpus: Path, store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        pool.apply(run, (corpus, store))


def _index_slowly(corpus: Path, folder: Path, ready: Connection) -> None:
    ready.send(os.getpid())
    run(corpus, Store(folder), HashEncoder(seconds_a_batch=0.01))


def test_killed_at_any_moment_the_next_run_ends_in_the_same_index(tmp_path: Path) -> None:
    corpus = write_articles(tmp_path / "corpus", 60)
    undisturbed = Store(tmp_path / "undisturbed")
    # A clean process forks each run, so that none has to import everything first.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.test_indexing"])
    _run_and_kill(context, corpus, undisturbed.folder, None)
    started = time.monotonic()
    _run_and_kill(context, corpus, tmp_path / "timed", None)
    whole_run = time.monotonic() - started
    expected = contents(undisturbed)

    moments = random.Random(20)
    store = Store(tmp_path / "state")
    killed = 0
    for _ in range(20):
        killed += _run_and_kill(context, corpus, store.folder, moments.uniform(0, whole_run))
        if moments.random() < 0.5:  # sometimes killed a second time before a run may finish
            killed += _run_and_kill(context, corpus, store.folder, moments.uniform(0, whole_run))
        run(corpus, store)
        assert contents(store) == expected
        # The next round starts from one article changed and changed back, or from nothing.
        if moments.random() < 0.5:
            store = Store(tmp_path / f"state-{moments.random()}")
        else:
            edited = corpus / "article-030.md"
            text = edited.read_text()
            edited.write_text("For a while this report says something else entirely.\n")
            run(corpus, store)
            edited.write_text(text)
    assert killed > 10


def _run_and_kill(
    context: multiprocessing.context.ForkServerContext, corpus: Path, folder: Path, after: float | None
) -> bool:
    """Runs in a process of its own, killed after so many seconds; says whether it was still alive."""
    receiver, sender = context.Pipe()
    process = context.Process(target=_index_slowly, args=(corpus, folder, sender))
    process.start()
    pid = receiver.recv()
    process.join(after)
    alive = process.is_alive()
    if alive:
        os.kill(pid, signal.SIGKILL)
        process.join()
    else:
        assert process.exitcode == 0
    return alive
