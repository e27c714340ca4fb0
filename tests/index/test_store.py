"""The store holds one whole generation or the one before it, never half of either."""

import json
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from rag.core.errors import IndexMissing, IndexTooNew, StorageError
from rag.core.records import Article, Cut, Passage, Skipped
from rag.index.store import FORMAT, Generation, Manifest, Store, StoredFile, StoredPassage

MANIFEST = Manifest(1, "a-model", "w1", 3, 256, 160, "1.1", "1", "1.abc")
ARTICLE = Article(
    "b/Kalın's log.md",
    "Ada sails — قالت.\r\n😀 It \x00 rained.",
    "0" * 64,
    "Log",
    "Port",
    "A. Writer",
    "2024-05",
    cuts=(Cut("an advertisement", "Buy a boat!"), Cut("a menu", "")),
)
PLAIN = Article("a.txt", "Nobody sails.", "1" * 64)
# By source and place, as they are read back.
ARTICLES = (PLAIN, ARTICLE)
PASSAGES = (
    StoredPassage(Passage("p3", "a.txt", 0, 13), "v1"),
    StoredPassage(Passage("p1", ARTICLE.source, 0, 17), "v1"),
    StoredPassage(Passage("p2", ARTICLE.source, 19, 33), "v2"),
)
FILES = (
    StoredFile("a.txt", "a" * 64, PLAIN, None),
    StoredFile(ARTICLE.source, "b" * 64, replace(ARTICLE, cuts=()), None),
    StoredFile("c.pdf", "", None, "It holds pictures of words, and no words."),
    StoredFile("d.txt", "a" * 64, replace(PLAIN, source="d.txt"), "holds the same text as a.txt"),
)
GENERATION = Generation(
    MANIFEST,
    {article.source: article for article in ARTICLES},
    PASSAGES,
    (
        Skipped("c.pdf", "It holds pictures of words, and no words."),
        Skipped("d.txt", "holds the same text as a.txt"),
    ),
    {"a.txt": "a" * 64, ARTICLE.source: "b" * 64, "c.pdf": "", "d.txt": "a" * 64},
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "state")
    store.prepare()
    return store


@pytest.fixture
def committed(store: Store) -> Store:
    store.commit(MANIFEST, FILES, ARTICLES, PASSAGES)
    return store


def change_manifest(store: Store, **fields: object) -> None:
    changed = json.dumps(asdict(MANIFEST) | fields)
    with sqlite3.connect(store.path) as database:
        database.execute("UPDATE manifest SET value = ? WHERE key = 'manifest'", (changed,))


def test_before_the_first_run_there_is_no_generation_and_no_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    assert (store.generation(), store.manifest()) == (0, None)
    with pytest.raises(IndexMissing, match="sourceline index"):
        store.read()
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_commit_there_is_no_generation(store: Store) -> None:
    assert (store.generation(), store.manifest(), store.files()) == (0, None, {})
    with pytest.raises(IndexMissing, match="sourceline index"):
        store.read()


def test_an_empty_file_is_no_generation(tmp_path: Path) -> None:
    (tmp_path / "index.db").touch()
    store = Store(tmp_path)
    assert (store.generation(), store.manifest()) == (0, None)
    with pytest.raises(IndexMissing):
        store.read()
    store.prepare()
    store.commit(MANIFEST, FILES, ARTICLES, PASSAGES)
    assert store.read() == GENERATION


def test_what_was_committed_is_read_whole(committed: Store) -> None:
    assert Store(committed.folder).read() == GENERATION
    assert committed.manifest() == MANIFEST
    assert committed.generation() == 1
    assert committed.files() == {file.source: file for file in FILES}


def test_articles_and_passages_are_read_by_source_and_place(store: Store) -> None:
    store.commit(MANIFEST, FILES[::-1], ARTICLES[::-1], PASSAGES[::-1])
    generation = store.read()
    assert generation == GENERATION
    assert list(generation.articles) == sorted(generation.articles)


def test_a_commit_replaces_the_one_before_it(committed: Store) -> None:
    manifest = replace(MANIFEST, generation=2)
    committed.commit(manifest, FILES[:1], [PLAIN], PASSAGES[:1])
    assert committed.read() == Generation(
        manifest, {"a.txt": PLAIN}, PASSAGES[:1], (), {"a.txt": "a" * 64}
    )


def test_preparing_again_changes_nothing(committed: Store) -> None:
    committed.prepare()
    assert committed.read() == GENERATION


def test_a_commit_that_fails_leaves_the_generation_before_it(committed: Store) -> None:
    twice = [PASSAGES[0], PASSAGES[0]]
    with pytest.raises(StorageError):
        committed.commit(replace(MANIFEST, generation=2), FILES[:1], [PLAIN], twice)
    assert committed.read() == GENERATION


def test_a_reader_sees_one_moment_while_another_commits(committed: Store) -> None:
    with sqlite3.connect(committed.path) as writer:
        writer.execute("DELETE FROM passage")
        assert Store(committed.folder).read() == GENERATION
        writer.rollback()


def test_an_index_of_a_newer_version_is_refused_and_left_alone(committed: Store) -> None:
    change_manifest(committed, format=FORMAT + 1, something="new")
    for attempt in (committed.manifest, committed.read, committed.prepare):
        with pytest.raises(IndexTooNew, match="newer version"):
            attempt()
    assert committed.files() == {file.source: file for file in FILES}


def test_an_index_of_an_older_version_is_made_again(committed: Store) -> None:
    change_manifest(committed, format=FORMAT - 1)
    assert committed.manifest() is None
    with pytest.raises(IndexMissing, match="older version"):
        committed.read()
    committed.prepare()
    assert (committed.generation(), committed.files()) == (0, {})
    committed.commit(MANIFEST, FILES, ARTICLES, PASSAGES)
    assert committed.read() == GENERATION


def test_an_older_index_hands_over_the_vectors_of_one_encoder(committed: Store) -> None:
    vectors = np.array([[0.1, -2.5, 3e-8], [1.0, 0.0, -0.0]], dtype=np.float32)
    with sqlite3.connect(committed.path) as database:
        database.execute("CREATE TABLE vector (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
        rows = [(f"v{row}", vector.tobytes()) for row, vector in enumerate(vectors)]
        database.executemany("INSERT INTO vector VALUES (?, ?)", rows)
    assert not committed.is_older()
    change_manifest(committed, format=1)
    assert committed.is_older()
    ((keys, handed_over),) = committed.vectors_of_format_1(MANIFEST.embedding_weights)
    assert keys == ["v0", "v1"]
    np.testing.assert_array_equal(handed_over, vectors)
    assert list(committed.vectors_of_format_1("another encoder's")) == []


def test_what_is_forgotten_leaves_the_name_of_its_vectors(committed: Store) -> None:
    assert committed.whole_vectors() == MANIFEST.vectors
    committed.forget()
    assert (committed.manifest(), committed.whole_vectors()) == (None, MANIFEST.vectors)


def test_cleaning_keeps_the_folder_of_the_generation_and_no_other(committed: Store) -> None:
    for generation in (0, 1, 2, 11):
        (committed.generation_folder(generation) / "vectors").mkdir(parents=True)
    (committed.folder / "conversations.db").touch()
    committed.clean()
    assert {path.name for path in committed.folder.iterdir() if path.is_dir()} == {"generation-1"}
    assert (committed.folder / "conversations.db").exists()
    assert committed.read() == GENERATION


def test_before_the_first_commit_cleaning_leaves_no_folder(store: Store) -> None:
    (store.generation_folder(1) / "vectors").mkdir(parents=True)
    store.clean()
    assert [path for path in store.folder.iterdir() if path.is_dir()] == []


def test_a_damaged_file_is_said_with_advice_and_left_alone(store: Store) -> None:
    damage = b"something else entirely " * 100
    store.path.write_bytes(damage)
    for attempt in (store.generation, store.manifest, store.read, store.files, store.prepare):
        with pytest.raises(StorageError, match=r"damaged .*Delete it and run `sourceline index`"):
            attempt()
    assert store.path.read_bytes() == damage


@pytest.mark.parametrize("damage", ["not json", "{}", "[1]", f'{{"format": {FORMAT}, "generation": 1}}'])
def test_a_damaged_manifest_is_said_with_advice(committed: Store, damage: str) -> None:
    with sqlite3.connect(committed.path) as database:
        database.execute("UPDATE manifest SET value = ? WHERE key = 'manifest'", (damage,))
    for attempt in (committed.manifest, committed.read):
        with pytest.raises(StorageError, match="damaged"):
            attempt()


@pytest.mark.parametrize("damage", ["not json", "{}", "[1]", '{"cuts": []}'])
def test_a_damaged_article_is_said_with_advice(committed: Store, damage: str) -> None:
    with sqlite3.connect(committed.path) as database:
        database.execute("UPDATE article SET record = ? WHERE source = 'a.txt'", (damage,))
    with pytest.raises(StorageError, match="damaged"):
        committed.read()


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    with pytest.raises(StorageError, match="cannot be made"):
        Store(tmp_path / "file" / "state").prepare()


def test_a_folder_in_the_place_of_the_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "index.db").mkdir()
    with pytest.raises(StorageError, match="cannot be read or written"):
        Store(tmp_path).generation()
