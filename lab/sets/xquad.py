"""XQuAD: the same questions about the same paragraphs of Wikipedia in several languages. Is the
question's paragraph found first, and is the sentence that holds the answer the best of it?
CC BY-SA 4.0."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lab.asking import ask
from lab.failures import Failure
from lab.metrics import mean
from lab.plain import Cosines, PlainSearch, word_coverage
from lab.results import Result, Score
from lab.scores import items_of, sample_note, score_of
from lab.scratch import Document, Scratch
from lab.sets.clapnq import is_same_sentence, places_of
from lab.sets.squad2 import read
from lab.stage import Context, Stage
from rag.core.errors import QuestionError
from rag.core.records import Article, Filters
from rag.language.sentences import split_sentences

NAME = "XQuAD"
KEY = "xquad"
ORIGIN = (
    "github.com/google-deepmind/xquad: xquad.LANGUAGE.json, as xquad/ of what SOURCELINE_TRAINING names"
)
# The first articles of each file are learned from.
LEARNED_ARTICLES = 24
# As many questions of a language as keep the stage within a few minutes: the same ones in each.
MOST_QUESTIONS = 150
# The figure on all of these is the one with a goal: none is like English, nor all like each other.
_FAR = ("tr", "ar", "ru", "el")
_NAMES = {
    "tr": "Turkish",
    "ar": "Arabic",
    "ru": "Russian",
    "el": "Greek",
    "de": "German",
    "es": "Spanish",
    "en": "English",
}
PARAGRAPH = "right paragraph first"
SENTENCE = "sentence with the answer best of its paragraph"
_OURS = "ours"

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ParagraphQuestion:
    """A question about one paragraph. `pieces` are the paragraph in three: before the answer, the
    answer, behind it. Questions of one `group` are about one article, whatever their language."""

    key: str
    group: str
    question: str
    document: Document
    pieces: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question of a language and what is right of it: for each way the figures 0 or 1."""

    language: str
    question: ParagraphQuestion
    paragraph: tuple[tuple[str, float], ...]
    sentence: tuple[tuple[str, float], ...]


def read_paragraphs(path: Path) -> tuple[list[Document], list[ParagraphQuestion]]:
    """All paragraphs of a file, and the questions about those that nothing is learned from. They have no
    titles: those of the file are English in every language. Raises BenchmarkUnusable."""
    documents, questions = [], []
    for number, article in enumerate(read(path)):
        for paragraph in article.paragraphs:
            document = Document(_bare(paragraph.context))
            documents.append(document)
            if number < LEARNED_ARTICLES:
                continue
            for asked in paragraph.qas:
                start, end = asked.answers[0].span
                cut = (0, start), (start, end), (end, len(paragraph.context))
                before, answer, behind = (_bare(paragraph.context[a:b]) for a, b in cut)
                pieces = (before, answer, behind)
                questions.append(
                    ParagraphQuestion(asked.id, article.title, asked.question.strip(), document, pieces)
                )
    return documents, questions


def _bare(text: str) -> str:
    """Without the marks of byte order that stand among the words."""
    return text.replace("\ufeff", "")


def stages(folder: Path | None) -> tuple[Stage, ...]:
    paths = [folder / KEY / f"xquad.{language}.json" for language in _NAMES] if folder else []
    return (Stage(KEY, NAME, tuple(path for path in paths if path.exists()), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    """All paragraphs of a language are an index. Intervals draw whole articles."""
    cosines = Cosines(context.settings)
    found, known = [], 0
    for path in files:
        language = path.name.split(".")[1]
        documents, questions = read_paragraphs(path)
        known += len(questions)
        scratch = context.scratch(f"{KEY}_{language}", documents)
        plain = PlainSearch(scratch.settings)
        chosen = context.sampled(questions, MOST_QUESTIONS)
        for question in context.each(chosen, f"{NAME}: asking in {_NAMES[language]}"):
            measured = _measure(scratch, plain, cosines, language, question)
            found.append(measured)
            if failure := _failure(measured):
                context.failed(failure)
    return Result(tuple(_figures(found, sample_note(len(found), known), context.resamples)))


def _measure(
    scratch: Scratch,
    plain: PlainSearch,
    cosines: Cosines,
    language: str,
    question: ParagraphQuestion,
) -> _Measured:
    source = question.document.source
    article = scratch.articles.get(source)
    first = {_OURS: _first_source(scratch, question.question)}
    for way, hits in plain.find(question.question, 1):
        first[str(way)] = hits[0].passage.source if hits else ""
    best = _best_sentences(scratch, cosines, question, article) if article else {}
    answer = places_of(article.text, question.pieces)[1] if article else (0, 0)
    return _Measured(
        language,
        question,
        tuple((way, float(found == source)) for way, found in first.items()),
        tuple((way, float(is_same_sentence(span, answer))) for way, span in best.items()),
    )


def _first_source(scratch: Scratch, question: str) -> str:
    try:
        hits = scratch.assistant.search(question, Filters(), 1)
    except QuestionError:
        return ""
    return hits[0].passage.source if hits else ""


def _best_sentences(
    scratch: Scratch, cosines: Cosines, question: ParagraphQuestion, article: Article
) -> dict[str, _Span]:
    """For each way where the best sentence of the paragraph stands."""
    asked = ask(scratch.assistant, question.question, [article.source])
    ours = [(each.citation.start, each.citation.end) for each in asked.sentences[:1]]
    spans = [(each.start, each.end) for each in split_sentences(article.text)]
    texts = [article.text[start:end] for start, end in spans]
    near = cosines.of(question.question, texts)
    worded = [word_coverage(question.question, (text,)) for text in texts]
    best = {_OURS: ours[0] if ours else (0, 0)}
    for way, values in (("cosine alone", near), ("word coverage", worded)):
        best[way] = spans[max(range(len(spans)), key=lambda n: values[n])] if spans else (0, 0)
    return best


def _failure(measured: _Measured) -> Failure | None:
    question = measured.question
    if not dict(measured.paragraph)[_OURS]:
        kind = "another paragraph first"
    elif not dict(measured.sentence).get(_OURS):
        kind = "another sentence first"
    else:
        return None
    kind = f"{_NAMES[measured.language]}: {kind}"
    return Failure(NAME, kind, question.key, question.question, question.pieces[1], "")


def _figures(found: Sequence[_Measured], note: str, resamples: int) -> Iterator[Score]:
    """On all languages that are far from English, then on each."""
    told = ", ".join(_NAMES[each] for each in _FAR if any(each == m.language for m in found))
    far = [each for each in found if each.language in _FAR]
    figures: tuple[tuple[str, Callable[[_Measured], tuple[tuple[str, float], ...]]], ...] = (
        (PARAGRAPH, lambda each: each.paragraph),
        (SENTENCE, lambda each: each.sentence),
    )
    for metric, right in figures:
        score = partial(_score, metric, right, resamples=resamples)
        yield score(far, note="; ".join(filter(None, (told, note))))
        for language, name in _NAMES.items():
            some = [each for each in found if each.language == language]
            if some:
                yield replace(score(some, note=""), part=name)


def _score(
    metric: str,
    right: Callable[[_Measured], tuple[tuple[str, float], ...]],
    found: Sequence[_Measured],
    note: str,
    resamples: int,
) -> Score:
    groups = [each.question.group for each in found]
    ways = dict.fromkeys(way for each in found for way, _ in right(each))
    by_way = {way: items_of([dict(right(m)).get(way, 0.0) for m in found], None, groups) for way in ways}
    ours = by_way.pop(_OURS, items_of([], None, []))
    return score_of(NAME, metric, mean, ours, tuple(by_way.items()), "", note, resamples)
