"""XQuAD: the same questions and paragraphs of Wikipedia in seven languages.
github.com/google-deepmind/xquad, made of SQuAD 1.1's development articles. CC BY-SA 4.0.

The first 24 articles are learned from, in all languages; the other 24 are for measuring."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from lab.reading import read_whole
from lab.train.examples import Example, Span
from lab.train.windows import windowed

KEY = "xquad"
LANGUAGES = ("en", "tr", "ar", "de", "es", "ru", "el")
_LEARNED = 24
_SAME_LANGUAGE = 2 / 3
_NEGATIVE = 0.5
_TITLED = 0.5
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Question:
    """`key` and place are the same in all languages; `answer` are characters of the paragraph."""

    key: str
    question: str
    answer: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`number` is its place in its article, the same in all languages."""

    article: str
    number: int
    language: str
    text: str
    questions: tuple[Question, ...]


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    id: str
    question: str
    answers: list[_Answer]


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Each question in each language, asked of its paragraph in the same language or in another; every
    other one also of another paragraph of the article, which does not answer it."""
    found = {
        (paragraph.article, paragraph.number, paragraph.language): paragraph
        for paragraph in _read(folder, 0, _LEARNED)
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


def held_out(folder: Path) -> tuple[Paragraph, ...]:
    """The paragraphs, with their questions, of the articles that nothing learns from, in each
    language."""
    return tuple(_read(folder, _LEARNED, None))


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


def _read(folder: Path, first: int, last: int | None) -> Iterator[Paragraph]:
    for language in LANGUAGES:
        path = folder / KEY / f"{KEY}.{language}.json"
        if not path.exists():
            continue
        for article in read_whole(path, _File).data[first:last]:
            for number, paragraph in enumerate(article.paragraphs):
                text = paragraph.context.replace(_BYTE_ORDER_MARK, "")
                questions = tuple(_question(asked, paragraph.context) for asked in paragraph.qas)
                yield Paragraph(article.title, number, language, text, questions)


def _question(asked: _Question, context: str) -> Question:
    answer = asked.answers[0]
    start = answer.answer_start - context.count(_BYTE_ORDER_MARK, 0, answer.answer_start)
    length = len(answer.text.replace(_BYTE_ORDER_MARK, ""))
    return Question(asked.id, asked.question.strip(), (start, start + length))
