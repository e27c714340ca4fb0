"""QAMR: who did what to whom, asked of single sentences of Wikinews and Wikipedia and answered with
words of theirs. github.com/uwnlp/qamr, the filtered `dev.tsv` and `test.tsv`, and
`wiki-sentences.tsv`. MIT."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.train.examples import Example, Span
from lab.train.tables import rows
from lab.train.tokens import runs, together
from lab.train.windows import joined
from rag.language.terms import Lexicon

KEY = "qamr"
_ALONE = 0.5
_NEGATIVE = 1 / 3
_NEIGHBOURS = (2, 4)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, where each of its tokens stands in it, and the document that it is of."""

    key: str
    document: str
    text: str
    tokens: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Question:
    sentence: str
    question: str
    answer: tuple[int, ...]


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    path = folder / KEY / "wiki-sentences.tsv"
    if not path.exists():
        return
    sentences = {sentence.key: sentence for sentence in _sentences(path)}
    others = _Others(tuple(sentences.values()))
    for asked in _questions(folder):
        sentence = sentences[asked.sentence]
        words = runs(asked.answer, sentence.tokens)
        if not words:
            continue
        yield _answered(asked.question, sentence, words, others, chance)
        if chance.random() < _NEGATIVE:
            said = [sentence.text[start:end].lower() for start, end in words]
            if wrong := others.near_miss(asked.question, sentence, said, chance):
                yield _not_answered(asked.question, sentence, wrong, others, said, chance)


class _Others:
    """Sentences to set beside others: of the same document, else of any."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._every = sentences
        self._lexicon = Lexicon()
        self._terms = {sentence.key: self._lexicon.term_set(sentence.text) for sentence in sentences}
        self._documents: Mapping[str, list[Sentence]] = _by_document(sentences)

    def beside(
        self, sentence: Sentence, without: Sequence[str], wanted: int, chance: random.Random
    ) -> tuple[list[Sentence], list[Sentence]]:
        """Those that come before and after it; none has all of the words it must be without."""
        free = [
            other
            for other in self._documents[sentence.document]
            if other.key != sentence.key and not _has(other, without)
        ]
        chosen = chance.sample(free, min(wanted, len(free)))
        while len(chosen) < wanted:
            other = chance.choice(self._every)
            if other.key != sentence.key and other not in chosen and not _has(other, without):
                chosen.append(other)
        own = [other for other in free if other in chosen]
        strange = [other for other in chosen if other not in own]
        at = self._documents[sentence.document].index(sentence)
        before = [other for other in own if self._documents[sentence.document].index(other) < at]
        after = [other for other in own if other not in before]
        cut = chance.randint(0, len(strange))
        return [*strange[:cut], *before], [*after, *strange[cut:]]

    def near_miss(
        self, question: str, sentence: Sentence, without: Sequence[str], chance: random.Random
    ) -> Sentence | None:
        """A sentence that shares words with the question and has not the answer: of the same document,
        or the best of some."""
        offered = [
            other
            for other in [
                *self._documents[sentence.document],
                *chance.sample(self._every, min(200, len(self._every))),
            ]
            if other.key != sentence.key and not _has(other, without)
        ]
        terms = self._lexicon.term_set(question)
        own = [other for other in offered if other.document == sentence.document]
        shared = [other for other in own if terms & self._terms[other.key]] or own or offered
        return max(shared, key=lambda other: len(terms & self._terms[other.key]), default=None)


def _answered(
    question: str, sentence: Sentence, words: Sequence[Span], others: _Others, chance: random.Random
) -> Example:
    said = [sentence.text[start:end].lower() for start, end in words]
    before: list[Sentence] = []
    after: list[Sentence] = []
    if chance.random() >= _ALONE:
        before, after = others.beside(sentence, said, chance.randint(*_NEIGHBOURS), chance)
    text, spans = joined([other.text for other in (*before, sentence, *after)])
    base = spans[len(before)][0]
    return Example(
        KEY,
        sentence.document,
        question,
        text,
        answers=1.0,
        sentences=spans,
        bearing=tuple(float(place == len(before)) for place in range(len(spans))),
        words=tuple((start + base, end + base) for start, end in words),
    )


def _not_answered(
    question: str,
    sentence: Sentence,
    wrong: Sentence,
    others: _Others,
    said: Sequence[str],
    chance: random.Random,
) -> Example:
    before: list[Sentence] = []
    after: list[Sentence] = []
    if chance.random() >= _ALONE:
        before, after = others.beside(wrong, said, chance.randint(*_NEIGHBOURS), chance)
    kept = [other for other in (*before, wrong, *after) if other.key != sentence.key]
    text, spans = joined([other.text for other in kept])
    return Example(
        KEY,
        sentence.document,
        question,
        text,
        answers=0.0,
        sentences=spans,
        bearing=(0.0,) * len(spans),
        words=(),
    )


def _has(sentence: Sentence, words: Sequence[str]) -> bool:
    text = sentence.text.lower()
    return all(each in text for each in words)


def _by_document(sentences: Sequence[Sentence]) -> Mapping[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        found[sentence.document].append(sentence)
    for document in found.values():
        document.sort(key=lambda sentence: [int(part) for part in sentence.key.split(":")[3:]])
    return found


def _sentences(path: Path) -> Iterator[Sentence]:
    """A key is the corpus, the source, the document, the paragraph and the sentence in it."""
    for key, text in rows(path):
        written, spans = together(text.split())
        yield Sentence(key, ":".join(key.split(":")[:3]), written, spans)


def _questions(folder: Path) -> Iterator[Question]:
    """Each question once a sentence, with the words that most of those who answered it chose, else
    with those of who asked it."""
    for name in ("dev.tsv", "test.tsv"):
        asked: dict[tuple[str, str], list[str]] = {}
        for row in rows(folder / KEY / name):
            question = row[5].strip()
            kept = asked.setdefault((row[0], question.lower()), [question])
            kept += [row[6], *(answer.split(":", 1)[1] for answer in row[7:9])]
        for (sentence, _), (question, *answers) in asked.items():
            chosen = Counter(place for answer in answers for place in set(map(int, answer.split())))
            most = sorted(place for place, count in chosen.items() if count * 2 > len(answers))
            yield Question(sentence, question, tuple(most or map(int, answers[0].split())))
