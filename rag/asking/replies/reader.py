"""A reply to its sentences as it streams, and a whole reply to the numbered sentences that it mends."""

import re
from collections.abc import Collection, Iterator

from rag.asking.replies.keys import Keys
from rag.asking.replies.lines import Lines
from rag.asking.replies.sentences import Said
from rag.asking.replies.thoughts import Thoughts, without_thoughts

_NUMBERED = re.compile(
    r"[^\w\n]{0,12}(?:sentence\s{0,3})?[*_#]{0,4}(\d{1,3})[*_]{0,4}\s{0,3}(?:[:.)]{1,2}|\]:?)(?!\d)(.*)",
    re.IGNORECASE,
)
_DROP = re.compile(r"\W*drop(?:ped)?[*_\])]*\s*(?:$|[.,;:(\[【]|[–—]|-\s)", re.IGNORECASE)


class ReplyReader:
    """Turns the pieces of one reply into sentences. `known` are the keys that the prompt offered.

    Characters run through four stages: what was only thought, lines, marks within a line, sentences.
    Each takes one character at a time and holds a bounded number of them, so that the pieces in which
    a reply arrives change nothing, and a reply takes time in proportion to its length.

    Sentences before the first that has a key are held until it comes, or until the reply ends: they
    may prove to be thinking, which some servers pass on as if it were the reply.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._keys = Keys(known)
        self._thoughts = Thoughts()
        self._lines = Lines(self._keys)
        self._held: list[Said] = []
        self._has_key = False
        self._given = 0
        self.thought = 0
        """How many of the sentences given out so far proved to be thinking: they were not said."""

    def feed(self, piece: str) -> Iterator[Said]:
        """The sentences that this piece finishes: their keys are complete, something else follows."""
        ready: list[Said] = []
        for char in piece:
            self._pass_on(self._thoughts.take(char), ready)
        return iter(ready)

    def finish(self) -> Iterator[Said]:
        """What is left when the reply has ended."""
        ready: list[Said] = []
        self._pass_on(self._thoughts.end(), ready)
        self._lines.end()
        self._collect(ready)
        ready += self._held
        self._held = []
        return iter(ready)

    def _pass_on(self, text: str | None, ready: list[Said]) -> None:
        if text is None:
            self._lines = Lines(self._keys)
            self._held = []
            self._has_key = False
            self.thought = self._given
            return
        for char in text:
            self._lines.take(char)
            self._collect(ready)

    def _collect(self, ready: list[Said]) -> None:
        found = self._lines.taken()
        if not found:
            return
        self._held += found
        self._has_key = self._has_key or any(said.keys or said.unknown for said in found)
        if self._has_key:
            ready += self._held
            self._given += len(self._held)
            self._held = []


def read_repairs(reply: str, known: Collection[str]) -> dict[int, Said | None]:
    """The sentences of a reply whose lines begin with a number, "2: text [key]"; None for "2: drop".

    Lines without a number go with the line before. Of a number that comes twice the first counts;
    what is before the first number, and a number without words, is left out. The caller takes the
    numbers it asked for.
    """
    blocks: dict[int, list[str]] = {}
    lines: list[str] = []
    for line in without_thoughts(reply).splitlines():
        if found := _NUMBERED.match(line):
            lines = [found.group(2).lstrip("*_ ")]
            blocks.setdefault(int(found.group(1)), lines)
        else:
            lines.append(line)
    repairs: dict[int, Said | None] = {}
    for number, lines in blocks.items():
        block = "\n".join(lines).strip()
        if _DROP.match(block):
            repairs[number] = None
            continue
        reader = ReplyReader(known)
        said = [*reader.feed(block), *reader.finish()]
        if said:
            repairs[number] = Said(
                " ".join(one.text for one in said),
                tuple(dict.fromkeys(key for one in said for key in one.keys)),
                tuple(dict.fromkeys(key for one in said for key in one.unknown)),
            )
    return repairs
