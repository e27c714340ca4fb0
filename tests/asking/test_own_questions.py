"""Our own questions over the articles that ship: the file is well-formed, and the score is kept."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.reading import BenchmarkUnusable
from lab.results import Score
from lab.sets.own import (
    PARTS,
    Figure,
    Outcome,
    OwnQuestion,
    ask_questions,
    failures,
    figures,
    read_questions,
    worse,
)
from rag.asking.assistant import Assistant
from rag.core.records import Answer, AnswerKind, Claim, Event, Verdict, Weighed
from rag.core.settings import Settings, shipped
from rag.language.sentences import split_sentences
from rag.loading.corpus import find_files, load, read_bytes
from rag.wiring import open_assistant
from tests.own_questions import QUESTIONS, SCORE, ask_all, half, read_score

ALL = read_questions(QUESTIONS)
# What the score is kept on; the figures on all are in docs/scoreboard.md.
HALF = half(ALL)
# Three that the articles answer and two that they do not.
FEW = tuple(question for question in ALL if question.id in {"smoke-001", "smoke-003", "smoke-008"})
NONE = tuple(question for question in ALL if question.id in {"smoke-021", "smoke-029"})

# What was said on the way, and the answer, to another answer.
Change = Callable[[list[Event], Answer], Answer]


@pytest.fixture(scope="module")
def outcomes(models_dir: Path) -> tuple[Outcome, ...]:
    return ask_all(models_dir.parent, HALF)


@pytest.fixture
def assistant(outcomes: tuple[Outcome, ...], models_dir: Path) -> Assistant:
    return open_assistant(Settings(shipped("corpus"), models_dir.parent))


def test_the_score_is_kept(outcomes: tuple[Outcome, ...]) -> None:
    scores = figures(outcomes)
    lost = [
        f"{before.metric}, {before.part}: {after.ours if after else 'none'}, was {before.ours}"
        for before, after in worse(scores, read_score())
    ]
    assert not lost, f"{lost}: `python -m tests.own_questions` shows the questions"


def test_the_score_is_of_these_questions() -> None:
    assert {question.kind for question in HALF} == {question.kind for question in ALL}
    parts = Counter(question.part for question in HALF if question.is_answerable)
    counts = {score.part: score.count for score in read_score() if score.metric == Figure.RIGHT}
    assert counts == {part: parts[part] for part in PARTS}, f"--accept writes {SCORE.name}"


def test_every_quote_is_the_words_at_its_span(outcomes: tuple[Outcome, ...]) -> None:
    assert [outcome for outcome in outcomes if outcome.astray] == []


def test_there_are_enough_of_each() -> None:
    assert sum(question.is_answerable for question in ALL) >= 80
    assert sum(not question.is_answerable for question in ALL) >= 40
    fresh = [question for question in ALL if question.part == "fresh"]
    assert sum(question.is_answerable for question in fresh) >= 45
    assert sum(not question.is_answerable for question in fresh) >= 25


def test_ids_and_questions_are_unique() -> None:
    assert Counter(question.id for question in ALL).most_common(1)[0][1] == 1
    asked = Counter((*question.history, question.question.lower()) for question in ALL)
    assert asked.most_common(1)[0][1] == 1


def test_every_gold_quote_is_a_whole_sentence_of_its_article() -> None:
    sentences = set()
    for file in find_files(shipped("corpus"))[0]:
        article = load(file.source, read_bytes(file))
        for sentence in split_sentences(article.text, article.title):
            if not sentence.is_heading:
                sentences.add((file.source, article.text[sentence.start : sentence.end]))
    places = {place for question in ALL for gold in question.gold for place in gold.places}
    assert {(place.source, place.quote) for place in places} <= sentences


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)
def test_a_line_is_of_one_piece(question: OwnQuestion) -> None:
    assert question.is_answerable == bool(question.gold)
    assert (question.expects is AnswerKind.PARTIAL) == (question.kind == "half")
    assert bool(question.history) == (question.kind == "follow_up")
    if question.kind.startswith("unanswerable"):
        assert not question.is_answerable


def test_the_figures_are_counted_and_failures_told(assistant: Assistant) -> None:
    found = ask_questions(assistant, (*FEW, *NONE))
    assert _figures(figures(found)) == {
        Figure.RIGHT: (100.0, 3),
        Figure.QUOTES: (100.0, sum(len(one.answer.claims) for one in found)),
        Figure.TOLD: (100.0, 2),
        Figure.REFUSED: (0.0, 3),
    }
    assert failures(found) == ()


def test_citations_that_are_off_by_one_lower_their_figure(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shifted(_: list[Event], answer: Answer) -> Answer:
        claims = tuple(
            replace(claim, citations=tuple(replace(one, start=one.start + 1) for one in claim.citations))
            for claim in answer.claims
        )
        return replace(answer, claims=claims)

    _change(monkeypatch, assistant, shifted)
    found = ask_questions(assistant, FEW)
    counted = _figures(figures(found))
    assert (counted[Figure.QUOTES][0], counted[Figure.RIGHT][0]) == (0.0, 100.0)
    assert [failure.kind for failure in failures(found)] == [Figure.QUOTES] * 3


def test_an_assistant_that_finds_nothing_refuses_everything(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(
        monkeypatch,
        assistant,
        lambda _, answer: Answer(answer.question, AnswerKind.NOT_FOUND, "Nothing.", ()),
    )
    found = ask_questions(assistant, (*FEW, *NONE))
    counted = {name: figure for name, (figure, _) in _figures(figures(found)).items()}
    assert counted == {Figure.RIGHT: 0.0, Figure.TOLD: 100.0, Figure.REFUSED: 100.0}
    failure = failures(found)[0]
    assert failure.kind == f"{Figure.RIGHT}, {Figure.REFUSED}"
    assert failure.expected == f"answered | {FEW[0].gold[0].quote}"
    assert failure.came == "not_found: Nothing."


def test_an_assistant_that_always_answers_tells_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def best(events: list[Event], answer: Answer) -> Answer:
        weighed = next(event for event in events if isinstance(event, Weighed))
        citation = weighed.sentences[0].citation
        claim = Claim(citation.quote, (citation,), Verdict.SUPPORTED)
        return replace(answer, kind=AnswerKind.ANSWERED, claims=(claim,))

    _change(monkeypatch, assistant, best)
    assert _figures(figures(ask_questions(assistant, NONE))) == {
        Figure.QUOTES: (100.0, 2),
        Figure.TOLD: (0.0, 2),
    }


def test_a_follow_up_is_asked_after_its_history(assistant: Assistant) -> None:
    question = next(question for question in ALL if question.question == "And Blinken?")
    found = ask_questions(assistant, (question,))[0]
    assert found.answer.standalone == (
        "What did Ned Price say about normalization with the Assad regime, and Blinken?"
    )


def test_of_refusals_more_is_worse() -> None:
    right, refused = _score(Figure.RIGHT, 80.0), _score(Figure.REFUSED, 5.0)
    more = (_score(Figure.RIGHT, 81.0), _score(Figure.REFUSED, 6.0))
    assert worse(more, (right, refused)) == ((refused, more[1]),)
    assert worse((), (right,)) == ((right, None),)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1: the line: Invalid JSON"),
        ('{"id": "x"}', "line 1: origin: Field required"),
        (
            '{"id": "x", "origin": "fresh", "kind": "riddle", "question": "?", "expects": "answered", '
            '"gold": []}',
            "line 1: kind: Input should be",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(BenchmarkUnusable, match=told):
        read_questions(file)


def test_a_gold_sentence_that_is_none_is_named(assistant: Assistant) -> None:
    gold = FEW[0].gold[0].model_copy(update={"quote": "Kalin flew to Oslo."})
    question = FEW[0].model_copy(update={"gold": (gold,)})
    with pytest.raises(BenchmarkUnusable, match=r"no sentence of .*: Kalin flew to Oslo"):
        ask_questions(assistant, (question,))


def _score(figure: Figure, ours: float) -> Score:
    return Score("own questions", figure.value, 100, ours, part="fresh")


def _figures(scores: tuple[Score, ...]) -> dict[str, tuple[float | None, int]]:
    return {score.metric: (score.ours, score.count) for score in scores if not score.part}


def _change(monkeypatch: pytest.MonkeyPatch, assistant: Assistant, change: Change) -> None:
    """Makes the assistant give other answers than it would."""
    asks = assistant.ask

    def ask(*arguments: Any, **options: Any) -> Iterator[Event]:
        *events, answer = asks(*arguments, **options)
        assert isinstance(answer, Answer)
        yield from events
        yield change(events, answer)

    monkeypatch.setattr(assistant, "ask", ask)
