"""The corpus as the browser gets it: a page of the table, and what was read of a file to be added."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.core.dates import readable
from rag.core.records import Article, Filters, Skipped
from rag.desk.gathering import Removed
from rag.faces.web.shared.payloads import Payload, heading
from rag.index.search import allowed_sources
from rag.language.text import fold

PAGE_ROWS = 50
_SHOWN_CHARACTERS = 700
_SHOWN_CUT = 2_000
COLUMNS = ("title", "publisher", "published")


@dataclass(frozen=True, slots=True)
class View:
    """How the table is looked at: which articles, in which order, which page of them, from 1."""

    words: str = ""
    published_from: str | None = None
    published_to: str | None = None
    by: str = "title"
    is_down: bool = False
    page: int = 1


def chosen(articles: Sequence[Article], view: View) -> list[Article]:
    """The articles that a view shows, in its order. What an article does not state comes last."""
    dates = Filters(published_from=view.published_from, published_to=view.published_to)
    allowed = allowed_sources(articles, dates)
    words = fold(view.words).split()
    found = [
        article
        for article in articles
        if (allowed is None or article.source in allowed) and (not words or _mentions(article, words))
    ]
    stated = [article for article in found if _sorted_by(article, view.by)]
    stated.sort(key=lambda article: fold(_sorted_by(article, view.by) or ""), reverse=view.is_down)
    return stated + [article for article in found if not _sorted_by(article, view.by)]


def _sorted_by(article: Article, column: str) -> str | None:
    value: str | None = getattr(article, column)
    return article.source if column == "title" and not value else value


def _mentions(article: Article, words: Sequence[str]) -> bool:
    fields = (article.title, article.publisher, article.author, article.published, article.source)
    folded = fold(" ".join(field for field in fields if field))
    return all(word in folded for word in words)


def shelf_payload(
    found: Sequence[Article], view: View, opened: str | None, corrected: Collection[str]
) -> Payload:
    """The rows of one page alone: thousands of articles open as fast as five."""
    pages = max(1, -(-len(found) // PAGE_ROWS))
    page = min(max(1, view.page), pages)
    first = (page - 1) * PAGE_ROWS
    rows = found[first : first + PAGE_ROWS]
    return {
        "rows": [
            heading(article)
            | {
                "source": article.source,
                "author": article.author,
                "characters": len(article.text),
                "cuts": len(article.cuts),
                "is_corrected": article.source in corrected,
            }
            for article in rows
        ],
        "opened": opened,
        "by": view.by,
        "is_down": view.is_down,
        "page": page,
        "pages": pages,
        "first": first + 1,
        "last": first + len(rows),
        "total": len(found),
    }


def candidate_payload(
    name: str, article: Article | None, problem: str | None, note: str | None, url: str | None
) -> Payload:
    """What was read of a file, or why it cannot be added."""
    if article is None:
        return {"name": name, "problem": problem, "url": url}
    beginning = article.text[:_SHOWN_CHARACTERS]
    return {
        "name": name,
        "problem": problem,
        "note": note,
        "url": url,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "date": readable(article.published) if article.published else None,
        "digest": article.note,
        "beginning": beginning,
        "rest": len(article.text) - len(beginning),
        "characters": len(article.text),
        "cuts": [
            {"reason": cut.reason, "text": cut.text[:_SHOWN_CUT], "rest": len(cut.text) - _SHOWN_CUT}
            for cut in article.cuts
        ],
    }


def removed_payload(removed: Sequence[Removed]) -> list[Payload]:
    return [
        {"key": gone.key, "title": gone.source, "detail": None, "action": "Put back"} for gone in removed
    ]


def skipped_payload(skipped: Sequence[Skipped]) -> list[Payload]:
    return [
        {"key": file.source, "title": file.source, "detail": file.reason, "action": None}
        for file in skipped
    ]
