"""True statements made false: a number, name, date, negation or role altered, so that a judge learns
to read and not to count words."""

import random
import re
from collections.abc import Callable, Sequence

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_WRITTEN = "two three four five six seven eight nine ten eleven twelve".split()
_WRITTEN_NUMBER = re.compile(rf"\b(?:{'|'.join(_WRITTEN)})\b")
_NAME = re.compile(r"(?:[A-ZÀ-Þ][\w'’-]+)(?: (?:of |the |de |al-|van |von )?[A-ZÀ-Þ][\w'’-]+){0,3}")
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_BE = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|did|does|may|must)\b(?! not\b|n't)"
)
_NOT = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|did|does|do) not ", re.IGNORECASE
)
_OPPOSITES = [
    pair.split("/")
    for pair in """increase/decrease increases/decreases increased/decreased increasing/decreasing
    higher/lower high/low more/fewer more/less before/after first/last won/lost win/lose rose/fell
    rise/fall up/down north/south northern/southern east/west eastern/western largest/smallest
    oldest/youngest larger/smaller best/worst begin/end began/ended started/stopped opened/closed
    allowed/banned allow/prevent accepted/rejected approved/rejected supports/opposes
    supported/opposed father/son mother/daughter brother/sister husband/wife early/late always/never
    all/none many/few same/different old/new positive/negative promotes/inhibits activates/inhibits
    reduces/raises reduced/raised presence/absence with/without over/under buy/sell bought/sold
    joined/left friend/enemy ally/rival inside/outside public/private male/female men/women
    minimum/maximum enough/insufficient likely/unlikely major/minor includes/excludes
    strengthened/weakened confirmed/denied confirm/deny agreed/refused remained/ceased""".split()
]
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_WORD = re.compile(r"\b[a-z]+\b")
_NO_NAMES = frozenset(
    """The A An In On At It He She They This That These Those There But And Or If When While As By For
    From With After Before During Its His Her Their Some Many Most All Not No We I You What Who Where
    Which How Why Since Although However Also Both Each Other One Two To Of Is Was""".split()
)


def altered(claim: str, others: str, chance: random.Random) -> str | None:
    """A claim with one thing made false, or None where nothing could be. What is put in stands in
    `others`, a text of the same matter, where it has something of the kind."""
    ways: list[Callable[[str, str, random.Random], str | None]] = [
        _other_number,
        _other_name,
        _other_name,
        _other_month,
        _negated,
        _opposite,
        _opposite,
        _roles_changed,
    ]
    chance.shuffle(ways)
    for way in ways:
        made = way(claim, others, chance)
        if made and made != claim:
            return made
    return None


def names_in(text: str) -> list[re.Match[str]]:
    found = []
    for match in _NAME.finditer(text):
        if match.group().split()[0] not in _NO_NAMES:
            found.append(match)
    return found


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _one(found: Sequence[re.Match[str]], chance: random.Random) -> re.Match[str] | None:
    return chance.choice(found) if found else None


def _other_number(claim: str, others: str, chance: random.Random) -> str | None:
    match = _one(list(_NUMBER.finditer(claim)), chance)
    if match is None:
        match = _one(list(_WRITTEN_NUMBER.finditer(claim)), chance)
        if match is None:
            return None
        return _replaced(claim, match, chance.choice([w for w in _WRITTEN if w != match.group()]))
    is_year = re.fullmatch(r"1[5-9]\d\d|20\d\d", match.group()) is not None
    offered = [
        found.group()
        for found in _NUMBER.finditer(others)
        if found.group() not in claim
        and (re.fullmatch(r"1[5-9]\d\d|20\d\d", found.group()) is not None) == is_year
    ]
    if offered and chance.random() < 0.7:
        return _replaced(claim, match, chance.choice(offered))
    value = match.group().replace(",", "")
    if "." in value:
        return _replaced(claim, match, f"{float(value) * chance.choice([0.5, 1.5, 2, 10]):g}")
    number = int(value)
    if is_year:
        return _replaced(
            claim, match, str(number + chance.choice([-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]))
        )
    made = (
        max(number + chance.choice([-3, -2, -1, 1, 2, 5]), 1)
        if number < 20
        else int(number * chance.choice([0.1, 0.5, 0.8, 1.2, 2, 3, 10]))
    )
    return _replaced(claim, match, f"{made:,}" if "," in match.group() else str(made))


def _other_name(claim: str, others: str, chance: random.Random) -> str | None:
    match = _one(names_in(claim), chance)
    if match is None:
        return None
    offered = [
        found.group()
        for found in names_in(others)
        if found.group() not in claim
        and match.group() not in found.group()
        and abs(found.group().count(" ") - match.group().count(" ")) <= 1
        and found.group() not in _MONTHS
    ]
    if not offered or match.group() in _MONTHS:
        return None
    return _replaced(claim, match, chance.choice(offered))


def _other_month(claim: str, others: str, chance: random.Random) -> str | None:
    match = _one(list(_MONTH.finditer(claim)), chance)
    if match is None:
        return None
    return _replaced(claim, match, chance.choice([m for m in _MONTHS if m != match.group()]))


def _negated(claim: str, others: str, chance: random.Random) -> str | None:
    if found := list(_NOT.finditer(claim)):
        denied = chance.choice(found)
        return f"{claim[: denied.start()]}{denied.group(1)} {claim[denied.end() :]}"
    match = _one(list(_BE.finditer(claim))[:2], chance)
    return _replaced(claim, match, f"{match.group()} not") if match else None


def _opposite(claim: str, others: str, chance: random.Random) -> str | None:
    match = _one([m for m in _WORD.finditer(claim) if m.group() in _OPPOSITE], chance)
    return _replaced(claim, match, _OPPOSITE[match.group()]) if match else None


def _roles_changed(claim: str, others: str, chance: random.Random) -> str | None:
    """Who did it to whom: two names change places."""
    found = names_in(claim)
    if len({match.group() for match in found}) < 2:
        return None
    one, other = sorted(chance.sample(found, 2), key=lambda match: match.start())
    if one.group() == other.group():
        return None
    between = claim[one.end() : other.start()]
    # Names in a list may change places and it stays true.
    if re.fullmatch(r",? (?:and|or|,) ?|, |,? and the ", between):
        return None
    return claim[: one.start()] + other.group() + between + one.group() + claim[other.end() :]
