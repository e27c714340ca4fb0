"""CLAPNQ: which sentences of a passage of Wikipedia answer a question, and does it answer at all?
Apache-2.0."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pydantic import BaseModel, Field

from lab.asking import Asked, ask, stands
from lab.failures import Failure
from lab.learned import is_learned
from lab.metrics import accuracy, auroc, mean
from lab.plain import Cosines, word_coverage
from lab.reading import read_records, untrained
from lab.results import Result
from lab.scores import answer_curves, items_of, sample_note, score_of
from lab.scratch import Document
from lab.stage import Context, Stage
from lab.train.altering import altered
from lab.train.examples import Example
from lab.train.windows import sentence_spans
from rag.core.records import Scored

NAME = "CLAPNQ"
KEY = "clapnq"
ORIGIN = "github.com/primeqa/clapnq: clapnq_dev_*answerable.jsonl, in clapnq/"
_TOP = 3
_PUBLISHED_F1 = "all-MiniLM-L6-v2 cosine .595"
_PUBLISHED_AUROC = "all-MiniLM-L6-v2 cosine .874 by the best sentence, .880 by the passage"


class _Passage(BaseModel):
    title: str = ""
    text: str
    sentences: list[str]


class _Output(BaseModel):
    answer: str = ""
    selected_sentences: list[str] = []


class _Record(BaseModel):
    id: str
    input: str
    passages: list[_Passage] = Field(min_length=1)
    output: list[_Output] = []


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question asked of one passage. `sentences` are the passage's in order; those that answer are
    `selected`, and `answer` is what a person made of them, "" where there is none."""

    key: str
    question: str
    document: Document
    sentences: tuple[str, ...]
    selected: tuple[str, ...] = ()
    answer: str = ""

    @property
    def gold(self) -> frozenset[int]:
        """The places of the sentences that answer."""
        return frozenset(n for n, sentence in enumerate(self.sentences) if sentence in self.selected)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question with what came of it. Rankings are places of the passage's sentences, best first."""

    question: PassageQuestion
    asked: Asked
    ranking: tuple[int, ...]
    by_cosine: tuple[int, ...]
    by_words: tuple[int, ...]
    best_cosine: float
    passage_cosine: float
    standing: tuple[bool, ...]


def read(path: Path) -> Iterator[PassageQuestion]:
    """The sentences that answer are those that the first person to annotate the question chose: the
    published figures count by that one. Raises BenchmarkUnusable."""
    for _, record in read_records(path, _Record):
        passage, output = record.passages[0], record.output[0] if record.output else _Output()
        yield PassageQuestion(
            record.id,
            record.input,
            Document(passage.text, passage.title),
            tuple(passage.sentences),
            tuple(output.selected_sentences),
            output.answer.strip(),
        )


def files_of(folder: Path) -> tuple[Path, ...]:
    return untrained(folder, "clapnq/*.jsonl")


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, files_of(folder), ORIGIN, measure),)


def unlearned(questions: Sequence[PassageQuestion]) -> list[PassageQuestion]:
    """The questions that the shipped weights have not learned from."""
    return [question for question in questions if not is_learned(question.key, KEY)]


def measure(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its passage alone."""
    every = [question for path in files for question in read(path)]
    measurable = unlearned(every)
    scratch = context.scratch(KEY, (question.document for question in every))
    cosines = Cosines(context.settings)
    chosen = context.sampled(measurable)
    found = []
    for question in context.each(chosen, f"{NAME}: asking"):
        source = question.document.source
        article = scratch.articles.get(source)
        asked = ask(scratch.assistant, question.question, [source] if article else [])
        spans = places_of(article.text if article else "", question.sentences)
        near = cosines.of(question.question, question.sentences)
        worded = [word_coverage(question.question, (sentence,)) for sentence in question.sentences]
        (whole,) = cosines.of(question.question, [question.document.text])
        measured = _Measured(
            question,
            asked,
            ranking(asked.sentences, spans),
            _best_first(near),
            _best_first(worded),
            max(near, default=0.0),
            whole,
            tuple(stands(scratch.assistant, citation) for citation in asked.citations),
        )
        found.append(measured)
        if failure := _failure(measured):
            context.failed(failure)
    return _figures(found, sample_note(len(chosen), len(measurable)), context.resamples)


def _failure(measured: _Measured) -> Failure | None:
    question, asked = measured.question, measured.asked
    gold = [question.sentences[place] for place in sorted(question.gold)]
    if asked.is_answered != bool(gold):
        kind = "refused though it answers" if gold else "answered though it does not"
    elif gold and not _is_first_right(measured.ranking, question.gold):
        kind = "another sentence first"
    else:
        return None
    expected = " | ".join(gold) or "no answer"
    return Failure(NAME, kind, question.key, question.question, expected, asked.told)


def _figures(found: Sequence[_Measured], note: str, resamples: int) -> Result:
    score = partial(score_of, NAME, note=note, resamples=resamples)
    answerable = [each for each in found if each.question.gold]
    keys = [each.question.key for each in answerable]
    gold = [each.question.gold for each in answerable]
    rankings = (
        ("ours", [each.ranking for each in answerable]),
        ("cosine alone", [each.by_cosine for each in answerable]),
        ("word coverage", [each.by_words for each in answerable]),
    )
    scores = []
    for metric, published, figure in (
        ("sentence F1@3", _PUBLISHED_F1, top_f1),
        ("sentence P@1", "all-MiniLM-L6-v2 cosine .713", _is_first_right),
    ):
        (_, ours), *others = (
            (name, items_of(list(map(figure, ranked, gold)), None, keys)) for name, ranked in rankings
        )
        scores.append(score(metric, mean, ours, others, published))
    truths = [bool(each.question.gold) for each in found]
    groups = [each.question.key for each in found]
    confidences = [each.asked.confidence for each in found]
    best, whole = [each.best_cosine for each in found], [each.passage_cosine for each in found]
    both = [(one + other) / 2 for one, other in zip(best, whole, strict=True)]
    cosines = (("best sentence's cosine", best), ("passage's cosine", whole), ("both cosines", both))
    cited = [(each.question.key, float(good)) for each in found for good in each.standing]
    scores += [
        score(
            "answerable or not, AUROC",
            auroc,
            items_of(confidences, truths, groups),
            [(name, items_of(values, truths, groups)) for name, values in cosines],
            _PUBLISHED_AUROC,
        ),
        score(
            "answerable or not, accuracy",
            accuracy,
            items_of([float(each.asked.is_answered) for each in found], truths, groups),
            (("always abstain", items_of([0.0] * len(found), truths, groups)),),
        ),
        score(
            "citations whose words stand at their span",
            mean,
            items_of([good for _, good in cited], None, [key for key, _ in cited]),
        ),
    ]
    right = [_is_first_right(each.ranking, each.question.gold) > 0 for each in found]
    right_by_cosine = [_is_first_right(each.by_cosine, each.question.gold) > 0 for each in found]
    risks = [("ours", confidences, right), ("cosine", best, right_by_cosine)]
    curves = answer_curves(NAME, "best sentence does not answer", risks, confidences, truths)
    return Result(tuple(scores), curves)


def places_of(text: str, sentences: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where a passage's sentences stand in an article made of it. They are counted out by their
    letters: white space may have changed on the way, nothing else has."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    spans, at = [], 0
    for sentence in sentences:
        size = sum(not letter.isspace() for letter in sentence)
        if not size or at + size > len(places):
            spans.append((0, 0))
            continue
        spans.append((places[at], places[at + size - 1] + 1))
        at += size
    return tuple(spans)


def ranking(found: Sequence[Scored], spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The set's sentences in the order in which ours name them."""
    ranked: dict[int, None] = {}
    for likely in found:
        ours = likely.citation.start, likely.citation.end
        for place, theirs in enumerate(spans):
            if is_same_sentence(ours, theirs):
                ranked.setdefault(place)
    return tuple(ranked)


def is_same_sentence(ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """Whether two spans of a text are one sentence, each parted by rules of its own: they share half of
    the shorter one."""
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0])
    return shared > 0 and 2 * shared >= min(ours[1] - ours[0], theirs[1] - theirs[0])


def top_f1(ranked: Sequence[int], gold: frozenset[int]) -> float:
    """F1 of the first three sentences against those that answer."""
    top = set(ranked[:_TOP])
    return 2 * len(top & gold) / (len(top) + len(gold))


def _is_first_right(ranked: Sequence[int], gold: frozenset[int]) -> float:
    return float(bool(ranked) and ranked[0] in gold)


def _best_first(figures: Sequence[float]) -> tuple[int, ...]:
    return tuple(sorted(range(len(figures)), key=lambda place: -figures[place]))


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    for path in sorted(folder.glob("clapnq/*.jsonl")):
        for record in read(path):
            yield from _examples_of(record, chance)


def _examples_of(record: PassageQuestion, chance: random.Random) -> Iterator[Example]:
    text, key = record.document.text, record.key
    spans = []
    at = 0
    for sentence in record.sentences:
        found = text.find(sentence, at)
        if found >= 0:
            at = found + len(sentence)
            spans.append((found, at))
    chosen = {sentence.strip() for sentence in record.selected}
    bearing = tuple(float(text[start:end].strip() in chosen) for start, end in spans)
    if chosen and not any(bearing):
        return
    whole = Example(KEY, key, "", text, record.document.title, sentences=tuple(spans), bearing=bearing)
    yield replace(whole, asked=record.question, answers=float(bool(record.answer)), weight=2.0)
    for start, end in sentence_spans(record.answer):
        said = record.answer[start:end]
        yield replace(whole, asked=said, supports=1.0, weight=1.5)
        for _ in range(2):
            if false := altered(said, text, chance):
                yield Example(KEY, key, false, text, record.document.title, supports=0.0)
