"""The building pipeline: incremental, one writer at a time, whole whatever happens."""

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from filelock import FileLock

from rag.core.errors import CorpusError, IndexBusy, IndexTooNew, StorageError
from rag.core.records import Skipped
from rag.index import build
from rag.index.build import Report, build_index
from rag.index.chroma import ChromaVectors
from rag.index.keywords import KeywordIndex
from rag.index.store import Store
from rag.index.vectors import VectorStore
from rag.language.terms import Lexicon
from tests.hash_encoder import HashEncoder
from tests.index.memory_vectors import MemoryVectors


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


class Place(NamedTuple):
    """Where an index lies."""

    store: Store
    vectors: VectorStore


def on_disk(folder: Path) -> Place:
    return Place(Store(folder), ChromaVectors(folder / "vectors"))


def in_memory(folder: Path) -> Place:
    """Its vectors, that is."""
    return Place(Store(folder), MemoryVectors())


def run(corpus: Path, place: Place, encoder: HashEncoder | None = None) -> Report:
    return build_index(corpus, place.store, place.vectors, encoder or HashEncoder(), Lexicon(), 64)


def contents(place: Place) -> dict[str, object]:
    """Everything that an index holds, but for the number of its generation."""
    generation = place.store.read()
    name, keys = generation.manifest.vectors, [item.vector for item in generation.passages]
    vectors = place.vectors.fetch(name, keys)
    search = place.vectors.open(name, keys)
    folder = place.store.generation_folder(generation.manifest.generation)
    keywords = KeywordIndex(folder / "keywords")
    return {
        "manifest": replace(generation.manifest, generation=0),
        "articles": generation.articles,
        "passages": generation.passages,
        "files": generation.file_hashes,
        "skipped": generation.skipped,
        # A store may make them of unit length again, which rounds.
        "vectors": np.round(vectors, 4).tolist(),
        "keys": place.vectors.keys(name),
        "nearest": [search.search(vector, 1)[0][0] for vector in vectors],
        "keywords": [keywords.search([f"{number}"], 3) for number in range(20)],
        "folders": len(list(place.store.folder.glob("generation-*"))),
        "generations": len(place.vectors.generations()),
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "corpus", 12)


@pytest.fixture(params=[on_disk, in_memory])
def place_in(request: pytest.FixtureRequest) -> Callable[[Path], Place]:
    chosen: Callable[[Path], Place] = request.param
    return chosen


@pytest.fixture
def place(place_in: Callable[[Path], Place], tmp_path: Path) -> Place:
    return place_in(tmp_path / "state")


def test_the_first_run_indexes_every_article(corpus: Path, place: Place) -> None:
    report = run(corpus, place)
    assert (report.added, report.changed, report.removed, report.unchanged) == (12, 0, 0, 0)
    assert report.embedded == report.passages == len(place.store.read().passages)


def test_an_unchanged_corpus_embeds_nothing_and_makes_no_generation(corpus: Path, place: Place) -> None:
    run(corpus, place)
    encoder = HashEncoder()
    report = run(corpus, place, encoder)
    assert (report.unchanged, report.embedded) == (12, 0)
    assert encoder.encoded == []


def test_one_edited_file_embeds_that_file_alone(corpus: Path, place: Place) -> None:
    run(corpus, place)
    (corpus / "article-003.md").write_text("The harbour was closed by a storm in the night.\n")
    encoder = HashEncoder()
    report = run(corpus, place, encoder)
    assert (report.changed, report.unchanged, report.embedded) == (1, 11, 1)
    assert encoder.encoded == ["The harbour was closed by a storm in the night."]


def test_a_run_after_changes_equals_a_run_from_nothing(
    corpus: Path, place: Place, place_in: Callable[[Path], Place], tmp_path: Path
) -> None:
    run(corpus, place)
    (corpus / "article-003.md").write_text("The harbour was closed by a storm in the night.\n")
    (corpus / "article-004.md").unlink()
    (corpus / "later.txt").write_text("A later report says the storm has passed the harbour.\n")
    run(corpus, place)
    fresh = place_in(tmp_path / "fresh")
    run(corpus, fresh)
    assert contents(place) == contents(fresh)


def test_a_deleted_file_disappears(corpus: Path, place: Place) -> None:
    run(corpus, place)
    (corpus / "article-000.md").unlink()
    assert run(corpus, place).removed == 1
    assert "article-000.md" not in place.store.read().articles


def test_a_new_title_embeds_the_article_again(corpus: Path, place: Place) -> None:
    run(corpus, place)
    file = corpus / "article-005.md"
    file.write_text(file.read_text().replace("Report 5", "Another title"))
    report = run(corpus, place)
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
    corpus: Path, place: Place, encoder: HashEncoder, tokens: int, reason: str
) -> None:
    run(corpus, place)
    report = build_index(corpus, place.store, place.vectors, encoder, Lexicon(), tokens)
    assert report.reasons[0] == reason
    assert report.embedded == 12 or not encoder.encoded


def test_changed_aliases_embed_nothing(corpus: Path, place: Place) -> None:
    run(corpus, place)
    encoder = HashEncoder()
    report = build_index(corpus, place.store, place.vectors, encoder, Lexicon([["harbour", "port"]]), 64)
    assert report.reasons == ("the aliases or the rules for keywords have changed",)
    assert encoder.encoded == []


def test_a_lost_vector_store_is_filled_again(corpus: Path, place: Place) -> None:
    run(corpus, place)
    before = contents(place)
    for generation in place.vectors.generations():
        place.vectors.forget(generation)
    assert run(corpus, place).embedded == 12
    assert contents(place) == before


def test_an_index_made_before_is_built_again_with_the_vectors_it_kept(
    corpus: Path, place: Place
) -> None:
    run(corpus, place)
    before = contents(place)
    make_older(place)
    encoder = HashEncoder()
    report = run(corpus, place, encoder)
    assert report.reasons == ("an older version of Sourceline made the index",)
    assert (report.embedded, encoder.encoded) == (0, [])
    assert contents(place) == before


def make_older(place: Place) -> None:
    """Turns an index into one of format 1: vectors in its own file, and beside the keywords."""
    generation = place.store.read()
    keys = [item.vector for item in generation.passages]
    vectors = place.vectors.fetch(generation.manifest.vectors, keys)
    rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
    with sqlite3.connect(place.store.path) as database:
        database.execute("CREATE TABLE vector (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
        database.executemany("INSERT INTO vector VALUES (?, ?)", rows)
        database.execute(
            "UPDATE manifest SET value = json_set(value, '$.format', 1) WHERE key = 'manifest'"
        )
    folder = place.store.generation_folder(generation.manifest.generation) / "vectors"
    folder.mkdir()
    (folder / "vectors.npy").touch()
    for name in place.vectors.generations():
        place.vectors.forget(name)


def test_one_bad_file_stops_nothing_and_is_listed(corpus: Path, place: Place) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 but not really")
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "picture.png").write_bytes(b"\x89PNG")
    report = run(corpus, place)
    assert report.added == 12
    assert [skipped.source for skipped in report.skipped] == ["broken.pdf", "empty.txt", "picture.png"]
    assert all(skipped.reason for skipped in report.skipped)


def test_a_copy_of_a_text_is_listed_not_doubled(corpus: Path, place: Place) -> None:
    (corpus / "copy.md").write_text((corpus / "article-001.md").read_text())
    report = run(corpus, place)
    assert report.articles == 12
    assert report.skipped == (Skipped("copy.md", "holds the same text as article-001.md"),)
    (corpus / "article-001.md").unlink()
    run(corpus, place)
    assert "copy.md" in place.store.read().articles


def test_an_empty_corpus_is_an_error_and_loses_nothing(corpus: Path, place: Place) -> None:
    run(corpus, place)
    before = contents(place)
    for file in corpus.iterdir():
        file.unlink()
    with pytest.raises(CorpusError, match="There is no article"):
        run(corpus, place)
    assert contents(place) == before


def test_an_index_of_a_newer_version_is_left_alone(corpus: Path, place: Place) -> None:
    run(corpus, place)
    generation = place.store.read()
    newer = replace(generation.manifest, format=99)
    place.store.commit(newer, [], list(generation.articles.values()), generation.passages)
    with pytest.raises(IndexTooNew, match="newer version"):
        run(corpus, place)


def test_a_full_disk_is_told_and_loses_nothing(
    corpus: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, place)
    before = contents(place)
    (corpus / "later.txt").write_text("A later report says the storm has passed the harbour.\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "write_keywords", full)
    with pytest.raises(StorageError, match="No space left on device"):
        run(corpus, place)
    monkeypatch.undo()
    # What was computed stays for the run after it.
    assert contents(place) == before | {"generations": 2}
    assert (place.store.folder / "pending.db").exists()
    report = run(corpus, place)
    assert (report.added, report.embedded) == (1, 0)
    assert len(place.vectors.generations()) == 1
    assert not (place.store.folder / "pending.db").exists()


def test_articles_that_come_back_are_not_embedded_again(corpus: Path, place: Place) -> None:
    run(corpus, place)
    place.store.forget()
    encoder = HashEncoder()
    report = run(corpus, place, encoder)
    assert (report.added, report.embedded, encoder.encoded) == (12, 0, [])


def test_a_rebuild_computes_every_vector_again(corpus: Path, place: Place) -> None:
    run(corpus, place)
    encoder = HashEncoder()
    report = build_index(corpus, place.store, place.vectors, encoder, Lexicon(), 64, rebuild=True)
    assert (report.reasons, report.embedded) == (("a rebuild was asked for",), 12)
    assert len(encoder.encoded) == 12


def test_a_second_writer_is_told_who_holds_the_index(corpus: Path, place: Place) -> None:
    place.store.folder.mkdir()
    holder = {"process": 4321, "machine": "desk", "since": "2025-05-01 10:00:00"}
    with FileLock(place.store.folder / "writer.lock"):
        (place.store.folder / "writer.json").write_text(json.dumps(holder))
        script = (
            "from pathlib import Path; import sys; from tests.index.test_indexing import on_disk, run; "
            "run(Path(sys.argv[1]), on_disk(Path(sys.argv[2])))"
        )
        second = subprocess.run(
            [sys.executable, "-c", script, corpus, place.store.folder],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
    assert "IndexBusy: Process 4321 on desk (since 2025-05-01 10:00:00) is indexing" in second.stderr
    with pytest.raises(IndexBusy), FileLock(place.store.folder / "writer.lock"):
        _in_another_process(corpus, place)


def _in_another_process(corpus: Path, place: Place) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        pool.apply(run, (corpus, place))


def _index_slowly(corpus: Path, folder: Path, ready: Connection) -> None:
    ready.send(os.getpid())
    run(corpus, on_disk(folder), HashEncoder(seconds_a_batch=0.01))


def test_killed_at_any_moment_the_next_run_ends_in_the_same_index(tmp_path: Path) -> None:
    corpus = write_articles(tmp_path / "corpus", 60)
    undisturbed = on_disk(tmp_path / "undisturbed")
    # A clean process forks each run, so that none has to import everything first.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.test_indexing"])
    _run_and_kill(context, corpus, undisturbed.store.folder, None)
    started = time.monotonic()
    _run_and_kill(context, corpus, tmp_path / "timed", None)
    whole_run = time.monotonic() - started
    expected = contents(undisturbed)

    moments = random.Random(20)
    place = on_disk(tmp_path / "state")
    killed = 0
    for _ in range(20):
        killed += _run_and_kill(context, corpus, place.store.folder, moments.uniform(0, whole_run))
        if moments.random() < 0.5:  # sometimes killed a second time before a run may finish
            killed += _run_and_kill(context, corpus, place.store.folder, moments.uniform(0, whole_run))
        run(corpus, place)
        assert contents(place) == expected
        # The next round starts from one article changed and changed back, or from nothing.
        if moments.random() < 0.5:
            place = on_disk(tmp_path / f"state-{moments.random()}")
        else:
            edited = corpus / "article-030.md"
            text = edited.read_text()
            edited.write_text("For a while this report says something else entirely.\n")
            run(corpus, place)
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
