"""The formats that are read, each registered here and nowhere else.

A further format is a module beside these that ends in its `FileFormat`, and that one's name in FORMATS:
loading, fetching, the page, the command line and every message read them from here.
"""

from pathlib import PurePosixPath

from rag.core.wording import either
from rag.loading.file_format import FileFormat
from rag.loading.formats.docx import DOCX
from rag.loading.formats.html import HTML
from rag.loading.formats.markdown import MARKDOWN
from rag.loading.formats.pdf import PDF
from rag.loading.formats.text import TEXT

__all__ = [
    "FORMATS",
    "MARKDOWN",
    "MOST_BYTES",
    "TEXT",
    "endings",
    "file_format",
    "format_sent",
    "known_endings",
    "labels",
]

FORMATS: tuple[FileFormat, ...] = (TEXT, MARKDOWN, HTML, PDF, DOCX)
# What an upload may have, whatever its format.
MOST_BYTES = max(known.most_bytes for known in FORMATS)

_BY_ENDING = {ending: known for known in FORMATS for ending in known.endings}
_BY_MIME_TYPE = {mime_type: known for known in FORMATS for mime_type in known.mime_types}


def file_format(name: str) -> FileFormat | None:
    """The format of a file of this name, by its ending; None when it is not read."""
    return _BY_ENDING.get(PurePosixPath(name).suffix.lower())


def format_sent(mime_type: str) -> FileFormat | None:
    """The format of what a server sends under this type; None when it is not read."""
    return _BY_MIME_TYPE.get(mime_type)


def known_endings() -> list[str]:
    """Every ending that is read, sorted."""
    return sorted(_BY_ENDING)


def endings() -> str:
    """`.txt, .md, .html, .pdf or .docx`."""
    return either([known.endings[0] for known in FORMATS])


def labels() -> str:
    """`text, Markdown, HTML, PDF or Word`."""
    return either([known.label for known in FORMATS])
