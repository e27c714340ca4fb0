"""A store of vectors: the nearest are found, a generation once made never changes, and what was added is
kept. Said of every store."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.core.errors import IndexUnusable
from rag.index.chroma import ChromaVectors
from rag.index.vectors import VectorStore
from rag.models.embedding import Vectors
from tests.index.memory_vectors import MemoryVectors

DIMENSION = 8
_random = np.random.default_rng(7).normal(size=(400, DIMENSION)).astype(np.float32)
VECTORS = {f"key-{row}": vector / np.linalg.norm(vector) for row, vector in enumerate(_random)}
KEYS = list(VECTORS)[:60]
MANY = list(VECTORS)
STORES: dict[str, Callable[[Path], VectorStore]] = {
    "in Chroma": ChromaVectors,
    "in memory": lambda folder: MemoryVectors(),
}


def vectors_of(keys: Sequence[str]) -> Vectors:
    return np.array([VECTORS[key] for key in keys], dtype=np.float32).reshape(-1, DIMENSION)


def nearest(vector: Vectors, keys: Sequence[str], count: int = 60) -> list[str]:
    cosines = vectors_of(keys) @ vector
    return [keys[row] for row in np.argsort(-cosines, kind="stable")[:count]]


def write(store: VectorStore, generation: str, keys: Sequence[str], previous: str | None = None) -> None:
    """Fills a generation as a run does."""
    store.begin(generation, previous)
    held = store.keys(generation)
    store.remove(generation, held - set(keys))
    added = [key for key in keys if key not in held]
    store.add(generation, added, vectors_of(added))


def keys_found(
    store: VectorStore,
    generation: str,
    keys: Sequence[str],
    vector: Vectors,
    count: int = 60,
    allowed: NDArray[np.bool_] | None = None,
) -> list[str]:
    return [keys[row] for row, _ in store.open(generation, keys).search(vector, count, allowed)]


def mask(*rows: int, size: int = 60) -> NDArray[np.bool_]:
    allowed = np.zeros(size, dtype=bool)
    allowed[list(rows)] = True
    return allowed


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> VectorStore:
    return STORES[request.param](tmp_path / "vectors")


@pytest.fixture(scope="module", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorStore:
    """Two generations that no test changes: `1-few` and `2-many`."""
    store = STORES[request.param](tmp_path_factory.mktemp("vectors"))
    write(store, "1-few", KEYS)
    write(store, "2-many", MANY)
    return store


@pytest.mark.parametrize("allowed", [None, mask(*range(60))], ids=["all", "all by name"])
def test_the_nearest_come_first_with_their_cosine(
    filled: VectorStore, allowed: NDArray[np.bool_] | None
) -> None:
    found = filled.open("1-few", KEYS).search(VECTORS["key-5"], 10, allowed)
    assert [KEYS[row] for row, _ in found] == nearest(VECTORS["key-5"], KEYS, 10)
    cosines = [float(VECTORS[KEYS[row]] @ VECTORS["key-5"]) for row, _ in found]
    assert [cosine for _, cosine in found] == pytest.approx(cosines, abs=1e-5)


@pytest.mark.parametrize("allowed", [None, mask(*range(60))], ids=["all", "all by name"])
def test_no_more_is_found_than_there_is(filled: VectorStore, allowed: NDArray[np.bool_] | None) -> None:
    assert len(filled.open("1-few", KEYS).search(VECTORS["key-0"], 200, allowed)) == 60


def test_a_search_keeps_to_the_rows_allowed(filled: VectorStore) -> None:
    vector = VECTORS["key-0"]
    allowed = mask(*range(30, 60))
    for count in (1, 20, 60):
        found = keys_found(filled, "1-few", KEYS, vector, count, allowed)
        assert found == nearest(vector, KEYS[30:], count)


def test_where_no_row_is_allowed_nothing_is_found(filled: VectorStore) -> None:
    assert keys_found(filled, "1-few", KEYS, VECTORS["key-0"], 5, mask()) == []


def test_rows_of_one_vector_come_in_their_order_and_none_that_is_not_allowed(
    store: VectorStore,
) -> None:
    store.begin("1-a")
    store.add("1-a", ["same", "other"], vectors_of(["key-0", "key-1"]))
    search = store.open("1-a", ["same", "other", *["same"] * 97, "other"])
    vector = VECTORS["key-0"]
    assert [row for row, _ in search.search(vector, 20)] == [0, *range(2, 21)]
    found = search.search(vector, 20, mask(*range(1, 12), size=100))
    assert [row for row, _ in found] == [*range(2, 12), 1]


@pytest.mark.parametrize("share", [1, 2, 3, 6, 20, 100])
def test_filters_leave_the_nearest_of_what_they_allow(filled: VectorStore, share: int) -> None:
    """Whether they leave much or little, which may be searched differently."""
    allowed = mask(*range(0, 400, share), size=400)
    vector = VECTORS["key-7"]
    found = keys_found(filled, "2-many", MANY, vector, 5, allowed)
    assert found == nearest(vector, MANY[::share], 5)


@pytest.mark.parametrize("far", [150, 350])
def test_what_is_allowed_is_found_where_all_of_it_lies_far(filled: VectorStore, far: int) -> None:
    order = sorted(range(400), key=lambda row: -float(VECTORS[MANY[row]] @ VECTORS["key-7"]))
    found = keys_found(filled, "2-many", MANY, VECTORS["key-7"], 5, mask(*order[far:], size=400))
    assert found == [MANY[row] for row in order[far : far + 5]]


@pytest.mark.parametrize("allowed", [None, mask(1, 2)], ids=["all", "two rows"])
def test_a_vector_of_another_length_is_said_in_words(
    filled: VectorStore, allowed: NDArray[np.bool_] | None
) -> None:
    vector = np.ones(DIMENSION + 1, dtype=np.float32)
    with pytest.raises(IndexUnusable, match="cannot be searched"):
        filled.open("1-few", KEYS).search(vector, 5, allowed)


def test_a_generation_holds_what_it_was_begun_with_and_what_was_added(store: VectorStore) -> None:
    write(store, "1-a", KEYS[:20])
    keys = [*KEYS[30:40], *KEYS[5:20], *KEYS[20:30]]
    write(store, "2-a", keys, "1-a")
    assert store.keys("2-a") == set(keys)
    for key in KEYS[:40]:
        assert keys_found(store, "2-a", keys, VECTORS[key]) == nearest(VECTORS[key], keys)


def test_the_generation_before_answers_as_before(store: VectorStore) -> None:
    write(store, "1-a", KEYS[:20])
    reader = store.open("1-a", KEYS[:20])
    before = [reader.search(VECTORS[key], 60) for key in KEYS]
    write(store, "2-a", KEYS[20:], "1-a")
    assert [reader.search(VECTORS[key], 60) for key in KEYS] == before
    fresh = store.open("1-a", KEYS[:20])
    assert [fresh.search(VECTORS[key], 60) for key in KEYS] == before
    vector = VECTORS["key-0"]
    assert keys_found(store, "2-a", KEYS[20:], vector) == nearest(vector, KEYS[20:])


def test_vectors_are_handed_back_in_the_order_asked_for(store: VectorStore) -> None:
    write(store, "1-a", KEYS)
    asked = [*KEYS[9:4:-1], KEYS[40], KEYS[40]]
    np.testing.assert_allclose(store.fetch("1-a", asked), vectors_of(asked), atol=1e-6)


def test_a_vector_that_is_not_there_is_said_in_words(store: VectorStore) -> None:
    write(store, "1-a", KEYS[:3])
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        store.fetch("1-a", KEYS[:4])


def test_when_all_is_removed_nothing_is_found(store: VectorStore) -> None:
    write(store, "1-a", KEYS[:20])
    write(store, "2-a", [], "1-a")
    write(store, "3-a", [])
    for generation in ("2-a", "3-a"):
        assert store.keys(generation) == set()
        assert keys_found(store, generation, [], VECTORS["key-0"]) == []
        assert keys_found(store, generation, [], VECTORS["key-0"], 5, mask(size=0)) == []


def test_what_is_forgotten_is_gone_and_what_is_begun_again_is_empty(store: VectorStore) -> None:
    for generation in ("1-a", "2-a", "3-a"):
        write(store, generation, KEYS[:2])
    store.forget("1-a")
    store.forget("never")
    store.begin("2-a")
    assert set(store.generations()) == {"2-a", "3-a"}
    assert [store.keys("2-a"), store.keys("3-a")] == [frozenset(), frozenset(KEYS[:2])]
    with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
        store.open("1-a", KEYS[:2])


def test_many_vectors_are_written_and_removed_at_once(store: VectorStore) -> None:
    keys = [f"many-{row}" for row in range(2500)]
    angles = np.arange(2500, dtype=np.float32) / 2500
    store.begin("1-a")
    store.add("1-a", keys, np.stack([np.cos(angles), np.sin(angles)], axis=1))
    store.remove("1-a", set(keys[:1400]))
    east = np.array([1.0, 0.0], dtype=np.float32)
    assert keys_found(store, "1-a", keys[1400:], east, 3) == keys[1400:1403]
    assert store.keys("1-a") == set(keys[1400:])


def test_a_generation_that_is_not_there_is_said_in_words(store: VectorStore) -> None:
    for attempt in (
        lambda: store.open("1-a", KEYS),
        lambda: store.keys("1-a"),
        lambda: store.fetch("1-a", KEYS),
        lambda: store.begin("2-a", "1-a"),
    ):
        with pytest.raises(IndexUnusable, match="sourceline index --rebuild"):
            attempt()
    assert store.generations() == ()
