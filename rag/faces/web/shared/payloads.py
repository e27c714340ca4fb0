"""Records as the browser gets them: plain JSON, every word of it text that is never markup."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rag.core.dates import readable
from rag.core.records import Article, Citation, Filters
from rag.core.wording import counted, credit
from rag.desk.conversations import Conversation
from rag.faces.web.shared.choice import Choice

if TYPE_CHECKING:
    from rag.index.build import Report

Payload = dict[str, Any]


def heading(source: Article | Citation) -> Payload:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "date": readable(source.published) if source.published else None,
        "file": source.source,
        "note": source.note if isinstance(source, Article) else None,
    }


def cited_payload(citation: Citation, choice: Choice) -> Payload:
    """Words of an article, where they come from, and the address that opens them."""
    return {
        "label": credit(citation),
        "title": citation.title or citation.source,
        "quote": citation.quote,
        "address": choice.address,
    }


def passage_payload(citation: Citation, choice: Choice) -> Payload:
    """The same of a passage, whose words are many."""
    payload = cited_payload(citation, choice)
    payload["text"] = payload.pop("quote")
    return payload


def library_payload(articles: Iterable[Article]) -> list[Payload]:
    return [heading(article) | {"source": article.source} for article in articles]


def conversations_payload(conversations: Iterable[Conversation]) -> list[Payload]:
    return [
        {
            "key": conversation.key,
            "title": conversation.title,
            "changed_at": conversation.changed_at.isoformat(),
        }
        for conversation in conversations
    ]


def describe_filters(filters: Filters) -> str | None:
    """What a question was asked of, in words; None when it was asked of everything."""
    parts = []
    if filters.sources:
        count = len(filters.sources)
        parts.append(next(iter(filters.sources)) if count == 1 else f"{count} articles")
    if filters.publishers:
        parts.append(", ".join(sorted(filters.publishers)))
    if filters.published_from:
        parts.append(f"from {readable(filters.published_from)}")
    if filters.published_to:
        parts.append(f"until {readable(filters.published_to)}")
    return " · ".join(parts) or None


def describe_library(articles: Sequence[Article]) -> str:
    """`5 articles from 4 publishers, 8 February 2023 to May 2025; 1 without a date`."""
    publishers = {article.publisher for article in articles if article.publisher}
    dates = sorted(article.published for article in articles if article.published)
    words = counted(len(articles), "article")
    if publishers:
        words += f" from {counted(len(publishers), 'publisher')}"
    if dates:
        first, last = readable(dates[0]), readable(dates[-1])
        words += f", {first}" if first == last else f", {first} to {last}"
        if undated := len(articles) - len(dates):
            words += f"; {undated:,} without a date"
    return words


def describe_report(report: "Report") -> str:
    """`Indexed: 2 added, 1 removed.`"""
    changes = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "not read": len(report.skipped),
    }
    return "Indexed: " + ", ".join(f"{n:,} {what}" for what, n in changes.items() if n) + "."
