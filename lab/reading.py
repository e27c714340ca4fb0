"""The files of data sets, in their authors' own formats, as checked records."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from rag.core.errors import RagError

_Record = TypeVar("_Record", bound=BaseModel)
_Whole = TypeVar("_Whole")


class BenchmarkUnusable(RagError):
    """A file of a data set is not what it should be; the message names file and line."""

    @classmethod
    def at(cls, path: Path, number: int, what: str) -> "BenchmarkUnusable":
        """For line `number` of a file, counted from 1."""
        return cls(
            f"{path}, line {number}: {what}. Mend the line, or fetch the file again, in the format of "
            "its authors."
        )


def read_records(path: Path, kind: type[_Record]) -> Iterator[tuple[int, _Record]]:
    """The lines of a file of JSON lines, packed or not, with their numbers. Raises BenchmarkUnusable."""
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    yield number, kind.model_validate_json(line)
                except ValidationError as error:
                    first = error.errors()[0]
                    place = ".".join(map(str, first["loc"])) or "the line"
                    raise BenchmarkUnusable.at(path, number, f"{place}: {first['msg']}") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error


def read_whole(path: Path, kind: type[_Whole]) -> _Whole:
    """A file that is one piece of JSON. Raises BenchmarkUnusable."""
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error


def untrained(folder: Path, pattern: str) -> tuple[Path, ...]:
    """The files that may be measured on: those that are not named as training data."""
    return tuple(path for path in sorted(folder.glob(pattern)) if "train" not in path.name)
