"""What was computed lately, remembered: the door to cachetools."""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memo(Generic[Key, Value]):
    """A costly function of many keys at once, called only for those that are not remembered. Threads
    may share one; two that ask for a key at the same time both compute it."""

    def __init__(
        self,
        compute: Callable[[Sequence[Key]], Sequence[Value]],
        most: int,
        size: Callable[[Value], int] = lambda value: 1,
    ) -> None:
        """Values are remembered up to a sum of sizes of `most`; those used longest ago go first."""
        self._compute = compute
        self._kept: LRUCache[Key, Value] = LRUCache(most, getsizeof=size)
        self._lock = Lock()

    def __call__(self, keys: Sequence[Key]) -> list[Value]:
        """The value of each key, in order."""
        with self._lock:
            known = {key: self._kept[key] for key in dict.fromkeys(keys) if key in self._kept}
        new = [key for key in dict.fromkeys(keys) if key not in known]
        if new:
            made = dict(zip(new, self._compute(new), strict=True))
            known |= made
            with self._lock:
                for key, value in made.items():
                    if self._kept.getsizeof(value) <= self._kept.maxsize:
                        self._kept[key] = value
        return [known[key] for key in keys]
