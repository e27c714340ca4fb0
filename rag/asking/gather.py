"""The second stage of asking: what was understood, to the passages that bear on it."""

from dataclasses import dataclass

from rag.asking.understand import Asked
from rag.core.records import Hit
from rag.index.search import Retriever, Snapshot


@dataclass(frozen=True, slots=True)
class Gathered:
    """The hits of each part of a question, in the order of the parts, and `hits`: a passage once."""

    by_part: tuple[tuple[Hit, ...], ...]
    hits: tuple[Hit, ...]


def gather(asked: Asked, retriever: Retriever, hit_count: int, snapshot: Snapshot) -> Gathered:
    """The best `hit_count` passages for each part; none where no article may be read.

    Raises SettingsError for filters that let nothing pass, IndexUnusable.
    """
    by_part = tuple(
        () if asked.nothing else retriever.find(part.text, filters, hit_count, snapshot)
        for part, filters in asked.parts
    )
    merged: dict[str, Hit] = {}
    for hits in by_part:
        for hit in hits:
            merged.setdefault(hit.passage.key, hit)
    return Gathered(by_part, tuple(merged.values()))
