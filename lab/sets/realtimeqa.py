"""RealTimeQA: does the search find the passages that hold the answer, in all the news articles that
were found for any of the questions; and which choice do they bear out?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from lab.choices import PASSAGES, choose
from lab.failures import Failure
from lab.has_answer import has_answer
from lab.metrics import Items, mean
from lab.plain import Plain, PlainSearch, most_words
from lab.reading import read_records
from lab.results import Curve, CurveKind, Point, Result, Series
from lab.scores import items_of, sample_note, score_of
from lab.scratch import Document, Scratch
from lab.stage import Context, Stage
from rag.core.errors import QuestionError
from rag.core.records import Filters, Hit

ORIGIN = (
    "github.com/realtimeqa/realtimeqa_public: of one year all DATE_gcs.jsonl.gz, DATE_qa.jsonl and "
    "DATE_qa_nota.jsonl, as realtimeqa_YEAR/"
)
DEPTH = 20
_FIRST = 5
# As many questions as keep the whole scoreboard within its time: to find, and to choose for.
MOST_QUESTIONS = 300
MOST_CHOICES = 150
_PUBLISHED = {
    "2022": "GPT-3 with the same articles 73.2, fine-tuned RAG 56.9, word overlap 61.0",
    "2026": "the strongest language models of 2026: 72 to 75, word overlap 52.1",
}
_PUBLISHED_NONE = {"2022": "GPT-3 64.3, fine-tuned RAG 45.9"}
_OURS = "ours"


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question with choices, of which those at the places `answers` are right."""

    key: str
    question: str
    choices: tuple[str, ...]
    answers: tuple[int, ...]


class Found(BaseModel):
    url: str | None = None
    title: str | None = None
    text: str | None = None
    publish_date: Any = None


class _Search(BaseModel):
    search_result: list[Found] | None = None


_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def read_articles(path: Path) -> Iterator[Document]:
    """`DATE_gcs.jsonl`: the articles that a search found for each question. What has no
    text is passed over."""
    for found in read_found(path):
        if text := (found.text or "").strip():
            yield Document(
                text,
                found.title or "",
                urlsplit(found.url or "").netloc.removeprefix("www."),
                _day(found.publish_date),
            )


def read_found(path: Path) -> Iterator[Found]:
    """What was found for any of the questions. Raises BenchmarkUnusable."""
    for _, record in read_records(path, _Search):
        yield from record.search_result or ()


def _day(stated: object) -> str | None:
    found = _DAY.match(str(stated or ""))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class _NewsQuestion(BaseModel):
    question_id: str
    question_sentence: str = ""
    question: str = ""
    choices: list[str] = Field(min_length=1)
    answer: list[int | str] | int | str | None = None


def read_questions(path: Path) -> Iterator[NewsQuestion]:
    """`DATE_qa.jsonl` and `DATE_qa_nota.jsonl`. Questions without an answer are passed
    over; links that were copied along with a question are its words alone."""
    for _, record in read_records(path, _NewsQuestion):
        stated = record.answer if isinstance(record.answer, list) else [record.answer]
        places = tuple(place for given in stated if (place := _place(given, record.choices)) is not None)
        question = _TAG.sub("", record.question_sentence or record.question)
        if places and question:
            yield NewsQuestion(record.question_id, question, tuple(record.choices), places)


def _place(given: int | str | None, choices: Sequence[str]) -> int | None:
    """The place of an answer among the choices: it is stated as the place, or in words."""
    if str(given).strip().isdecimal() and int(str(given)) < len(choices):
        return int(str(given))
    return choices.index(given) if given in choices and isinstance(given, str) else None


def stages(folder: Path) -> tuple[Stage, ...]:
    """Two for each year that is there."""
    years = sorted(path for path in folder.glob("realtimeqa_*") if path.is_dir())
    if not years:
        return (Stage("realtimeqa", "RealTimeQA", (), ORIGIN, measure_recall),)
    return tuple(stage for year in years for stage in _of_folder(year))


def _of_folder(folder: Path) -> tuple[Stage, Stage]:
    title, files = _title_of(folder), files_of(folder)
    return (
        Stage(folder.name, title, files, ORIGIN, measure_recall),
        Stage(f"{folder.name}_choices", f"{title}, choices", files, ORIGIN, measure_choices),
    )


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted([*folder.glob("*_gcs.jsonl*"), *folder.glob("*_qa*.jsonl")]))


def measure_recall(context: Context, files: Sequence[Path]) -> Result:
    """The share of questions whose answer stands in one of the first passages, over all articles."""
    name = _title_of(files[0].parent)
    scratch = context.scratch(files[0].parent.name, _articles(files))
    plain = PlainSearch(scratch.settings)
    every = list(_questions(files, none_of_them=False))
    questions = context.sampled(every, MOST_QUESTIONS)
    sampled = sample_note(len(questions), len(every))
    # For each way to search the rank of the first passage with the answer, from 1; beyond all, none.
    ranks: dict[str, list[int]] = {way: [] for way in (_OURS, *Plain)}
    for asked in context.each(questions, f"{name}: searching"):
        words = [asked.choices[place] for place in asked.answers]
        ranks[_OURS].append(_rank(_search(scratch, asked), words))
        for way, hits in plain.find(asked.question, DEPTH):
            ranks[way].append(_rank(hits, words))
        if ranks[_OURS][-1] > DEPTH:
            titles = dict.fromkeys(hit.article.title or "" for hit in _search(scratch, asked)[:_FIRST])
            kind = f"not in the first {DEPTH}"
            told = " | ".join(words), " | ".join(titles)
            context.failed(Failure(name, kind, asked.key, asked.question, *told))
    groups = [asked.key for asked in questions]
    note = ", ".join(filter(None, (f"{len(scratch.articles):,} articles", sampled)))
    score = partial(score_of, name, note=note, resamples=context.resamples)
    scores = []
    for depth in (_FIRST, DEPTH):
        found = {
            way: items_of([float(rank <= depth) for rank in each], None, groups)
            for way, each in ranks.items()
        }
        ours = found.pop(_OURS)
        scores.append(score(f"answer in the first {depth} passages", mean, ours, tuple(found.items())))
    series = tuple(Series(way, _recall_points(each)) for way, each in ranks.items())
    curve = Curve(name, CurveKind.RECALL, "passages", "answer is in one of them", series)
    return Result(tuple(scores), (curve,))


def measure_choices(context: Context, files: Sequence[Path]) -> Result:
    """How often the right choice is chosen; then where one choice is "None of the above"."""
    name = _title_of(files[0].parent)
    scratch = context.scratch(files[0].parent.name, _articles(files))
    plain = PlainSearch(scratch.settings)
    published = (("multiple choice", _PUBLISHED), ("none of the above", _PUBLISHED_NONE))
    scores = []
    for metric, anchors in published:
        every = list(_questions(files, none_of_them=metric != "multiple choice"))
        asked = context.sampled(every, MOST_CHOICES)

        def ours(question: NewsQuestion) -> int:
            return choose(scratch.assistant, question.question, question.choices)

        def floor(question: NewsQuestion) -> int:
            hits = dict(plain.find(question.question, PASSAGES))[Plain.KEYWORDS]
            return most_words([hit.text for hit in hits], question.choices)

        picked = _picked(asked, ours, context, f"{name}: {metric}")
        by_words = _picked(asked, floor, context, f"{name}: {metric}, floor")
        for question, place in zip(asked, picked, strict=True):
            if place not in question.answers:
                wanted = " | ".join(question.choices[place] for place in question.answers)
                came = "no question" if place is None else question.choices[place]
                context.failed(Failure(name, metric, question.key, question.question, wanted, came))
        scores.append(
            score_of(
                name,
                metric,
                mean,
                _right(asked, picked),
                (("BM25, most words in common", _right(asked, by_words)),),
                _of_year(anchors, name),
                sample_note(len(asked), len(every)),
                context.resamples,
            )
        )
    return Result(tuple(scores))


def _picked(
    questions: Sequence[NewsQuestion],
    choose_one: Callable[[NewsQuestion], int],
    context: Context,
    what: str,
) -> list[int | None]:
    """The place of the choice that was made for each question; None for a question that is none."""
    picked: list[int | None] = []
    for question in context.each(questions, what):
        try:
            picked.append(choose_one(question))
        except QuestionError:
            picked.append(None)
    return picked


def _right(questions: Sequence[NewsQuestion], picked: Sequence[int | None]) -> Items:
    """Whether the choice was right, for each question."""
    right = [float(place in question.answers) for question, place in zip(questions, picked, strict=True)]
    return items_of(right, None, [question.key for question in questions])


def _search(scratch: Scratch, asked: NewsQuestion) -> tuple[Hit, ...]:
    try:
        return scratch.assistant.search(asked.question, Filters(), DEPTH)
    except QuestionError:
        return ()


def _rank(hits: Sequence[Hit], answers: Sequence[str]) -> int:
    """The rank of the first passage that holds an answer, from 1; beyond all where none does."""
    for rank, hit in enumerate(hits, start=1):
        if any(has_answer(hit.text, answer) for answer in answers):
            return rank
    return DEPTH + 1


def _recall_points(ranks: Sequence[int]) -> tuple[Point, ...]:
    count = max(len(ranks), 1)
    depths = range(1, DEPTH + 1)
    return tuple((depth, round(sum(rank <= depth for rank in ranks) / count, 4)) for depth in depths)


def _articles(files: Sequence[Path]) -> Iterator[Document]:
    return chain.from_iterable(read_articles(path) for path in files if "_gcs" in path.name)


def _questions(files: Sequence[Path], none_of_them: bool) -> Iterator[NewsQuestion]:
    """The questions; or those of which one choice is that none of the others is right."""
    for path in files:
        if "_qa" in path.name and ("_nota" in path.name) is none_of_them:
            yield from read_questions(path)


def _title_of(folder: Path) -> str:
    return f"RealTimeQA {folder.name.partition('_')[2]}"


def _of_year(anchors: Mapping[str, str], name: str) -> str:
    return anchors.get(name.rpartition(" ")[2], "")
