"""XQuAD: the same questions about the same paragraphs of Wikipedia in several languages. Is the
question's paragraph found first, and is the sentence that holds the answer the best of it?
CC BY-SA 4.0."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lab.asking import ask
from lab.failures import Failure
from lab.learned import is_for_learning, is_learned
from lab.metrics import mean
from lab.plain import Cosines, PlainSearch, word_coverage
from lab.results import Result, Score
from lab.scores import items_of, sample_note, score_of
from lab.scratch import Document, Scratch
from lab.sets.clapnq import is_same_sentence, places_of
from lab.sets.squad2 import KEY as SQUAD
from lab.sets.squad2 import Question as PassageAsked
from lab.sets.squad2 import read
from lab.stage import Context, Stage
from lab.train.examples import Example, Span
from lab.train.windows import windowed
from rag.core.errors import QuestionError
from rag.core.records import Article, Filters
from rag.language.sentences import split_sentences

NAME = "XQuAD"
KEY = "xquad"
ORIGIN = (
    "github.com/google-deepmind/xquad: xquad.LANGUAGE.json, as xquad/ of what SOURCELINE_TRAINING names"
)
# The first articles of each file are learned from. Some of all are in SQuAD 2 as well, whose own split
# holds for them: what is measured there is not learned from here, nor the other way round.
LEARNED_ARTICLES = 24
_SAME_LANGUAGE = 2 / 3
_NEGATIVE = 0.5
_TITLED = 0.5
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


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is the same in all languages; `answer` are characters of the paragraph."""

    key: str
    question: str
    answer: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`article` is its title and `number` its place in the article, both the same in all languages."""

    article: str
    number: int
    is_for_learning: bool
    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ParagraphQuestion:
    key: str
    paragraph: Paragraph
    asked: Question


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question of a language and what is right of it: for each way the figures 0 or 1."""

    language: str
    question: ParagraphQuestion
    paragraph: tuple[tuple[str, float], ...]
    sentence: tuple[tuple[str, float], ...]


def read_paragraphs(path: Path) -> Iterator[Paragraph]:
    """All paragraphs of the file of a language. Raises BenchmarkUnusable."""
    for place, article in enumerate(read(path)):
        for number, paragraph in enumerate(article.paragraphs):
            yield Paragraph(
                article.title,
                number,
                place < LEARNED_ARTICLES,
                _bare(paragraph.context),
                tuple(_question(asked, paragraph.context) for asked in paragraph.qas),
            )


def _question(asked: PassageAsked, context: str) -> Question:
    start, end = (len(_bare(context[:place])) for place in asked.answers[0].span)
    return Question(asked.id, asked.question.strip(), (start, end))


def _bare(text: str) -> str:
    """Without the marks of byte order that stand among the words."""
    return text.replace("\ufeff", "")


def stages(folder: Path | None) -> tuple[Stage, ...]:
    paths = [_path(folder, language) for language in _NAMES] if folder else []
    return (Stage(KEY, NAME, tuple(path for path in paths if path.exists()), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    """All paragraphs of a language are an index. Intervals draw whole articles."""
    cosines = Cosines(context.settings)
    found, known = [], 0
    for path in files:
        language = path.name.split(".")[1]
        paragraphs = list(read_paragraphs(path))
        questions = [
            ParagraphQuestion(asked.key, paragraph, asked)
            for paragraph in paragraphs
            if not paragraph.is_for_learning and not is_learned(paragraph.article, SQUAD)
            for asked in paragraph.questions
        ]
        known += len(questions)
        scratch = context.scratch(f"{KEY}_{language}", (Document(each.text) for each in paragraphs))
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
    paragraph, asked = question.paragraph, question.asked
    # It has no title: those of the file are English in every language.
    source = Document(paragraph.text).source
    article = scratch.articles.get(source)
    first = {_OURS: _first_source(scratch, asked.question)}
    for way, hits in plain.find(asked.question, 1):
        first[str(way)] = hits[0].passage.source if hits else ""
    best = _best_sentences(scratch, cosines, asked.question, article) if article else {}
    start, end = asked.answer
    pieces = (paragraph.text[:start], paragraph.text[start:end], paragraph.text[end:])
    answer = places_of(article.text, pieces)[1] if article else (0, 0)
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
    scratch: Scratch, cosines: Cosines, question: str, article: Article
) -> dict[str, Span]:
    """For each way where the best sentence of the paragraph stands."""
    asked = ask(scratch.assistant, question, [article.source])
    ours = [(each.citation.start, each.citation.end) for each in asked.sentences[:1]]
    spans = [(each.start, each.end) for each in split_sentences(article.text)]
    texts = [article.text[start:end] for start, end in spans]
    near = cosines.of(question, texts)
    worded = [word_coverage(question, (text,)) for text in texts]
    best = {_OURS: ours[0] if ours else (0, 0)}
    for way, values in (("cosine alone", near), ("word coverage", worded)):
        best[way] = spans[max(range(len(spans)), key=lambda n: values[n])] if spans else (0, 0)
    return best


def _failure(measured: _Measured) -> Failure | None:
    paragraph, asked = measured.question.paragraph, measured.question.asked
    if not dict(measured.paragraph)[_OURS]:
        kind = "another paragraph first"
    elif not dict(measured.sentence).get(_OURS):
        kind = "another sentence first"
    else:
        return None
    kind = f"{_NAMES[measured.language]}: {kind}"
    answer = paragraph.text[slice(*asked.answer)]
    return Failure(NAME, kind, asked.key, asked.question, answer, "")


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
    groups = [each.question.paragraph.article for each in found]
    ways = dict.fromkeys(way for each in found for way, _ in right(each))
    by_way = {way: items_of([dict(right(m)).get(way, 0.0) for m in found], None, groups) for way in ways}
    ours = by_way.pop(_OURS, items_of([], None, []))
    return score_of(NAME, metric, mean, ours, tuple(by_way.items()), "", note, resamples)


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Each question in each language, asked of its paragraph in the same language or in another; every
    other one also of another paragraph of the article, which does not answer it."""
    found = {
        (paragraph.article, paragraph.number, language): paragraph
        for language in _NAMES
        if (path := _path(folder, language)).exists()
        for paragraph in read_paragraphs(path)
        if paragraph.is_for_learning and is_for_learning(SQUAD, paragraph.article)
    }
    languages = list(dict.fromkeys(language for _, _, language in found))
    numbers: dict[str, list[int]] = {}
    for article, number, language in found:
        if language == languages[0]:
            numbers.setdefault(article, []).append(number)
    for (article, number, asked_in), paragraph in found.items():
        for place, question in enumerate(paragraph.questions):
            others = [language for language in languages if language != asked_in]
            is_same = not others or chance.random() < _SAME_LANGUAGE
            read_in = asked_in if is_same else chance.choice(others)
            read = found[article, number, read_in]
            yield from _example(question, asked_in, read, (read.questions[place].answer,), chance)
            if chance.random() < _NEGATIVE:
                start, end = read.questions[place].answer
                said = read.text[start:end].lower()
                wrong = [
                    found[article, other, read_in]
                    for other in numbers[article]
                    if other != number and said not in found[article, other, read_in].text.lower()
                ]
                if wrong:
                    yield from _example(question, asked_in, chance.choice(wrong), (), chance)


def _example(
    question: Question,
    language: str,
    read: Paragraph,
    words: Sequence[Span],
    chance: random.Random,
) -> Iterator[Example]:
    near = words[0][0] if words else chance.randrange(len(read.text))
    title = read.article.replace("_", " ") if chance.random() < _TITLED else ""
    example = windowed(
        KEY, read.article, question.question, title, read.text, words, near, chance, language
    )
    if example:
        yield example


def _path(folder: Path, language: str) -> Path:
    return folder / KEY / f"{KEY}.{language}.json"
