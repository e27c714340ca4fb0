"""How likely does each sentence of the hits answer the question?

A passage is read whole and under its title, together with the question ("The talks centred on ..."
knows whose talks they were). What the reader tells of a sentence is calibrated: one half is as likely
as not."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag.asking.questions import Name, Question
from rag.core.dates import readable
from rag.core.records import Article, Hit, Span
from rag.index.passages import CountTokens, PassageRules, words_to_embed
from rag.language.instructions import speaks_to_a_machine
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon
from rag.language.text import plain, words
from rag.models.pairs import PairReader, PairReading

# The probability from which a sentence answers. At one half, half of what the articles answer is refused
# ("as likely as not" is asked too much of one sentence); here as many near misses are told.
ENOUGH = 0.3

# A sentence longer than this many characters is cited by the part of it that was found.
_LONGEST_SENTENCE = 800


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: its span, how likely it does, 0..1, and the names of the question
    that its article does not have at all."""

    span: Span
    score: float
    missing: tuple[Name, ...]

    @property
    def article(self) -> Article:
        return self.span.article


class Evidence:
    """Reads hits."""

    def __init__(
        self, pairs: PairReader, lexicon: Lexicon, rules: PassageRules, count: CountTokens
    ) -> None:
        self._pairs = pairs
        self._lexicon = lexicon
        self._rules = rules
        self._count = count

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """Every sentence of the hits that is no heading and no row of a table, best first."""
        articles, passages = [hit.article for hit in hits], [hit.passage for hit in hits]
        texts = words_to_embed(articles, passages, self._rules, self._count)
        asked = plain(question.text)
        best: dict[tuple[str, int], Candidate] = {}
        readings = self._pairs.read([(asked, text) for text in texts])
        for hit, text, reading in zip(hits, texts, readings, strict=True):
            # From a place in the article to the same place in what was read.
            offset = len(text) - hit.passage.end
            for candidate in self._judge_hit(question, hit, reading, offset):
                place = (candidate.span.source, candidate.span.start)
                if place not in best or best[place].score < candidate.score:
                    best[place] = candidate
        return sorted(best.values(), key=lambda c: (-c.score, c.span.source, c.span.start))

    def _judge_hit(
        self, question: Question, hit: Hit, reading: PairReading, offset: int
    ) -> Iterator[Candidate]:
        text, passage = hit.article.text, hit.passage
        missing = self._missing(question, hit.article)
        for sentence in split_sentences(text, hit.article.title):
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
            score = reading.bears(read_from + offset, read_to + offset)
            if score is not None:
                yield Candidate(Span(hit.article, start, end), score, missing)

    def _missing(self, question: Question, article: Article) -> tuple[Name, ...]:
        terms = self._lexicon.term_set(article.text) | self._terms_of_credits(article)
        return tuple(name for name in question.names if not _stands(name, terms))

    def _terms_of_credits(self, article: Article) -> frozenset[str]:
        credits = [article.title or "", article.publisher or "", article.author or ""]
        if article.published:
            credits.append(f"{article.published} {readable(article.published)}")
        return self._lexicon.term_set("\n".join(credits))


def _stands(name: Name, terms: AbstractSet[str]) -> bool:
    if name.common in terms or name.surname in terms:
        return True
    return bool(name.terms) and all(term in terms for term in name.terms)


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
