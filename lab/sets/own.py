"""Our own questions, asked of the articles that ship as a reader would: what of the answers is right.

A line of the file is a question with the sentences that answer it. An answer is judged by its kind and
by the words that it cites.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import binomtest

from lab.asking import Talk, stands
from lab.failures import Failure
from lab.reading import BenchmarkUnusable, read_records
from lab.results import Result, Score
from lab.scores import percent
from lab.stage import Context, Stage
from rag.asking.assistant import Assistant
from rag.core.records import Answer, AnswerKind, Article, Citation
from rag.core.settings import shipped
from rag.language.sentences import split_sentences
from rag.wiring import build_index, open_assistant

NAME = "own questions"
# The parts of the questions that the scoreboard shows beside all of them.
PARTS = ("tuned", "fresh")


class Figure(StrEnum):
    """What is counted, as the rows name it."""

    RIGHT = "right sentence among the claims"
    QUOTES = "a citation's quote equals its span"
    TOLD = "unanswerable told so"
    HALVES = "half-answerable told so"
    REFUSED = "answerable refused"


# Of all other figures more is better.
_LESS_IS_BETTER = (Figure.REFUSED,)


class Place(BaseModel):
    """A sentence of an article, exactly as it stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    quote: str = Field(min_length=1)


class Gold(Place):
    """A sentence that the answer must cite; one of those under `or` does instead."""

    others: tuple[Place, ...] = Field(default=(), alias="or")

    @property
    def places(self) -> tuple[Place, ...]:
        return (Place(source=self.source, quote=self.quote), *self.others)


class OwnQuestion(BaseModel):
    """A line of the file.

    `history` are the questions asked before it, in order. Each of `gold` must be met. Where `expects`
    is `partial`, `gold` answers the half that can be. On questions whose `origin` is `fresh` nothing
    was tuned when they were written; on `smoke` and `dev` much was.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    origin: Literal["smoke", "dev", "fresh"]
    kind: Literal[
        "fact",
        "list",
        "who_said",
        "date",
        "number",
        "comparison",
        "spelling",
        "follow_up",
        "half",
        "unanswerable_far",
        "unanswerable_near",
    ]
    question: str
    history: tuple[str, ...] = ()
    expects: AnswerKind
    gold: tuple[Gold, ...]

    @property
    def is_answerable(self) -> bool:
        return self.expects is not AnswerKind.NOT_FOUND

    @property
    def part(self) -> str:
        return "fresh" if self.origin == "fresh" else "tuned"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and what came of it. `lacking` are the gold sentences that no claim cites, `astray`
    the citations whose words do not stand in the file at their span."""

    question: OwnQuestion
    answer: Answer
    lacking: tuple[Gold, ...]
    astray: tuple[Citation, ...]

    def shares(self) -> Iterator[tuple[Figure, int, int]]:
        """For each figure that the question counts in: how many it adds to it, of how many."""
        kind = self.answer.kind
        if self.question.is_answerable:
            yield Figure.RIGHT, not self.lacking, 1
            yield Figure.REFUSED, kind is AnswerKind.NOT_FOUND, 1
        else:
            yield Figure.TOLD, kind is AnswerKind.NOT_FOUND, 1
        if self.question.expects is AnswerKind.PARTIAL:
            yield Figure.HALVES, kind is AnswerKind.PARTIAL, 1
        cited = sum(len(claim.citations) for claim in self.answer.claims)
        yield Figure.QUOTES, cited - len(self.astray), cited


def read_questions(path: Path) -> tuple[OwnQuestion, ...]:
    """The questions of a file of JSON lines. Raises BenchmarkUnusable, which names file and line."""
    return tuple(question for _, question in read_records(path, OwnQuestion))


def stages() -> tuple[Stage, ...]:
    """The files are the questions, then the articles that they are asked of."""
    questions = shipped("tests/questions.jsonl")
    articles = sorted(path for path in shipped("corpus").rglob("*") if path.is_file())
    files = (questions, *articles) if questions.exists() else ()
    return (Stage("own", "Own questions", files, "tests/questions.jsonl of the project", measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    settings = replace(context.settings, corpus_dir=shipped("corpus"))
    build_index(settings, progress=context.progress)
    outcomes = ask_questions(
        open_assistant(settings),
        read_questions(files[0]),
        lambda done, total: context.progress(done, total, f"{NAME}: asking"),
    )
    for failure in failures(outcomes):
        context.failed(failure)
    return Result(tuple(score for score in figures(outcomes) if score.part in ("", *PARTS)))


def ask_questions(
    assistant: Assistant,
    questions: Sequence[OwnQuestion],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """Asks every question after its history, with extraction.

    Raises BenchmarkUnusable for a gold sentence that is none, and what `Assistant.ask` raises."""
    spans = _spans(assistant.articles())
    talk = Talk(assistant)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        for place in (place for gold in question.gold for place in gold.places):
            if place not in spans:
                raise BenchmarkUnusable(
                    f"{question.id}: this is no sentence of {place.source}: {place.quote}"
                )
        answer = talk.ask(question.question, question.history)
        citations = [citation for claim in answer.claims for citation in claim.citations]
        lacking = tuple(
            gold
            for gold in question.gold
            if not any(_meets(place, spans[place], citations) for place in gold.places)
        )
        astray = tuple(citation for citation in citations if not stands(assistant, citation))
        outcomes.append(Outcome(question, answer, lacking, astray))
        progress(number, len(questions))
    return tuple(outcomes)


def figures(outcomes: Sequence[Outcome]) -> tuple[Score, ...]:
    """The figures of all questions, of the tuned and of the fresh ones, and of each kind."""
    parts: dict[str, list[Outcome]] = {"": list(outcomes), **{part: [] for part in PARTS}}
    for outcome in outcomes:
        parts[outcome.question.part].append(outcome)
        parts.setdefault(f"kind {outcome.question.kind}", []).append(outcome)
    scores = (_score(figure, name, part) for figure in Figure for name, part in parts.items())
    return tuple(score for score in scores if score.count)


def failures(outcomes: Sequence[Outcome]) -> tuple[Failure, ...]:
    """The questions that were not answered as they should be, in order. A failure's kind are the figures
    that it lowers."""
    found = []
    for outcome in outcomes:
        missed = tuple(
            figure
            for figure, good, count in outcome.shares()
            if (good > 0 if figure in _LESS_IS_BETTER else good < count)
        )
        if missed:
            question = outcome.question
            asked = " → ".join((*question.history, question.question))
            expected, came = _expected(outcome), _told(outcome.answer)
            found.append(Failure(NAME, ", ".join(missed), question.id, asked, expected, came))
    return tuple(found)


def worse(scores: Sequence[Score], accepted: Sequence[Score]) -> tuple[tuple[Score, Score | None], ...]:
    """The accepted figures that are not reached, each with what came instead."""
    now = {(score.metric, score.part): score for score in scores}
    pairs = [(score, now.get((score.metric, score.part))) for score in accepted]
    return tuple((before, after) for before, after in pairs if after is None or _is_worse(after, before))


def _is_worse(after: Score, before: Score) -> bool:
    # One without a figure is never made.
    assert after.ours is not None
    assert before.ours is not None
    less_is_better = before.metric in _LESS_IS_BETTER
    return after.ours > before.ours if less_is_better else after.ours < before.ours


def _score(figure: Figure, part: str, outcomes: Sequence[Outcome]) -> Score:
    shares = [share for outcome in outcomes for share in outcome.shares() if share[0] is figure]
    good, count = sum(share[1] for share in shares), sum(share[2] for share in shares)
    if not count:
        return Score(NAME, figure.value, 0, None, part=part)
    ends = binomtest(good, count).proportion_ci(method="wilson")
    return Score(
        NAME,
        figure.value,
        count,
        percent(good / count),
        percent(float(ends.low)),
        percent(float(ends.high)),
        part=part,
    )


def _spans(articles: Sequence[Article]) -> dict[Place, tuple[int, int]]:
    """Where each sentence stands. Of two that are the same the first counts."""
    spans: dict[Place, tuple[int, int]] = {}
    for article in articles:
        for sentence in split_sentences(article.text, article.title):
            quote = article.text[sentence.start : sentence.end]
            if not sentence.is_heading:
                place = Place(source=article.source, quote=quote)
                spans.setdefault(place, (sentence.start, sentence.end))
    return spans


def _meets(place: Place, span: tuple[int, int], citations: Sequence[Citation]) -> bool:
    start, end = span
    return any(
        citation.source == place.source and citation.start < end and start < citation.end
        for citation in citations
    )


def _expected(outcome: Outcome) -> str:
    """The kind of answer, the gold sentences that no claim cites, and the quotes gone astray."""
    ways = [" or ".join(place.quote for place in gold.places) for gold in outcome.lacking]
    astray = [f"not at its span: {citation.quote}" for citation in outcome.astray]
    return " | ".join((outcome.question.expects.value, *ways, *astray))


def _told(answer: Answer) -> str:
    """An answer in a paragraph: its kind, the question as understood, what it says."""
    said = [*(claim.text for claim in answer.claims), *([answer.message] if answer.message else [])]
    understood = f" [understood: {answer.standalone}]" if answer.standalone else ""
    return f"{answer.kind.value}{understood}: {' | '.join(said)}"
