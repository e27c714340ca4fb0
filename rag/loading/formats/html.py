"""Web pages to the article on them and what they state about it. No network is used.

The door to trafilatura: whatever it raises on a broken page is an ArticleError here.
"""

import re

from trafilatura import bare_extraction, load_html

from rag.core.dates import is_edtf
from rag.core.errors import ArticleError
from rag.core.records import Cut
from rag.loading.decoding import decode
from rag.loading.file_format import Extract, FileFormat, told

_OUTSIDE = "outside the article on its web page"
_UNSEEN = frozenset(("title", "script", "style", "noscript", "template", "head", "svg"))


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
        raise ArticleError(f"This web page cannot be read: {told(error)}.") from error
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
        raise ArticleError(f"This web page cannot be read: {told(error)}.") from error
    whole = " ".join(text.split())
    return "\n".join(piece for piece in pieces if piece not in whole)


HTML = FileFormat(
    "HTML",
    (".html", ".htm"),
    ("text/html", "application/xhtml+xml"),
    lambda content: read_html(decode(content, is_markup=True)),
)
