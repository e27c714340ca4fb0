"""The keys of passages in a reply. Each becomes one mark, a letter that no text has, so that what reads
the sentences need not know of brackets."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# The first letter of a plane that Unicode leaves to private use.
_FIRST_MARK = "\U000f0000"
_MARK = "[\U000f0000-\U0010ffff]"
_WORDS = r"\b(?:and|cf|id|keys?|passages?|refs?|see|sources?)\b"
_MARKUP = re.compile(r"\\(?=[^\w\s])|(?<!\w)[*_`]+|[*_`]+(?!\w)")
# Square brackets with a key in them hold nothing else of worth; round ones may hold words.
_BRACKET = re.compile(
    rf"[\[【⟦]{{1,3}}[^\[\]【】⟦⟧]{{0,120}}{_MARK}[^\[\]【】⟦⟧]{{0,120}}[\]】⟧]{{1,3}}(?:\(\S*?\))?"
    rf"|[({{](?:[^\w(){{}}]|{_WORDS}){{0,120}}[)}}]",
    re.IGNORECASE,
)
# What looks like a key and was not offered: [zz9x], [^1], [passage 3], [4†source], [1](https://…).
_NEVER_OFFERED = re.compile(
    rf"\s?[\[【⟦](?:\^\S{{1,20}}|(?:{_WORDS}|[\s:,;–-]|[a-z]\d[a-z]{{2}}\b|\b\d{{1,3}}\b(?!,\d)|†\w+){{1,40}})"
    r"[\]】⟧](?:\(\S*?\))?|\s?\((?:passage|source)s? \d{1,3}\)",
    re.IGNORECASE,
)
_RUN = re.compile(rf"[\s,;:^\[【⟦–—-]{{0,6}}({_MARK}(?:(?:[\s,;&|/+]|\band\b)*{_MARK})*)")
_STOP = '[.!?…。！？؟]{1,3}["”’»]{0,3}'
_BEHIND_STOP = re.compile(rf"({_STOP})({_MARK}+)[.;]?|({_STOP}[)\]]{{1,3}})({_MARK}+)")


@dataclass(frozen=True, slots=True)
class Said:
    """One finished sentence of a reply, without keys, markup and outer white space. `keys` are the
    offered keys behind it, in order, each once."""

    text: str
    keys: tuple[str, ...]


class Keys:
    def __init__(self, known: Collection[str]) -> None:
        self._known = {chr(ord(_FIRST_MARK) + place): key for place, key in enumerate(known)}
        self._marks = {key.casefold(): mark for mark, key in self._known.items()}
        either = "|".join(map(re.escape, known)) or "(?!)"
        self._offered = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)

    def marked(self, text: str) -> str:
        """The text without markup, and with marks for keys, each before the stop of its sentence.
        Marking what is marked changes nothing."""
        text = _MARKUP.sub("", text)
        text = self._offered.sub(lambda found: self._marks[found.group().casefold()], text)
        text = _BRACKET.sub(lambda found: marks_in(found.group()) or found.group(), text)
        text = _RUN.sub(lambda found: marks_in(found.group()), _NEVER_OFFERED.sub("", text))
        return _BEHIND_STOP.sub(r"\2\4\1\3", text)

    def said(self, text: str) -> Said:
        """A marked sentence, read."""
        keys = dict.fromkeys(self._known[mark] for mark in marks_in(text) if mark in self._known)
        return Said(" ".join(unmarked(text).split()).lstrip(",;: "), tuple(keys))


def marks_in(text: str) -> str:
    return "".join(char for char in text if char >= _FIRST_MARK)


def unmarked(text: str) -> str:
    """The text without marks, and without what could be taken for one."""
    return "".join(char for char in text if char < _FIRST_MARK)
