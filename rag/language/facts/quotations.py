"""Words between quotation marks, and whether a text has them in that order."""

import re
from dataclasses import dataclass

from rag.language.text import words

_QUOTED = re.compile(
    r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“”]+)[“”]|(?<![\w’'])‘((?:[^‘’]|’(?=\w))+)’(?!\w)"
    r"|(?<![\w'])'((?:[^']|'(?=\w))+)'(?!\w)|\'\'([^']+)\'\'"
)
# What an editor left out or put in.
_EDITED = re.compile(r"\[[^\]]*\]|\(\.\.\.\)|…|\.\.\.")


@dataclass(frozen=True, slots=True)
class Quotation:
    start: int
    end: int
    text: str


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """What stands between quotation marks, without them."""
    found = []
    for match in _QUOTED.finditer(text):
        place = match.lastindex or 0
        if match[place].strip():
            found.append(Quotation(match.start(place), match.end(place), match[place]))
    return tuple(found)


def has_quotation(text: str, quotation: str) -> bool:
    """Whether the quoted words stand in a text in their order; marks, case and accents aside."""
    said = [word.folded for word in words(text)]
    at = 0
    for part in _EDITED.split(quotation):
        wanted = [word.folded for word in words(part)]
        if not wanted:
            continue
        for start in range(at, len(said) - len(wanted) + 1):
            if said[start : start + len(wanted)] == wanted:
                at = start + len(wanted)
                break
        else:
            return False
    return True
