"""Numbers that a text gives for a whole: what each counts or measures, and what becomes of that."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag.asking.conflicts.asked import common
from rag.language.facts.days import find_days
from rag.language.facts.names import find_names
from rag.language.facts.numbers import Number, find_numbers
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import Word, words

# The words behind a number that tell what it counts, and those around it that tell what became of that.
_COUNTED_WORDS = 4
_AROUND = 4
DEAD = common(stem("die"))
INJURED = common(stem("injure"))
# "Another 300", "300 of them": a part, or more of what is counted.
_PART_BEFORE = re.compile(
    r"\b(?:another|additional|further|extra|other|first|last|remaining|additionally|including|among them"
    r"|of them|of whom|only|some of|each|every|per)\s(?:an?\s)?$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"\s(?:(?:more|fewer|additional|other|extra|further|new|others)\b"
    r"|of (?:them|whom|these|those|its|their|his|her|the (?=\d|(?:two|three|\w+teen|\w+ty)\b))\b)",
    re.IGNORECASE,
)
# What happens to some of a whole: how many are sent is not how many there are.
_BECOMING = frozenset(
    stem(word)
    for word in """withdraw send sent add remove pull transfer move release free join arrive leave
    return replace rotate reinforce recruit resettle evacuate rescue arrest detain capture settle hire
    dismiss lose gain save borrow donate pledge promise request demand need cut reduce
    increase rise fall""".split()
)
# What is still to come, or may be.
PROSPECT = re.compile(
    r"\b(?:will|would|could|(?-i:may)|might|should|shall|plan(?:s|ned)?|propos\w+|aim(?:s|ed)?|target\w*"
    r"|expect\w*|forecast\w*|predict\w*|wants?|wanted|hop(?:e|es|ed) to|if|fear(?:s|ed)?"
    r"|(?:set|due|scheduled|about|going) (?:to|for)|(?:expand|prepar)\w+ to|potential(?:ly)?)\b",
    re.IGNORECASE,
)
# So much in a time, or for each of something; but not "a day after".
_RATE = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:per\s(?!cent\b)\w|(?:an?|each|every)\s"
    r"(?:second|minute|hour|day|night|week|month|year|person|head|household)\b"
    r"(?!\s(?:after|before|later|earlier|ago|since)\b))",
    re.IGNORECASE,
)
_A_RATE = "#rate"
_CLAUSE_END = re.compile(r"[,;:!?()—–]|\.\s|\s(?:and|but|while|which|who|whom|where|as|after|before)\b")
_PARTICIPLE = re.compile(r".{3,}(?:ed|ing)")
_NO_PARTICIPLE = frozenset("united wounded injured armed displaced building".split())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts, as terms: the head of that, or None beside a unit; what narrows it;
    what becomes of it, or that it is a rate; and whether that is still to come. `words` is how it is
    written."""

    number: Number
    counted: str | None
    narrowed: frozenset[str]
    becoming: frozenset[str]
    is_prospect: bool
    words: str

    @property
    def noun(self) -> str:
        """What is counted, as it is written, or nothing beside a unit."""
        if self.counted in (DEAD, INJURED):
            return "the dead" if self.counted == DEAD else "the injured"
        words_of_number = self.words.rpartition(self.number.text)[2]
        return re.sub(r"^\s*(?:of\s)?(?:the\s)?", "", words_of_number).strip()

    def agrees(self, other: "Figure") -> bool:
        return self.number.agrees(other.number) or other.number.agrees(self.number)

    def is_of_one_thing(self, other: "Figure", context: AbstractSet[str]) -> bool:
        """Whether both are of one thing, where all that narrows either is known from the context."""
        return (
            self.number.is_like(other.number)
            and (self.counted, self.becoming, self.is_prospect)
            == (other.counted, other.becoming, other.is_prospect)
            and self.narrowed | other.narrowed <= context
        )


def find_figures(text: str, lexicon: Lexicon) -> Iterator[Figure]:
    """The numbers of a text that stand for a whole; not those of a part, or of more of something."""
    dates = tuple((day.start, day.end) for day in find_days(text))
    found = find_numbers(text, dates)
    every = words(text)
    for place, number in enumerate(found):
        start = _start(text, number)
        before = text[:start]
        if _PART_BEFORE.search(before) or _PART_AFTER.match(text, number.end):
            continue
        run = _run(text, number.end, every)
        end = run[-1].end if run else number.end
        reach = found[place - 1].end if place else 0
        ahead = _clause_before(text, [word for word in every if reach <= word.start < start], start)
        behind = _clause_after(text, [word for word in every if word.start >= end], end)
        terms = [_term(word) for word in run]
        around = {*map(_term, ahead), *map(_term, behind)}
        fate = {DEAD, INJURED} & {*around, *terms}
        head = terms[-1] if terms and number.measure is None else None
        yield Figure(
            number,
            fate.pop() if len(fate) == 1 else head,
            _narrowed(text[number.end : end], lexicon) - {head},
            frozenset(around & _BECOMING) | ({_A_RATE} if _RATE.match(text, end) else set()),
            is_to_come(text, start),
            text[start:end],
        )


def is_to_come(text: str, place: int) -> bool:
    """Whether what a clause says up to a place is still to come, or only may be."""
    before = text[:place]
    clause = before[max((m.end() for m in _CLAUSE_END.finditer(before)), default=0) :]
    return PROSPECT.search(clause) is not None


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
        if not run and word.folded in ("of", "the"):
            at = word.end
            continue
        if word.folded in STOP_WORDS and not is_country:
            break
        if run and _PARTICIPLE.fullmatch(word.folded) and word.folded not in _NO_PARTICIPLE:
            break
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
