"""What a text denies. A word is denied when an odd number of negations reach it: "did not rule out"
denies nothing."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from rag.language.terms import STOP_WORDS, stem
from rag.language.text import Word, words

_NOT = frozenset(
    "no not never none nobody nothing neither nor without cannot nowhere hardly barely".split()
)
_VERBS = frozenset(
    stem(verb)
    for verb in """deny refuse fail decline reject lack unable avoid prevent halt cease stop
    abandon cancel
    ban forbid prohibit refrain suspend oppose unlikely impossible absence absent lose
    block dismiss scrap withdraw exclude dispute refute stall impede bar quit drop
    without missing doubt doubtful acquit clear exonerate skip miss hide conceal secret
    postpone delay resist oppose contradict disagree disapprove disprove disallow
    dissatisfied dishonest disconnect disappear discontinue impossible impractical
    inactive incapable insufficient invalid ineffective irregular illegal inconclusive
    incomplete instead rather free empty zero only except yet freeze if unless""".split()
)
# These deny what follows as surely as "not" does; the other verbs are only taken to answer a "not".
_DENYING = frozenset(
    stem(verb)
    for verb in "deny refuse fail decline reject lack unable refrain unlikely impossible".split()
)
# "not only", "no doubt", "no longer" and the like.
_HARMLESS = re.compile(
    r"\b(?:not only|not just|not merely|no doubt|not least|nothing but|not necessarily|if not"
    r"|whether or not"
    r"|or not|none other|no less than|no fewer than|no more than|no matter|nonetheless|not to mention"
    r"|no longer than|not even|no later than|no earlier than|last but not least|why not|no\.\s?\d)\b",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"\b(?:rul(?:e[sd]?|ing) (?:it |this |that |them )?out|rul(?:e[sd]?|ing) out)\b", re.I
)
# Said in two words.
_PHRASES = re.compile(
    r"\b(?:turn(?:s|ed|ing)? (?:\w+ ){0,4}down|call(?:s|ed|ing)? (?:\w+ ){0,2}off|pull(?:s|ed|ing)? out"
    r"|ke(?:ep|eps|pt) (?:\w+ ){0,3}(?:from|out|away)|st(?:ay|ays|ayed) (?:away|out)|walk(?:s"
    r"|ed) (?:out|away)"
    r"|put(?:s|ting)? (?:\w+ ){0,2}off|instead of|rather than|rul(?:e[sd]?|ing) (?:\w+ )?out"
    r"|far from|too \w+ to)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;:.!?—–(]|,|\b(?:but|although|though|while|whereas|because|since|after|before|until|unless|when|if|which"
    r"|who|however|despite)\b",
    re.IGNORECASE,
)
# "had not met since 2022" tells of a meeting in 2022.
_CLAUSE_STOP = re.compile(r"[;:.!?—–(]")
_BOUNDED = re.compile(r"\b(?:since|until|till)\b", re.IGNORECASE)
_REACH = 6
# A word this near stands under a negation or a word like one.
_NEAR = 4
_FILLERS = frozenset(
    """yet ever even also still currently immediately clearly fully directly officially
    publicly formally longer further have been being be is are was were has had do does
    did would will could can should may might must to a an the any all very really much
    many that it its itself himself herself themselves of in on for with by from as at""".split()
)
# Stop words for a search, but words that a negation turns round.
_ANEW = frozenset("no not nor never".split())
_DENIED_TOO = frozenset("made make makes give gave get got let tell told say said".split())


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation: where it stands, its words, and the terms that it reaches, nearest first. Where it
    is bounded, "not since 2022", it states something as well; where its word is a verb, "refused", that
    may say it in other words than "not"."""

    start: int
    end: int
    text: str
    reached: tuple[str, ...]
    is_bounded: bool
    is_verb: bool


def find_denials(text: str) -> tuple[Denial, ...]:
    """The negations of a text whose count leaves something denied."""
    return _scan(text)[0]


@lru_cache(maxsize=256)
def _scan(text: str) -> tuple[tuple[Denial, ...], frozenset[int]]:
    """The denials, and where the words start whose negations undo each other."""
    denials: list[Denial] = []
    undone: set[int] = set()
    found = words(text)
    harmless = [match.span() for match in _HARMLESS.finditer(text)]
    ruled = [match.span() for match in _RULED_OUT.finditer(text)]
    cues = dict.fromkeys(
        place
        for place, word in enumerate(found)
        if _is_cue(text, word, ruled)
        and not any(start <= word.start < end for start, end in harmless)
        and not _is_answer_no(text, word)
    )
    used: set[int] = set()
    for place in cues:
        if place in used:
            continue
        chain = [place]
        reach = _reached(text, found, place)
        # "did not deny", "never failed to": the second negation undoes the first.
        other = next((at for at in reach[:3] if at in cues and at not in used), None)
        if other is not None:
            chain.append(other)
            used.add(other)
            reach = _reached(text, found, other)
        if len(chain) % 2 == 0:
            undone |= {found[at].start for at in chain}
            continue
        terms = tuple(
            stem(found[at].folded)
            for at in reach
            if found[at].folded not in (STOP_WORDS | _FILLERS) - _DENIED_TOO
        )
        end = found[reach[-1]].end if reach else found[place].end
        rest = _CLAUSE_STOP.search(text, end)
        verb = not (found[place].folded in _NOT or found[place].folded.endswith("n't"))
        bounded = _BOUNDED.search(text, end, rest.start() if rest else len(text)) is not None
        denials.append(
            Denial(found[place].start, end, text[found[place].start : end], terms, bounded, verb)
        )
    return tuple(denials), frozenset(undone)


def _is_cue(text: str, word: Word, ruled: Sequence[tuple[int, int]]) -> bool:
    if word.folded in _NOT or word.folded.endswith("n't"):
        return True
    if word.folded == "yet":
        return text.startswith(" to ", word.end)
    if any(start <= word.start < end for start, end in ruled):
        return word.folded.startswith("rul")
    return stem(word.folded) in _DENYING


def _is_answer_no(text: str, word: Word) -> bool:
    """ "No, he said" denies something said before."""
    return word.folded == "no" and text[word.end : word.end + 1] == ","


def _reached(text: str, found: Sequence[Word], place: int) -> list[int]:
    """The places of the words that a negation reaches: to the end of its clause, not far."""
    reached: list[int] = []
    for at in range(place + 1, min(place + 1 + _REACH + 6, len(found))):
        between = text[found[at - 1].end : found[at].end]
        if _CLAUSE_END.search(between) or (reached and found[at].folded in _ANEW):
            break
        if found[at].folded not in STOP_WORDS | _FILLERS or found[at].folded in _NOT | _DENIED_TOO:
            reached.append(at)
        if len(reached) == _REACH:
            break
    return reached


def is_negative(text: str, term: str | None = None, known: AbstractSet[str] = frozenset()) -> bool:
    """Whether a text has a word that may answer for a negation in other words; near a term, if given;
    the known terms do not, for they mean there what they mean here."""
    found = words(text)
    undone = _scan(text)[1]
    if any(found and match.start() not in undone for match in _PHRASES.finditer(text)):
        return True
    places = [place for place, word in enumerate(found) if term is None or stem(word.folded) == term]
    for place, word in enumerate(found):
        own = stem(word.folded)
        negative = (
            word.start not in undone
            and own not in known
            and own != term
            and (
                word.folded in _NOT
                or word.folded.endswith("n't")
                or own in _VERBS
                or _is_opposite(word.folded)
            )
        )
        if negative and (term is None or any(-2 <= at - place <= _NEAR for at in places)):
            return True
    return False


_OPPOSITE = re.compile(r"un(?P<rest>\w{4,}(?:ed|able|ible|al|ful|ous|ly|ing|ic|nt))|non\w{4,}")


def _is_opposite(folded: str) -> bool:
    """unharmed, unlikely, unsuccessful: a word with its opposite in it."""
    match = _OPPOSITE.fullmatch(folded)
    return match is not None and (not match["rest"] or simplemma.is_known(match["rest"], lang="en"))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A word that one text denies and the other states, and the denial's own words."""

    term: str
    denial: str


def find_disagreement(claim: str, cited: str) -> Disagreement | None:
    """Where a claim states what the cited words deny, or denies what they state."""
    mine, theirs = find_denials(claim), find_denials(cited)
    claim_terms, cited_terms = _terms(claim), _terms(cited)
    claim_denied = {term for denial in mine for term in denial.reached}
    cited_denied = {term for denial in theirs for term in denial.reached}
    same = frozenset(claim_terms - {stem(word.folded) for word in words(claim) if word.folded in _NOT})
    same -= {stem(words(denial.text)[0].folded) for denial in mine}
    for denial in mine:
        known = [term for term in denial.reached if term in cited_terms]
        if any(term in cited_denied for term in denial.reached[:3]):
            continue
        if known and known[0] == denial.reached[0] and not denial.is_verb:
            negative = any(is_negative(cited, term, same) for term in known[:2])
        else:
            negative = is_negative(cited, known=same)  # said in other words, if it is said
        if denial.reached and not negative:
            return Disagreement(denial.reached[0], denial.text)
    for denial in theirs:
        head = denial.reached[:1]
        if denial.is_bounded or any(term in claim_denied for term in denial.reached):
            continue
        if denial.is_verb and not re.match(r"\w+ (?:to|that)\b", denial.text):
            continue  # who refused a vaccine was offered one
        if (
            head
            and head[0] in claim_terms
            and _count(cited, head[0]) == 1
            and not is_negative(claim, head[0])
        ):
            return Disagreement(head[0], denial.text)
    return None


def _terms(text: str) -> set[str]:
    return {stem(w.folded) for w in words(text) if w.folded not in STOP_WORDS - _DENIED_TOO}


def _count(text: str, term: str) -> int:
    return sum(stem(word.folded) == term for word in words(text))
