"""The short answer that each text gives to a question, and how likely the texts differ on it.

A text answers in the words that the pair reader finds to be of the answer; where a number, a date or a
name is asked for, in the one of that kind nearest to them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.asking.questions import Question, Wanted
from rag.language.facts.days import agree as days_agree
from rag.language.facts.days import find_days
from rag.language.facts.names import find_names
from rag.language.facts.numbers import find_numbers
from rag.language.terms import STOP_WORDS, Lexicon
from rag.language.text import words
from rag.models.pairs import PairReading, logit

# A token within so much of the likeliest one's logit is of the answer as well.
_WITHIN = 1.5
# An answer has no more words, and a few letters between two tokens are no gap.
_WHOLE = re.compile(r"[\w$€£]+(?:[.,:'’-]\w+)*")
_MOST_WORDS = 8
_GAP = 3
# From this share of the words of the shorter answer on, two answers are the same.
_SAME = 0.6
# Two that differ less than this, of 1, are counted as one.
_DIFFERENT = 0.5


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """What a text answers, in its own words, and how likely it answers, 0..1."""

    text: str
    probability: float


def short_answer(
    question: Question, text: str, reading: PairReading, lexicon: Lexicon
) -> ShortAnswer | None:
    """The likeliest words of a text that answer; None where it has none of the kind asked for."""
    spans = list(_spans(question, text, reading, lexicon))
    if not spans:
        return None
    best = max(spans, key=lambda span: _wording(reading, span))
    weighed = min(max(0.5 * (logit(reading.answers) + _wording(reading, best)), -30.0), 30.0)
    return ShortAnswer(text[slice(*best)], 1 / (1 + math.exp(-weighed)))


def _wording(reading: PairReading, span: tuple[int, int]) -> float:
    inside = reading.within(*span)
    return float(reading.wording[inside].max()) if inside.any() else -30.0


def _spans(
    question: Question, text: str, reading: PairReading, lexicon: Lexicon
) -> Iterable[tuple[int, int]]:
    asked = {word.folded for word in words(question.text)}
    match question.wanted:
        case Wanted.DATE:
            yield from ((day.start, day.end) for day in find_days(text))
        case Wanted.NUMBER | Wanted.DURATION:
            taken = tuple((day.start, day.end) for day in find_days(text))
            yield from ((number.start, number.end) for number in find_numbers(text, taken))
        case Wanted.PERSON | Wanted.PLACE:
            yield from (
                (name.start, name.end)
                for name in find_names(text, lexicon)
                if not set(name.folded) <= asked
            )
        case Wanted.ANYTHING:
            if span := _likeliest(text, reading):
                yield span


def _likeliest(text: str, reading: PairReading) -> tuple[int, int] | None:
    """The run of tokens around the one that is likeliest of the answer."""
    if not len(reading.wording):
        return None
    middle = int(reading.wording.argmax())
    floor = float(reading.wording[middle]) - _WITHIN
    first = last = middle
    while (
        first
        and reading.wording[first - 1] >= floor
        and reading.starts[first] - reading.ends[first - 1] <= _GAP
    ):
        first -= 1
    while (
        last + 1 < len(reading.wording)
        and reading.wording[last + 1] >= floor
        and reading.starts[last + 1] - reading.ends[last] <= _GAP
    ):
        last += 1
    start, end = int(reading.starts[first]), int(reading.ends[last])
    # Whole words: tokens may be pieces of them.
    whole = [
        match.span() for match in _WHOLE.finditer(text) if match.end() > start and match.start() < end
    ]
    start, end = (whole[0][0], whole[-1][1]) if whole else (start, end)
    inside = words(text[start:end])[:_MOST_WORDS]
    return (start, start + inside[-1].end) if inside else None


def difference(question: Question, one: str, other: str, lexicon: Lexicon) -> float:
    """How far two answers differ, 0 for the same to 1 for quite another."""
    if question.wanted is Wanted.DATE:
        mine, theirs = find_days(one), find_days(other)
        if mine and theirs:
            found = days_agree(mine[0], theirs[0])
            return 0.5 if found is None else float(not found)
    if question.wanted in (Wanted.NUMBER, Wanted.DURATION):
        first, second = find_numbers(one), find_numbers(other)
        if first and second:
            return float(not (first[0].agrees(second[0]) or second[0].agrees(first[0])))
    mine_terms, their_terms = _terms(one, lexicon), _terms(other, lexicon)
    if not mine_terms or not their_terms:
        return 0.5
    shared = len(mine_terms & their_terms) / min(len(mine_terms), len(their_terms))
    return min(max((_SAME - shared) / _SAME, 0.0), 1.0)


def _terms(text: str, lexicon: Lexicon) -> frozenset[str]:
    return lexicon.term_set(text) or frozenset(
        word.folded for word in words(text) if word.folded not in STOP_WORDS
    )


def likelihood(question: Question, answers: Sequence[ShortAnswer], lexicon: Lexicon) -> float:
    """How likely the texts give more than one answer, 0..1. Answers that are one are gathered; the
    likeliest stands, and of the others any will do."""
    gathered: list[list[ShortAnswer]] = []
    for answer in sorted(answers, key=lambda answer: -answer.probability):
        same = (
            group
            for group in gathered
            if difference(question, group[0].text, answer.text, lexicon) < _DIFFERENT
        )
        if (group := next(same, None)) is not None:
            group.append(answer)
        else:
            gathered.append([answer])
    # That none of a group answers.
    none_of = sorted(math.prod(1 - each.probability for each in group) for group in gathered)
    return 1 - math.prod(none_of[1:])
