"""Vectors that were computed wait for a generation, whatever becomes of the run."""

from pathlib import Path

import numpy as np
import pytest

from rag.core.errors import StorageError
from rag.index.pending import PendingVectors

VECTORS = np.array([[0.1, -2.5, 3e-8], [1.0, 0.0, -0.0]], dtype=np.float32)


def test_what_was_added_is_there_for_another_process(tmp_path: Path) -> None:
    PendingVectors(tmp_path).add(["v1", "v2"], VECTORS)
    again = PendingVectors(tmp_path)
    assert again.keys() == {"v1", "v2"}
    np.testing.assert_array_equal(again.read(["v2", "v1", "v2"]), VECTORS[[1, 0, 1]])


def test_a_vector_added_twice_is_the_later_one(tmp_path: Path) -> None:
    pending = PendingVectors(tmp_path)
    for row in (0, 1):
        pending.add(["v1"], VECTORS[[row]])
    np.testing.assert_array_equal(pending.read(["v1"]), VECTORS[[1]])


def test_what_is_forgotten_leaves_no_file(tmp_path: Path) -> None:
    pending = PendingVectors(tmp_path)
    pending.add(["v1", "v2"], VECTORS)
    pending.forget()
    assert pending.keys() == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_holds_nothing_and_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pending.db").write_bytes(b"something else entirely " * 100)
    pending = PendingVectors(tmp_path)
    assert pending.keys() == frozenset()
    pending.add(["v1", "v2"], VECTORS)
    assert pending.keys() == {"v1", "v2"}


def test_what_cannot_be_read_or_written_is_said_with_advice(tmp_path: Path) -> None:
    pending = PendingVectors(tmp_path)
    pending.add(["v1", "v2"], VECTORS)
    with pytest.raises(StorageError, match=r"cannot be read .* `sourceline index`"):
        pending.read(["v3"])
    with pytest.raises(StorageError, match=r"cannot be written .* `sourceline index`"):
        PendingVectors(tmp_path / "none").add(["v1", "v2"], VECTORS)
