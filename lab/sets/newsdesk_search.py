"""A news desk's questions, before anything is answered: are the places that a good answer must cite
among the passages that are found, and does the best sentence tell questions that the articles answer
from near misses?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from lab.asking import ask
from lab.failures import Failure
from lab.metrics import Items, auroc, mean
from lab.plain import Plain, PlainSearch
from lab.results import Result, Score
from lab.scores import items_of, sample_note, score_of
from lab.sets import newsdesk
from lab.sets.newsdesk import NAME, ORIGIN, Question, Quote
from lab.stage import Context, Stage
from rag.asking.assistant import Assistant
from rag.core.errors import QuestionError
from rag.core.records import Filters, Hit
from rag.index.search import READ_TOGETHER
from rag.wiring import build_index, open_assistant

# How many of the first passages are looked at: a few, as many as are read for an answer, and all that
# are read together with the question.
DEPTHS = (5, 10, READ_TOGETHER)
_LANGUAGE = "language"
_UNANSWERABLE = "unanswerable"
# What is asked in these is in one place; a list or a summary is never quite unanswerable.
_POINTED = frozenset({"fact", "why-how", "who-said", "yes-no", "rough", _LANGUAGE})
_OURS = "ours"


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A question and for each way to search the rank, from 1, of the first passage with a place of each
    of its groups; beyond all passages where there is none."""

    question: Question
    ranks: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A question, how likely its best sentence answers and the cosine of its best passage, 0..1."""

    question: Question
    confidence: float
    cosine: float


def stages(folder: Path | None, benchmarks: Path) -> tuple[Stage, ...]:
    questions, _, articles = newsdesk.files_of(folder, benchmarks) if folder else ((), (), ())
    files = (*questions, *articles) if questions and articles else ()
    return (Stage("newsdesk_search", f"{NAME}, search", files, ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked alone, of all articles."""
    every = [each for each in newsdesk.read_questions(files[0]) if not each.history]
    chosen = context.sampled(every)
    settings = replace(context.settings, corpus_dir=newsdesk.laid_out(context.settings, files[1:]))
    build_index(settings, progress=context.progress)
    assistant, plain = open_assistant(settings), PlainSearch(settings)
    ranked, weighed = [], []
    for question in context.each(chosen, f"{NAME}: searching"):
        found = [(str(way), hits) for way, hits in plain.find(question.question, DEPTHS[-1])]
        if question.answerable:
            ours = (_OURS, _search(assistant, question.question))
            ranks = tuple((way, ranks_of(question, hits)) for way, hits in (ours, *found))
            ranked.append(_Ranked(question, ranks))
            if failure := _failure(ranked[-1], ours[1]):
                context.failed(failure)
        if question.kind in _POINTED if question.answerable else question.kind == _UNANSWERABLE:
            best = ask(assistant, question.question, None).confidence
            nearest = dict(found)[Plain.MEANING][:1]
            weighed.append(_Weighed(question, best, nearest[0].score if nearest else 0.0))
    note = sample_note(len(chosen), len(every))
    return Result(tuple(_figures(ranked, weighed, note, context.resamples)))


def ranks_of(question: Question, hits: Sequence[Hit]) -> tuple[int, ...]:
    """For each group of a question the rank of the first passage that one of its places overlaps."""
    return tuple(
        next(
            (n for n, hit in enumerate(hits, start=1) if any(overlaps(hit, each) for each in group.any)),
            DEPTHS[-1] + 1,
        )
        for group in question.groups
    )


def overlaps(hit: Hit, quote: Quote) -> bool:
    """Whether words of a quote are words of a passage, wherever in its article they are said."""
    if Path(hit.passage.source).name != quote.file:
        return False
    return any(
        start < hit.passage.end and hit.passage.start < end
        for start, end in spans_of(hit.article.text, quote.quote)
    )


@lru_cache(maxsize=4096)
def spans_of(text: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where a quote stands in a text, whatever white space there is between its words."""
    words = r"\s+".join(map(re.escape, quote.split()))
    return tuple(found.span() for found in re.finditer(words, text)) if words else ()


def _search(assistant: Assistant, question: str) -> tuple[Hit, ...]:
    try:
        return assistant.search(question, Filters(), DEPTHS[-1])
    except QuestionError:
        return ()


def _figures(
    ranked: Sequence[_Ranked], weighed: Sequence[_Weighed], note: str, resamples: int
) -> Iterator[Score]:
    score = partial(score_of, NAME, note=note, resamples=resamples)
    for depth in DEPTHS:
        ours, *plain = _found(ranked, depth)
        yield score(f"places among the first {depth} passages", mean, ours[1], plain)
    ours, *plain = _found([r for r in ranked if r.question.kind == _LANGUAGE], DEPTHS[0])
    yield score(f"places among the first {DEPTHS[0]} passages, other languages", mean, ours[1], plain)
    truths = [each.question.answerable for each in weighed]
    groups = [each.question.key for each in weighed]
    by_cosine = items_of([each.cosine for each in weighed], truths, groups)
    yield score(
        "answerable or near miss, AUROC",
        auroc,
        items_of([each.confidence for each in weighed], truths, groups),
        (("best passage's cosine", by_cosine),),
    )


def _found(ranked: Sequence[_Ranked], depth: int) -> list[tuple[str, Items]]:
    """For each way whether each group is among the first `depth` passages; ours comes first."""
    keys = [each.question.key for each in ranked for _ in each.question.groups]
    found: list[tuple[str, Items]] = []
    for way in (_OURS, *map(str, Plain)):
        values = [float(rank <= depth) for each in ranked for rank in dict(each.ranks)[way]]
        found.append((way, items_of(values, None, keys)))
    return found


def _failure(ranked: _Ranked, hits: Sequence[Hit]) -> Failure | None:
    question, depth = ranked.question, DEPTHS[1]
    missed = [
        " or ".join(quote.quote for quote in group.any)
        for group, rank in zip(question.groups, dict(ranked.ranks)[_OURS], strict=True)
        if rank > depth
    ]
    if not missed:
        return None
    titles = dict.fromkeys(hit.article.title or "" for hit in hits[:depth])
    kind = f"{question.kind}: not in the first {depth}"
    return Failure(NAME, kind, question.id, question.question, " | ".join(missed), " | ".join(titles))
