"""Claims that others made to verdicts: lines with the words to hold each against, and a draft whose
sentences are held against the articles."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, field_validator

from rag.asking.assistant import Assistant
from rag.asking.questions import MAX_CHARACTERS
from rag.core.dates import is_edtf
from rag.core.errors import ArticleError, CorpusError
from rag.core.records import Citation, Cut, Filters, Sentence, Verdict
from rag.judging.attribution import NEAR_ENOUGH
from rag.judging.verification import Judgement, Verifier
from rag.language.framing import stated
from rag.language.sentences import split_sentences
from rag.language.terms import STOP_WORDS
from rag.language.text import words
from rag.loading.corpus import CorpusFile, load, read_bytes
from rag.loading.decoding import clean, decode
from rag.loading.formats import TEXT, file_format

# No sentence, and no quotation of one, is longer than this many characters.
LONGEST = 20_000
_LONGEST_CREDIT = 1000
# Reading a date takes longer the more of it there is: minutes for 100,000 characters.
_LONGEST_DATE = 64
# As many passages as an answer is written from.
_HITS = 10

_Words = Annotated[str, Strict(), Field(min_length=1, max_length=LONGEST)]
_Credit = Annotated[str, Strict(), Field(max_length=_LONGEST_CREDIT)]


class _Line(BaseModel):
    """A line of the file: untrusted."""

    model_config = ConfigDict(extra="ignore")

    claim: _Words
    quote: _Words
    title: _Credit | None = None
    publisher: _Credit | None = None
    published: Annotated[str, Strict(), Field(max_length=_LONGEST_DATE)] | None = None

    @field_validator("claim", "quote")
    @classmethod
    def _says_something(cls, words: str) -> str:
        if not words.strip():
            raise ValueError("it is empty")
        return words

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, published: str | None) -> str | None:
        if published is not None and not is_edtf(published):
            raise ValueError("it is no date like 2023-02-08, 2025-05 or 2024")
        return published


@dataclass(frozen=True, slots=True)
class Checked:
    """A line, counted from 1, with its claim and judgement, or with what is wrong with the line."""

    line: int
    claim: str | None
    judgement: Judgement | None
    error: str | None = None


def check_lines(lines: Iterable[str | bytes], verifier: Verifier) -> Iterator[Checked]:
    """A verdict for each line of {"claim", "quote", optional "title", "publisher", "published"}; one bad
    line stops no other, be it not even UTF-8. Empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = _Line.model_validate_json(line)
        except ValidationError as error:
            yield Checked(number, None, None, _in_words(error))
            continue
        credits = read.title, read.publisher, read.published
        cited = Citation("", "", 0, len(read.quote), read.quote, *credits)
        yield Checked(number, read.claim, verifier.judge(read.claim, [cited]))


def _in_words(error: ValidationError) -> str:
    """The first thing that is wrong, without the words themselves."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said


@dataclass(frozen=True, slots=True)
class Draft:
    """Somebody's own text. `left_out` is what of the file is not among the words of `text`."""

    text: str
    title: str | None = None
    left_out: tuple[Cut, ...] = ()

    def sentences(self) -> tuple[Sentence, ...]:
        """What is read as sentences: neither headings nor what has no words."""
        found = split_sentences(self.text, self.title)
        return tuple(s for s in found if not s.is_heading and words(self.words_of(s)))

    def questions(self) -> tuple[Sentence, ...]:
        return tuple(s for s in self.sentences() if _ASKS.search(self.words_of(s)))

    def claims(self) -> tuple[Sentence, ...]:
        """The sentences that state something that can be checked."""
        questions = set(self.questions())
        return tuple(
            s for s in self.sentences() if s not in questions and _says_enough(stated(self.words_of(s)))
        )

    def words_of(self, sentence: Sentence) -> str:
        return self.text[sentence.start : sentence.end]


# "See below." and "Thank you." have one word that says what they are about; a claim has two.
_CLAIM_WORDS = 2
# A question mark inside closing quotes is somebody else's question, told of in a statement.
_ASKS = re.compile(r"[?？؟]+[)\]]*$")


def read_draft(path: Path) -> Draft:
    """The words of a draft. A plain text is taken whole, whatever would be cut from an article.

    Raises ArticleError for a file that cannot be read.
    """
    if not path.is_file():
        raise ArticleError(f"{path} is not a file." if path.exists() else f"There is no file {path}.")
    content = read_bytes(CorpusFile(str(path), path, 0))
    if file_format(path.name) is TEXT:
        text = clean(decode(content)).strip("\n")
        if not words(text):
            raise ArticleError(f"There are no words in {path}.")
        return Draft(text)
    try:
        article = load(path.name, content)
    except ArticleError as error:
        raise ArticleError(f"{path} cannot be checked: {error}") from error
    return Draft(article.text, article.title, article.cuts)


class Outcome(StrEnum):
    """What became of a sentence of a draft."""

    BORNE_OUT = "borne out"
    OFF = "off"
    NOT_SPOKEN_OF = "not spoken of"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft, `start` and `end` in characters of its text, and the words of the articles
    that come nearest. Where none come near enough there are no citations, and the verdict is None."""

    start: int
    end: int
    text: str
    verdict: Verdict | None
    reason: str | None
    citations: tuple[Citation, ...]

    @property
    def stated(self) -> str:
        """The sentence without its place in a list, its own footnotes and what else frames it: so it
        was judged."""
        return stated(self.text)

    @property
    def outcome(self) -> Outcome:
        if self.verdict is None:
            return Outcome.NOT_SPOKEN_OF
        return Outcome.BORNE_OUT if self.verdict is Verdict.SUPPORTED else Outcome.OFF


@dataclass(frozen=True, slots=True)
class Summary:
    """How many sentences were checked and what became of them; how many were not, because they ask or
    say too little to be true or false."""

    sentences: int
    borne_out: int
    off: int
    not_spoken_of: int
    questions: int
    too_short: int


NOT_SPOKEN_OF = "The articles do not speak of this."


def check_draft(draft: Draft, assistant: Assistant, filters: Filters) -> Iterator[CheckedSentence]:
    """Each sentence of a draft that states something, held against the words of the articles that come
    nearest. Raises IndexUnusable, SettingsError for filters that let nothing pass."""
    bench = assistant.bench()
    for sentence in draft.claims():
        text = draft.words_of(sentence)
        claim = stated(text)
        hits = assistant.search(_sought(claim), filters, _HITS)
        citations = bench.attributor.cite(claim, hits, NEAR_ENOUGH)
        if citations:
            judged = bench.verifier.judge(claim, citations)
            verdict, reason = judged.verdict, judged.reason
        else:
            verdict, reason = None, NOT_SPOKEN_OF
        yield CheckedSentence(sentence.start, sentence.end, text, verdict, reason, citations)


def sum_up(draft: Draft, checked: Iterable[CheckedSentence]) -> Summary:
    outcomes = [sentence.outcome for sentence in checked]
    return Summary(
        len(outcomes),
        outcomes.count(Outcome.BORNE_OUT),
        outcomes.count(Outcome.OFF),
        outcomes.count(Outcome.NOT_SPOKEN_OF),
        len(draft.questions()),
        len(draft.sentences()) - len(draft.questions()) - len(draft.claims()),
    )


def without_itself(draft: Draft, source: str | None, assistant: Assistant, filters: Filters) -> Filters:
    """Filters that keep a draft from bearing itself out: neither the article `source`, which is the
    same file, nor one of the same text. Raises CorpusError when no other article is left."""
    articles = assistant.articles()
    sha256 = hashlib.sha256(draft.text.encode()).hexdigest()
    itself = {
        article.source for article in articles if article.source == source or article.sha256 == sha256
    }
    asked = filters.sources or {article.source for article in articles}
    if not itself & asked:
        return filters
    if not asked - itself:
        raise CorpusError("There is no article to hold the draft against but the draft itself.")
    return replace(filters, sources=frozenset(asked - itself))


def source_in(corpus_dir: Path, path: Path) -> str | None:
    """What a file is called in a folder of articles, or None outside of it."""
    try:
        inside = path.resolve().relative_to(corpus_dir.resolve())
    except (OSError, RuntimeError, ValueError):
        return None
    return inside.as_posix()


def _says_enough(text: str) -> bool:
    return sum(word.folded not in STOP_WORDS for word in words(text)) >= _CLAIM_WORDS


def _sought(text: str) -> str:
    """What of a sentence is searched for: of a far too long one its beginning."""
    start = words(text)[0].start if len(text) > MAX_CHARACTERS else 0
    return text[start : start + MAX_CHARACTERS]
