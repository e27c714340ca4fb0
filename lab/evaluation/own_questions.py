"""Our own questions, asked of an assistant as a reader would ask: what of its answers is right.

A line of the file is a question with the sentences that answer it. It knows nothing of how answers are
made, and judges an answer by its kind and by the words that it cites.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.stats import binomtest

from lab.evaluation.failures import Failure
from lab.evaluation.readers import BenchmarkUnusable
from lab.evaluation.verification import Row
from rag.asking.assistant import Assistant
from rag.core.records import Answer, AnswerKind, Article, Citation, Exchange, Method, Standing
from rag.language.sentences import split_sentences

NAME = "own questions"


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
    found: list[OwnQuestion] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        try:
            found.append(OwnQuestion.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the line"
            raise BenchmarkUnusable(f"{path}, line {number}: {place}: {first['msg']}.") from error
    return tuple(found)


def ask_questions(
    assistant: Assistant,
    questions: Sequence[OwnQuestion],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """Asks every question after its history, with extraction.

    Raises BenchmarkUnusable for a gold sentence that is none, and what `Assistant.ask` raises."""
    spans = _spans(assistant.articles())
    known: dict[tuple[str, ...], tuple[Exchange, ...]] = {(): ()}
    outcomes = []
    for number, question in enumerate(questions, start=1):
        for place in (place for gold in question.gold for place in gold.places):
            if place not in spans:
                raise BenchmarkUnusable(
                    f"{question.id}: this is no sentence of {place.source}: {place.quote}"
                )
        answer = _ask(assistant, question.question, _history(assistant, question.history, known))
        citations = [citation for claim in answer.claims for citation in claim.citations]
        lacking = tuple(
            gold
            for gold in question.gold
            if not any(_meets(place, spans[place], citations) for place in gold.places)
        )
        astray = tuple(citation for citation in citations if not _stands(assistant, citation))
        outcomes.append(Outcome(question, answer, lacking, astray))
        progress(number, len(questions))
    return tuple(outcomes)


def measure(outcomes: Sequence[Outcome]) -> tuple[Row, ...]:
    """The figures of all questions, of the tuned and of the fresh ones, and of each kind."""
    parts: dict[str, list[Outcome]] = {"all": list(outcomes), "tuned": [], "fresh": []}
    for outcome in outcomes:
        parts[outcome.question.part].append(outcome)
        parts.setdefault(f"kind {outcome.question.kind}", []).append(outcome)
    rows = (_row(figure, name, part) for figure in Figure for name, part in parts.items())
    return tuple(row for row in rows if row.count)


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


def worse_rows(rows: Sequence[Row], accepted: Sequence[Row]) -> tuple[tuple[Row, Row | None], ...]:
    """The accepted rows that are not reached, each with what came instead."""
    now = {(row.metric, row.part): row for row in rows}
    pairs = [(row, now.get((row.metric, row.part))) for row in accepted]
    return tuple((before, after) for before, after in pairs if after is None or _worse(after, before))


def _worse(after: Row, before: Row) -> bool:
    # A row without a figure is never made.
    assert after.ours is not None
    assert before.ours is not None
    less_is_better = before.metric in _LESS_IS_BETTER
    return after.ours > before.ours if less_is_better else after.ours < before.ours


def _row(figure: Figure, part: str, outcomes: Sequence[Outcome]) -> Row:
    shares = [share for outcome in outcomes for share in outcome.shares() if share[0] is figure]
    good, count = sum(share[1] for share in shares), sum(share[2] for share in shares)
    ends = binomtest(good, count).proportion_ci(method="wilson") if count else None
    return Row(
        benchmark=NAME,
        metric=figure.value,
        part=part,
        count=count,
        floor=None,
        ours=round(100 * good / count, 1) if count else None,
        low=round(100 * float(ends.low), 1) if ends else None,
        high=round(100 * float(ends.high), 1) if ends else None,
        published="",
    )


def _ask(assistant: Assistant, question: str, history: Sequence[Exchange]) -> Answer:
    *_, last = assistant.ask(question, history, method=Method.EXTRACTED)
    assert isinstance(last, Answer)
    return last


def _history(
    assistant: Assistant,
    questions: tuple[str, ...],
    known: dict[tuple[str, ...], tuple[Exchange, ...]],
) -> tuple[Exchange, ...]:
    """The exchanges that these questions give, asked one after another; `known` is added to."""
    if questions not in known:
        before = _history(assistant, questions[:-1], known)
        answer = _ask(assistant, questions[-1], before)
        known[questions] = (*before, Exchange(questions[-1], answer))
    return known[questions]


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


def _stands(assistant: Assistant, citation: Citation) -> bool:
    opened = assistant.open(citation)
    if opened.standing is not Standing.SAME or opened.article is None:
        return False
    return opened.article.text[citation.start : citation.end] == citation.quote


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
