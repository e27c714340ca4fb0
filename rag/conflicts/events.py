"""Sentences of two articles on one event that give another day or place for it, or that deny one
another."""

import itertools
import operator
import re
from collections.abc import Iterable, Iterator, Sequence

from rag.conflicts.accounts import Account, Read, arrange
from rag.conflicts.asked import about, common, cover, needed, thing
from rag.facts.days import Day, find_days, place
from rag.facts.days import agree as days_agree
from rag.facts.names import find_names
from rag.facts.negations import find_disagreement
from rag.facts.numbers import find_numbers
from rag.questions import Question, Wanted
from rag.records import Conflict
from rag.terms import STOP_WORDS, Lexicon, stem
from rag.text import words

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
    ]
    found: Iterable[Conflict | None] = ()
    if question.wanted is Wanted.DATE:
        found = (_days(question, pair, lexicon) for pair in _pairs(asked, lexicon))
    elif question.wanted is Wanted.PLACE:
        found = (_places(question, pair, lexicon) for pair in _pairs(asked, lexicon))
    elif _WHETHER.search(question.text.strip()):
        found = (_denied(question, pair, lexicon) for pair in _pairs(asked, lexicon))
    # One pair is enough: what agrees with either side would only say it again.
    yield from itertools.islice(filter(None, found), 1)


def _pairs(reads: Sequence[Read], lexicon: Lexicon) -> Iterator[tuple[Read, Read]]:
    """The sentences of different articles that tell of one event, the likeliest first."""
    ordered = sorted(reads, key=lambda read: -read.score)
    for one, other in itertools.combinations(ordered, 2):
        if one.article.sha256 == other.article.sha256:
            continue
        mine, theirs = _event(one.text, lexicon), _event(other.text, lexicon)
        shared = len(mine & theirs)
        if shared >= _FEWEST_SHARED and shared >= _ONE_EVENT * min(len(mine), len(theirs)):
            yield one, other


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


def _days(question: Question, pair: tuple[Read, Read], lexicon: Lexicon) -> Conflict | None:
    """Each sentence names one day, and they are not the same."""
    accounts = []
    for read in pair:
        named = find_days(read.text)
        meanings = place(named[0], read.article.published) if len(named) == 1 else ()
        if len(meanings) != 1 or not (meanings[0].year and meanings[0].month):
            return None
        accounts.append(Account(read, named[0].text, meanings[0]))
    return arrange(thing(question), accounts, _may_be_one_day, can_change=False)


def _may_be_one_day(one: Day, other: Day) -> bool:
    return days_agree(one, other) is not False


def _places(question: Question, pair: tuple[Read, Read], lexicon: Lexicon) -> Conflict | None:
    """Each sentence gives one place that the other's article nowhere has: a city's article has its
    country, and the other way round."""
    accounts = []
    for read, other in (pair, pair[::-1]):
        known = lexicon.term_set(question.text) | lexicon.term_set(other.article.text)
        places = [(span, term) for span, term in _where(read.text, lexicon) if term not in known]
        if len(places) != 1:
            return None
        ((start, end), term), *_ = places
        accounts.append(Account(read, read.text[start:end], term))
    return arrange(thing(question), accounts, operator.eq, can_change=False)


def _denied(question: Question, pair: tuple[Read, Read], lexicon: Lexicon) -> Conflict | None:
    """One sentence denies what the other states; every name of either stands in both."""
    one, other = pair
    named = [{name.common or name.terms[-1] for name in find_names(read.text, lexicon)} for read in pair]
    if named[0] != named[1] or not find_disagreement(one.text, other.text):
        return None
    accounts = [Account(read, read.text, read is one) for read in pair]
    return arrange(thing(question), accounts, operator.eq)
