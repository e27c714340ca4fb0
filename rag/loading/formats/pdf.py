"""PDF files to text and what they state about it.

The door to pypdf: whatever it raises on a broken file is an ArticleError here.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import pypdf
from pypdf.errors import DependencyError

from rag.core.errors import ArticleError
from rag.core.records import Cut
from rag.loading.file_format import Extract, FileFormat, by_person, told

_RUNNING_HEAD = "running head or page number"


def read_pdf(content: bytes) -> Extract:
    """The text of a PDF, its lines joined to paragraphs, without running heads and page numbers.

    Raises ArticleError when it needs a password, is broken, or has pictures of pages only.
    """
    try:
        # What is wrong with a file is told in its error, not also on the terminal.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        reader = pypdf.PdfReader(BytesIO(content))
        # Many a PDF is encrypted only against changes, and opens with the empty password.
        is_locked = reader.is_encrypted and not reader.decrypt("")
        if is_locked:
            raise ArticleError("This PDF needs a password. Save it without one.")
        pages = [page.extract_text() for page in reader.pages]
        stated = reader.metadata
        title, author = (stated.title, stated.author) if stated else (None, None)
    except ArticleError:
        raise
    except DependencyError as error:
        raise ArticleError(
            f"This PDF is encrypted in a way that cannot be opened: {told(error)}."
        ) from error
    except Exception as error:  # pypdf raises a great many things on broken files
        raise ArticleError(f"This PDF cannot be read: {told(error)}.") from error
    if not any(page.strip() for page in pages):
        raise ArticleError(
            "This PDF has no text: its pages are pictures. Run text recognition (OCR) on it first."
        )
    lines, cuts = _without_running_heads([page.split("\n") for page in pages])
    return Extract(_joined(lines), by_person(title), None, by_person(author), None, cuts=cuts)


def _without_running_heads(pages: Sequence[Sequence[str]]) -> tuple[list[str], tuple[Cut, ...]]:
    """All lines, pages parted by an empty one, without what recurs at the edges of three pages."""
    edges = Counter(form for page in pages for form in {_form(line) for line in _edge_lines(page)})
    kept: list[str] = []
    cut: list[str] = []
    for page in pages:
        lines = [line for line in page if line.strip()]
        for place, line in enumerate(lines):
            at_edge = place < 2 or place >= len(lines) - 2
            recurs = edges[_form(line)] >= 3 and 2 * edges[_form(line)] > len(pages)
            if at_edge and (recurs or (len(pages) > 1 and re.fullmatch(r"\W*\d{1,4}\W*", line))):
                cut.append(line.strip())
            else:
                kept.append(line)
    return kept, (Cut(_RUNNING_HEAD, "\n".join(cut)),) if cut else ()


def _edge_lines(page: Sequence[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return [*lines[:2], *lines[-2:]]


def _form(line: str) -> str:
    """A line with its numbers left open: `Page 3 of 9` on every page."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _joined(lines: Sequence[str]) -> str:
    """Lines broken at the margin as paragraphs, one blank line between two.

    A line goes on in the next when it reaches near the margin, or when the next begins small.
    """
    lengths = sorted(len(line) for line in lines)
    margin = lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0
    whole = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(lines).casefold()))
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        words = line.strip()
        starts_item = re.match(r"[•·▪◦●–-]\s|\(?\d{1,2}[.)]\s", words)
        if paragraphs and not starts_item and (is_open or words[:1].islower()):
            paragraphs[-1] = _with_line(paragraphs[-1], words, whole)
        else:
            paragraphs.append(words)
        ends = re.search(r"[.!?:…][\"”’)\]]*$", words)
        is_open = len(line) >= 0.75 * margin if not ends else len(line) >= 0.95 * margin
    return "\n\n".join(paragraphs)


def _with_line(paragraph: str, line: str, whole: set[str]) -> str:
    """A paragraph with its next line; a word divided at the margin is made whole again."""
    divided = re.search(r"([^\W\d_]+)[-\u00ad\u2010]$", paragraph)
    rest = re.match(r"[^\W\d_]+", line)
    if not divided or not rest or not line[0].islower():
        return f"{paragraph} {line}"
    with_hyphen = f"{divided[1]}-{rest[0]}".casefold()
    if (
        paragraph[-1] != "\u00ad"
        and with_hyphen in whole
        and (divided[1] + rest[0]).casefold() not in whole
    ):
        return paragraph + line
    return paragraph[:-1] + line


PDF = FileFormat("PDF", (".pdf",), ("application/pdf",), read_pdf)
