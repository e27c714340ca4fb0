"""A news desk: questions of every kind over news articles, asked as users ask them, and claims over the
words that they cite. SOURCELINE_NEWSDESK names its folder; the articles lie in it, or are laid out of
those of RealTimeQA.

A citation matches a quote if it is of the same file and one of the two holds the other, or they share
half of the shorter. An answer is good if it has all that it must (of lists, comparisons and the like
half of it) and at least half of its sentences are to the point."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, field_validator

from lab.asking import Talk
from lab.claims import BY_PROBABILITY, Case, Measure, measure_claims, only_claims
from lab.failures import Failure
from lab.metrics import balanced_accuracy, mean
from lab.reading import BenchmarkUnusable, read_records
from lab.results import Result, Score
from lab.scores import items_of, sample_note, score_of
from lab.sets import realtimeqa
from lab.stage import Context, Stage
from rag.core.records import Answer, AnswerKind, Citation, Verdict
from rag.core.settings import Settings
from rag.wiring import build_index, open_assistant

NAME = "Newsdesk"
CLAIMS = "Newsdesk claims"
ORIGIN = (
    "a folder with questions.jsonl, claims.jsonl and articles/, or articles.jsonl of articles in "
    "realtimeqa_2025 of the benchmarks, which SOURCELINE_NEWSDESK names"
)
# Half of what these ask for will do.
_WIDE = frozenset({"list", "compare", "summary", "timeline", "topic"})
# Desks name their kinds in more than one way.
_KINDS = {
    "why": "why-how",
    "why/how": "why-how",
    "said": "who-said",
    "yesno": "yes-no",
    "followup": "follow-up",
}
_UNANSWERABLE = "unanswerable"
_MEASURE = Measure("balanced accuracy", balanced_accuracy, only_claims)


class Quote(BaseModel):
    file: str
    quote: str


class _Group(BaseModel):
    any: list[Quote] = Field(min_length=1)


class Question(BaseModel):
    """`groups` are what a good answer must have, each in one of its quotes; `acceptable` is what it may
    say besides; `near` is what seems to answer, and does not; `history` are the questions asked
    before."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool
    groups: list[_Group] = []
    acceptable: list[Quote] = []
    near: list[Quote] = []

    @field_validator("kind")
    @classmethod
    def _one_name(cls, kind: str) -> str:
        return _KINDS.get(kind, kind)

    @field_validator("history", mode="before")
    @classmethod
    def _only_questions(cls, history: Any) -> Any:
        if not isinstance(history, list):
            return history
        return [before.get("question") if isinstance(before, dict) else before for before in history]

    @property
    def key(self) -> str:
        return self.id


class Claim(BaseModel):
    """A claim and the words of a file that it cites."""

    id: str | None = None
    kind: str
    claim: str
    file: str = ""
    quote: str
    supported: bool
    lang: str = "en"


class _Article(BaseModel):
    file: str
    url: str
    week: str
    title: str
    publisher: str
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and what came of it: how many of its groups are met, how many of the answer's sentences
    are to the point, and of how many."""

    question: Question
    answer: Answer
    met: int
    clean: int

    @property
    def is_refused(self) -> bool:
        return self.answer.kind is AnswerKind.NOT_FOUND

    @property
    def is_good(self) -> bool:
        if not self.question.answerable:
            return self.is_refused
        enough = (0.5 if self.question.kind in _WIDE else 1) * len(self.question.groups)
        said = len(self.answer.claims)
        return self.met >= enough and said > 0 and self.clean >= 0.5 * said

    def shares(self) -> Iterator[tuple[str, int, int]]:
        """For each figure that the question counts in: how many it adds to it, of how many."""
        if not self.question.answerable:
            yield "told not to be there", self.is_refused, 1
            return
        yield "good answers", self.is_good, 1
        yield "groups met", self.met, len(self.question.groups)
        yield "sentences to the point", self.clean, len(self.answer.claims)
        yield "answerable refused", self.is_refused, 1


def read_questions(path: Path) -> list[Question]:
    """Raises BenchmarkUnusable."""
    return [question for _, question in read_records(path, Question)]


def read_claims(path: Path) -> Iterator[tuple[str, Case]]:
    """Each claim with its kind, against the quote that it cites alone. Raises BenchmarkUnusable."""
    for number, record in read_records(path, Claim):
        key = record.id or str(number)
        verdict = Verdict.SUPPORTED if record.supported else Verdict.UNSUPPORTED
        yield record.kind, Case(key, key, record.claim, (record.quote,), verdict)


def stages(folder: Path | None, benchmarks: Path) -> tuple[Stage, Stage]:
    questions, claims, articles = files_of(folder, benchmarks) if folder else ((), (), ())
    return (
        Stage("newsdesk", NAME, (*questions, *articles) if articles else (), ORIGIN, measure),
        Stage("newsdesk_claims", CLAIMS, claims, ORIGIN, measure_verdicts),
    )


def files_of(
    folder: Path, benchmarks: Path
) -> tuple[tuple[Path, ...], tuple[Path, ...], tuple[Path, ...]]:
    """The questions, the claims, and what articles are made of; those that are there."""
    questions, claims = (
        (path,) if path.exists() else ()
        for path in (folder / "questions.jsonl", folder / "claims.jsonl")
    )
    listed = folder / "articles.jsonl"
    if not listed.exists():
        return questions, claims, tuple(sorted(folder.glob("articles/*")))
    weeks = sorted({article.week for _, article in read_records(listed, _Article)})
    packed = tuple(benchmarks / "realtimeqa_2025" / f"{week}_gcs.jsonl.gz" for week in weeks)
    return questions, claims, (listed, *packed) if all(map(Path.exists, packed)) else ()


def measure(context: Context, files: Sequence[Path]) -> Result:
    every = read_questions(files[0])
    chosen = context.sampled(every)
    settings = replace(context.settings, corpus_dir=laid_out(context.settings, files[1:]))
    build_index(settings, progress=context.progress)
    talk = Talk(open_assistant(settings))
    outcomes = []
    for question in context.each(chosen, f"{NAME}: asking"):
        outcome = judged(question, talk.ask(question.question, question.history))
        outcomes.append(outcome)
        if not outcome.is_good:
            context.failed(_failure(outcome))
    return Result(tuple(_figures(outcomes, sample_note(len(chosen), len(every)), context.resamples)))


def measure_verdicts(context: Context, files: Sequence[Path]) -> Result:
    kinds = {case.key: (kind, case) for kind, case in read_claims(files[0])}
    cases = [case for _, case in kinds.values()]
    return measure_claims(
        context, CLAIMS, cases, (_MEASURE, BY_PROBABILITY), lambda case: kinds[case.key][0]
    )


def judged(question: Question, answer: Answer) -> Outcome:
    cited = [citation for claim in answer.claims for citation in claim.citations]
    must = [group.any for group in question.groups]
    may = [*(quote for quotes in must for quote in quotes), *question.acceptable]
    return Outcome(
        question,
        answer,
        sum(_match(cited, quotes) for quotes in must),
        sum(_match(claim.citations, may) for claim in answer.claims),
    )


def _match(citations: Sequence[Citation], quotes: Sequence[Quote]) -> bool:
    return any(matches(citation, quote) for citation in citations for quote in quotes)


def matches(citation: Citation, quote: Quote) -> bool:
    if Path(citation.source).name != quote.file:
        return False
    one, two = (" ".join(text.split()) for text in (citation.quote, quote.quote))
    if one in two or two in one:
        return True
    shared = SequenceMatcher(None, one, two, autojunk=False).find_longest_match().size
    return shared >= 0.5 * min(len(one), len(two))


def _figures(outcomes: Sequence[Outcome], note: str, resamples: int) -> Iterator[Score]:
    """Of all answerable questions, of the unanswerable ones, and of each kind."""
    answerable = [each for each in outcomes if each.question.answerable]
    quotes = [c.quote for each in answerable for claim in each.answer.claims for c in claim.citations]
    long = f"citations of {sum(map(len, quotes)) / max(len(quotes), 1):.0f} characters on average"
    told = "; ".join(filter(None, (long, note)))
    yield from _of_part("", answerable, told, resamples)
    unanswerable = [each for each in outcomes if each.question.kind == _UNANSWERABLE]
    yield from _of_part("", unanswerable, note, resamples)
    for kind in sorted({each.question.kind for each in outcomes}):
        some = [each for each in outcomes if each.question.kind == kind]
        yield from _of_part(f"kind {kind}", some, note, resamples)


def _of_part(part: str, outcomes: Sequence[Outcome], note: str, resamples: int) -> Iterator[Score]:
    shares: dict[str, list[tuple[str, float]]] = {}
    for outcome in outcomes:
        for metric, good, count in outcome.shares():
            right = ((outcome.question.id, float(n < good)) for n in range(count))
            shares.setdefault(metric, []).extend(right)
    for metric, some in shares.items():
        items = items_of([value for _, value in some], None, [key for key, _ in some])
        yield replace(score_of(NAME, metric, mean, items, (), "", note, resamples), part=part)


def _failure(outcome: Outcome) -> Failure:
    question, answer = outcome.question, outcome.answer
    kind = "refused" if outcome.is_refused else "answered" if not question.answerable else "not good"
    asked = " → ".join((*question.history, question.question))
    expected = " | ".join(" or ".join(quote.quote for quote in group.any) for group in question.groups)
    said = " | ".join(claim.text for claim in answer.claims) or answer.message or ""
    understood = f" [understood: {answer.standalone}]" if answer.standalone else ""
    return Failure(NAME, f"{question.kind}: {kind}", question.id, asked, expected, f"{said}{understood}")


def laid_out(settings: Settings, files: Sequence[Path]) -> Path:
    """The folder of the articles; those that are listed are laid out below the data folder, with their
    very words. Raises BenchmarkUnusable."""
    listed, *packed = files
    if listed.name != "articles.jsonl":
        return listed.parent
    texts: dict[tuple[str, str], str] = {}
    for path in packed:
        for found in realtimeqa.read_found(path):
            if found.url and found.text:
                texts.setdefault((path.name.partition("_")[0], found.url), found.text)
    folder = settings.data_dir / "benchmarks" / "newsdesk"
    folder.mkdir(parents=True, exist_ok=True)
    articles = [article for _, article in read_records(listed, _Article)]
    for path in folder.iterdir():
        if path.name not in {article.file for article in articles}:
            path.unlink()
    for article in articles:
        if (article.week, article.url) not in texts:
            raise BenchmarkUnusable(
                f"{article.file} is not in the news of {article.week}. Fetch realtimeqa_2025 again."
            )
        content = (_front_matter(article) + texts[article.week, article.url]).encode()
        path = folder / Path(article.file).name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    return folder


def _front_matter(article: _Article) -> str:
    lines = ["---", f"title: {json.dumps(article.title, ensure_ascii=False)}"]
    lines.append(f"publisher: {article.publisher}")
    if article.published:
        lines.append(f"published: {article.published}")
    return "\n".join([*lines, f"url: {article.url}", "---", "", ""])
