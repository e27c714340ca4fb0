"""RealTimeQA: does the search find the passages that hold the answer, in all the news articles that
were found for any of the questions; and which choice do they bear out?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from lab.evaluation.choices import PASSAGES, choose
from lab.evaluation.failures import Failure
from lab.evaluation.floors import most_words
from lab.evaluation.has_answer import has_answer
from lab.evaluation.metrics import Items, mean
from lab.evaluation.plain import Plain, PlainSearch
from lab.evaluation.question_readers import NewsQuestion, read_news_articles, read_news_questions
from lab.evaluation.scores import (
    Curve,
    CurveKind,
    Point,
    Result,
    Series,
    items_of,
    sample_note,
    score_of,
)
from lab.evaluation.scratch import Document, Scratch
from lab.evaluation.stage import Context
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


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted([*folder.glob("*_gcs.jsonl*"), *folder.glob("*_qa*.jsonl")]))


def measure_recall(context: Context, files: Sequence[Path]) -> Result:
    """The share of questions whose answer stands in one of the first passages, over all articles."""
    name = _name(files)
    scratch = context.scratch(files[0].parent.name, _articles(files))
    plain = PlainSearch(scratch.settings)
    every = list(_questions(files, none_of_them=False))
    questions = context.sampled(every, MOST_QUESTIONS)
    sampled = sample_note(len(questions), len(every))
    # For each way to search the rank of the first passage with the answer, from 1; beyond all, none.
    ranks: dict[str, list[int]] = {way: [] for way in (_OURS, *Plain)}
    for number, asked in enumerate(questions, start=1):
        words = [asked.choices[place] for place in asked.answers]
        ranks[_OURS].append(_rank(_search(scratch, asked), words))
        for way, hits in plain.find(asked.question, DEPTH):
            ranks[way].append(_rank(hits, words))
        context.progress(number, len(questions), f"{name}: searching")
        if ranks[_OURS][-1] > DEPTH:
            titles = dict.fromkeys(hit.article.title or "" for hit in _search(scratch, asked)[:_FIRST])
            kind = f"not in the first {DEPTH}"
            told = " | ".join(words), " | ".join(titles)
            context.failed(Failure(name, kind, asked.key, asked.question, *told))
    groups = [asked.key for asked in questions]
    scores = []
    for depth in (_FIRST, DEPTH):
        found = {
            way: items_of([float(rank <= depth) for rank in each], None, groups)
            for way, each in ranks.items()
        }
        scores.append(
            score_of(
                name,
                f"answer in the first {depth} passages",
                mean,
                found.pop(_OURS),
                tuple(found.items()),
                note=", ".join(filter(None, (f"{len(scratch.articles):,} articles", sampled))),
                resamples=context.resamples,
            )
        )
    series = tuple(Series(way, _recall_points(each)) for way, each in ranks.items())
    curve = Curve(name, CurveKind.RECALL, "passages", "answer is in one of them", series)
    return Result(tuple(scores), (curve,))


def measure_choices(context: Context, files: Sequence[Path]) -> Result:
    """How often the right choice is chosen; then where one choice is "None of the above"."""
    name = _name(files)
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
    for number, question in enumerate(questions, start=1):
        try:
            picked.append(choose_one(question))
        except QuestionError:
            picked.append(None)
        context.progress(number, len(questions), what)
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
    return chain.from_iterable(read_news_articles(path) for path in files if "_gcs" in path.name)


def _questions(files: Sequence[Path], none_of_them: bool) -> Iterator[NewsQuestion]:
    """The questions; or those of which one choice is that none of the others is right."""
    for path in files:
        if "_qa" in path.name and ("_nota" in path.name) is none_of_them:
            yield from read_news_questions(path)


def _name(files: Sequence[Path]) -> str:
    return title_of(files[0].parent)


def title_of(folder: Path) -> str:
    return f"RealTimeQA {folder.name.partition('_')[2]}"


def _of_year(anchors: Mapping[str, str], name: str) -> str:
    return anchors.get(name.rpartition(" ")[2], "")
