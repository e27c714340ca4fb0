"""Records as the browser gets them: plain JSON, every word of it text that is never markup."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rag.dates import readable
from rag.memory.conversations import Conversation, Kept
from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Filters,
    Method,
    Nearest,
    Opened,
    Standing,
    Verdict,
)
from rag.web.choice import Choice

if TYPE_CHECKING:
    from rag.indexing import Report

Payload = dict[str, Any]

STAGE_WORDS = {
    "read": "Read the question",
    "understand": "Understand the question",
    "retrieve": "Find passages",
    "judge": "Judge sentences",
    "write": "Write",
    "verify": "Verify",
}

VERDICT_WORDS = {
    Verdict.SUPPORTED: "Supported",
    Verdict.PARTLY: "Partly supported",
    Verdict.UNSUPPORTED: "Unsupported",
    Verdict.CONFLICTING: "Conflicting",
}


def exchange_payload(kept: Kept) -> Payload:
    """A question and its answer, with an address for everything that can be opened."""
    answer = kept.exchange.answer
    return {
        "question": kept.exchange.question,
        "scope": describe_filters(kept.filters),
        "standalone": answer.standalone,
        "answer": {
            "kind": answer.kind.value,
            "message": answer.message,
            "notice": answer.notice,
            "claims": claims_payload(answer.claims, kept.number),
            "nearest": [
                _nearest_payload(nearest, Choice(kept.number, None, place).address)
                for place, nearest in enumerate(answer.nearest, 1)
            ],
            "asked_at": kept.asked_at.isoformat(),
            "footer": _footer(answer),
            "took": _took(answer),
            "copy": answer_as_text(answer),
        },
    }


def pending_payload(
    question: str,
    filters: Filters,
    number: int,
    standalone: str | None = None,
    claims: Sequence[Claim] = (),
) -> Payload:
    """A question that has no answer yet, with the claims so far, numbered as they will be in it."""
    return {
        "question": question,
        "scope": describe_filters(filters),
        "standalone": standalone,
        "answer": {
            "kind": AnswerKind.ANSWERED.value,
            "message": None,
            "notice": None,
            "claims": claims_payload(claims, number),
        },
    }


def claims_payload(claims: Sequence[Claim], exchange: int) -> list[Payload]:
    """Claims with their chips. Articles are numbered in the order in which they are cited."""
    numbers = _source_numbers(claims)
    return [
        {
            "text": claim.text,
            "verdict": claim.verdict.value,
            "word": VERDICT_WORDS[claim.verdict],
            "reason": claim.reason,
            "chips": [
                {
                    "number": numbers[citation.source],
                    "label": chip_label(citation),
                    "title": citation.title or citation.source,
                    "address": Choice(exchange, place, cited).address,
                }
                for cited, citation in enumerate(claim.citations, 1)
            ],
        }
        for place, claim in enumerate(claims, 1)
    ]


def _nearest_payload(nearest: Nearest, address: str) -> Payload:
    return {
        "text": nearest.citation.quote,
        "label": chip_label(nearest.citation),
        "title": nearest.citation.title or nearest.citation.source,
        "address": address,
    }


def opened_payload(opened: Opened, address: str) -> Payload:
    """The article that a citation opens. Words are marked only when they are the quoted ones."""
    citation, article = opened.citation, opened.article
    payload = _heading(article or citation) | {"address": address}
    if opened.standing is Standing.GONE or article is None:
        notice = "The source is no longer in the folder."
        return payload | {"notice": notice, "quote": citation.quote, "parts": None, "cuts": []}
    before, marked, after = (
        article.text[: citation.start],
        article.text[citation.start : citation.end],
        article.text[citation.end :],
    )
    payload |= {"cuts": _cuts(article)}
    if opened.standing is Standing.SAME and marked == citation.quote:
        return payload | {"notice": None, "quote": None, "parts": [before, marked, after]}
    notice = "The source changed since this answer."
    return payload | {"notice": notice, "quote": citation.quote, "parts": [article.text]}


def article_payload(article: Article) -> Payload:
    """An article to be read, with nothing marked."""
    return _heading(article) | {
        "address": None,
        "notice": None,
        "quote": None,
        "parts": [article.text],
        "cuts": _cuts(article),
    }


def library_payload(articles: Iterable[Article]) -> list[Payload]:
    return [
        _heading(article)
        | {
            "source": article.source,
            "author": article.author,
            "characters": len(article.text),
            "cuts": len(article.cuts),
        }
        for article in articles
    ]


def conversations_payload(conversations: Iterable[Conversation]) -> list[Payload]:
    return [
        {
            "key": conversation.key,
            "title": conversation.title,
            "changed_at": conversation.changed_at.isoformat(),
        }
        for conversation in conversations
    ]


def _heading(source: Article | Citation) -> Payload:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "date": readable(source.published) if source.published else None,
        "file": source.source,
        "note": source.note if isinstance(source, Article) else None,
    }


def _cuts(article: Article) -> list[Payload]:
    return [{"reason": cut.reason, "text": cut.text} for cut in article.cuts]


def chip_label(citation: Citation) -> str:
    """Publisher and date; the title or the file's name where there is no publisher."""
    name = citation.publisher or citation.title or citation.source.rsplit("/", 1)[-1]
    return f"{name} · {readable(citation.published)}" if citation.published else name


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
    """`5 articles from 4 publishers, 8 February 2023 to May 2025`."""
    publishers = {article.publisher for article in articles if article.publisher}
    dates = sorted(article.published for article in articles if article.published)
    words = counted(len(articles), "article")
    if publishers:
        words += f" from {counted(len(publishers), 'publisher')}"
    if dates:
        first, last = readable(dates[0]), readable(dates[-1])
        words += f", {first}" if first == last else f", {first} to {last}"
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


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def answer_as_text(answer: Answer) -> str:
    """The answer as plain text with numbered sources, for the clipboard."""
    numbers = _source_numbers(answer.claims)
    blocks = [answer.question, answer.message, answer.notice]
    sentences = []
    for claim in answer.claims:
        cited = sorted({numbers[citation.source] for citation in claim.citations})
        doubt = "" if claim.verdict is Verdict.SUPPORTED else f" ({claim.verdict.value})"
        sentences.append(claim.text + doubt + " " + "".join(f"[{number}]" for number in cited))
    if sentences:
        blocks.append("\n".join(sentence.rstrip() for sentence in sentences))
    first_citations = {
        citation.source: citation
        for claim in reversed(answer.claims)
        for citation in reversed(claim.citations)
    }
    if numbers:
        blocks.append(
            "Sources\n"
            + "\n".join(
                f"[{number}] {_full_reference(first_citations[source])}"
                for source, number in numbers.items()
            )
        )
    if answer.method is Method.WRITTEN and answer.claims:
        blocks.append(describe_method(answer) + ".")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _full_reference(citation: Citation) -> str:
    date = readable(citation.published) if citation.published else None
    return ", ".join(part for part in (citation.title, citation.publisher, date) if part) + (
        f" ({citation.source})" if citation.title or citation.publisher else citation.source
    )


def _source_numbers(claims: Sequence[Claim]) -> dict[str, int]:
    cited = dict.fromkeys(citation.source for claim in claims for citation in claim.citations)
    return {source: number for number, source in enumerate(cited, 1)}


def _footer(answer: Answer) -> list[str]:
    """How the answer was made, and of how many articles; nothing where there is no claim."""
    if not answer.claims:
        return []
    return [describe_method(answer), counted(len(_source_numbers(answer.claims)), "source")]


def describe_method(answer: Answer) -> str:
    if answer.method is Method.WRITTEN:
        return f"Written by {answer.model or 'a language model'}"
    return "In the articles' own words"


def _took(answer: Answer) -> Payload | None:
    """Seconds in all, milliseconds by stage, tokens; None where nothing was measured."""
    stages = dict(answer.timings_ms)
    milliseconds = stages.pop("total", sum(stages.values()))
    if not answer.timings_ms:
        return None
    rows = [
        (STAGE_WORDS.get(stage, stage.capitalize()), f"{value:,.0f} ms")
        for stage, value in stages.items()
    ]
    if answer.usage:
        rows += [
            ("Sent to the model", counted(answer.usage.prompt_tokens, "token")),
            ("Received from the model", counted(answer.usage.reply_tokens, "token")),
        ]
    return {"seconds": f"{milliseconds / 1000:.1f} s", "rows": [list(row) for row in rows]}
