"""What a question asks for: its parts, the names it turns on, and the kind of thing that answers it."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.core.errors import QuestionError
from rag.language.terms import STOP_WORDS, Lexicon, is_unusual, stem
from rag.language.text import Word, words

MAX_CHARACTERS = 2000


class Wanted(StrEnum):
    """The kind of words that an answer must hold."""

    PERSON = "person"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    DURATION = "duration"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word that an answer should account for. `weight` in 0..1 says how much it asks."""

    start: int
    end: int
    text: str
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Name:
    """A person, place, organisation or number that the question turns on, and where it stands in it.

    Evidence has it when it has all its `terms`, or `common`, the term that the known names of one
    thing share, or the `surname` alone of a person called by two names. Names with the same `group`
    are alternatives ("in Damascus and Cairo").
    """

    start: int
    end: int
    text: str
    terms: tuple[str, ...]
    common: str | None
    surname: str | None
    group: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question, read. A question made of several is read as several."""

    text: str
    wanted: Wanted
    words: tuple[QuestionWord, ...]
    names: tuple[Name, ...]

    def is_met(self, missing: Collection[Name]) -> bool:
        """Whether, without the missing names, each group of alternatives still has one."""
        lacking = {name.group for name in missing}
        return lacking <= {name.group for name in self.names if name not in missing}


# Words that many different words may stand for in an answer.
_GENERIC = frozenset(
    stem(word)
    for word in """accord according actually add answer article bring case cause claim comment concern
    declare describe detail discuss effect event exactly explain express fact find focus give go happen
    include information involve issue kind know lead learn let list make matter mean mention name note
    occur part people person point reason refer regard relate report result role say show sort speak
    state subject take talk tell thing topic type use view way word""".split()
)
_RANKS = frozenset(
    """president prime minister foreign secretary state deputy chief general colonel king queen prince
    crown sheikh mr mrs ms dr prof sir senator ambassador spokesperson spokesman chancellor governor
    mayor judge chair chairman director head former interior defense defence""".split()
)
_ASKED = (
    (
        Wanted.DURATION,
        re.compile(r"\bhow long\b|\bfor how many (?:days|weeks|months|years|hours)\b"),
    ),
    (
        Wanted.NUMBER,
        re.compile(
            r"\bhow (?:many|much|large|big|high|old|far|deep|wide|tall|often)\b"
            r"|\b(?:what|which) (?:(?:is|was|are|were) the )?(?:\w+ )?(?:share|number|"
            r"percentage|percent|proportion|population|price|cost|amount|age|size|total|rate)\b"
        ),
    ),
    (
        Wanted.DATE,
        re.compile(r"\bwhen\b|\b(?:what|which|on what|in what|in which) (?:date|day|month|year|time)\b"),
    ),
    (Wanted.PERSON, re.compile(r"\bwho(?:m|se)?\b")),
    (
        Wanted.PLACE,
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:city|country|capital|town|airport|place|province|region)\b"
        ),
    ),
)
_ASKING = """who whom whose what when where why how which did does do is are was were has have had can
    could will"""
_SPLIT = re.compile(
    rf"\?\s+(?=\S)|,?\s+(?:and|but)\s+(?=(?:{'|'.join(_ASKING.split())})\b)", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|they|them|their|it|its|there|this|that)\b", re.I)
_BEFORE_NAMES = frozenset("in at from with to near by".split())
_INSIDE_NAME = re.compile(r"[\s-]+(?:(?:al|el|bin|ibn|abu|de|del|von|van|der)[\s-]+)*", re.IGNORECASE)
_BOTH = re.compile(r"\bbetween\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"^\s*(?:,|,?\s+(?:and|or)|&)\s*(?:whom?|what|where)?\s*(?:in|at|with|to|from|by|the)?\s*$"
)


class QuestionReader:
    """Reads questions with the names that the aliases know. `knows` tells whether a term occurs in the
    articles at all. Without `has_names` questions are read as turning on none: in another language
    than the articles' they are spelled otherwise, and capitals mean other things."""

    def __init__(
        self,
        lexicon: Lexicon,
        knows: Callable[[str], bool] = lambda term: True,
        has_names: bool = True,
    ) -> None:
        self._lexicon = lexicon
        self._knows = knows
        self._has_names = has_names

    def read(self, text: str) -> tuple[Question, ...]:
        """The parts of a question, one or more. Raises QuestionError for an empty or far too long
        one."""
        whole = self.read_whole(text)
        parts = [self._read(part.strip()) for part in _SPLIT.split(text) if part.strip()]
        if len(parts) < 2 or not all(_stands_alone(part) for part in parts):
            return (whole,)
        return tuple(
            self._with_names_of(parts[place - 1], part) if place and _PRONOUN.search(part.text) else part
            for place, part in enumerate(parts)
        )

    def read_whole(self, text: str) -> Question:
        """A question as one, whatever it is made of. Raises QuestionError as `read` does."""
        if not words(text):
            raise QuestionError("Ask a question in words.")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise QuestionError("The question has bytes that are no letters; write it as UTF-8.")
        if len(text) > MAX_CHARACTERS:
            raise QuestionError(
                f"The question has {len(text):,} characters; {MAX_CHARACTERS:,} is the most. "
                "Ask about one thing at a time."
            )
        return self._read(text.strip())

    def _with_names_of(self, before: Question, part: Question) -> Question:
        """What "... and what did he say?" asks: about whoever was named before."""
        known = {name.text for name in part.names}
        carried = [name.text for name in before.names if name.text not in known]
        return self._read(f"{part.text.rstrip('?')} ({', '.join(carried)})?") if carried else part

    def _read(self, text: str) -> Question:
        found = words(text)
        lowered = text.lower()
        wanted = next((kind for kind, asked in _ASKED if asked.search(lowered)), Wanted.ANYTHING)
        asked = tuple(
            QuestionWord(
                word.start,
                word.end,
                text[word.start : word.end],
                stem(word.folded),
                0.3 if stem(word.folded) in _GENERIC else 1.0,
            )
            for word in found
            if word.folded not in STOP_WORDS
        )
        return Question(
            text,
            wanted,
            asked,
            self._names(text, found),
        )

    def _names(self, text: str, found: Sequence[Word]) -> tuple[Name, ...]:
        if not self._has_names:
            return ()
        known = self._lexicon.name_spans(text, found)
        spans: list[tuple[int, int, str | None]] = list(known)
        for place, word in enumerate(found):
            if any(start <= word.start < end for start, end, _ in known):
                continue
            if not self._is_name(text, found, place):
                continue
            before = spans[-1] if spans else None
            if before and before[2] is None and _are_one(text, before[0], before[1], word):
                spans[-1] = (before[0], word.end, None)
            else:
                spans.append((word.start, word.end, None))
        spans.sort()
        names, group = [], 0
        for place, (start, end, common) in enumerate(spans):
            together = place and _TOGETHER.match(text[spans[place - 1][1] : start])
            if not together or _BOTH.search(text):
                group += 1
            inside = [
                word.folded
                for word in found
                if start <= word.start < end and word.folded not in STOP_WORDS
            ]
            terms = tuple(stem(word) for word in inside)
            # "Ned Fidan" is "Fidan" the second time; "South Korea" and "World Bank" never halve.
            surname = terms[1] if len(terms) == 2 and is_unusual(inside[1]) else None
            names.append(Name(start, end, text[start:end], terms, common, surname, group))
        return tuple(names)

    def _is_name(self, text: str, found: Sequence[Word], place: int) -> bool:
        """A word in capitals or a number; in a question without capitals, what stands behind "in" or
        "with" and in no article."""
        word = found[place]
        if word.folded in STOP_WORDS or word.folded in _RANKS:
            return False
        first = text[word.start]
        if first.isdigit():
            return True
        if text.islower():
            return (
                place > 0
                and found[place - 1].folded in _BEFORE_NAMES
                and not self._knows(stem(word.folded))
            )
        # A sentence begins with a capital, which then tells nothing.
        return first.isupper() and (place > 0 or is_unusual(word.folded))


def _stands_alone(part: Question) -> bool:
    """Whether a part asks something: in "How many people and how many countries took part?" the first
    does not."""
    return bool(part.names) or len(part.words) >= 3 or _PRONOUN.search(part.text) is not None


def _are_one(text: str, start: int, end: int, word: Word) -> bool:
    """Whether a word goes on with the name before it: Ned Price, Bashir al-Rahal."""
    if text[start].isdigit() or text[word.start].isdigit():
        return False
    return _INSIDE_NAME.fullmatch(text[end : word.start]) is not None
