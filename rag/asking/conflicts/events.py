"""Sentences of two articles on one event that give another day or place for it, or that deny one
another."""

import itertools
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rag.asking.conflicts.accounts import Account, Agree, IsChange, Read, arrange, never, told_apart
from rag.asking.conflicts.asked import about, asks_past, common, cover, names_another, needed, thing
from rag.asking.conflicts.figures import PROSPECT, is_to_come
from rag.asking.questions import Question, Wanted
from rag.core.records import Conflict
from rag.language.facts.days import Day, find_days, place
from rag.language.facts.days import agree as days_agree
from rag.language.facts.names import find_names
from rag.language.facts.negations import find_disagreement, is_negative
from rag.language.facts.numbers import find_numbers
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import words

# From this probability a sentence answers well enough to speak of what is asked.
_LIKELY = 0.4
# So much of what is asked both sentences are about.
_ABOUT_ENOUGH = 0.75
# Of the shorter sentence's terms, without day and place, so many stand in the other: one event.
_ONE_EVENT = 0.6
_FEWEST_SHARED = 3
_AT = re.compile(r"\b(?:in|at|near|outside)\s(?:the\s)?(?:city of\s|town of\s)?$", re.IGNORECASE)
_WHETHER = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|will|would)\b|\bwhether\b", re.IGNORECASE
)


def find_event_conflicts(
    question: Question, reads: Sequence[Read], lexicon: Lexicon
) -> Iterator[Conflict]:
    """Of an event whose day or place is asked for, the days or places; of something that is asked to be
    so or not, the sentences that state and deny it."""
    wanted = needed(question, lexicon)
    asked = [
        read
        for read in reads
        if (read.score >= _LIKELY or read.is_cited)
        and cover(wanted, about(read, lexicon)) >= _ABOUT_ENOUGH
        and not names_another(question, read.text)
    ]
    if question.wanted is Wanted.DATE:
        conflict = _first(question, asked, lexicon, _days, _may_be_one_day, never)
    elif question.wanted is Wanted.PLACE:
        conflict = _first(question, asked, lexicon, _places, operator.eq, never)
    elif _WHETHER.search(question.text.strip()):
        conflict = _first(question, asked, lexicon, _denied, operator.eq, told_apart)
    else:
        conflict = None
    if conflict:
        yield conflict


# The accounts that two sentences on one event give, or nothing where they cannot be compared.
_Compare = Callable[[Question, Read, Read, Lexicon], tuple[Account[Any], ...]]


def _first(
    question: Question,
    reads: Sequence[Read],
    lexicon: Lexicon,
    compare: _Compare,
    agree: Agree[Any],
    is_change: IsChange[Any],
) -> Conflict | None:
    """The likeliest two sentences that differ, and with them what every other one on the same event
    gives: a third account is a side of its own."""
    for one, other in _pairs(reads, lexicon):
        seeds = compare(question, one, other, lexicon)
        if not arrange("", seeds, agree, is_change):
            continue
        accounts = list(seeds)
        for read in reads:
            if read in (one, other):
                continue
            for seed in seeds:
                if _is_one_event(seed.read, read, lexicon):
                    accounts += compare(question, seed.read, read, lexicon)[1:]
        return arrange(thing(question), dict.fromkeys(accounts), agree, is_change)
    return None


def _pairs(reads: Sequence[Read], lexicon: Lexicon) -> Iterator[tuple[Read, Read]]:
    """The sentences of different articles that tell of one event, the likeliest first."""
    ordered = sorted(reads, key=lambda read: -read.score)
    for one, other in itertools.combinations(ordered, 2):
        if _is_one_event(one, other, lexicon):
            yield one, other


def _is_one_event(one: Read, other: Read, lexicon: Lexicon) -> bool:
    """Whether sentences of two articles tell of one event."""
    if one.article.sha256 == other.article.sha256:
        return False
    mine, theirs = _event(one.text, lexicon), _event(other.text, lexicon)
    shared = len(mine & theirs)
    return shared >= _FEWEST_SHARED and shared >= _ONE_EVENT * min(len(mine), len(theirs))


def _event(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The terms of an event: without days, numbers, and where it was."""
    taken = [(day.start, day.end) for day in find_days(text)]
    taken += [(number.start, number.end) for number in find_numbers(text, tuple(taken))]
    taken += [span for span, _ in _where(text, lexicon)]
    return frozenset(
        common(stem(word.folded))
        for word in words(text)
        if word.folded not in STOP_WORDS and not any(s <= word.start < e for s, e in taken)
    )


def _where(text: str, lexicon: Lexicon) -> list[tuple[tuple[int, int], str]]:
    """The places that a sentence gives, and the term of each."""
    return [
        ((name.start, name.end), name.common or name.terms[-1])
        for name in find_names(text, lexicon)
        if name.terms and _AT.search(text[: name.start])
    ]


def _days(question: Question, one: Read, other: Read, lexicon: Lexicon) -> tuple[Account[Any], ...]:
    """Each sentence names one day."""
    accounts = []
    for read in (one, other):
        named = find_days(read.text)
        meanings = place(named[0], read.article.published) if len(named) == 1 else ()
        if len(meanings) != 1 or not (meanings[0].year and meanings[0].month):
            return ()
        if _is_not_yet(question, read.text, named[0].start):
            return ()
        accounts.append(Account(read, named[0].text, meanings[0]))
    return tuple(accounts)


def _may_be_one_day(one: Day, other: Day) -> bool:
    return days_agree(one, other) is not False


def _places(question: Question, one: Read, other: Read, lexicon: Lexicon) -> tuple[Account[Any], ...]:
    """Each sentence gives one place that the other's article nowhere has: a city's article has its
    country, and the other way round."""
    accounts = []
    for read, rival in ((one, other), (other, one)):
        known = lexicon.term_set(question.text) | lexicon.term_set(rival.article.text)
        places = [(span, term) for span, term in _where(read.text, lexicon) if term not in known]
        if len(places) != 1:
            return ()
        ((start, end), term), *_ = places
        if _is_not_yet(question, read.text, start):
            return ()
        accounts.append(Account(read, read.text[start:end], term))
    return tuple(accounts)


def _is_not_yet(question: Question, text: str, place: int) -> bool:
    """Whether what was is asked for, and what a sentence says up to a place is to come."""
    is_past = asks_past(question.text) and not PROSPECT.search(question.text)
    return is_past and is_to_come(text, place)


def _denied(question: Question, one: Read, other: Read, lexicon: Lexicon) -> tuple[Account[Any], ...]:
    """One sentence denies what the other states; every name of either stands in both."""
    named = [
        {name.common or name.terms[-1] for name in find_names(read.text, lexicon)}
        for read in (one, other)
    ]
    if named[0] != named[1] or not find_disagreement(one.text, other.text):
        return ()
    is_denial = is_negative(one.text)
    return Account(one, one.text, is_denial), Account(other, other.text, not is_denial)
