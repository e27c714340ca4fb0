"""A briefing written to a file that somebody named."""

from pathlib import Path
from uuid import uuid4

from rag.core.errors import RagError
from rag.desk.document import Document
from rag.desk.exports.formats import Format, export


def format_of(path: Path) -> Format:
    """Which format a file's name asks for. Raises RagError for any other, and without its folder."""
    try:
        wanted = Format(path.suffix.lower().removeprefix("."))
    except ValueError as error:
        known = ", ".join(f".{known}" for known in Format)
        raise RagError(
            f"A briefing cannot be written as {path.name}. End its name in {known}."
        ) from error
    if not path.parent.is_dir():
        raise RagError(f"There is no folder {path.parent} for the briefing. Make it, or name another.")
    return wanted


def write(path: Path, document: Document) -> None:
    """The whole file or, when the disk is full, none: what stood there before stays."""
    content = export(document, format_of(path))
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise RagError(f"The briefing cannot be written to {path}: {error}") from error
