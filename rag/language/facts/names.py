"""Names that a sentence states, and whether another text has them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.terms import STOP_WORDS, Lexicon, is_unusual, stem
from rag.language.text import Word, fold, words

# Titles and offices stand beside names; they are no part of them.
_OFFICES = frozenset(
    """president vice prime minister ministry foreign interior defense defence justice finance energy
    health education secretary state deputy chief general colonel major lieutenant captain king
    queen prince princess crown sheikh mr mrs ms dr prof professor sir lord lady senator congressman
    congresswoman representative ambassador envoy spokesperson spokesman spokeswoman chancellor
    governor mayor judge justice chair chairman chairwoman director head former acting coach captain
    government parliament cabinet congress senate ministry army police court
    department commission""".split()
)
_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
_INSIDE = re.compile(
    r"\s|-|\s(?:of|al|el|bin|ben|ibn|abu|van|von|der|de|da|di|la|le|the)\s|[\s-](?:al|el)-"
)
_SMALL_WORDS = frozenset("of the and for in on de la".split())
# Words that may stand between those of one name.
_BETWEEN = 2
_SENTENCE_END = re.compile(r"[.!?:][\"”’'»)\]]*\s+[\"“‘'«(\[]*$|^[\"“‘'«(\[]*$|\n\s*[-•*]?\s*[\"“‘]?$")


@dataclass(frozen=True, slots=True)
class Named:
    """A name where it stands: its folded words with their stems, and the term that the known names
    of one thing share."""

    start: int
    end: int
    text: str
    folded: tuple[str, ...]
    terms: tuple[str, ...]
    common: str | None


def find_names(text: str, lexicon: Lexicon, taken: Sequence[tuple[int, int]] = ()) -> tuple[Named, ...]:
    """The names of a text in order, but for those inside the spans that are taken (by dates)."""
    found = words(text)
    known = lexicon.name_spans(text, found)
    spans: list[tuple[int, int, str | None]] = [
        (start, end, common)
        for start, end, common in known
        if text[start].isupper() or not text[start].isascii()
    ]
    elsewhere = [*taken, *((start, end) for start, end, _ in spans)]
    for place, word in enumerate(found):
        if any(start < word.end and word.start < end for start, end in elsewhere):
            continue
        if not _is_name(text, found, place):
            continue
        before = spans[-1] if spans else None
        if (
            before
            and before[2] is None
            and before[1] <= word.start
            and _INSIDE.fullmatch(text[before[1] : word.start])
        ):
            spans[-1] = (before[0], word.end, None)
        else:
            spans.append((word.start, word.end, None))
    return tuple(_named(text, found, *span) for span in sorted(spans))


def _named(text: str, found: Sequence[Word], start: int, end: int, common: str | None) -> Named:
    inside = [w.folded for w in found if start <= w.start < end and w.folded not in STOP_WORDS]
    folded = tuple(word for word in inside if word not in _OFFICES) or tuple(inside)
    return Named(start, end, text[start:end], folded, tuple(stem(word) for word in folded), common)


def _is_name(text: str, found: Sequence[Word], place: int) -> bool:
    word = found[place]
    letters = text[word.start : word.end]
    if not letters[0].isupper() or word.folded in STOP_WORDS or word.folded in _OFFICES:
        return False
    if letters in ("I", "A") or (len(letters) == 1 and letters.isalpha()):
        return False
    if _SENTENCE_END.search(text[max(0, word.start - 12) : word.start]):
        following = found[place + 1] if place + 1 < len(found) else None
        goes_on = (
            following is not None
            and text[following.start].isupper()
            and following.folded not in STOP_WORDS
            and text[word.end : following.start] == " "
        )
        return is_unusual(word.folded) or (
            goes_on and following is not None and is_unusual(following.folded)
        )
    return True


class NameList:
    """The names that a text has, to be asked for one."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._terms = lexicon.term_set(text)
        self._in_order = [stem(word.folded) for word in words(text)]
        found = words(text)
        self._folded = [word.folded for word in found]
        self._capital = [text[word.start].isupper() for word in found]
        self._initials = "".join(
            word.folded[0]
            if text[word.start].isupper() and len(word.folded) > 1
            else ""
            if word.folded in _SMALL_WORDS
            else "|"
            for word in found
        )
        self._acronyms = {fold(match.group()) for match in _ACRONYM.finditer(text)}

    def has(self, name: Named) -> bool:
        """Whether the text has a name: in other letters, by another known name, by its initials, or by
        the surname alone."""
        if name.common in self._terms or self._stand_together(name.terms):
            return True
        if len(name.folded) == 1 and len(name.text) <= 6 and name.text.isupper():
            if name.folded[0] in self._initials:
                return True
        elif "".join(word[0] for word in name.folded) in self._acronyms and len(name.folded) > 1:
            return True
        # A surname stands for the person, unless the other names stand here without it.
        *others, surname = name.terms or ("",)
        alone = surname in self._terms and not self._terms.intersection(others)
        if len(name.folded) > 1 and is_unusual(name.folded[-1]) and alone:
            return not self._goes_by_another_name(name.folded)
        return False

    def _stand_together(self, terms: tuple[str, ...]) -> bool:
        """Whether the words of a name stand close by one another: "Real Madrid" is not in "Real Betis
        lost in Madrid"."""
        if len(terms) == 1 or not all(term in self._terms for term in terms):
            return bool(terms) and all(term in self._terms for term in terms)
        wanted, reach = set(terms), len(terms) + _BETWEEN
        return any(
            wanted <= set(self._in_order[place : place + reach])
            for place, term in enumerate(self._in_order)
            if term in wanted
        )

    def _goes_by_another_name(self, folded: tuple[str, ...]) -> bool:
        """Whether a surname stands here behind another first name only."""
        places = [place for place, word in enumerate(self._folded) if word == folded[-1]]
        before = [self._folded[place - 1] for place in places if place and self._capital[place - 1]]
        others = [word for word in before if word not in _OFFICES and word not in STOP_WORDS]
        return bool(others) and len(others) == len(places) and not any(word in folded for word in others)
