"""Numbers that a text gives for a whole, and what each counts."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag.language.facts.days import find_days
from rag.language.facts.names import find_names
from rag.language.facts.numbers import Number, find_numbers
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import Word, words

# Words that mean one thing when it is counted; the first stands for all.
_GROUPS = """
troop soldier force military presence contingent servicemen serviceman personnel army garrison
dead die death kill toll fatality victim perish casualty
injured injure wound hurt
people person inhabitant resident population live
refugee displaced
prisoner detainee inmate captive
"""
_GROUP_OF = {
    stem(word): f"#{line.split()[0]}" for line in _GROUPS.strip().split("\n") for word in line.split()
}
# The words behind a number that tell what it counts, and those around it that tell whether of the dead.
_COUNTED_WORDS = 4
_AROUND = 4
# "Another 300", "300 of them": a part, or more of what is counted.
_PART_BEFORE = re.compile(
    r"\b(?:another|additional|further|extra|other|first|last|remaining|additionally|including|among them"
    r"|of them|of whom|only|some of|each|every|per)\s(?:an?\s)?$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"\s(?:(?:more|fewer|additional|other|extra|further|new|others)\b"
    r"|of (?:the|them|whom|these|those|its|their|his|her)\b)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:!?()—–]|\.\s|\s(?:and|but|while|which|who|whom|where|as|after|before)\b")


def common(term: str) -> str:
    """The term that stands for all words of its meaning."""
    return _GROUP_OF.get(term, term)


DEAD = common(stem("die"))
INJURED = common(stem("injure"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts, as terms: the head of that, and what narrows it. `words` is how it
    is written."""

    number: Number
    counted: str
    narrowed: frozenset[str]
    words: str

    @property
    def noun(self) -> str:
        """What is counted, as it is written."""
        if self.counted in (DEAD, INJURED):
            return "the dead" if self.counted == DEAD else "the injured"
        return self.words.rpartition(self.number.text)[2].strip()

    def agrees(self, other: "Figure") -> bool:
        return self.number.agrees(other.number) or other.number.agrees(self.number)

    def is_of_one_thing(self, other: "Figure", context: AbstractSet[str]) -> bool:
        """Whether both are of one thing, where all that narrows either is known from the context."""
        return self.counted == other.counted and self.narrowed | other.narrowed <= context


def find_figures(text: str, lexicon: Lexicon) -> Iterator[Figure]:
    """The numbers of a text that count a whole; not those of a part, or of more of something."""
    dates = tuple((day.start, day.end) for day in find_days(text))
    found = find_numbers(text, dates)
    every = words(text)
    for place, number in enumerate(found):
        start = _start(text, number)
        if _PART_BEFORE.search(text[:start]) or _PART_AFTER.match(text, number.end):
            continue
        run = _run(text, number.end, every)
        end = run[-1].end if run else number.end
        reach = found[place - 1].end if place else 0
        ahead = _clause_before(text, [word for word in every if reach <= word.start < start], start)
        behind = _clause_after(text, [word for word in every if word.start >= end], end)
        terms = [_term(word) for word in run]
        around = {*map(_term, ahead), *map(_term, behind)}
        fate = {DEAD, INJURED} & {*around, *terms}
        head = fate.pop() if len(fate) == 1 else terms[-1] if terms else None
        if head is None or number.measure is not None:
            continue
        yield Figure(
            number,
            head,
            _narrowed(text[number.end : end], lexicon) - set(terms[-1:]),
            text[start:end],
        )


def _term(word: Word) -> str:
    return common(stem(word.folded))


def _start(text: str, number: Number) -> int:
    """Where a number begins with the word that widens it."""
    if not number.qualifier:
        return number.start
    found = text.rfind(number.qualifier, 0, number.start)
    return found if found >= 0 and number.start - found <= len(number.qualifier) + 5 else number.start


def _run(text: str, start: int, every: Sequence[Word]) -> list[Word]:
    """The words of what is counted: those right behind a number, up to one that goes on otherwise."""
    run: list[Word] = []
    at = start
    for word in every:
        if word.start < start:
            continue
        if text[at : word.start].strip(" -") or len(run) == _COUNTED_WORDS:
            break
        is_country = word.folded == "us" and text[word.start].isupper()
        if word.folded in STOP_WORDS and not is_country:
            break
        if run and word.folded.endswith("ed") and _term(run[-1]) in _GROUP_OF.values():
            break  # tells of those that are counted: "troops based in Syria"
        run.append(word)
        at = word.end
    return run


def _clause_before(text: str, some: Sequence[Word], edge: int) -> list[Word]:
    """The last words before a place, within its clause; "part of" says that the whole comes next."""
    kept = []
    for word in reversed(some[-_AROUND:]):
        if _CLAUSE_END.search(text[word.end : edge]) or word.folded == "of":
            break
        kept.append(word)
    return kept


def _clause_after(text: str, some: Sequence[Word], edge: int) -> list[Word]:
    kept = []
    for word in some[:_AROUND]:
        if _CLAUSE_END.search(text[edge : word.start]):
            break
        kept.append(word)
    return kept


def _narrowed(counted: str, lexicon: Lexicon) -> frozenset[str]:
    """The terms of what is counted; a known name gives the term that its names share."""
    # A word before them, so that the first is not taken for the beginning of a sentence.
    text = f"the {counted}"
    names = find_names(text, lexicon)
    rest = [
        _term(word)
        for word in words(text)
        if word.folded not in STOP_WORDS and not any(n.start <= word.start < n.end for n in names)
    ]
    return frozenset(rest) | {name.common or name.terms[-1] for name in names if name.terms}
