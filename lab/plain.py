"""The plain ways that the pipeline is held against: keywords alone, meaning alone, both fused; words in
common, which know no order, no negation and no meaning."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from rag.core.records import Hit
from rag.core.settings import Settings
from rag.index.search import Snapshot
from rag.index.store import Store
from rag.language.terms import Lexicon, read_aliases
from rag.models.embedding import Vectors, open_encoder
from rag.wiring import open_vectors

# How deep each search goes before the two are fused, and the offset of a rank there.
_DEPTH = 100
_RANK_OFFSET = 60
_WORD = re.compile(r"\w+")
# "None of the above" and its like.
_NONE = re.compile(r"\s*none of\b|\s*neither\b", re.IGNORECASE)
# "None of the above" is chosen where no other choice has this share of its words in a passage.
_ENOUGH = 0.5


class Plain(StrEnum):
    """A plain search, as the scoreboard names it."""

    KEYWORDS = "BM25 alone"
    MEANING = "cosine alone"
    FUSED = "BM25 + cosine fused"


class PlainSearch:
    """Searches the passages of an index, each plain way."""

    def __init__(self, settings: Settings) -> None:
        """Raises IndexUnusable, EmbeddingError."""
        self._encoder = open_encoder(settings.embedding_model, settings.models_dir)
        lexicon = Lexicon(read_aliases(settings.aliases_path))
        self._snapshot = Snapshot.open(Store(settings.state_dir), open_vectors(settings), lexicon)

    def find(self, question: str, count: int) -> tuple[tuple[Plain, tuple[Hit, ...]], ...]:
        """The best `count` passages of each way, best first."""
        terms = self._snapshot.terms(question)
        vector = self._encoder.encode([question], "query")[0]
        depth = max(_DEPTH, count)
        keywords = self._snapshot.keywords.search(terms, depth)
        meaning = self._snapshot.vectors.search(vector, depth)
        fused: dict[int, float] = {}
        for ranking in (keywords, meaning):
            for rank, (row, _) in enumerate(ranking, start=1):
                fused[row] = fused.get(row, 0.0) + 1 / (_RANK_OFFSET + rank)
        both = sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))
        rankings = ((Plain.KEYWORDS, keywords), (Plain.MEANING, meaning), (Plain.FUSED, both))
        return tuple(
            (way, tuple(self._hit(row, score) for row, score in ranking[:count]))
            for way, ranking in rankings
        )

    def _hit(self, row: int, score: float) -> Hit:
        return Hit(self._snapshot.passages[row], self._snapshot.article_of(row), score)

    def nearest_sources(self, question: str, count: int) -> tuple[str, ...]:
        """The articles whose best passage has most of a question's words, best first."""
        terms = self._snapshot.terms(question)
        rows = self._snapshot.keywords.search(terms, len(self._snapshot.passages))
        sources = dict.fromkeys(self._snapshot.passages[row].source for row, _ in rows)
        return tuple(sources)[:count]


class Cosines:
    """The cosines of questions and texts. Each text is read once."""

    def __init__(self, settings: Settings) -> None:
        """Raises EmbeddingError."""
        self._encoder = open_encoder(settings.embedding_model, settings.models_dir)
        self._known: dict[str, Vectors] = {}

    def of(self, question: str, texts: Sequence[str]) -> list[float]:
        """0..1, for each text; 0 where the cosine is negative."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._encoder.encode(new), strict=True)
        asked = self._encoder.encode([question], "query")[0]
        return [max(float(self._known[text] @ asked), 0.0) for text in texts]


def word_coverage(claim: str, evidence: Iterable[str]) -> float:
    """The share of a claim's words, small ones too and as they are spelled, that the evidence has."""
    wanted = _spelled(claim)
    return len(wanted & frozenset().union(*map(_spelled, evidence))) / len(wanted) if wanted else 1.0


@lru_cache(maxsize=4096)
def _spelled(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def is_none(choice: str) -> bool:
    """Whether a choice is "none of the above" or the like."""
    return _NONE.match(choice) is not None


def most_words(passages: Sequence[str], choices: Sequence[str]) -> int:
    """The choice of whose words one passage has the largest share; of equal ones that with the larger
    shares in the other passages."""
    lexicon = Lexicon()
    offered = [lexicon.term_set(passage) for passage in passages]
    ranks = []
    for choice in choices:
        wanted = lexicon.term_set(choice)
        shares = [len(wanted & terms) / len(wanted) for terms in offered] if wanted else [0.0]
        ranks.append((_ENOUGH, 0.0) if is_none(choice) else (max(shares, default=0.0), sum(shares)))
    return max(range(len(choices)), key=lambda place: ranks[place])
