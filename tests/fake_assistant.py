"""An assistant without an index or a model, for tests of the page alone.

Its articles are the text files of the folder, read anew at every call. Its answers are sentences of
theirs, one claim for each article, with each verdict in turn; they take their time.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Cut,
    Draft,
    Event,
    Exchange,
    Filters,
    Nearest,
    Opened,
    Retrieved,
    Skipped,
    Standing,
    Verdict,
)
from rag.retrieval import allowed_sources
from rag.settings import Settings


class Assistant:
    def __init__(self, folder: Path, seconds_per_claim: float = 0.0) -> None:
        self._folder = folder
        self._seconds_per_claim = seconds_per_claim

    @property
    def generation(self) -> int:
        return hash(self.articles()) & 0xFFFF

    def articles(self) -> tuple[Article, ...]:
        return tuple(_read(self._folder, path) for path in sorted(self._folder.rglob("*.md")))

    def skipped(self) -> tuple[Skipped, ...]:
        return (Skipped("notes/*scan*.pdf", "It holds pictures of words, and no words."),)

    def open(self, citation: Citation) -> Opened:
        path = self._folder / citation.source
        if not path.exists():
            return Opened(citation, Standing.GONE, None)
        article = _read(self._folder, path)
        same = article.sha256 == citation.sha256
        return Opened(citation, Standing.SAME if same else Standing.CHANGED, article)

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> Iterator[Event]:
        articles = self.articles()
        allowed = allowed_sources(articles, filters)
        articles = tuple(a for a in articles if allowed is None or a.source in allowed)
        yield Retrieved(())
        verdicts = list(Verdict)
        claims = []
        for place, article in enumerate(articles):
            citations = [_cite(article, 1)]
            if place == 1:
                citations += [_cite(article, 2), _cite(articles[0], 2)]
            verdict = verdicts[place % 4]
            reason = None if place % 4 == 0 else "The words give another number: 2,000."
            claims.append(Claim(citations[0].quote, tuple(citations), verdict, reason))
            time.sleep(self._seconds_per_claim)
            yield Draft(claims[-1])
        missing = "partly" in question
        yield Answer(
            question,
            AnswerKind.PARTIAL if missing else AnswerKind.ANSWERED,
            "The articles do not say who paid." if missing else None,
            tuple(claims),
            tuple(Nearest(_cite(a, 3), 0.4) for a in articles[:2]) if missing else (),
            {"search": 40.0, "claims": 160.0},
        )


def _read(folder: Path, path: Path) -> Article:
    lines = path.read_text(encoding="utf-8").split("\n", 4)
    title, publisher, published, _, text = lines
    return Article(
        source=path.relative_to(folder).as_posix(),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title or None,
        publisher=publisher or None,
        published=published or None,
        author="A. Writer" if published else None,
        cuts=(Cut("An advertisement", "Subscribe **now** for <b>less</b>!"),) if title else (),
    )


def _cite(article: Article, number: int) -> Citation:
    spans = [match.span() for match in re.finditer(r"[^\s.][^\n.]*\.", article.text)]
    start, end = spans[min(number, len(spans) - 1)]
    return Citation(
        article.source,
        article.sha256,
        start,
        end,
        article.text[start:end],
        article.title,
        article.publisher,
        article.published,
    )


def open_assistant(settings: Settings) -> Assistant:
    return Assistant(settings.corpus_dir, seconds_per_claim=0.4)


def build_index(settings: Settings, progress: Callable[[int, int, str], None]) -> SimpleNamespace:
    progress(1, 1, "articles")
    return SimpleNamespace(added=0, changed=0, removed=0, unchanged=1, skipped=())
