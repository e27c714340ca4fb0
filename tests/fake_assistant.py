"""An assistant without an index or a model, for tests of the page alone.

Its articles are the text files of the folder, read anew at every call. Its answers are sentences of
theirs, one claim for each article. Written ones have each verdict in turn, and end with a claim that
has no source. Words of the question ask for more: `partly`, `refused`, `differ`, `she` (which leans on
what was said before), `broken` and `slowly`, with which each claim takes its time. What was closed
early is in `closed.txt`.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

from rag.core.errors import IndexUnusable, LanguageModelError
from rag.core.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Cut,
    Drafted,
    Event,
    Exchange,
    Filters,
    Method,
    Opened,
    Retrieved,
    Scored,
    Side,
    Skipped,
    Standing,
    Understood,
    Usage,
    Verdict,
    Waited,
    Weighed,
)
from rag.core.settings import Settings
from rag.index.search import allowed_sources
from rag.judging.verification import Judgement

CLOSED = "closed.txt"
# A file of this name beside the data makes indexing fail.
FAILING = "failing.txt"
MODEL = "tiny:3b:<b>writer</b>"
NOTICE = "The language model did not answer within 60 s. These are the articles' own sentences."


_ARTICLE = """{title}
Harbour Post
2024

One came early. {title} came {number} times. The third sentence closes it. The fourth has 🚢 in it.
"""


def write_articles(folder: Path) -> None:
    """Four articles of four sentences, as this assistant reads them."""
    for number, title in enumerate(("Anna", "Berit", "Clara", "Dora")):
        text = _ARTICLE.format(title=title, number=number)
        (folder / f"{title}.md").write_text(text, encoding="utf-8")


class Assistant:
    model = MODEL

    def __init__(self, folder: Path, closed: Path, slow_seconds: float = 0.0) -> None:
        self._folder = folder
        self._closed = closed
        self._slow_seconds = slow_seconds

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

    def bench(self) -> SimpleNamespace:
        """What judges the words of a briefing: see `_Verifier`."""
        return SimpleNamespace(verifier=_Verifier())

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        method: Method | None = None,
    ) -> Iterator[Event]:
        try:
            yield from self._events(question, history, filters, method or Method.WRITTEN)
        except GeneratorExit:
            with self._closed.open("a", encoding="utf-8") as closed:
                closed.write(f"{question}\n")
            raise

    def _events(
        self, question: str, history: Sequence[Exchange], filters: Filters, method: Method
    ) -> Iterator[Event]:
        words = set(question.rstrip("?").split())
        standalone = None
        if history and "she" in words:
            standalone = question.replace("she", "Anna")
            yield Understood(standalone)
        articles = self.articles()
        allowed = allowed_sources(articles, filters)
        articles = tuple(a for a in articles if allowed is None or a.source in allowed)
        yield Retrieved(())
        yield Weighed(())
        if "broken" in words:
            raise LookupError("a fault of the program")
        if "refused" in words:
            method = Method.EXTRACTED
        written = method is Method.WRITTEN
        claims = []
        for claim in _claims(articles, written):
            claims.append(claim)
            for _ in range(3):
                time.sleep(self._slow_seconds / 3 if "slowly" in words else 0)
                yield Waited()
            yield Drafted(claims[-1])
        if "refused" in words:
            claims = claims[::-1]
        missing = "partly" in words
        yield Answer(
            question,
            AnswerKind.PARTIAL if missing else AnswerKind.ANSWERED,
            "The articles do not say who paid." if missing else None,
            tuple(claims),
            tuple(Scored(cite(a, 3), 0.4) for a in articles[:2]) if missing else (),
            {"retrieve": 40.0, "write": 860.4} if written else {"retrieve": 40.0, "judge": 160.0},
            standalone,
            method,
            MODEL if written else None,
            NOTICE if "refused" in words else None,
            Usage(1234, 56) if written else None,
            tuple(Scored(cite(a, 3), 0.9 - n / 10, n, None, 0.5) for n, a in enumerate(articles, 1)),
            tuple(Scored(cite(a, 2), 0.4) for a in articles[:2]),
            _conflicts(articles) if "differ" in words else (),
            (tuple(a.source for a in articles[:2]), *((a.source,) for a in articles[2:])),
        )


class _Verifier:
    """Words of a claim decide: `wrong` and `doubtful` are what they say, `refused` cannot be judged;
    `slowly` takes its time."""

    def judge(self, claim: str, citations: Sequence[Citation]) -> Judgement:
        if "refused" in claim:
            raise LanguageModelError("The language model did not answer within 60 s.")
        time.sleep(1.5 if "slowly" in claim else 0)
        if "wrong" in claim:
            return Judgement(Verdict.UNSUPPORTED, "The cited words do not say <b>this</b>.")
        if "doubtful" in claim:
            return Judgement(Verdict.PARTLY, "The cited words say this only in part.")
        return Judgement(Verdict.SUPPORTED)


def _claims(articles: Sequence[Article], written: bool) -> Iterator[Claim]:
    verdicts = list(Verdict) if written else [Verdict.SUPPORTED]
    for place, article in enumerate(articles):
        citations = [cite(article, 1)]
        if place == 1:
            citations += [cite(article, 2), cite(articles[0], 2)]
        verdict = verdicts[place % len(verdicts)]
        reason = None if verdict is Verdict.SUPPORTED else "The words give another number: 2,000."
        yield Claim(citations[0].quote, tuple(citations), verdict, reason)
    if written:
        yield Claim("Nobody else came.", (), Verdict.UNSUPPORTED, "It cites nothing.")


def _conflicts(articles: Sequence[Article]) -> tuple[Conflict, ...]:
    """The last two articles change over time, the first two disagree."""
    one, two, three, four = articles[:4]
    return (
        Conflict(
            ConflictKind.CHANGE,
            "who came",
            (Side("3 times", (cite(four, 1),), "2022"), Side("2 times", (cite(three, 1),), "2024")),
        ),
        Conflict(
            ConflictKind.DISAGREEMENT,
            "how often",
            (
                Side("never", tuple(cite(one, number) for number in (0, 1, 2))),
                Side("once", (cite(two, 1),)),
            ),
        ),
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


def cite(article: Article, number: int) -> Citation:
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
    return Assistant(settings.corpus_dir, settings.data_dir / CLOSED, slow_seconds=0.36)


def build_index(settings: Settings, progress: Callable[[int, int, str], None]) -> SimpleNamespace:
    progress(1, 1, "articles")
    if (settings.data_dir / FAILING).exists():
        raise IndexUnusable("There is no room for the index. Make room on the disk, then index again.")
    return SimpleNamespace(added=0, changed=0, removed=0, unchanged=1, skipped=())


def forget_index(settings: Settings) -> None:
    """There is nothing to forget."""
