"""The figures that articles give for the one thing whose number is asked for."""

import itertools
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

from rag.asking.conflicts.accounts import Account, IsChange, Read, Sides, arrange, never, told_apart
from rag.asking.conflicts.asked import (
    about,
    asks_past,
    common,
    cover,
    names_another,
    needed,
    terms_of,
    thing,
)
from rag.asking.conflicts.figures import DEAD, INJURED, Figure, find_figures
from rag.asking.questions import Question, Wanted
from rag.core.dates import bounds
from rag.core.records import Conflict, ConflictKind
from rag.language.facts.numbers import Number, find_numbers
from rag.language.terms import Lexicon, stem
from rag.language.text import fold_word, words

# So much of what is asked a sentence with its article's title has to be about.
_ABOUT_ENOUGH = 0.75
# A sentence that answers with less probability is not about what is asked, unless a claim cites it; a
# measure alone, which has no word for what it measures, needs more.
_BEARING = 0.1
_LIKELY = 0.3
_HOW_MANY = re.compile(r"\bhow (?:many|much)\s+", re.IGNORECASE)
# A toll that is told anew within so many days is one that rises.
_ONE_STORY = timedelta(days=60)


def find_count_conflicts(
    question: Question, reads: Sequence[Read], lexicon: Lexicon
) -> Iterator[Conflict]:
    """Nothing where the question does not ask how many or how much."""
    if question.wanted not in (Wanted.NUMBER, Wanted.DURATION):
        return
    wanted = needed(question, lexicon)
    asked = frozenset().union(*wanted) | terms_of(question.text, lexicon)
    countable = _countable(question) or asked
    # "40 point games" are what is counted, and no count of them.
    echoed = {_with_next(question.text, number) for number in find_numbers(question.text)} - {None}
    accounts: list[tuple[Account[Figure], frozenset[str]]] = []
    for read in reads:
        if read.score < _BEARING and not read.is_cited:
            continue
        known = about(read, lexicon)
        if cover(wanted, known) < _ABOUT_ENOUGH or not _is_of_its_years(wanted, known):
            continue
        if names_another(question, read.text):
            continue
        accounts += [
            (Account(read, figure.words, figure), known)
            for figure in find_figures(read.text, lexicon)
            if _with_next(read.text, figure.number) not in echoed
            and _answers(figure, question, asked, countable, read)
        ]
    if not accounts:
        return
    best, known_best = max(accounts, key=lambda found: found[0].read.score)
    same = [
        account
        for account, known in accounts
        if best.meaning.is_of_one_thing(account.meaning, asked | (known & known_best))
    ]
    is_toll = best.meaning.counted in (DEAD, INJURED)
    is_change: IsChange[Figure] = never if asks_past(question.text) else told_apart
    conflict = arrange(
        thing(question, best.meaning.noun), same, Figure.agrees, _rises if is_toll else is_change
    )
    if conflict and is_toll and conflict.kind is ConflictKind.CHANGE:
        conflict = _as_published(conflict)
    if conflict:
        yield conflict


def _with_next(text: str, number: Number) -> tuple[float, str] | None:
    """A number with the word behind it; None where there is none."""
    following = re.match(r"[ -]([^\W\d_]+)", text[number.end :])
    return (number.value, stem(fold_word(following[1]))) if following else None


def _rises(sides: Sides[Figure]) -> bool:
    """Whether a toll only went up from article to article, as it does while more is found out. What is
    told otherwise long after, or on one day, is told otherwise."""
    told: list[tuple[date, date, float, float]] = []
    for side in sides:
        days: list[date] = []
        for account in side:
            if not (published := account.read.article.published) or account.when is None:
                return False
            first, last = bounds(published)
            if first - bounds(account.when)[1] > _ONE_STORY:
                return False
            days += [first, last]
        values = [account.meaning.number.value for account in side]
        told.append((min(days), max(days), min(values), max(values)))
    told.sort()
    return told[-1][1] - told[0][0] <= _ONE_STORY and all(
        earlier[1] < later[0] and earlier[3] < later[2] for earlier, later in itertools.pairwise(told)
    )


def _as_published(conflict: Conflict) -> Conflict:
    """A toll that rises in the order of the articles, each side with the day of its first one: the
    sentences speak of one event."""
    dated = [
        replace(side, when=min(cited.published for cited in side.citations if cited.published))
        for side in conflict.sides
    ]
    return replace(conflict, sides=tuple(sorted(dated, key=lambda side: bounds(side.when or ""))))


def _countable(question: Question) -> frozenset[str]:
    """The terms of a question that stand in no name but the one behind "how many": the people of Rush
    Township are asked for, and not townships."""
    how_many = _HOW_MANY.search(question.text)
    end = how_many.end() if how_many else 0
    for name in question.names:
        if how_many and 0 <= name.start - end <= 1:
            end = name.end
    return frozenset(
        common(word.term)
        for word in question.words
        if word.end <= end or not any(name.start <= word.start < name.end for name in question.names)
    )


def _answers(
    figure: Figure,
    question: Question,
    asked: AbstractSet[str],
    countable: AbstractSet[str],
    read: Read,
) -> bool:
    """Whether a figure is of the kind that is asked for."""
    if figure.counted is not None:
        return figure.counted in countable
    if figure.number.measure is None or asked & {DEAD, INJURED}:
        return False
    units = {stem(word.folded) for word in words(figure.number.text)}
    return bool(units & set(question.counted)) if question.counted else read.score >= _LIKELY


def _is_of_its_years(wanted: Sequence[AbstractSet[str]], known: AbstractSet[str]) -> bool:
    """Whether a sentence is of a year that the question names, if it names any."""
    years = [each for each in wanted if any(re.fullmatch(r"(?:19|20)\d\d", term) for term in each)]
    return not years or any(each & known for each in years)
