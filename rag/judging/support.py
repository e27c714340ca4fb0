"""Do these words support this claim? A probability from what the embedding model, the pair reader and
the words themselves tell. The gate has named what does not fit already; this weighs the meaning."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import plain, words
from rag.models.embedding import Encoder, Reading, refuse_misfit
from rag.models.pairs import PairReader

Numbers = NDArray[np.float32]

# So many of the nearest sentences are weighed together; what supports a claim is rarely further apart.
NEAREST = 4
# So many characters of evidence are read together with a claim: what its window holds.
READ_CHARACTERS = 1100
# A claim that follows its text is in about so many pieces, as a share of its words.
_PIECES_OF_A_QUOTE = 0.2


class Judge(Protocol):
    """Says how far words support a claim."""

    name: str

    def support(self, claim: str, texts: Sequence[str]) -> float:
        """The probability, 0..1, that the texts together say what the claim says."""
        ...


@dataclass(frozen=True, slots=True)
class Signals:
    """What is weighed. All in 0..1, but cosines may fall below 0.

    `nearest`: cosine of claim and nearest sentence; `together`: of claim and the nearest few as one;
    `words_met`, `worst_word`: each word of the claim and the token most like it in the nearest few, on
    average and the word met least; `best_share`: terms of the claim in one sentence; `near_share`: in
    the nearest few; `share`: in all. `supports` is the pair reader's logit of claim and nearest
    sentences. `seams` tells how broken the claim's words stand there, the more the more of them stand
    there at all: halves of two sentences put together have all their words in the text.
    """

    nearest: float
    together: float
    words_met: float
    worst_word: float
    best_share: float
    near_share: float
    share: float
    supports: float
    seams: float

    def as_row(self) -> list[float]:
        return [getattr(self, name) for name in self.__slots__]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of a claim, and the term that the names of the thing it belongs to share."""

    start: int
    end: int
    term: str
    common: str | None

    def stands(self, terms: AbstractSet[str]) -> bool:
        return self.term in terms or self.common in terms


# All but the last two fitted by logistic regression on SciFact and half of WiCE, before there was a pair
# reader. What lab/train/weigh.py fits to all of them is better on those sets and worse on others: the
# pair reader has learned what counts as support there. So much of it raises AUROC on every set, but not
# span F1 of RAGTruth. That of the seams was chosen among six.
WEIGHTS = (0.6, 0.67, 0.75, 0.61, 0.66, 0.99, 0.87, 0.2, -1.5)
INTERCEPT = -3.06
# The weights of the embedding model whose figures were weighed, as `digest_of` names them.
FITTED_TO = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class EncoderJudge:
    """Weighs what comes with the project: the embedding model, and the network that reads pairs."""

    name = "the bundled judge"

    def __init__(self, encoder: Encoder, pairs: PairReader, lexicon: Lexicon) -> None:
        """Raises EmbeddingError for another encoder than the weights were fitted to."""
        refuse_misfit("What signs of support weigh (rag/judging/support.py)", FITTED_TO, encoder)
        self._encoder = encoder
        self._pairs = pairs
        self._lexicon = lexicon

    def support(self, claim: str, texts: Sequence[str]) -> float:
        signals = self.signals(claim, texts)
        if signals is None:
            return 0.0
        weighed = INTERCEPT + float(np.dot(WEIGHTS, signals.as_row()))
        return float(1 / (1 + np.exp(-weighed)))

    def rank(self, claim: str, sentences: Sequence[str]) -> list[float]:
        """How near each sentence comes to a claim: half meaning, half shared words."""
        if not sentences:
            return []
        reading = self._read([claim])[0]
        asked = self._words(claim)
        return [
            0.5 * float(reading.whole @ other.whole)
            + 0.5 * _share(asked, self._lexicon.term_set(sentence))
            for sentence, other in zip(sentences, self._read(sentences), strict=True)
        ]

    def share(self, claim: str, texts: Sequence[str]) -> float:
        """The share of a claim's words that stand in the texts together."""
        return _share(self._words(claim), _together(self._lexicon.term_set(text) for text in texts))

    def signals(self, claim: str, texts: Sequence[str]) -> Signals | None:
        """None where there is nothing to compare."""
        sentences = [text[s.start : s.end] for text in texts for s in split_sentences(text)]
        asked = self._words(claim)
        if not sentences or not asked:
            return None
        mine = self._read([claim])[0]
        theirs = self._read(sentences)
        cosines = np.array([mine.whole @ reading.whole for reading in theirs])
        terms = [self._lexicon.term_set(sentence) for sentence in sentences]
        shares = np.array([_share(asked, held) for held in terms])
        order = np.argsort(-(cosines + shares), kind="stable")[:NEAREST]
        near_terms = _together(terms[place] for place in order)
        middle = sum((theirs[place].whole for place in order), np.zeros_like(mine.whole))
        share = _share(asked, _together(terms))
        met = _words_met(asked, mine, [theirs[place] for place in order], near_terms)
        return Signals(
            float(cosines.max()),
            float(mine.whole @ middle / max(float(np.linalg.norm(middle)), 1e-9)),
            float(met.mean()),
            float(met.min()),
            float(shares.max()),
            _share(asked, near_terms),
            share,
            self._read_together(claim, sentences, cosines + shares),
            (_pieces(claim, sentences) - _PIECES_OF_A_QUOTE) * share**4,
        )

    def _read_together(self, claim: str, sentences: Sequence[str], nearness: Numbers) -> float:
        """The pair reader's logit for a claim and the nearest sentences, as many as it can read, in
        the order in which they stand."""
        kept: list[int] = []
        size = 0
        for place in np.argsort(-nearness, kind="stable"):
            size += len(sentences[place])
            if kept and size > READ_CHARACTERS:
                break
            kept.append(int(place))
        text = " ".join(sentences[place] for place in sorted(kept))
        (reading,) = self._pairs.read([(plain(claim), plain(text))])
        return reading.supports

    def _words(self, claim: str) -> list[_Asked]:
        """What a claim says, word by word."""
        found = words(claim)
        names = self._lexicon.name_spans(claim, found)
        return [
            _Asked(
                word.start,
                word.end,
                stem(word.folded),
                next((common for start, end, common in names if start <= word.start < end), None),
            )
            for word in found
            if word.folded not in STOP_WORDS
        ]

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        return self._encoder.read([plain(text) for text in texts])


def _pieces(claim: str, sentences: Sequence[str]) -> float:
    """Of how few pieces that stand in the sentences, word for word, a claim can be put together; a word
    that stands nowhere is a piece. As a share of its words, 0..1."""
    said = [word.folded for word in words(claim)]
    held = "".join(f" {' '.join(word.folded for word in words(text))} |" for text in sentences)
    pieces = at = 0
    while at < len(said):
        end = at + 1
        while end <= len(said) and f" {' '.join(said[at:end])} " in held:
            end += 1
        at = max(end - 1, at + 1)
        pieces += 1
    return pieces / max(len(said), 1)


def _share(asked: Sequence[_Asked], terms: AbstractSet[str]) -> float:
    return sum(word.stands(terms) for word in asked) / max(len(asked), 1)


def _together(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _words_met(
    asked: Sequence[_Asked], mine: Reading, theirs: Sequence[Reading], terms: AbstractSet[str]
) -> Numbers:
    """For each word of the claim its cosine to the token most like it, 1 where it stands there."""
    tokens = np.concatenate([reading.vectors for reading in theirs])
    met = []
    for word in asked:
        own = mine.of(word.start, word.end)
        if word.stands(terms):
            met.append(1.0)
        elif len(own):
            met.append(float((own.mean(axis=0) @ tokens.T).max()))
    return np.array(met or [0.0], dtype=np.float32)
