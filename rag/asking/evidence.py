"""How likely does each sentence of the hits answer the question?

A passage is read twice, whole and under its title: by the embedding model, to which a sentence is the
tokens it consists of, each understood in the light of the passage ("The talks centred on ..." knows
whose talks they were); and by the pair reader together with the question. What both tell and what the
words themselves do is weighed into one probability."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.asking.questions import Name, Question, Wanted, is_rank
from rag.core.dates import readable
from rag.core.records import Article, Hit, Sentence, Span
from rag.index.passages import PassageRules, words_to_embed
from rag.language.facts.negations import find_denials, find_disagreement
from rag.language.instructions import speaks_to_a_machine
from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS, Lexicon, is_unusual, stem
from rag.language.text import plain, words
from rag.models.embedding import Encoder, Reading, refuse_misfit
from rag.models.pairs import PairReader, PairReading

# The probability from which a sentence answers.
ENOUGH = 0.5

# A word that stands in the evidence counts this much; one of like meaning counts its cosine.
_LITERAL = 0.9
# How many sentences before a sentence help to understand it.
_SENTENCES_BEFORE = 2
# A sentence longer than this many characters is cited by the part of it that was found.
_LONGEST_SENTENCE = 800

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Signals:
    """What is weighed for one sentence.

    `bearing` and `wording` are the pair reader's logits of its tokens, the mean and the highest.
    `meaning` is its cosine to the question, `by_itself` the share of the question's words that it
    accounts for. `wrong_kind` is 1 where nothing of the kind asked for stands in it; `far_names`
    counts names of the question that are elsewhere in the article, `unmet` is 1 where the article
    lacks a name that the question turns on. `nameless` is 1 where it is asked who holds an office, and
    the office stands there without a name; `undenied` where it is asked what is not, and nothing is
    denied there.
    """

    bearing: float
    wording: float
    meaning: float
    by_itself: float
    wrong_kind: float
    far_names: float
    unmet: float
    nameless: float
    undenied: float

    def as_row(self) -> list[float]:
        return [getattr(self, name) for name in self.__slots__]

    @property
    def probability(self) -> float:
        weighed = INTERCEPT + sum(w * s for w, s in zip(WEIGHTS, self.as_row(), strict=True))
        return 1 / (1 + math.exp(-min(max(weighed, -30.0), 30.0)))


# Fitted by lab/train/weigh.py; the intercept is lower by .95, so that a probability of one half is
# where as many questions are answered and as many unanswerable ones told as on our tuned questions.
# The last two are set by hand. Few questions of the public sets ask who holds an office. And of SQuAD
# 2's questions that ask what is not, thirty times as many unanswerable as answerable ones have a
# sentence that denies nothing.
WEIGHTS = (0.25, 0.28, 4.13, 2.78, -1.1, -0.25, -0.86, -4.0, -3.0)
INTERCEPT = -2.97
# The weights of the embedding model whose figures were weighed, as `digest_of` names them.
FITTED_TO = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: its span, how likely it does, 0..1, and the names of the question
    that its article does not have at all."""

    span: Span
    score: float
    missing: tuple[Name, ...]
    signals: Signals

    @property
    def article(self) -> Article:
        return self.span.article


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the model reads it: its unit vector, (dimension,); a unit vector for each of its
    words, (words, dimension); and how much each word weighs, (words,), together 1. Words of names
    weigh nothing where there are others: a sentence may say "he"."""

    question: Question
    vector: Numbers
    words: Numbers
    weights: Numbers


class Evidence:
    """Reads hits. `rarity` tells how rare a term is among the passages, 0 for one in all of them.
    Raises EmbeddingError for another encoder than the weights were fitted to."""

    def __init__(
        self,
        encoder: Encoder,
        pairs: PairReader,
        lexicon: Lexicon,
        rules: PassageRules,
        rarity: Callable[[str], float],
    ) -> None:
        refuse_misfit("What signs of an answer weigh (rag/asking/evidence.py)", FITTED_TO, encoder)
        self._encoder = encoder
        self._pairs = pairs
        self._lexicon = lexicon
        self._rules = rules
        self._rarity = rarity

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """Every sentence of the hits that is no heading and no row of a table, best first."""
        if not hits:
            return []
        asked = self._ask(question)
        texts = [
            words_to_embed([hit.article], [hit.passage], self._rules, self._encoder.count_tokens)[0]
            for hit in hits
        ]
        best: dict[tuple[str, int], Candidate] = {}
        readings = self._encoder.read(texts)
        asked_of = plain(question.text)
        pairs = self._pairs.read([(asked_of, text) for text in texts])
        for hit, text, reading, pair in zip(hits, texts, readings, pairs, strict=True):
            # From a place in the article to the same place in what was read.
            offset = len(text) - hit.passage.end
            for candidate in self._judge_hit(asked, hit, reading, pair, offset):
                place = (candidate.span.source, candidate.span.start)
                if place not in best or best[place].score < candidate.score:
                    best[place] = candidate
        return sorted(best.values(), key=lambda c: (-c.score, c.span.source, c.span.start))

    def _missing(self, question: Question, article: Article) -> tuple[Name, ...]:
        terms = self._lexicon.term_set(article.text) | self._terms_of_credits(article)
        return tuple(name for name in question.names if not _stands(name, terms))

    def _ask(self, question: Question) -> _Asked:
        text = plain(question.text)
        reading = self._encoder.read([text], "query")[0]
        vector = reading.whole
        found = [_mean(reading.of(word.start, word.end), len(vector)) for word in question.words]
        weights = np.array(
            [word.weight * self._rarity(word.term) for word in question.words], dtype=np.float32
        )
        named = [
            any(name.start <= word.start < name.end for name in question.names)
            for word in question.words
        ]
        rest = weights if all(named) else np.where(named, 0.0, weights).astype(np.float32)
        return _Asked(
            question,
            vector,
            np.array(found).reshape(-1, len(vector)),
            rest / max(float(rest.sum()), 1e-9),
        )

    def _judge_hit(
        self, asked: _Asked, hit: Hit, reading: Reading, pair: PairReading, offset: int
    ) -> Iterator[Candidate]:
        text, passage = hit.article.text, hit.passage
        sentences = split_sentences(text, hit.article.title)
        similar = asked.words @ reading.vectors.T
        missing = self._missing(asked.question, hit.article)
        for place, sentence in enumerate(sentences):
            if sentence.is_heading or not (
                passage.start < sentence.end and sentence.start < passage.end
            ):
                continue
            if speaks_to_a_machine(text, sentence.start, sentence.end):
                continue
            if _is_listing(text[sentence.start : sentence.end]):
                continue
            # What of the sentence was read with this passage; all of it but for a very long one.
            read_from, read_to = max(sentence.start, passage.start), min(sentence.end, passage.end)
            start, end = sentence.start, sentence.end
            if end - start > _LONGEST_SENTENCE:
                start, end = read_from, read_to
            own = reading.within(read_from + offset, read_to + offset)
            paired = pair.within(read_from + offset, read_to + offset)
            if not own.any() or not paired.any():
                continue
            own_terms = set(self._lexicon.terms(text[start:end]))
            told_terms = own_terms | self._terms_above(hit.article, sentences, place)
            near_terms = told_terms | self._terms_of_credits(hit.article)
            # Who, when and how many are of the very sentence; of a title many things are said.
            is_exact = asked.question.wanted is not Wanted.ANYTHING
            known = told_terms if is_exact else near_terms
            far = sum(not _stands(name, known) for name in asked.question.names)
            vector = _mean(reading.vectors[own], len(asked.vector))
            by_itself = _coverage(asked, similar[:, own], own_terms)
            signals = Signals(
                bearing=float(pair.bearing[paired].mean()),
                wording=float(pair.wording[paired].max()),
                meaning=float(asked.vector @ vector),
                by_itself=float(by_itself @ asked.weights),
                wrong_kind=float(not _holds_wanted(asked.question, text[start:end], own_terms)),
                far_names=float(max(far - len(missing), 0)),
                unmet=float(not asked.question.is_met(missing)),
                nameless=float(_lacks_holder(asked.question, text[start:end], own_terms)),
                undenied=float(_denies_nothing(asked.question.text, text[start:end])),
            )
            span = Span(hit.article, start, end)
            yield Candidate(span, signals.probability, missing, signals)

    def _terms_above(self, article: Article, sentences: Sequence[Sentence], place: int) -> set[str]:
        """The terms a sentence stands under: its heading and the sentences before."""
        heading = next((s for s in reversed(sentences[:place]) if s.is_heading), None)
        before = sentences[max(place - _SENTENCES_BEFORE, 0) : place]
        above = "\n".join(article.text[s.start : s.end] for s in (heading, *before) if s)
        return set(self._lexicon.terms(above))

    def _terms_of_credits(self, article: Article) -> frozenset[str]:
        credits = [article.title or "", article.publisher or "", article.author or ""]
        if article.published:
            credits.append(f"{article.published} {readable(article.published)}")
        return self._lexicon.term_set("\n".join(credits))


def _coverage(asked: _Asked, similar: Numbers, terms: AbstractSet[str]) -> Numbers:
    """How far each word of the question is accounted for, 0..1: it stands there, or a word of like
    meaning does, or the name it belongs to goes by another name. `similar` is (words, tokens)."""
    covered: Numbers = np.clip(similar.max(axis=1, initial=0.0), 0.0, 1.0)
    for place, word in enumerate(asked.question.words):
        literal = word.term in terms or any(
            name.common in terms
            for name in asked.question.names
            if name.common and name.start <= word.start < name.end
        )
        if literal:
            covered[place] = max(covered[place], _LITERAL)
    return covered


def _stands(name: Name, terms: AbstractSet[str]) -> bool:
    if name.common in terms or name.surname in terms:
        return True
    return bool(name.terms) and all(term in terms for term in name.terms)


_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DATE = re.compile(
    rf"\b(?:(?:{_MONTHS})\.? \d{{1,2}}\b(?:, \d{{4}})?|\d{{1,2}} (?:{_MONTHS})\b|(?:{_MONTHS}) \d{{4}}"
    rf"|(?:in|since|until|by|of|last|late|early|mid|this) (?:{_MONTHS})\b|(?:1[5-9]|20)\d\d\b"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight|(?:last|this|next) "
    r"(?:week|month|year|spring|summer|autumn|fall|winter)|\w+ (?:days|weeks|months|years) "
    r"(?:ago|earlier|later|after|before))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds?"
    r"|thousands?|millions?|billions?|half|third|quarter|none|several|percent)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|few|half|\w+ty)"
    r"[ -](?:\w+ )?(?:second|minute|hour|day|week|month|year|decade)s?\b"
    # So long after something is a date.
    r"(?!,? (?:ago|earlier|later|after|before)\b)",
    re.IGNORECASE,
)


# What stands between an office and the name of who holds it, or between the name and the office.
_TO_NAME = re.compile(
    r"(?: (?:of|for|to) (?:(?!in |at |on |by |with |who |and )[\w'’.-]+ ?){1,4}?)?,? ?"
    r"(?:(?:named|called|is|was|were|are) )?(?=[^\W\da-z_])"
)
_FROM_NAME = re.compile(r"(?:,| (?:is|was|are|were|as|became|becomes)\b)[^.;,]{0,40}")


def _holds_wanted(question: Question, text: str, terms: AbstractSet[str]) -> bool:
    """Whether a sentence holds the kind of words that the question asks for."""
    if question.counted and not set(question.counted) & terms:
        return False
    match question.wanted:
        case Wanted.DATE:
            return _DATE.search(text) is not None
        case Wanted.NUMBER:
            return _NUMBER.search(_DATE.sub(" ", text)) is not None
        case Wanted.DURATION:
            return _DURATION.search(text) is not None
        case Wanted.PERSON | Wanted.PLACE:
            return _has_new_name(question.text, text)
        case Wanted.ANYTHING:
            return True


def _lacks_holder(question: Question, text: str, terms: AbstractSet[str]) -> bool:
    """Whether a sentence has the office whose holder is asked for, and beside it no name that the
    question does not have already."""
    if question.holder_of not in terms:
        return False
    asked = {word.folded for word in words(question.text)}
    found = words(text)
    named = [
        text[word.start].isupper() and word.folded not in asked | STOP_WORDS and not is_rank(word.folded)
        for word in found
    ]
    for place, word in enumerate(found):
        if stem(word.folded) != question.holder_of:
            continue
        if (gap := _TO_NAME.match(text, word.end)) and any(
            named[n] for n, other in enumerate(found) if other.start == gap.end()
        ):
            return False
        for n in range(place):
            if named[n] and _FROM_NAME.fullmatch(text[found[n].end : word.start]):
                return False
    return True


_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)


def _denies_nothing(question: str, text: str) -> bool:
    """Whether a question asks what is not, and a sentence states what the question denies. To ask
    whether something is not so is another matter: both answers answer it."""
    asks_whether = _YES_OR_NO.match(question.strip()) is not None
    denies = not asks_whether and bool(find_denials(question))
    return denies and find_disagreement(question, text) is not None


# A row of a table or a box of facts: long, and hardly a word in it joins others or is in small letters.
_LISTED_WORDS = 15
_JOINING = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been has had that".split()
)


def _is_listing(text: str) -> bool:
    """Whether words are set side by side and make no sentence."""
    found = words(text)
    if len(found) < _LISTED_WORDS:
        return False
    joining = sum(word.folded in _JOINING for word in found) / len(found)
    capitals = sum(text[word.start].isupper() for word in found) / len(found)
    digits = sum(text[word.start].isdigit() for word in found) / len(found)
    return joining < 0.06 and (capitals > 0.6 or digits > 0.15)


def _has_new_name(question: str, text: str) -> bool:
    known = {word.folded for word in words(question)}
    dates = [date.span() for date in _DATE.finditer(text)]
    return any(
        text[word.start].isupper()
        and word.folded not in known
        and word.folded not in STOP_WORDS
        and (place > 0 or is_unusual(word.folded))
        and not any(start <= word.start < end for start, end in dates)
        for place, word in enumerate(words(text))
    )


def rarity(passages: int, holding: int) -> float:
    """How rare a term is that stands in `holding` of `passages`: about 0..4."""
    return min(math.log((passages + 1) / (holding + 0.5)), 4.0) if passages else 1.0


def _mean(vectors: Numbers, dimension: int) -> Numbers:
    """The unit vector in the middle of some, or zeros for none."""
    if not len(vectors):
        return np.zeros(dimension, dtype=np.float32)
    middle = vectors.mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-12), dtype=np.float32)
