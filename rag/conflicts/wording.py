"""A conflict in words."""

from rag.dates import readable
from rag.records import Citation, Conflict, ConflictKind

KIND_WORDS = {
    ConflictKind.CHANGE: "Changed over time",
    ConflictKind.DISAGREEMENT: "Sources disagree",
}


def credit(citation: Citation) -> str:
    """Publisher and date; the title or the file's name where there is no publisher."""
    name = citation.publisher or citation.title or citation.source.rsplit("/", 1)[-1]
    return f"{name} · {readable(citation.published)}" if citation.published else name


def describe_conflict(conflict: Conflict) -> str:
    """`Changed over time: US troops in Syria. 800 (INSS · 8 February 2023); 2,000 (PA Turkey · May
    2025).`"""
    sides = [
        f"{side.value} ({', '.join(dict.fromkeys(map(credit, side.citations)))})"
        for side in conflict.sides
    ]
    return f"{KIND_WORDS[conflict.kind]}: {conflict.about}. {'; '.join(sides)}."
