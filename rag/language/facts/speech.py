"""Whether a text reports what somebody says, or states it itself."""

import re

from rag.language.terms import stem
from rag.language.text import words

_REPORTS = re.compile(
    r"\b(?:said|says?|saying|told|tells?|according to|reportedly|allegedly|believed to|thought to)\b",
    re.IGNORECASE,
)
# Who uses one of these tells what somebody says, thinks, asks or found.
_OF_SPEECH = frozenset(
    stem(word)
    for word in """accord account accuse acknowledge add admit allege announce answer argue ask believe
    blame call claim complain concede conclude condemn confirm credit criticise criticize declare
    deny describe doubt estimate expect explain express find found hope insist maintain mention opinion
    oppose pledge point poll praise predict promise propose put question recommend reckon reject report
    said say show speak state statement study suggest survey talk tell testify think thought threaten
    told urge view vow want warn word write""".split()
)


def find_report(text: str) -> str | None:
    """The words by which a text says that it only reports; None where it states."""
    found = _REPORTS.search(text)
    return found.group() if found else None


def is_of_speech(text: str) -> bool:
    """Whether a text tells of something said, thought or found."""
    return find_report(text) is not None or any(stem(word.folded) in _OF_SPEECH for word in words(text))
