"""Work of many threads in the order in which they came."""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from threading import Condition


class Turns:
    """At most `at_once` threads work at a time; of those that wait, the one that came first is next.

    Twenty that share a processor all end when the last one does; one after the other half of them end
    in half the time. A lock of the standard library lets anyone in next."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[int] = []
        self._changed = Condition()
        self._numbers = count()

    def ticket(self) -> int:
        """What tells later who came first."""
        return next(self._numbers)

    @contextmanager
    def held(self, ticket: int) -> Iterator[None]:
        """Waits for the turn of a ticket and keeps it. A ticket may be used again, but not inside."""
        with self._changed:
            heappush(self._waiting, ticket)
            self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == ticket)
            heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()
