"""Where a command prints: results to standard output, progress and troubles to standard error."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_json_line(data: dict[str, Any]) -> None:
    """A JSON object on a line of its own, as soon as it is there."""
    print(json.dumps(data, ensure_ascii=False), flush=True)


@contextmanager
def progress() -> Iterator[Any]:
    """A bar on standard error for each stage, where that is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield show


def gather(items: Iterable[Item], total: int, what: str) -> list[Item]:
    """All of `items`, counted on a bar as they come."""
    gathered: list[Item] = []
    with progress() as show:
        for item in items:
            gathered.append(item)
            show(len(gathered), total, what)
    return gathered
