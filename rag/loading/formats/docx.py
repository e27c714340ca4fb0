"""Word files to text and what they state about it.

The door to python-docx: whatever it raises on a broken file is an ArticleError here.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from rag.core.errors import ArticleError
from rag.loading.file_format import Extract, FileFormat, by_person, told

# A Word file is a zip: more than this unpacked is no article.
_MOST_UNPACKED_BYTES = 500 * 2**20


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
        title, author = by_person(stated.title), by_person(stated.author)
    except ArticleError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx each raise their own on broken files
        raise ArticleError(f"This Word file cannot be read: {told(error)}.") from error
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


DOCX = FileFormat(
    "Word",
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    read_docx,
)
