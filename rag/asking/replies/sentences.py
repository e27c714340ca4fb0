"""The sentences of a streamed reply, each with the keys of the passages that stand at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.asking.replies.keys import Keys
from rag.language.sentences import split_sentences

# A sentence longer than this is given out in parts.
SENTENCE_CHARACTERS = 2_000
# More keys than these at one sentence are passed over.
_MARKS = 200
# What follows such a line lists passages; it says nothing.
SOURCES = re.compile(
    r"\W*(?:sources?|references?|citations?|passages?|keys?)(?: used)?\W*", re.IGNORECASE
)
_TERMINAL = re.compile(r"[.!?…。！？؟][\"”’'»)\]]{0,6}$")
_INITIALS = re.compile(r"(?:^|[\s.(])\w\.$")
_OPENING = re.compile(r"\s+[\"“'‘(«\[]+$")
_BETWEEN_KEYS = re.compile(r"\s*(?:[,;&/|+]|and)?\s*")
_DASH = re.compile(r"\s+[-–—|·•→]{1,3}$|\s?\^$")
_EMPTIED = re.compile(
    r"\s?[\[(]\s?(?:(?:see|cf\.?|sources?|passages?|keys?|refs?)[\s:,;.]{0,3}){0,2}[\])]", re.IGNORECASE
)
_CLOSES = frozenset(".,;:!?…。！？؟)]}»”’")


@dataclass(frozen=True, slots=True)
class Said:
    """One finished sentence of a reply, without keys, markup and outer white space.

    `keys` are the offered keys behind it, in order, each once; `unknown` is what looked like a key
    and was not offered.
    """

    text: str
    keys: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A key at a place in the text that is being read."""

    position: int
    word: str
    is_known: bool


class Sentences:
    """Cuts what is left into sentences and gives each the keys that stand at it.

    A sentence that has ended is closed: it waits for keys until something else follows. What is
    finished lies in `done`, for whoever takes it out.
    """

    def __init__(self, keys: Keys) -> None:
        self.done: list[Said] = []
        self._keys = keys
        self._text = ""
        self._marks: dict[_Mark, None] = {}
        self._leading: dict[tuple[str, bool], None] = {}
        self._is_closed = False
        self._has_gap = False
        self._has_candidate = False
        self._at_line_start = True
        self._is_after_break = True
        self._keys_go_back: bool | None = None
        self._began_on_line = False
        self._in_row = False

    def take(self, char: str) -> None:
        """Reads the next character without markup."""
        if char.isspace():
            self._ask()
            self._has_gap = True
            return
        if char in ".,;:" and (self._leading or (self._is_closed and self._is_after_key())):
            return
        if self._is_closed:
            self._give_out()
        elif self._text and not self._in_row and self._ends_before(char):
            self._close()
            self._give_out()
        if not self._is_joint(char):
            self._append(char)

    def keys(self, found: list[tuple[str, bool]]) -> None:
        """Takes the keys that stand at this place, each with whether it is known."""
        if not self._is_closed:
            if dash := _DASH.search(self._text, max(0, len(self._text) - 6)):
                self._text = self._text[: dash.start()]
            self._ask()
        if not self._text:
            self._lead(found)
        elif self._is_closed and self._at_line_start:
            if self._keys_go_back is None:
                self._keys_go_back = not self._marks and not self._is_after_break
            if self._keys_go_back:
                self._mark(found)
            else:
                self._lead(found)
        else:
            last = max((mark.position for mark in self._marks), default=None)
            if last and _BETWEEN_KEYS.fullmatch(self._text, last):
                self._text = self._text[:last]
            if self._in_row:
                self._text = self._text.rstrip(", ")
            self._mark(found)
        self._has_gap = False

    def line_end(self) -> None:
        """Ends a line. A sentence goes on over it unless a full stop or a key stands there."""
        if self._text and self._leading:
            # Keys on a line of their own: they belong to what stands before.
            self._mark(list(self._leading))
            self._leading = {}
        elif self._text and not self._is_closed:
            if _TERMINAL.search(self._text[-8:]) or self._is_after_key():
                self._close()
            else:
                self._ask()
                self._has_gap = True
        self._at_line_start = True
        self._keys_go_back = None
        self._began_on_line = False

    def hard_break(self) -> None:
        """Ends the sentence, whatever it ends in: an item or a paragraph begins."""
        if self._text:
            self._close()
        self._is_after_break = True

    def begin_row(self) -> None:
        """Begins a row of a table, which is one sentence."""
        self.hard_break()
        self._in_row = True

    def end_row(self) -> None:
        """Ends that row and its sentence."""
        self.hard_break()
        self._in_row = False

    def forget_line(self) -> None:
        """Drops the sentence that is being read, if the line it began on is not over."""
        if self._began_on_line:
            self._text, self._marks, self._has_candidate = "", {}, False

    def end(self) -> None:
        """Gives out what is left: the reply has ended."""
        self.hard_break()
        self._give_out()

    def _is_after_key(self) -> bool:
        return bool(self._text) and any(mark.position == len(self._text) for mark in self._marks)

    def _is_joint(self, char: str) -> bool:
        """Whether a mark only joins keys that stand behind the full stop: "lifted. [h4kx], [p2mn]."."""
        if char not in ".,;:" or not self._is_after_key() or not _TERMINAL.search(self._text[-8:]):
            return False
        if char == ".":
            return self._text[-1] not in ")]"
        return not _INITIALS.search(self._text[-4:])

    def _ends_before(self, char: str) -> bool:
        """Whether the sentence is over for sure: keys stand at its full stop, or it needs no space."""
        is_quote = char in "\"'"
        if char in _CLOSES or (is_quote and not self._has_gap):
            return False
        if self._text[-1] in "。！？":
            return True
        stop = _TERMINAL.search(self._text, max(0, len(self._text) - 8))
        if not stop or not any(mark.position >= stop.start() for mark in self._marks):
            return False
        if not self._is_after_key() and not self._has_gap:
            return False
        return not (char.islower() and _INITIALS.search(self._text[-4:]))

    def _append(self, char: str) -> None:
        if not self._text:
            self._marks = {_Mark(0, *key): None for key in self._leading}
            self._leading = {}
            self._began_on_line = True
        elif self._is_after_key():
            if char not in _CLOSES and (char not in "\"'" or self._has_gap):
                self._text += " "
        elif self._has_gap:
            ends = not self._in_row and _TERMINAL.search(self._text[-8:])
            self._has_candidate = self._has_candidate or bool(ends)
            self._text += " "
        self._text += char
        self._has_gap = False
        self._at_line_start = self._is_after_break = False
        if len(self._text) > SENTENCE_CHARACTERS:
            space = self._text.rfind(" ", SENTENCE_CHARACTERS // 2)
            cut = space if space > 0 else SENTENCE_CHARACTERS
            self._say(0, cut)
            self._forget(cut + (space > 0))

    def _lead(self, found: list[tuple[str, bool]]) -> None:
        for key in found[: _MARKS - len(self._leading)]:
            self._leading[key] = None

    def _mark(self, found: list[tuple[str, bool]]) -> None:
        for key in found:
            if len(self._marks) < _MARKS:
                self._marks[_Mark(len(self._text), *key)] = None

    def _ask(self) -> None:
        """Where the next word after a full stop is complete, asks whether a sentence began with it."""
        if self._has_candidate and any(char.isalnum() for char in self._text.rpartition(" ")[2]):
            self._has_candidate = False
            self._say_all_but_last()

    def _close(self) -> None:
        if not self._is_closed and not self._in_row:
            self._say_all_but_last()
        self._is_closed, self._has_candidate = True, False

    def _give_out(self) -> None:
        if self._text:
            self._say(0, len(self._text))
        self._text, self._marks, self._is_closed, self._has_candidate = "", {}, False, False

    def _say_all_but_last(self) -> None:
        spans = list(_spans(self._text))
        for start, end in spans[:-1]:
            self._say(start, end)
        if len(spans) > 1:
            self._forget(spans[-1][0])

    def _forget(self, start: int) -> None:
        self._text = self._text[start:]
        self._marks = {
            _Mark(mark.position - start, mark.word, mark.is_known): None
            for mark in self._marks
            if mark.position >= start
        }

    def _say(self, start: int, end: int) -> None:
        """Gives out a span of the text with the keys up to its end, which are then used up."""
        marks = sorted(
            (mark for mark in self._marks if mark.position <= end), key=lambda mark: mark.position
        )
        self._marks = {mark: None for mark in self._marks if mark.position > end}
        text = self._text[start:end].strip()
        text, strays = self._keys.without_strays(text)
        if marks or strays:
            text = _EMPTIED.sub("", text).strip()
        if any(char.isalnum() for char in text) and not SOURCES.fullmatch(text):
            known = [mark.word for mark in marks if mark.is_known]
            unknown = [mark.word for mark in marks if not mark.is_known]
            self.done.append(
                Said(text, tuple(dict.fromkeys(known + strays)), tuple(dict.fromkeys(unknown)))
            )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a few words stand. The splitter leaves an opening quotation mark behind."""
    # Past its cache, which is for articles.
    found = split_sentences.__wrapped__(text)
    moved = 0
    for number, sentence in enumerate(found):
        start, end = sentence.start - moved, sentence.end
        moved = 0
        opening = _OPENING.search(text, max(start, end - 8), end)
        if opening and number + 1 < len(found):
            moved = found[number + 1].start - (opening.end() - len(opening.group().lstrip()))
            end = opening.start()
        if start < end:
            yield start, end
