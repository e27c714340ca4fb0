"""Keyword search over passages (BM25): the door to bm25s and rapidfuzz. Knows passages by their row."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.core.errors import IndexUnusable

KEYWORDS_VERSION = 2
# One letter in six may be another, or two in twelve.
_NEARLY_SPELLED = 0.83


class KeywordIndex:
    """A BM25 index in a folder, open for reading. `languages` are those of its rows."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable when the folder holds no index."""
        try:
            card = json.loads((folder / "card.json").read_text())
            self.size: int = card["size"]
            self.languages: tuple[str, ...] = tuple(card["languages"])
            self._index = bm25s.BM25.load(folder, mmap=False) if self.size else None
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise IndexUnusable(
                f"The keywords in {folder} cannot be opened ({error}). Run `sourceline index --rebuild`."
            ) from error

    def search(
        self, terms: Sequence[str], count: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The best rows with their BM25 score, best first, ties by row; rows that hold none of the
        terms are left out. `allowed` is a mask over the rows."""
        scores = self.scores(terms)
        if scores is None:
            return []
        rows = np.flatnonzero(scores if allowed is None else scores * allowed)
        if len(rows) > count:
            rows = rows[np.argpartition(-scores[rows], count - 1)[:count]]
        rows = rows[np.lexsort((rows, -scores[rows]))]
        return [(int(row), float(scores[row])) for row in rows]

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32] | None:
        """The BM25 score of every row; None when no row holds any of the terms."""
        if self._index is None:
            return None
        known = [term for term in dict.fromkeys(terms) if term and term in self._index.vocab_dict]
        return self._index.get_scores(known) if known else None

    def document_frequency(self, term: str) -> int:
        """In how many rows a term stands."""
        if not term or self._index is None or term not in self._index.vocab_dict:
            return 0
        column = self._index.vocab_dict[term]
        pointers = self._index.scores["indptr"]
        return int(pointers[column + 1] - pointers[column])

    def nearest_term(self, term: str) -> str | None:
        """The term that some row has and that is spelled most like this one, within a letter or two;
        None where there is none, or where rows have this very term."""
        if self._index is None or term in self._index.vocab_dict:
            return None
        spelled = [known for known in self._index.vocab_dict if abs(len(known) - len(term)) <= 2]
        found = process.extractOne(
            term, spelled, scorer=OSA.normalized_similarity, score_cutoff=_NEARLY_SPELLED
        )
        return str(found[0]) if found else None


def write_keywords(folder: Path, rows: Sequence[Sequence[str]], languages: Collection[str] = ()) -> None:
    """Makes the index in `folder` from the terms of each row, which are in these languages."""
    folder.mkdir(parents=True)
    filled = any(rows)
    if filled:
        # Lucene's BM25, with the lengths of passages hardly counted: they are all alike.
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.4)
        index.index([list(terms) for terms in rows], show_progress=False)
        index.save(folder)
    card = {"size": len(rows) if filled else 0, "languages": sorted(languages)}
    (folder / "card.json").write_text(json.dumps(card))
