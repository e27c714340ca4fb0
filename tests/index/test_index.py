"""Vectors: the nearest are found, and a folder once made never changes."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.core.errors import IndexUnusable, StorageError
from rag.index.vectors import VectorIndex, Vectors, write_vectors

DIMENSION = 8
_random = np.random.default_rng(7).normal(size=(60, DIMENSION)).astype(np.float32)
VECTORS = {f"key-{row}": vector / np.linalg.norm(vector) for row, vector in enumerate(_random)}
KEYS = list(VECTORS)


def vectors_of(keys: Sequence[str]) -> Vectors:
    return np.array([VECTORS[key] for key in keys], dtype=np.float32).reshape(-1, DIMENSION)


def write(
    folder: Path, keys: Sequence[str], previous: Path | None = None, unchanged: Sequence[str] = ()
) -> None:
    write_vectors(folder, previous, keys, frozenset(unchanged), vectors_of)


def open_index(folder: Path, keys: Sequence[str]) -> VectorIndex:
    return VectorIndex(folder, {key: row for row, key in enumerate(keys)})


def nearest(vector: Vectors, keys: Sequence[str], count: int = 60) -> list[str]:
    cosines = vectors_of(keys) @ vector
    return [keys[row] for row in np.argsort(-cosines, kind="stable")[:count]]


def keys_found(
    folder: Path,
    keys: Sequence[str],
    vector: Vectors,
    count: int = 60,
    allowed: NDArray[np.bool_] | None = None,
) -> list[str]:
    return [keys[row] for row, _ in open_index(folder, keys).search(vector, count, allowed)]


def mask(*rows: int, size: int = 60) -> NDArray[np.bool_]:
    allowed = np.zeros(size, dtype=bool)
    allowed[list(rows)] = True
    return allowed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors") / "generation-1"
    write(folder, KEYS)
    return folder


@pytest.mark.parametrize("allowed", [None, mask(*range(60))], ids=["all", "all by name"])
def test_the_nearest_come_first_with_their_cosine(
    folder: Path, allowed: NDArray[np.bool_] | None
) -> None:
    found = open_index(folder, KEYS).search(VECTORS["key-5"], 10, allowed)
    assert [KEYS[row] for row, _ in found] == nearest(VECTORS["key-5"], KEYS, 10)
    cosines = [float(VECTORS[KEYS[row]] @ VECTORS["key-5"]) for row, _ in found]
    assert [cosine for _, cosine in found] == pytest.approx(cosines, abs=1e-5)


@pytest.mark.parametrize("allowed", [None, mask(*range(60))], ids=["all", "all by name"])
def test_no_more_is_found_than_there_is(folder: Path, allowed: NDArray[np.bool_] | None) -> None:
    index = open_index(folder, KEYS)
    assert index.count() == 60
    assert len(index.search(VECTORS["key-0"], 200, allowed)) == 60


def test_a_search_keeps_to_the_rows_allowed(folder: Path) -> None:
    vector = VECTORS["key-0"]
    allowed = mask(*range(30, 60))
    for count in (1, 20, 60):
        found = keys_found(folder, KEYS, vector, count, allowed)
        assert found == nearest(vector, KEYS[30:], count)


def test_where_no_row_is_allowed_nothing_is_found(folder: Path) -> None:
    assert keys_found(folder, KEYS, VECTORS["key-0"], 5, mask()) == []


def test_equal_vectors_come_in_their_order(tmp_path: Path) -> None:
    keys = [f"same-{row}" for row in range(100)]
    vector = VECTORS["key-0"]
    write_vectors(tmp_path / "1", None, keys, frozenset(), lambda keys: np.tile(vector, (len(keys), 1)))
    found = open_index(tmp_path / "1", keys).search(vector, 20, mask(*range(20), size=100))
    assert [row for row, _ in found] == list(range(20))


@pytest.mark.parametrize("share", [2, 3, 6, 20])
def test_filters_leave_the_nearest_of_what_they_allow(folder: Path, share: int) -> None:
    """Whether they leave much or little, which are searched differently."""
    allowed = mask(*range(0, 60, share))
    vector = VECTORS["key-7"]
    found = keys_found(folder, KEYS, vector, 5, allowed)
    nearest = sorted(KEYS[::share], key=lambda key: -float(VECTORS[key] @ vector))
    assert found == nearest[:5]


def test_what_is_allowed_is_found_where_all_of_it_lies_far(folder: Path) -> None:
    order = sorted(range(60), key=lambda row: -float(VECTORS[KEYS[row]] @ VECTORS["key-7"]))
    found = keys_found(folder, KEYS, VECTORS["key-7"], 5, mask(*order[36:]))
    assert found == [KEYS[row] for row in order[36:41]]


@pytest.mark.parametrize("allowed", [None, mask(1, 2)], ids=["all", "two rows"])
def test_a_vector_of_another_length_is_said_in_words(
    folder: Path, allowed: NDArray[np.bool_] | None
) -> None:
    vector = np.ones(DIMENSION + 1, dtype=np.float32)
    with pytest.raises(IndexUnusable, match="cannot be searched"):
        open_index(folder, KEYS).search(vector, 5, allowed)


def test_a_new_folder_holds_what_was_kept_and_what_was_added(tmp_path: Path) -> None:
    write(tmp_path / "1", KEYS[:20])
    # Another order of rows, too: what is added comes between what is kept.
    keys = [*KEYS[30:40], *KEYS[5:20], *KEYS[20:30]]
    write(tmp_path / "2", keys, tmp_path / "1", KEYS[5:20])
    for key in KEYS[:40]:
        expected = nearest(VECTORS[key], keys)
        assert keys_found(tmp_path / "2", keys, VECTORS[key]) == expected
        everything = np.ones(len(keys), dtype=bool)
        assert keys_found(tmp_path / "2", keys, VECTORS[key], 60, everything) == expected
    assert open_index(tmp_path / "2", keys).count() == len(keys)


def test_the_previous_folder_answers_as_before(tmp_path: Path) -> None:
    write(tmp_path / "1", KEYS[:20])
    reader = open_index(tmp_path / "1", KEYS[:20])
    before = [reader.search(vector, 60) for vector in VECTORS.values()]
    write(tmp_path / "2", KEYS[20:], tmp_path / "1")
    assert [reader.search(vector, 60) for vector in VECTORS.values()] == before
    fresh = open_index(tmp_path / "1", KEYS[:20])
    assert [fresh.search(vector, 60) for vector in VECTORS.values()] == before
    vector = VECTORS["key-0"]
    assert keys_found(tmp_path / "2", KEYS[20:], vector) == nearest(vector, KEYS[20:])


def test_a_passage_may_get_another_vector(tmp_path: Path) -> None:
    write(tmp_path / "1", KEYS[:3])
    others = {"key-0": "key-9", "key-1": "key-1", "key-2": "key-2"}
    write_vectors(
        tmp_path / "2",
        tmp_path / "1",
        KEYS[:3],
        frozenset(KEYS[1:3]),
        lambda keys: vectors_of([others[key] for key in keys]),
    )
    index = open_index(tmp_path / "2", KEYS[:3])
    for allowed in (None, mask(0, 1, 2, size=3)):
        ((row, cosine),) = index.search(VECTORS["key-9"], 1, allowed)
        assert row == 0
        assert cosine == pytest.approx(1.0, abs=1e-5)
    assert index.count() == 3


def test_when_all_is_removed_nothing_is_found(tmp_path: Path) -> None:
    write(tmp_path / "1", KEYS[:20])
    write(tmp_path / "2", [], tmp_path / "1")
    write(tmp_path / "3", [])
    for name in ("2", "3"):
        assert keys_found(tmp_path / name, [], VECTORS["key-0"]) == []
        assert keys_found(tmp_path / name, [], VECTORS["key-0"], 5, mask(size=0)) == []


def test_a_folder_made_anew_under_the_same_name_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path / "1", KEYS[:2])
    assert sorted(keys_found(tmp_path / "1", KEYS[:2], VECTORS["key-0"])) == KEYS[:2]
    shutil.rmtree(tmp_path / "1")
    write(tmp_path / "1", KEYS[2:4])
    assert sorted(keys_found(tmp_path / "1", KEYS[2:4], VECTORS["key-0"])) == KEYS[2:4]


def test_many_vectors_are_written_in_batches(tmp_path: Path) -> None:
    keys = [f"many-{row}" for row in range(1500)]
    told: list[tuple[int, int]] = []

    def some(keys: Sequence[str]) -> Vectors:
        rows = [int(key.removeprefix("many-")) for key in keys]
        angles = np.array(rows, dtype=np.float32) / 1500
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    write_vectors(tmp_path / "1", None, keys, frozenset(), some, lambda *done: told.append(done))
    assert told == [(1000, 1500), (1500, 1500)]
    write_vectors(tmp_path / "2", tmp_path / "1", keys[1400:], frozenset(keys[1400:]), some)
    east = np.array([1.0, 0.0], dtype=np.float32)
    assert keys_found(tmp_path / "2", keys[1400:], east, 3) == keys[1400:1403]
    assert open_index(tmp_path / "2", keys[1400:]).count() == 100


def test_a_folder_that_is_not_there_is_said_in_words_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        open_index(tmp_path / "none", KEYS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_store_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        open_index(tmp_path / "empty", KEYS)


@pytest.mark.parametrize("content", [None, b"", b"something else entirely " * 100])
@pytest.mark.parametrize("name", ["chroma.sqlite3", "vectors.npy"])
def test_a_damaged_store_is_said_in_words(tmp_path: Path, name: str, content: bytes | None) -> None:
    write(tmp_path / "1", KEYS[:3])
    (tmp_path / "1" / name).unlink()
    if content is not None:
        (tmp_path / "1" / name).write_bytes(content)
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        open_index(tmp_path / "1", KEYS[:3])


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        write(tmp_path / "file" / "1", KEYS[:3])
