"""A stage of the evaluation: the files of one benchmark to its figures."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from lab.failures import Failure
from lab.metrics import RESAMPLES
from lab.results import Result
from lab.scratch import Document, Scratch, open_scratch
from rag.core.settings import Settings
from rag.index.intake import Progress


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Record = TypeVar("_Record", bound=_Keyed)
_Any = TypeVar("_Any")


@dataclass(frozen=True, slots=True)
class Context:
    """What a stage runs with: the settings that users get, how many records of each set are measured
    (None: as many as the stage takes by itself), who is told of the progress, how often records are
    drawn anew for an interval, and who is told of what came out wrong."""

    settings: Settings
    sample: int | None = None
    progress: Progress = field(default=lambda done, total, what: None)
    resamples: int = RESAMPLES
    failed: Callable[[Failure], None] = field(default=lambda failure: None)

    def sampled(self, records: Iterable[_Record], most: int | None = None) -> list[_Record]:
        """The records of the sample, always the same ones, in an order that hangs on their keys. Without
        a sample `most` are taken."""
        ordered = sorted(records, key=lambda record: _order(record.key))
        return ordered[: self.sample or most]

    def each(self, records: Sequence[_Any], what: str) -> Iterator[_Any]:
        """The records one after another, with the progress told after each."""
        for number, record in enumerate(records, start=1):
            yield record
            self.progress(number, len(records), what)

    def scratch(self, name: str, documents: Iterable[Document]) -> Scratch:
        return open_scratch(self.settings, name, documents, self.progress)


@dataclass(frozen=True, slots=True)
class Stage:
    """`files` are all that it reads; without any there is nothing to measure, and `origin` says where
    they can be had, `title` what they are called."""

    name: str
    title: str
    files: tuple[Path, ...]
    origin: str
    measure: Callable[[Context, Sequence[Path]], Result]


def _order(key: str) -> bytes:
    return hashlib.sha256(f"sample:{key}".encode(errors="surrogatepass")).digest()
