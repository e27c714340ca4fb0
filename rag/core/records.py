"""The nouns: article, sentence, passage, hit, citation, claim, answer. Nothing here does anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a file that is not the article's own words, and why it was left out."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One file of the corpus after loading.

    `source` is the path inside the corpus, with forward slashes. `published` is EDTF
    (`2023-02-08`, `2025-05`, `2024`) or None. What the file does not state is None.
    `note` is what a reader must know of the text: that it is a digest, and of what.
    `sha256` is of `text` as UTF-8.
    """

    source: str
    text: str
    sha256: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    note: str | None = None
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put right in an article: None leaves what was read, "" says that there is none.

    `published` is EDTF. `text` replaces the text that was read from the file alone, whose sha256 is
    `text_of`; a file that reads otherwise by now keeps its own.
    """

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    text: str | None = None
    text_of: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the corpus, and why, in words."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of an article's text, in characters, without surrounding white space.

    A heading is a line that says no sentence: it is searched, never claimed.
    """

    start: int
    end: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one article: the unit that is indexed and retrieved.

    `start` and `end` are characters of the article's text. `key` is a hash of source and words.
    """

    key: str
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: enough to open it years later, when the file may be gone.

    `quote` is `text[start:end]` of the article whose text has `sha256`.
    """

    source: str
    sha256: str
    start: int
    end: int
    quote: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None

    def meets(self, other: "Citation") -> bool:
        """Whether both have words of an article in common."""
        return self.source == other.source and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article: the characters of its text from `start` to `end`."""

    article: Article
    start: int
    end: int

    @property
    def source(self) -> str:
        return self.article.source

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def citation(self) -> Citation:
        return Citation(
            self.source,
            self.article.sha256,
            self.start,
            self.end,
            self.text,
            self.article.title,
            self.article.publisher,
            self.article.published,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with its words and its fused score in 0..1.

    `by_meaning` and `by_keywords` are its ranks in the two searches, from 1, None where a search did
    not find it; `reading` is how likely it answers when it is read together with the question, 0..1,
    None where it was not read.
    """

    passage: Passage
    article: Article
    score: float
    by_meaning: int | None = None
    by_keywords: int | None = None
    reading: float | None = None

    @property
    def span(self) -> Span:
        return Span(self.article, self.passage.start, self.passage.end)

    @property
    def text(self) -> str:
        return self.span.text


class Standing(StrEnum):
    """What has become of the file that a citation was taken from."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Opened:
    """A citation with the article as it is now (None when gone). Its span may be marked only
    when the standing is SAME."""

    citation: Citation
    standing: Standing
    article: Article | None


class Verdict(StrEnum):
    """A claim judged against the words it cites, and nothing else."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the words it rests on."""

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict
    reason: str | None = None


class AnswerKind(StrEnum):
    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


class Method(StrEnum):
    """How an answer is made: of the articles' own sentences, or written by a language model."""

    EXTRACTED = "extracted"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a written answer took, in tokens as counted here, over all its calls."""

    prompt_tokens: int
    reply_tokens: int


@dataclass(frozen=True, slots=True)
class Scored:
    """Words of an article and how well they fit a question, 0..1: a passage that was retrieved, with
    its ranks as in a hit, or a sentence that was read for it, with how likely it answers."""

    citation: Citation
    score: float
    by_meaning: int | None = None
    by_keywords: int | None = None
    reading: float | None = None

    @classmethod
    def of(cls, hit: Hit) -> "Scored":
        return cls(hit.span.citation, hit.score, hit.by_meaning, hit.by_keywords, hit.reading)


class ConflictKind(StrEnum):
    """Why two accounts differ: the thing changed between their dates, or they disagree on it."""

    CHANGE = "change"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Side:
    """One account of a thing: its value as the sources write it, the words that give it, and the
    moment it speaks of (EDTF), None where that is not known."""

    value: str
    citations: tuple[Citation, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Articles that give different values for one thing. `about` names the thing, in words; the sides
    are in the order of their dates, those without one last."""

    kind: ConflictKind
    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to. `message` says what is missing, in words, or is None.

    `nearest` holds the closest passages when something is missing. Timings are in milliseconds
    by stage. `standalone` is the question as it was understood where that differs from the one asked.
    `method` says how the claims were made, `model` which language model wrote them, or None.
    `notice` is what the reader must know of how the answer came about, in words, or None.
    `considered` are the passages that were retrieved, best first, `passed_over` the likeliest sentences
    of theirs that no claim cites. `conflicts` is where the articles differ on what is asked. `reports`
    groups the sources that the claims cite: copies and rewrites of one report stand together. `as_of`
    is the moment (EDTF) up to which the question wanted to know, or None.
    """

    question: str
    kind: AnswerKind
    message: str | None
    claims: tuple[Claim, ...]
    nearest: tuple[Scored, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    standalone: str | None = None
    method: Method = Method.EXTRACTED
    model: str | None = None
    notice: str | None = None
    usage: Usage | None = None
    considered: tuple[Scored, ...] = ()
    passed_over: tuple[Scored, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    reports: tuple[tuple[str, ...], ...] = ()
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a question is asked of. Empty or None means any.

    Dates are EDTF; an article passes when its date, as precise as known, overlaps the range.
    An article without a date passes only when no date is asked for.
    """

    sources: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    published_from: str | None = None
    published_to: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question already asked in this conversation, and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Understood:
    """Event: the question as it stands alone, where it leaned on what was said before."""

    question: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the passages that bear on the question."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Event: the sentences of the hits, the one that answers most likely first. What is claimed is
    chosen among them."""

    sentences: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """Event: a claim as it is written. The answer may hold it in other words, or no more."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Waited:
    """Event: nothing new has come for a moment; whoever listens may stop here."""


Event = Understood | Retrieved | Weighed | Waited | Drafted | Answer
