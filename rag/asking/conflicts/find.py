"""A question and the sentences that were read for it to the accounts that differ between articles:
the figures they give for the one thing whose number is asked for."""

import itertools
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

from rag.asking.conflicts.accounts import Account, Sides, arrange, never, told_apart
from rag.asking.conflicts.figures import DEAD, INJURED, common, find_figures
from rag.asking.evidence import Candidate
from rag.asking.questions import Question, Wanted
from rag.core.dates import bounds, readable
from rag.core.records import Conflict, ConflictKind
from rag.language.terms import Lexicon, stem

# So much of what is asked a sentence with its article's title has to be about.
_ABOUT_ENOUGH = 0.75
# A sentence that answers with less probability is not about what is asked. Of two that answer otherwise
# the reader believes one.
_BEARING = 0.002
# A toll that is told anew within so many days is one that rises.
_ONE_STORY = timedelta(days=60)
# These only ask, or tell where a thing is, or that it is now.
_ASKING = frozenset(
    stem(word)
    for word in """number many much count total size large big high strong exactly approximately about
    estimate station base deploy keep maintain place locate currently now today present still there
    according article report say state tell us year time current latest figure have""".split()
    if word != "us"
)
_TAIL = re.compile(
    r"\b(?:in|at|on|from|by|during|aboard|near|within) .*?(?=$|,| according| and how)", re.IGNORECASE
)
# What happened cannot change.
_PAST = re.compile(r"\b(?:did|was|were)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_conflicts(
    question: Question, sentences: Sequence[Candidate], lexicon: Lexicon
) -> tuple[Conflict, ...]:
    """Where articles give different figures for what a question asks the number of; nothing where it
    asks for something else."""
    if question.wanted is not Wanted.NUMBER:
        return ()
    wanted = _needed(question)
    asked = frozenset().union(*wanted) | _terms_of(question.text, lexicon)
    # Who asks for the dead asks for no other people.
    countable = asked & {DEAD, INJURED} or asked
    found = list(_accounts(sentences, wanted, countable, lexicon))
    if not found:
        return ()
    best, known_best = max(found, key=lambda each: each[0].sentence.score)
    same = [
        account
        for account, known in found
        if best.figure.is_of_one_thing(account.figure, asked | (known & known_best))
    ]
    is_toll = best.figure.counted in (DEAD, INJURED)
    is_change = _rises if is_toll else never if _PAST.search(question.text) else told_apart
    conflict = arrange(_thing(question, best.figure.noun), same, is_change)
    if conflict is None:
        return ()
    is_rising = is_toll and conflict.kind is ConflictKind.CHANGE
    return (_as_published(conflict) if is_rising else conflict,)


def _accounts(
    sentences: Sequence[Candidate],
    wanted: Sequence[AbstractSet[str]],
    countable: AbstractSet[str],
    lexicon: Lexicon,
) -> Iterator[tuple[Account, frozenset[str]]]:
    """The figures of sentences that are about what is asked, with the terms that each sentence stands
    under: its own, its article's title and date."""
    for sentence in sentences:
        if sentence.score < _BEARING:
            continue
        article, published = sentence.article, sentence.article.published
        dated = f"{published} {readable(published)}" if published else ""
        known = _terms_of(f"{article.title or ''}\n{dated}\n{sentence.span.text}", lexicon)
        if sum(bool(each & known) for each in wanted) < _ABOUT_ENOUGH * len(wanted) or not wanted:
            continue
        years = [each for each in wanted if any(map(_YEAR.fullmatch, each))]
        if years and not any(each & known for each in years):
            continue
        for figure in find_figures(sentence.span.text, lexicon):
            if figure.counted in countable:
                yield Account(sentence, figure), known


def _rises(sides: Sides) -> bool:
    """Whether a toll only went up from article to article, as it does while more is found out. What is
    told otherwise long after, or on one day, is told otherwise."""
    told: list[tuple[date, date, float, float]] = []
    for side in sides:
        days: list[date] = []
        for account in side:
            if not (published := account.sentence.article.published) or account.when is None:
                return False
            first, last = bounds(published)
            if first - bounds(account.when)[1] > _ONE_STORY:
                return False
            days += [first, last]
        values = [account.figure.number.value for account in side]
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


def _terms_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The terms of a text, each with the one that stands for its meaning."""
    return frozenset(map(common, lexicon.term_set(text)))


def _needed(question: Question) -> tuple[frozenset[str], ...]:
    """For each word of a question that tells what it is about, the terms any of which accounts for
    it."""
    found = []
    for word in question.words:
        names = [n for n in question.names if n.start <= word.start < n.end]
        if not names and (stem(word.text.lower()) in _ASKING or word.weight < 1):
            continue
        terms = {common(word.term)}
        terms |= {name.common for name in names if name.common}
        terms |= {name.surname for name in names if name.surname}
        found.append(frozenset(terms))
    return tuple(dict.fromkeys(found))


def _thing(question: Question, noun: str) -> str:
    """What is counted, in words: with where and when the question sees it ("US troops in Syria"), or
    else as the question has it."""
    text = question.text.strip().rstrip("?").strip()
    tail = _TAIL.search(text)
    return f"{noun} {tail[0]}" if tail else text
