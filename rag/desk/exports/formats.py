"""Which files a briefing can become, and how they are made and named."""

import re
from collections.abc import Callable
from enum import StrEnum

from rag.desk.document import Document
from rag.language.text import fold

_NAME_CHARACTERS = 60


class Format(StrEnum):
    """The value is the end of the file's name."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"


MEDIA_TYPES = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.HTML: "text/html",
    Format.MARKDOWN: "text/markdown",
}


def export(document: Document, wanted: Format) -> bytes:
    """The file's content. Raises ExportError where a format cannot be made."""
    return _maker(wanted)(document)


def _maker(wanted: Format) -> Callable[[Document], bytes]:
    # Each library takes a moment to load, and only one of them is wanted.
    match wanted:
        case Format.DOCX:
            from rag.desk.exports.docx import to_docx

            return to_docx
        case Format.PDF:
            from rag.desk.exports.pdf import to_pdf

            return to_pdf
        case Format.HTML:
            from rag.desk.exports.html import to_html

            return to_html
        case Format.MARKDOWN:
            from rag.desk.exports.markdown import to_markdown

            return to_markdown


def file_name(title: str, wanted: Format) -> str:
    """`syria-may.docx`: plain letters and digits, so that any disk takes it."""
    words = re.findall(r"[^\W_]+", fold(title))
    stem = "-".join(words)[:_NAME_CHARACTERS].strip("-")
    return f"{stem or 'briefing'}.{wanted}"
