"""The desks: news invented for this project, with questions, and claims over words that they cite.
Ours, like the code. Desk `h` is held out: nothing learns from it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from lab.reading import read_records
from lab.train.examples import Example
from lab.train.windows import sentence_spans
from rag.loading.formats.markdown import read_markdown

KEY = "desk"
FOLDER = Path(__file__).parents[2] / "desk"
LEARNED = "abcdefg"
HELD_OUT = "h"
# Of such claims the cited words say the opposite, or what cannot be true beside them; of others that
# are not borne out they say neither.
_CONTRADICTED = frozenset({"number", "name", "date", "negation", "role-swap", "place", "speaker"})


@dataclass(frozen=True, slots=True)
class Article:
    """`text` is Markdown, as quotes have it."""

    file: str
    title: str
    publisher: str
    published: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    file: str
    quote: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What a good answer must have, and the quotes of which each has it."""

    what: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`history` are the questions asked before; `acceptable` is what an answer may cite besides; `near`
    is what seems to answer, and does not."""

    key: str
    kind: str
    question: str
    history: tuple[str, ...]
    is_answerable: bool
    needed: tuple[Needed, ...]
    acceptable: tuple[Quote, ...]
    near: tuple[Quote, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim and the words that it cites. `contradicts`: whether they say the opposite of it."""

    kind: str
    claim: str
    file: str
    quote: str
    is_supported: bool
    language: str

    @property
    def contradicts(self) -> bool:
        return not self.is_supported and self.kind in _CONTRADICTED


class _Quote(BaseModel):
    file: str
    quote: str


class _Group(BaseModel):
    what: str
    any: list[_Quote] = Field(min_length=1)


class _Question(BaseModel):
    id: str
    kind: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool
    groups: list[_Group] = []
    acceptable: list[_Quote] = []
    near: list[_Quote] = []
    lang: str = "en"


class _Claim(BaseModel):
    kind: str
    claim: str
    file: str
    quote: str
    supported: bool
    lang: str = "en"


def articles(folder: Path, letter: str) -> tuple[Article, ...]:
    """The articles of a desk, by the names of their files."""
    return tuple(_article(path) for path in sorted(folder.glob(f"{letter}/articles/*.md")))


def questions(folder: Path, letter: str) -> Iterator[Question]:
    """Raises BenchmarkUnusable."""
    for _, record in read_records(folder / letter / "questions.jsonl", _Question):
        yield Question(
            record.id,
            record.kind,
            record.question,
            record.history,
            record.answerable,
            tuple(Needed(group.what, _quotes(group.any)) for group in record.groups),
            _quotes(record.acceptable),
            _quotes(record.near),
            record.lang,
        )


def claims(folder: Path, letter: str) -> Iterator[Claim]:
    """Raises BenchmarkUnusable."""
    for _, record in read_records(folder / letter / "claims.jsonl", _Claim):
        yield Claim(record.kind, record.claim, record.file, record.quote, record.supported, record.lang)


def examples(folder: Path, chance: random.Random, letters: str = LEARNED) -> Iterator[Example]:
    """The claims of the desks, each with the words that it cites; chance plays no part."""
    for letter in letters:
        titles = {article.file: article.title for article in articles(folder, letter)}
        for claim in claims(folder, letter):
            text = plain(claim.quote)
            yield Example(
                KEY,
                f"{letter}/{claim.file}",
                claim.claim,
                text,
                titles[claim.file],
                supports=float(claim.is_supported),
                contradicts=float(claim.contradicts),
                sentences=sentence_spans(text),
                language=claim.language,
            )


def plain(quote: str) -> str:
    """The words of a quote as a reader sees them: without the asterisks of Markdown."""
    return read_markdown(quote).text if "*" in quote else quote


def _article(path: Path) -> Article:
    written = path.read_text(encoding="utf-8")
    stated = read_markdown(written)
    _, _, body = written.split("---\n", 2)
    return Article(path.name, stated.title or "", stated.publisher or "", stated.published, body.strip())


def _quotes(records: Sequence[_Quote]) -> tuple[Quote, ...]:
    return tuple(Quote(record.file, record.quote) for record in records)
