"""Tables whose cells are parted by tabs and may hold quotation marks, which part nothing."""

from collections.abc import Iterator
from pathlib import Path


def rows(path: Path, skip: int = 0, encoding: str = "utf-8-sig") -> Iterator[list[str]]:
    """The cells of each line, without the first few lines."""
    for number, line in enumerate(path.read_text(encoding=encoding).split("\n")):
        if number >= skip and line.strip():
            yield line.rstrip("\r").split("\t")
