"""What is remembered is not computed again, and what is remembered stays within bounds."""

from collections.abc import Sequence

from rag.core.memo import Memo


class Doubling:
    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, keys: Sequence[int]) -> list[int]:
        self.asked.append(list(keys))
        return [2 * key for key in keys]


def test_only_what_is_not_remembered_is_computed_each_once() -> None:
    doubling = Doubling()
    memo = Memo(doubling, 10)
    assert memo([3, 1, 3]) == [6, 2, 6]
    assert memo([1, 2, 3]) == [2, 4, 6]
    assert memo([3, 2]) == [6, 4]
    assert memo([]) == []
    assert doubling.asked == [[3, 1], [2]]


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    doubling = Doubling()
    memo = Memo(doubling, 2)
    for keys in ([1, 2], [1], [3], [1], [2]):
        memo(keys)
    assert doubling.asked == [[1, 2], [3], [2]]


def test_sizes_count_and_what_is_too_large_is_given_but_not_kept() -> None:
    doubling = Doubling()
    memo = Memo(doubling, 10, lambda value: value)
    assert memo([4, 9, 1]) == [8, 18, 2]
    assert memo([4, 9, 1]) == [8, 18, 2]
    assert doubling.asked == [[4, 9, 1], [9]]
