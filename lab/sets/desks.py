"""The desks: news invented for this project, with questions, and claims over words that they cite, in
the form of a news desk. Ours, like the code. Desk `h` is held out: nothing learns from it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from lab.reading import read_records
from lab.sets.newsdesk import Claim
from lab.sets.newsdesk_search import spans_of
from lab.train.examples import Example
from lab.train.windows import sentence_spans, windowed
from rag.loading.formats.markdown import read_markdown

KEY = "desk"
FOLDER = Path(__file__).parents[1] / "desk"
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
    text: str


class _Asked(BaseModel):
    """A question and a sentence of a file, which answers it or only seems to."""

    question: str
    file: str
    quote: str
    answers: bool
    lang: str = "en"


def articles(folder: Path) -> tuple[Article, ...]:
    """The articles of a desk, by the names of their files."""
    return tuple(_article(path) for path in sorted(folder.glob("articles/*.md")))


def claims(folder: Path, is_close: bool = True) -> Iterator[Claim]:
    """The claims of a desk; with `is_close` also those, sound and false ones alike, that keep close to
    the articles' own words. Raises BenchmarkUnusable."""
    for name in ("claims.jsonl", "pairs.jsonl") if is_close else ("claims.jsonl",):
        if (folder / name).exists():
            yield from (record for _, record in read_records(folder / name, Claim))


def examples(folder: Path, letters: str = LEARNED, is_close: bool = True) -> Iterator[Example]:
    """The claims of the desks, each with the words that it cites."""
    for letter in letters:
        titles = {article.file: article.title for article in articles(folder / letter)}
        for claim in claims(folder / letter, is_close):
            text = plain(claim.quote)
            yield Example(
                KEY,
                f"{letter}/{claim.file}",
                claim.claim,
                text,
                titles[claim.file],
                supports=float(claim.supported),
                contradicts=float(not claim.supported and claim.kind in _CONTRADICTED),
                sentences=sentence_spans(text),
                language=claim.lang,
            )


def asked(folder: Path, chance: random.Random, letters: str = LEARNED) -> Iterator[Example]:
    """Questions over single sentences, each with others that they seem to answer and do not, over a
    window of the article. Raises BenchmarkUnusable."""
    for letter in letters:
        of_file = {article.file: article for article in articles(folder / letter)}
        for _, record in read_records(folder / letter / "near.jsonl", _Asked):
            article = of_file[record.file]
            text, quote = plain(article.text), plain(record.quote)
            places = spans_of(text, quote)
            window = windowed(
                *(KEY, f"{letter}/{record.file}", record.question, article.title, text),
                places if record.answers else (),
                places[0][0],
                chance,
                record.lang,
            )
            if window:
                # The sentence is known, not which of its words answer.
                yield replace(window, words=None)


def plain(quote: str) -> str:
    """The words of a quote as a reader sees them: without the asterisks of Markdown."""
    return read_markdown(quote).text if "*" in quote else quote


def _article(path: Path) -> Article:
    written = path.read_text(encoding="utf-8")
    _, _, body = written.split("---\n", 2)
    return Article(path.name, read_markdown(written).title or "", body.strip())
