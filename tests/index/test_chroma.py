"""What Chroma's embedded store adds to what is said of every store: folders, and what is damaged."""

from pathlib import Path

import pytest

from rag.core.errors import IndexUnusable, StorageError
from rag.index import chroma
from rag.index.chroma import ChromaVectors
from tests.index.test_vectors import KEYS, MANY, VECTORS, keys_found, mask, nearest, vectors_of, write


def test_what_was_added_is_there_for_another_process_to_go_on_with(tmp_path: Path) -> None:
    store = ChromaVectors(tmp_path)
    store.begin("1-a")
    store.add("1-a", KEYS[:2], vectors_of(KEYS[:2]))
    assert ChromaVectors(tmp_path).keys("1-a") == set(KEYS[:2])


def test_looking_for_a_generation_makes_no_folder(tmp_path: Path) -> None:
    store = ChromaVectors(tmp_path / "none")
    assert store.generations() == ()
    with pytest.raises(IndexUnusable):
        store.open("1-a", KEYS)
    assert list(tmp_path.iterdir()) == []


def test_half_a_copy_is_no_generation(tmp_path: Path) -> None:
    store = ChromaVectors(tmp_path)
    write(store, "1-a", KEYS[:2])
    for left in (".new-2-a", ".new-2-b"):
        (tmp_path / left).mkdir()
    assert store.generations() == ("1-a",)
    write(store, "2-a", KEYS[:3], "1-a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1-a", "2-a"]


def test_a_folder_made_anew_under_the_same_name_is_read_anew(tmp_path: Path) -> None:
    store = ChromaVectors(tmp_path)
    for keys in (KEYS[:2], KEYS[2:4]):
        write(store, "1-a", keys)
        assert sorted(keys_found(store, "1-a", keys, VECTORS["key-0"])) == keys
        store.forget("1-a")


@pytest.mark.parametrize("share", [1, 2, 6, 20, 100])
def test_where_filters_leave_much_chroma_finds_the_nearest_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    monkeypatch.setattr(chroma, "_FEW", 0)
    store = ChromaVectors(tmp_path)
    write(store, "1-a", MANY)
    allowed = mask(*range(0, 400, share), size=400)
    for key in MANY[:40]:
        found = keys_found(store, "1-a", MANY, VECTORS[key], 5, allowed)
        assert found == nearest(VECTORS[key], MANY[::share], 5)


@pytest.mark.parametrize("content", [None, b"", b"something else entirely " * 100])
def test_a_damaged_store_is_said_in_words(tmp_path: Path, content: bytes | None) -> None:
    store = ChromaVectors(tmp_path)
    write(store, "1-a", KEYS[:3])
    (tmp_path / "1-a" / "chroma.sqlite3").unlink()
    if content is not None:
        (tmp_path / "1-a" / "chroma.sqlite3").write_bytes(content)
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        store.open("1-a", KEYS[:3])


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        ChromaVectors(tmp_path / "file").begin("1-a")
