"""What the page, the command line and the briefing say in the same words."""

from collections.abc import Sequence

from rag.core.dates import readable
from rag.core.records import Citation, Conflict, ConflictKind

KIND_WORDS = {
    ConflictKind.CHANGE: "Changed over time",
    ConflictKind.DISAGREEMENT: "Sources disagree",
}


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 article`, `1,200 articles`; `nouns` where a plural takes more than an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def either(names: Sequence[str]) -> str:
    """`text, PDF or Word`; at least one name."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def credit(citation: Citation) -> str:
    """Publisher and date; the title or the file's name where there is no publisher."""
    name = citation.publisher or citation.title or citation.source.rsplit("/", 1)[-1]
    return f"{name} · {readable(citation.published)}" if citation.published else name


def describe_reports(reports: Sequence[Sequence[str]]) -> str:
    """`3 articles, 2 independent`: copies and rewrites of one report, which stand together in
    `reports`, count once."""
    count = sum(map(len, reports))
    words = counted(count, "article")
    return f"{words}, {len(reports)} independent" if count > 1 else words


def describe_conflict(conflict: Conflict) -> str:
    """`Changed over time: US troops in Syria. 800 (INSS · 8 February 2023); 2,000 (PA Turkey · May
    2025).`"""
    sides = [
        f"{side.value} ({', '.join(dict.fromkeys(map(credit, side.citations)))})"
        for side in conflict.sides
    ]
    return f"{KIND_WORDS[conflict.kind]}: {conflict.about}. {'; '.join(sides)}."
