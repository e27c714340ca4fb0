"""What a question asks that accounts may differ on: its words without those that only ask."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from rag.asking.conflicts.accounts import Read
from rag.asking.questions import Name, Question
from rag.core.dates import readable
from rag.language.facts.days import find_days
from rag.language.terms import STOP_WORDS, Lexicon, stem
from rag.language.text import fold_word, words

# Words that mean one thing when it is counted or held; the first stands for all.
_GROUPS = """
troop soldier force military presence contingent servicemen serviceman personnel army garrison
dead die death kill toll fatality victim perish casualty
injured injure wound hurt
people person inhabitant resident population live
refugee displaced
prisoner detainee inmate captive
cost price spend worth
found establish start launch
build construct erect complete
"""
_GROUP_OF = {
    stem(word): f"#{line.split()[0]}" for line in _GROUPS.strip().split("\n") for word in line.split()
}
# These only ask, or tell where a thing is, or that it is now.
_ASKING = frozenset(
    stem(word)
    for word in """number many much count total size large big high strong exactly approximately about
    estimate station base deploy keep maintain place locate currently now today present still there
    according article report say state tell us year time current latest figure have""".split()
    if word != "us"
)
_LEADING = re.compile(
    r"^(?:(?:approximately |about |roughly )?how (?:many|much|large|big|strong|high|long|old)"
    r"|(?:what|which) (?:is|was|are|were)|what|which|when|where|who(?:m|se)?|give|tell me|name)\b\s*",
    re.IGNORECASE,
)
_AUXILIARIES = re.compile(
    r"\b(?:are|is|was|were|do|does|did|have|has|had|there|currently|now|been|being)\b\s*", re.IGNORECASE
)
_TAIL = re.compile(
    r"\b(?:in|at|on|from|by|during|aboard|near|within) .*?(?=$|,| according| and how)", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:did|was|were)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:is|are|does|do|has|have)\b", re.IGNORECASE)


def asks_past(text: str) -> bool:
    """Whether a question asks for something that happened and cannot change."""
    return _PAST.search(text) is not None and _NOW.search(text) is None


def common(term: str) -> str:
    """The term that stands for all words of its meaning."""
    return _GROUP_OF.get(term, term)


def terms_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The terms of a text, each with the one that stands for its meaning."""
    return frozenset(map(common, lexicon.term_set(text)))


def about(read: Read, lexicon: Lexicon) -> frozenset[str]:
    """The terms of a sentence with what it stands under: its article's title and date."""
    published = read.article.published
    dated = f"{published} {readable(published)}" if published else ""
    return terms_of(f"{read.article.title or ''}\n{dated}\n{read.text}", lexicon)


def needed(question: Question, lexicon: Lexicon) -> tuple[frozenset[str], ...]:
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


# The number of a part, as a question may give it; and as an article does, where it is no count of what
# comes next.
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_PART_ASKED = re.compile(rf"\s(\d|{'|'.join(_ROMAN)})\b")
_PART_TOLD = re.compile(
    rf"\s(?:({'|'.join(_ROMAN[1:])})\b"
    r"|(\d)(?=\s(?:is|was|are|were|will|has|had)\b|\s?[,.](?!\d)|\s?[:;?!)(]|['’]s\b|$))"
)


def names_another(question: Question, text: str) -> bool:
    """Whether a text speaks of another part of a series than the question: of "Harbour Lights 2"."""
    days = [(day.start, day.end) for day in find_days(text)]
    asked = dict(_part_asked(question.text, name) for name in question.names)
    for word in words(text):
        term = stem(word.folded)
        told = _PART_TOLD.match(text, word.end) if term in asked else None
        if told is None or any(start <= word.end + 1 < end for start, end in days):
            continue
        if _part(told[1] or told[2]) != asked[term]:
            return True
    return False


def _part_asked(question: str, name: Name) -> tuple[str, int | None]:
    """The term of a name's last word, and the part of a series that the question names, if any. Roman
    numbers are read as words of the name."""
    *rest, last = question[name.start : name.end].split()
    if rest and last in _ROMAN:
        return stem(fold_word(rest[-1])), _part(last)
    found = _PART_ASKED.match(question, name.end)
    return stem(fold_word(last)), _part(found[1]) if found else None


def _part(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else _ROMAN.index(numeral) + 1


def cover(wanted: Iterable[AbstractSet[str]], terms: AbstractSet[str]) -> float:
    """The share of what is wanted that terms account for, 0..1."""
    every = list(wanted)
    return sum(bool(each & terms) for each in every) / len(every) if every else 0.0


def thing(question: Question, noun: str = "") -> str:
    """What a question is about, in words: a noun with where and when the question sees it ("US troops
    in Syria"), or else the question's own words."""
    text = question.text.strip().rstrip("?").strip()
    if noun and (tail := _TAIL.search(text)):
        return f"{noun} {tail[0]}"
    text = " ".join(_AUXILIARIES.sub("", _LEADING.sub("", text)).split())
    return text or noun or question.text


def left_over(question: Question, explained: AbstractSet[str], taken: Iterable[str] = ()) -> list[str]:
    """The words of a question, as terms, that neither a known meaning nor the names taken explain."""
    text = question.text
    for name in taken:
        text = text.replace(name, " ")
    return [
        stem(word.folded)
        for word in words(text)
        if word.folded not in STOP_WORDS
        and stem(word.folded) not in explained | _ASKING
        and not word.folded[0].isdigit()
    ]
