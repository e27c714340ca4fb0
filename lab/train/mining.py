"""What a search finds for the desks' questions: passages that answer, and those that rank as high and do
not."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

from lab.sets.desks import KEY
from lab.sets.newsdesk import Question, Quote, read_questions
from lab.sets.newsdesk_search import spans_of
from lab.train.examples import Example, Span
from rag.core.records import Article, Passage
from rag.core.settings import PACKAGE
from rag.index.passages import CountTokens, PassageRules, split_passages, words_to_embed
from rag.language.sentences import split_sentences
from rag.language.terms import Lexicon, read_aliases
from rag.language.text import plain
from rag.loading.corpus import load
from rag.models.embedding import Encoder

# Of the first so many passages those are taken that the reader is to tell apart.
_DEPTH = 24
_ANSWERING, _OTHERS, _OF_NONE = 2, 2, 3
# Ranks of both searches are added up as 1 / (60 + rank).
_FLAT = 60
_RULES = PassageRules(320, 160)


@dataclass(frozen=True, slots=True)
class Mined:
    """A question and, best first, the passages that the searches found, each as an example."""

    question: Question
    found: tuple[Example, ...]


def mine(folder: Path, letter: str, encoder: Encoder) -> Iterator[Mined]:
    """The questions of a desk that hang on none before. Raises BenchmarkUnusable."""
    questions = [q for q in read_questions(folder / letter / "questions.jsonl") if not q.history]
    files = sorted((folder / letter).glob("articles/*"))
    articles = [load(path.name, path.read_bytes()) for path in files]
    passages, texts = _passages(articles, encoder.count_tokens)
    orders = _orders([q.question for q in questions], texts, encoder)
    for question, order in zip(questions, orders, strict=True):
        # What seems to answer comes first, wherever it was found.
        near = [place for place in order if _places(question.near, *passages[place])]
        places = dict.fromkeys([*near, *order[:_DEPTH]])
        found = [_example(letter, question, *passages[place]) for place in places]
        yield Mined(question, tuple(found))


def chosen(mined: Sequence[Mined], chance: random.Random) -> Iterator[Example]:
    """For each question some passages that answer and some of the first that do not; other ones at each
    draw."""
    for each in mined:
        answering = [e for e in each.found if e.answers == 1]
        others = [e for e in each.found if e.answers == 0]
        count = _OTHERS if answering else _OF_NONE
        # The higher it ranks, the sooner the reader meets it.
        first = others[: 3 * count]
        yield from chance.sample(answering, min(_ANSWERING, len(answering)))
        yield from chance.sample(first, min(count, len(first)))


def _passages(
    articles: Sequence[Article], count: CountTokens
) -> tuple[list[tuple[Article, Passage]], list[str]]:
    passages: list[tuple[Article, Passage]] = []
    texts: list[str] = []
    for article in articles:
        made = split_passages(article, split_sentences(article.text, article.title), _RULES, count)
        passages += [(article, passage) for passage in made]
        texts += words_to_embed([article], made, _RULES, count)
    return passages, texts


def _orders(questions: Sequence[str], texts: Sequence[str], encoder: Encoder) -> list[list[int]]:
    lexicon = Lexicon(read_aliases(PACKAGE / "language" / "aliases.txt"))
    asked = encoder.encode([f"query: {plain(question)}" for question in questions])
    near = asked @ encoder.encode([f"passage: {text}" for text in texts]).T
    keywords = bm25s.BM25()
    keywords.index([lexicon.terms(text) for text in texts], show_progress=False)
    orders = []
    for question, cosines in zip(questions, near, strict=True):
        known = [t for t in dict.fromkeys(lexicon.terms(question)) if t in keywords.vocab_dict]
        worded = keywords.get_scores(known) if known else np.zeros(len(texts))
        fused = np.zeros(len(texts))
        for scores, counts in ((cosines, np.ones(len(texts))), (worded, worded > 0)):
            ranks = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
            fused += counts / (_FLAT + 1 + ranks)
        orders.append([int(place) for place in np.argsort(-fused, kind="stable")])
    return orders


def _example(letter: str, question: Question, article: Article, passage: Passage) -> Example:
    must = _places([quote for group in question.groups for quote in group.any], article, passage)
    may = _places(question.acceptable, article, passage)
    sentences = tuple(
        (max(each.start, passage.start) - passage.start, min(each.end, passage.end) - passage.start)
        for each in split_sentences(article.text, article.title)
        if each.start < passage.end and passage.start < each.end
    )
    bearing = tuple(
        1.0 if _meets(span, must) else float("nan") if _meets(span, may) else 0.0 for span in sentences
    )
    return Example(
        KEY,
        f"{letter}/{article.source}",
        question.question,
        article.text[passage.start : passage.end],
        article.title or "",
        answers=1.0 if must else None if may else 0.0,
        sentences=sentences,
        bearing=bearing,
    )


def _places(quotes: Sequence[Quote], article: Article, passage: Passage) -> list[Span]:
    """Where quotes stand in a passage."""
    return [
        (start - passage.start, end - passage.start)
        for quote in quotes
        if Path(article.source).name == quote.file
        for start, end in spans_of(article.text, quote.quote)
        if start < passage.end and passage.start < end
    ]


def _meets(span: Span, places: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places)
