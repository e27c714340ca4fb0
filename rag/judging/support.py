"""Do these words support this claim, or say otherwise? The reader's probabilities, over the words that
come nearest where there are more than it reads at once."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import plain, words
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader

# So many characters of evidence are read together with a claim: what its window holds.
READ_CHARACTERS = 1100


@dataclass(frozen=True, slots=True)
class Stance:
    """The probabilities, 0..1, that words say what a claim says, and that they say otherwise."""

    supports: float
    contradicts: float = 0.0


class Judge(Protocol):
    """Says how far words support a claim."""

    name: str

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        """What the texts together say to the claim."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of a claim, and the term that the names of the thing it belongs to share."""

    term: str
    common: str | None

    def stands(self, terms: AbstractSet[str]) -> bool:
        return self.term in terms or self.common in terms


class ReaderJudge:
    """Asks the reader that comes with the project."""

    name = "the bundled judge"

    def __init__(self, encoder: Encoder, pairs: PairReader, lexicon: Lexicon) -> None:
        self._encoder = encoder
        self._pairs = pairs
        self._lexicon = lexicon

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        """What the texts together say to the claim; nothing where there are no words to compare."""
        sentences = [text[s.start : s.end] for text in texts for s in split_sentences(text)]
        if not sentences or not words(claim):
            return Stance(0.0)
        if sum(map(len, sentences)) > READ_CHARACTERS:
            sentences = self._nearest(claim, sentences)
        (reading,) = self._pairs.read([(plain(claim), plain(" ".join(sentences)))])
        return Stance(reading.supports, reading.contradicts)

    def rank(self, claim: str, sentences: Sequence[str]) -> list[float]:
        """How near each sentence comes to a claim: half meaning, half shared words."""
        if not sentences:
            return []
        vectors = self._encoder.encode([plain(text) for text in (claim, *sentences)], "query")
        asked = self._words(claim)
        return [
            0.5 * float(cosine) + 0.5 * _share(asked, self._lexicon.term_set(sentence))
            for sentence, cosine in zip(sentences, vectors[1:] @ vectors[0], strict=True)
        ]

    def share(self, claim: str, texts: Sequence[str]) -> float:
        """The share of a claim's words that stand in the texts together."""
        terms = frozenset[str]().union(*(self._lexicon.term_set(text) for text in texts))
        return _share(self._words(claim), terms)

    def _nearest(self, claim: str, sentences: Sequence[str]) -> list[str]:
        """As many of the nearest sentences as the reader can read, in the order in which they stand."""
        kept: list[int] = []
        size = 0
        for place in np.argsort(-np.array(self.rank(claim, sentences)), kind="stable"):
            size += len(sentences[place])
            if kept and size > READ_CHARACTERS:
                break
            kept.append(int(place))
        return [sentences[place] for place in sorted(kept)]

    def _words(self, claim: str) -> list[_Asked]:
        """What a claim says, word by word."""
        found = words(claim)
        names = self._lexicon.name_spans(claim, found)
        return [
            _Asked(
                stem(word.folded),
                next((common for start, end, common in names if start <= word.start < end), None),
            )
            for word in found
            if word.folded not in STOP_WORDS
        ]


def _share(asked: Sequence[_Asked], terms: AbstractSet[str]) -> float:
    return sum(word.stands(terms) for word in asked) / max(len(asked), 1)
