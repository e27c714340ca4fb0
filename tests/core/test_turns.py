import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.core.turns import Turns


def test_whoever_came_first_is_next() -> None:
    turns, order = Turns(1), []
    tickets = [turns.ticket() for _ in range(5)]
    everyone_waits = threading.Barrier(5)

    def work(ticket: int) -> None:
        everyone_waits.wait()
        with turns.held(ticket):
            order.append(ticket)

    first = turns.ticket()
    with ThreadPoolExecutor(5) as threads:
        with turns.held(first):
            done = [threads.submit(work, ticket) for ticket in reversed(tickets)]
            # All of them have come before anyone may go on.
            while len(turns._waiting) < len(tickets):
                pass
        for each in done:
            each.result()
    assert order == tickets


def test_no_more_work_at_once_than_may() -> None:
    turns, inside, most, changing = Turns(2), 0, 0, threading.Lock()
    two_are_in = threading.Barrier(2)

    def work() -> None:
        nonlocal inside, most
        with turns.held(turns.ticket()):
            with changing:
                inside += 1
                most = max(most, inside)
            two_are_in.wait(timeout=30)
            with changing:
                inside -= 1

    with ThreadPoolExecutor(8) as threads:
        for each in [threads.submit(work) for _ in range(8)]:
            each.result()
    assert most == 2


def test_who_fails_makes_room() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.held(turns.ticket()):
            _ = 1 / 0
