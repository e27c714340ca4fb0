"""What a text denies: the words that a "not" reaches. That a text denies something in other words,
"turned down", only a judge of meaning can tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language.terms import STOP_WORDS, stem
from rag.language.text import Word, words

_NOT = frozenset("no not never none nobody nothing neither nor without cannot".split())
# Before "to" or "that" these deny what follows.
_DENYING = frozenset(stem(verb) for verb in "deny refuse fail decline reject".split())
# A text with such a word may say in its own way what another says with a "not".
_LIKE_NOT = _DENYING | frozenset(
    stem(word)
    for word in """alone avoid ban barely cancel dismiss empty forbid hardly impossible instead lack lose
    miss only oppose prevent quit rather stop unable unlikely yet""".split()
)
_HARMLESS = re.compile(
    r"\b(?:not (?:only|just|merely|least|even|to mention)|no (?:doubt|less|more|fewer|later|matter|\d+)"
    r"|or not|nothing but)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;:.!?—–(,]|\b(?:but|although|though|while|because|after|before|unless|when|if|which|who)\b",
    re.IGNORECASE,
)
# "had not met since 2022" tells of a meeting in 2022.
_BOUNDED = frozenset("since until till".split())
# Words that a denial goes past to what it denies.
_FILLERS = STOP_WORDS | frozenset(
    """yet ever even also still currently immediately clearly fully directly officially publicly longer
    further make made get got let""".split()
)
# A negation reaches so many words.
_REACH = 6


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation: its words as far as it reaches, and the terms that it reaches, nearest first."""

    text: str
    reached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The words of a denial in one text, of what another states."""

    denial: str


@lru_cache(maxsize=256)
def find_denials(text: str) -> tuple[Denial, ...]:
    """The negations of a text that say without more what is not so."""
    found = words(text)
    harmless = [match.span() for match in _HARMLESS.finditer(text)]
    denials: list[Denial] = []
    for place, word in enumerate(found):
        following = found[place + 1 : place + 2]
        is_denying = (
            stem(word.folded) in _DENYING and following and following[0].folded in ("to", "that")
        )
        if not _is_not(word) and not is_denying:
            continue
        if any(start <= word.start < end for start, end in harmless):
            continue
        reached = _reached(text, found, place)
        terms = tuple(stem(each.folded) for each in reached if each.folded not in _FILLERS)
        if terms and not any(each.folded in _BOUNDED for each in reached):
            denials.append(Denial(text[word.start : reached[-1].end], terms))
    return tuple(denials)


def _is_not(word: Word) -> bool:
    return word.folded in _NOT or word.folded.endswith("n't")


def _reached(text: str, found: Sequence[Word], place: int) -> list[Word]:
    """The words that a negation reaches: to the end of its clause, not far."""
    reached: list[Word] = []
    terms = 0
    for before, word in zip(found[place:], found[place + 1 :], strict=False):
        if _CLAUSE_END.search(text[before.end : word.end]):
            break
        reached.append(word)
        terms += word.folded not in _FILLERS
        if terms == _REACH:
            break
    return reached


def _is_negative(text: str) -> bool:
    """Whether a text has a word that denies, or one that may answer for it."""
    return any(_is_not(word) or stem(word.folded) in _LIKE_NOT for word in words(text))


def find_disagreement(claim: str, cited: str) -> Disagreement | None:
    """Where a claim states what the cited words deny, or denies what they state: what the denial is
    about first stands in both, and the other text denies nothing."""
    for denying, stating in ((cited, claim), (claim, cited)):
        if _is_negative(stating):
            continue
        stated = [stem(word.folded) for word in words(stating)]
        own = [stem(word.folded) for word in words(denying)]
        for denial in find_denials(denying):
            if denial.reached[0] in stated and own.count(denial.reached[0]) == 1:
                return Disagreement(denial.text)
    return None
