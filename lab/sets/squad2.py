"""SQuAD 2: does the pipeline know when a paragraph of Wikipedia does not answer a question?
CC BY-SA 4.0."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from lab.asking import Asked, ask
from lab.failures import Failure
from lab.has_answer import has_answer
from lab.learned import is_learned
from lab.metrics import accuracy, auroc, mean
from lab.plain import Cosines
from lab.reading import read_whole, untrained
from lab.results import Result
from lab.scores import answer_curves, items_of, sample_note, score_of
from lab.scratch import Document
from lab.stage import Context, Stage
from lab.train.altering import names_in
from lab.train.examples import Example
from lab.train.statements import as_claim
from lab.train.windows import windowed
from rag.language.terms import Lexicon

NAME = "SQuAD 2"
KEY = "squad2"
ORIGIN = "github.com/rajpurkar/SQuAD-explorer: dataset/dev-v2.0.json, as squad2/dev-v2.0.json"
# As many questions as keep the whole scoreboard within its time; the interval is about a point wide.
MOST_QUESTIONS = 3000
_PUBLISHED = "BiDAF + ELMo 70.5, BERT-large 84.4"
_NUMBER = re.compile(r"^[\d,.%$ ]+\b|\b\d{4}\b")


class _Answer(BaseModel):
    text: str
    answer_start: int

    @property
    def span(self) -> tuple[int, int]:
        return self.answer_start, self.answer_start + len(self.text)


class Question(BaseModel):
    id: str
    question: str
    answers: list[_Answer] = []
    plausible_answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[Question]


class Article(BaseModel):
    title: str
    paragraphs: list[_Paragraph]

    @property
    def shown_title(self) -> str:
        return self.title.replace("_", " ")


class _Squad(BaseModel):
    data: list[Article]


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question asked of one paragraph, and the words that answer it. Questions of one `group`, an
    article, were learned from together or not at all."""

    key: str
    group: str
    question: str
    document: Document
    is_answerable: bool
    answers: tuple[str, ...] = ()


def read(path: Path) -> list[Article]:
    """Questions about paragraphs; half of them are not answered there. Raises BenchmarkUnusable."""
    return read_whole(path, _Squad).data


def questions_of(articles: Sequence[Article]) -> Iterator[PassageQuestion]:
    for article in articles:
        for paragraph in article.paragraphs:
            document = Document(paragraph.context, article.shown_title)
            for asked in paragraph.qas:
                yield PassageQuestion(
                    asked.id,
                    article.title,
                    asked.question.strip(),
                    document,
                    not asked.is_impossible,
                    tuple(dict.fromkeys(answer.text for answer in asked.answers)),
                )


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, untrained(folder, "squad2/*.json"), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its paragraph alone. Intervals draw whole articles."""
    every = [question for path in files for question in questions_of(read(path))]
    unlearned = [question for question in every if not is_learned(question.group, KEY)]
    scratch = context.scratch(KEY, (question.document for question in every))
    cosines = Cosines(context.settings)
    chosen = context.sampled(unlearned, MOST_QUESTIONS)
    found, near = [], []
    for question in context.each(chosen, f"{NAME}: asking"):
        source = question.document.source
        sources = [source] if source in scratch.articles else []
        asked = ask(scratch.assistant, question.question, sources)
        found.append(asked)
        near += cosines.of(question.question, [question.document.text])
        if failure := _failure(question, asked):
            context.failed(failure)
    articles = len({question.group for question in unlearned})
    told = [f"{articles} articles", sample_note(len(chosen), len(unlearned))]
    return _figures(chosen, found, near, ", ".join(filter(None, told)), context.resamples)


def _figures(
    questions: Sequence[PassageQuestion],
    found: Sequence[Asked],
    near: Sequence[float],
    note: str,
    resamples: int,
) -> Result:
    score = partial(score_of, NAME, note=note, resamples=resamples)
    truths = [question.is_answerable for question in questions]
    groups = [question.group for question in questions]
    confidences = [asked.confidence for asked in found]
    answerable = [place for place, truth in enumerate(truths) if truth]
    held = [float(_claims_answer(questions[place], found[place])) for place in answerable]
    right = [
        truth and _best_has_answer(question, asked)
        for truth, question, asked in zip(truths, questions, found, strict=True)
    ]
    return Result(
        (
            score(
                "answer or not, accuracy",
                accuracy,
                items_of([float(asked.is_answered) for asked in found], truths, groups),
                (("always abstain", items_of([0.0] * len(truths), truths, groups)),),
                _PUBLISHED,
            ),
            score(
                "answer or not, AUROC",
                auroc,
                items_of(confidences, truths, groups),
                (("paragraph's cosine", items_of(near, truths, groups)),),
            ),
            score(
                "answer among the claims, of answerable ones",
                mean,
                items_of(held, None, [groups[place] for place in answerable]),
            ),
        ),
        answer_curves(
            NAME,
            "best sentence has no answer",
            [("ours", confidences, right)],
            confidences,
            truths,
        ),
    )


def _failure(question: PassageQuestion, asked: Asked) -> Failure | None:
    if asked.is_answered != question.is_answerable:
        answers = question.is_answerable
        kind = "refused though it answers" if answers else "answered though it does not"
    elif question.is_answerable and not _claims_answer(question, asked):
        kind = "answer not among the claims"
    else:
        return None
    expected = " | ".join(question.answers) or "no answer"
    return Failure(NAME, kind, question.key, question.question, expected, asked.told)


def _claims_answer(question: PassageQuestion, asked: Asked) -> bool:
    quotes = [citation.quote for citation in asked.citations]
    return any(has_answer(quote, answer) for quote in quotes for answer in question.answers)


def _best_has_answer(question: PassageQuestion, asked: Asked) -> bool:
    return any(
        has_answer(likely.citation.quote, answer)
        for likely in asked.sentences[:1]
        for answer in question.answers
    )


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    lexicon = Lexicon()
    for path in sorted(folder.glob("squad2/*.json")):
        for article in read(path):
            contexts = [paragraph.context for paragraph in article.paragraphs]
            held = [lexicon.term_set(context) for context in contexts]
            for number, paragraph in enumerate(article.paragraphs):
                for asked in paragraph.qas:
                    yield from _examples_of(article, asked, contexts, held, number, lexicon, chance)


def _examples_of(
    article: Article,
    asked: Question,
    contexts: Sequence[str],
    held: Sequence[frozenset[str]],
    number: int,
    lexicon: Lexicon,
    chance: random.Random,
) -> Iterator[Example]:
    group, question, text = article.title, asked.question.strip(), contexts[number]
    shown = article.shown_title if chance.random() < 0.5 else ""
    found = asked.answers or asked.plausible_answers
    spans = sorted({answer.span for answer in found})
    is_answered = bool(asked.answers)
    near = spans[0][0] if spans else chance.randrange(len(text))
    words = spans if is_answered else ()
    example = windowed(KEY, group, question, shown, text, words, near, chance)
    if example:
        yield example
    if is_answered and chance.random() < 0.35:
        # Another paragraph of the article, the one with most of the question's words.
        wanted = lexicon.term_set(question)
        answer = found[0].text.lower()
        others = [
            place
            for place, context in enumerate(contexts)
            if place != number and answer not in context.lower()
        ]
        if others:
            other = max(others, key=lambda place: (len(wanted & held[place]), -place))
            near = chance.randrange(len(contexts[other]))
            wrong = windowed(KEY, group, question, shown, contexts[other], (), near, chance)
            if wrong:
                yield wrong
    if found and example and chance.random() < 0.6:
        answer = found[0].text
        supported = float(is_answered)
        if is_answered and chance.random() < 0.5:
            wrong_answer = _another_of_its_kind(answer, example.text, chance)
            if wrong_answer:
                answer, supported = wrong_answer, 0.0
        yield Example(
            KEY,
            group,
            as_claim(question, answer),
            example.text,
            shown,
            supports=supported,
            sentences=example.sentences,
            bearing=example.bearing if supported else None,
            weight=0.7,
        )


def _another_of_its_kind(answer: str, text: str, chance: random.Random) -> str | None:
    """Another number where a number is the answer, another name where a name is."""
    if _NUMBER.search(answer):
        offered = [m for m in re.findall(r"\b\d[\d,.]*\d\b|\b\d\b", text) if m not in answer]
    elif answer[:1].isupper():
        offered = [
            m.group() for m in names_in(text) if m.group() not in answer and answer not in m.group()
        ]
    else:
        return None
    return chance.choice(offered) if offered else None
