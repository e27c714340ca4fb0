"""HTML, PDF and Word files to text and what they state about it. No network is used.

The door to trafilatura, pypdf and python-docx: whatever these raise on a broken file is an
ArticleError here.
"""

import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO

import docx
import pypdf
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import DependencyError
from trafilatura import bare_extraction, load_html

from rag.core.dates import is_edtf
from rag.core.errors import ArticleError
from rag.core.records import Cut
from rag.loading.extract import Extract

# A Word file is a zip: more than this unpacked is no article.
_MOST_UNPACKED_BYTES = 500 * 2**20
_OUTSIDE = "outside the article on its web page"
_RUNNING_HEAD = "running head or page number"
# Titles and authors that programs write by themselves.
_BY_PROGRAM = re.compile(
    r"(?:microsoft \w+ - .*|untitled|unknown|anonymous|python-docx|admin|user"
    r"|author|owner|.*\.(?:docx?|pdf|indd|qxd|txt|rtf))?",
    re.I,
)


def read_html(markup: str) -> Extract:
    """The article on a web page. What else the page says is in the cuts.

    Raises ArticleError when no article is found on it.
    """
    try:
        found = bare_extraction(
            markup,
            favor_recall=True,
            include_comments=False,
            with_metadata=True,
            # Without this a year in the text or in the footer would pass for the date.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # the parsers below raise a great many things on hostile input
        raise ArticleError(f"This web page cannot be read: {_told(error)}.") from error
    text = _table_rows((found.text or "") if found and not isinstance(found, dict) else "")
    if found is None or isinstance(found, dict) or not text.strip():
        raise ArticleError("No article was found on this web page. Save the article's text itself.")
    published = found.date if found.date and is_edtf(found.date) else None
    outside = _outside(markup, text)
    cuts = (Cut(_OUTSIDE, outside),) if outside else ()
    author = ", ".join(part.strip() for part in (found.author or "").split(";")) or None
    return Extract(text, found.title or None, found.sitename or None, author, published, cuts=cuts)


def _table_rows(text: str) -> str:
    """The rows of tables without the rules between them: cells parted by bars."""
    lines = (
        line for line in text.split("\n") if not re.fullmatch(r"\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*", line)
    )
    return "\n".join(
        line.strip().strip("|").strip() if line.lstrip().startswith("|") else line for line in lines
    )


def _outside(markup: str, text: str) -> str:
    """The pieces of text on the page that are not in the article, each on its line."""
    try:
        tree = load_html(markup)
        pieces = [
            " ".join(piece.split())
            for element in (tree.iter() if tree is not None else ())
            if isinstance(element.tag, str)
            for piece in (element.text if element.tag not in _UNSEEN else None, element.tail)
            if piece and piece.strip()
        ]
    except Exception as error:
        raise ArticleError(f"This web page cannot be read: {_told(error)}.") from error
    whole = " ".join(text.split())
    return "\n".join(piece for piece in pieces if piece not in whole)


_UNSEEN = frozenset(("title", "script", "style", "noscript", "template", "head", "svg"))


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
            f"This PDF is encrypted in a way that cannot be opened: {_told(error)}."
        ) from error
    except Exception as error:  # pypdf raises a great many things on broken files
        raise ArticleError(f"This PDF cannot be read: {_told(error)}.") from error
    if not any(page.strip() for page in pages):
        raise ArticleError(
            "This PDF has no text: its pages are pictures. Run text recognition (OCR) on it first."
        )
    lines, cuts = _without_running_heads([page.split("\n") for page in pages])
    return Extract(_joined(lines), _by_person(title), None, _by_person(author), None, cuts=cuts)


def _by_person(value: object) -> str | None:
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return None if _BY_PROGRAM.fullmatch(words) else words


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


def read_docx(content: bytes) -> Extract:
    """The paragraphs and tables of a Word file in their order; a table's row is one line.

    Raises ArticleError when it is broken or unpacks to more than an article can be.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED_BYTES:
            raise ArticleError("This Word file unpacks to more than 500 MB: it is not read.")
        document = docx.Document(BytesIO(content))
        blocks = list(_blocks(document))
        heading = next(
            (words for words, style in blocks if style in ("Title", "Heading 1") and words.strip()),
            None,
        )
        stated = document.core_properties
        title, author = _by_person(stated.title), _by_person(stated.author)
    except ArticleError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx each raise their own on broken files
        raise ArticleError(f"This Word file cannot be read: {_told(error)}.") from error
    return Extract(
        "\n\n".join(words for words, _ in blocks if words.strip()), title or heading, None, author
    )


def _blocks(document: Document) -> Iterator[tuple[str, str]]:
    """Each paragraph and table as its words and the name of its style."""
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            style = block.style.name if block.style is not None else None
            marker = "- " if style and style.startswith("List") and block.text.strip() else ""
            yield marker + block.text, style or ""
        else:
            yield _rows(block), ""


def _rows(table: Table) -> str:
    rows: list[str] = []
    for row in table.rows:
        cells: list[str] = []
        seen: set[object] = set()
        for cell in row.cells:
            if cell._tc not in seen:  # a merged cell comes once for each column it spans
                seen.add(cell._tc)
                cells.append(" ".join(_cell_words(cell.iter_inner_content())))
        rows.append(" | ".join(cells))
    return "\n".join(rows)


def _cell_words(blocks: Iterator[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        words = block.text if isinstance(block, Paragraph) else _rows(block)
        yield from words.split()


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
