"""Records that came out wrong, kept to be read. They quote the sets, so they lie in the data folder and
never in the project."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Of each way to go wrong in a set so many are kept: more than anybody reads.
MOST = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that came out wrong. `kind` is the way it did; `asked` the question, or the claim that
    was judged; `expected` and `came` tell in words what should have come and what did."""

    benchmark: str
    kind: str
    key: str
    asked: str
    expected: str
    came: str


def kept(failures: Sequence[Failure]) -> list[Failure]:
    """The first of each kind, in order."""
    counts: dict[tuple[str, str], int] = {}
    some = []
    for failure in failures:
        way = failure.benchmark, failure.kind
        counts[way] = counts.get(way, 0) + 1
        if counts[way] <= MOST:
            some.append(failure)
    return some


def write_failures(path: Path, failures: Sequence[Failure]) -> None:
    """One a line, as JSON. Raises OSError."""
    lines = (json.dumps(asdict(failure), ensure_ascii=False) + "\n" for failure in kept(failures))
    path.write_text("".join(lines), encoding="utf-8", errors="replace")
