"""Reads a language model's reply as it streams: its sentences, and the keys of the passages behind each.

Characters run through four stages: what was only thought, lines, marks within a line, sentences. Each
takes one character at a time and holds a bounded number of them, so that the pieces in which a reply
arrives change nothing, and a reply takes time in proportion to its length.
"""

import re
import string
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from rag.sentences import split_sentences

# A sentence longer than this is given out in parts.
SENTENCE_CHARACTERS = 2_000
_BRACKET_CHARACTERS = 120
_LINK_CHARACTERS = 300
_HEAD_CHARACTERS = 200
_MARKS = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One finished sentence of a reply, without keys, markup and outer white space.

    `keys` are the offered keys behind it, in order, each once; `unknown` is what looked like a key
    and was not offered.
    """

    text: str
    keys: tuple[str, ...]
    unknown: tuple[str, ...]


class ReplyReader:
    """Turns the pieces of one reply into sentences. `known` are the keys that the prompt offered.

    Sentences before the first that has a key are held until it comes, or until the reply ends: they
    may prove to be thinking, which some servers pass on as if it were the reply.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._keys = _Keys(known)
        self._thoughts = _Thoughts()
        self._lines = _Lines(self._keys)
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
            self._lines = _Lines(self._keys)
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


_NUMBERED = re.compile(
    r"[^\w\n]{0,12}(?:sentence\s{0,3})?[*_#]{0,4}(\d{1,3})[*_]{0,4}\s{0,3}(?:[:.)]{1,2}|\]:?)(?!\d)(.*)",
    re.IGNORECASE,
)
_DROP = re.compile(r"\W*drop(?:ped)?[*_\])]*\s*(?:$|[.,;:(\[【]|[–—]|-\s)", re.IGNORECASE)


def read_repairs(reply: str, known: Collection[str]) -> dict[int, Said | None]:
    """The sentences of a reply whose lines begin with a number, "2: text [key]"; None for "2: drop".

    Lines without a number go with the line before. Of a number that comes twice the first counts;
    what is before the first number, and a number without words, is left out. The caller takes the
    numbers it asked for.
    """
    blocks: dict[int, list[str]] = {}
    lines: list[str] = []
    for line in _without_thoughts(reply).splitlines():
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


def _without_thoughts(reply: str) -> str:
    thoughts = _Thoughts()
    passed: list[str] = []
    for char in reply:
        text = thoughts.take(char)
        if text is None:
            passed.clear()
        else:
            passed.append(text)
    return "".join([*passed, thoughts.end()])


class _Thoughts:
    """Drops <think> ... </think>, and says when a closing tag without an opening one has come."""

    _TAGS: Final = ("<think>", "<thinking>", "</think>", "</thinking>")

    def __init__(self) -> None:
        self._tag = ""
        self._thinking = False
        self._opened = False

    def take(self, char: str) -> str | None:
        """What passes; None when all that passed before was thinking."""
        held = self._tag + char
        if any(tag.startswith(held.lower()) for tag in self._TAGS):
            self._tag = held
            return self._act(held.lower()) if held.lower() in self._TAGS else ""
        passed, self._tag = self._tag, ""
        if char == "<":
            self._tag = char
        else:
            passed += char
        return "" if self._thinking else passed

    def end(self) -> str:
        held, self._tag = self._tag, ""
        return "" if self._thinking else held

    def _act(self, tag: str) -> str | None:
        self._tag = ""
        if tag.startswith("</"):
            unopened = not self._opened
            self._thinking, self._opened = False, True
            return None if unopened else ""
        self._thinking = self._opened = True
        return ""


_NEWLINES = frozenset("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_RULE = re.compile(r"[-=*_:|+\s]+")
_ITEM = re.compile(r"(?:[-*+•‣▪◦·–—]|\(?\d{1,3}[.)])\s+(?=\S)")
_DROPPED = re.compile(r"#{1,6}\s|```|~~~|\[\^[^\]\s]{1,20}\]:")
_UNDECIDED = re.compile(
    r"[•‣▪◦·–—]\s*|\(?(?:\d{1,3}(?:[.)]\s*)?)?|#{1,6}|`{1,2}|~{1,2}|\[(?:\^[^\]\s]{0,20}\]?)?"
)
_BOLD_LINE = re.compile(r"(\*\*|__)[^*_\[【]*[^*_\[【.!?…。؟]\1:?\s*")
# What follows such a line lists passages; it says nothing.
_SOURCES = re.compile(
    r"\W*(?:sources?|references?|citations?|passages?|keys?)(?: used)?\W*", re.IGNORECASE
)
_CELL_EDGE = re.compile(r"(?<!\\)\|")


class _Lines:
    """Tells what kind of line it reads, and drops what stands around sentences: bullets, headings,
    rules, fences, the head of a table."""

    def __init__(self, keys: "_Keys") -> None:
        self._sentences = _Sentences(keys)
        self._words = _Words(keys, self._sentences)
        self._kind = "undecided"
        self._head = ""
        self._row = ""
        self._start = ""
        self._is_past_sources = False
        self._in_table = False
        self._table_head: str | None = None

    def taken(self) -> list[Said]:
        """The sentences finished since last asked."""
        found, self._sentences.done = self._sentences.done, []
        return found

    def take(self, char: str) -> None:
        if self._is_past_sources:
            return
        if char in _NEWLINES:
            self._end_line()
            return
        char = " " if char.isspace() else char
        if self._kind == "text":
            self._text(char)
        elif self._kind == "row":
            self._row += char
            if len(self._row) > SENTENCE_CHARACTERS:
                self._begin_text(self._row)
        elif self._kind == "undecided":
            self._head += char
            self._decide()
        elif len(self._start) < _HEAD_CHARACTERS:
            self._start += char

    def end(self) -> None:
        if not self._is_past_sources:
            self._end_line()
        self._end_table()
        self._sentences.end()

    def _decide(self) -> None:
        while head := self._head.lstrip():
            self._head = head
            item = _ITEM.match(head)
            if head[0] == ">":
                self._head = head[1:]
            elif item and not _RULE.fullmatch(head):
                self._end_table()
                self._sentences.hard_break()
                self._head = head[item.end() :]
            elif (_RULE.fullmatch(head) or _UNDECIDED.fullmatch(head)) and len(head) < _HEAD_CHARACTERS:
                return
            elif _DROPPED.match(head):
                self._kind = "dropped"
                return
            elif head[0] == "|":
                self._kind, self._row = "row", head
                return
            else:
                self._begin_text(head)
                return
        self._head = ""

    def _begin_text(self, head: str) -> None:
        self._end_table()
        self._kind, self._head, self._row = "text", "", ""
        for char in head:
            self._text(char)

    def _text(self, char: str) -> None:
        if len(self._start) < _HEAD_CHARACTERS:
            self._start += char
        self._words.take(char)

    def _end_line(self) -> None:
        head = self._head.strip()
        if self._kind == "undecided" and head and not _RULE.fullmatch(head):
            self._begin_text(head)
        if self._kind == "text":
            if len(self._start) < _HEAD_CHARACTERS and _BOLD_LINE.fullmatch(self._start):
                self._sentences.forget_line()
            self._words.end_line()
        elif self._kind == "row":
            self._end_row()
        else:
            if "-" in head:
                self._table_head = None
            else:
                self._end_table()
            self._sentences.hard_break()
        is_whole = len(self._start) < _HEAD_CHARACTERS
        self._is_past_sources = is_whole and bool(_SOURCES.fullmatch(self._start))
        self._kind, self._head, self._row, self._start = "undecided", "", "", ""

    def _end_row(self) -> None:
        if self._in_table:
            self._say_table_head()
            self._say_row(self._row)
        else:
            self._in_table, self._table_head = True, self._row

    def _end_table(self) -> None:
        self._say_table_head()
        self._in_table = False

    def _say_table_head(self) -> None:
        """Says the first row if no rule followed it: then it is a row like the others."""
        head, self._table_head = self._table_head, None
        if head is not None:
            self._say_row(head)

    def _say_row(self, row: str) -> None:
        cells = [cell.strip() for cell in _CELL_EDGE.split(row)]
        self._sentences.begin_row()
        for char in ", ".join(filter(None, cells)):
            self._words.take(char)
        self._words.end_line()
        self._sentences.end_row()


_CLOSING = {"[": "]", "(": ")", "【": "】", "⟦": "⟧", "{": "}"}
_ADDRESS = re.compile(r"\((?:https?://|www\.|mailto:|[#/.]|[\w-]+(?:\.[\w-]+)+(?:/|\)$))\S*")


class _Words:
    """Takes escapes, emphasis, links and keys out of a line."""

    def __init__(self, keys: "_Keys", sentences: "_Sentences") -> None:
        self._keys = keys
        self._sentences = sentences
        self._escaped = False
        self._emphasis = ""
        self._last = " "
        self._bracket = ""
        self._is_closed = False
        self._address = ""

    def take(self, char: str) -> None:
        if self._escaped:
            self._escaped = False
            if char not in string.punctuation:
                self._plain("\\")
        elif char == "\\":
            self._escaped = True
            return
        if char in "*_`":
            # Longer runs are no emphasis and no word either.
            self._emphasis += char if len(self._emphasis) < 8 else ""
            return
        emphasis, self._emphasis = self._emphasis, ""
        if self._last.isalnum() and char.isalnum():
            for mark in emphasis:
                self._plain(mark)
        self._plain(char)

    def end_line(self) -> None:
        if self._escaped:
            self._plain("\\")
        self._escaped, self._emphasis = False, ""
        while self._bracket:
            if self._address:
                self._no_address()
            elif self._is_closed:
                self._resolve()
            else:
                found = self._keys.read(self._bracket.strip("[(【⟦{ "), "(")
                if found and all(is_known for _, is_known in found):
                    self._sentences.keys(found)
                    self._bracket = ""
                else:
                    self._release()
        self._last = " "
        self._sentences.line_end()

    def _plain(self, char: str) -> None:
        self._last = char
        if self._address:
            self._address += char
            if char == ")" and _ADDRESS.fullmatch(self._address):
                self._address = ""
                self._resolve(is_link=True)
            elif char == ")" or char.isspace() or len(self._address) > _LINK_CHARACTERS:
                self._no_address()
            return
        if self._is_closed:
            if char == "(" and self._bracket[0] == "[":
                self._address = char
                return
            if char == "]" and self._bracket.startswith("[[") and not self._bracket.endswith("]]"):
                self._bracket += char
                return
            self._resolve()
        if self._bracket:
            if char == _CLOSING[self._bracket[0]]:
                self._bracket += char
                self._is_closed = True
                return
            if (char not in _CLOSING and len(self._bracket) < _BRACKET_CHARACTERS) or (
                char == self._bracket == "["
            ):
                self._bracket += char
                return
            self._release()
        if char in _CLOSING:
            self._bracket = char
        else:
            self._sentences.take(char)

    def _resolve(self, is_link: bool = False) -> None:
        """Passes a closed bracket on: as keys, as the words of a link, or as it is."""
        bracket, self._bracket, self._is_closed = self._bracket, "", False
        content = bracket.strip("[](){}【】⟦⟧")
        if found := self._keys.read(content, bracket[0]):
            self._sentences.keys(found)
        else:
            for char in content if is_link else bracket:
                self._sentences.take(char)

    def _no_address(self) -> None:
        address, self._address = self._address, ""
        self._resolve()
        for char in address:
            self._plain(char)

    def _release(self) -> None:
        bracket, self._bracket = self._bracket, ""
        for char in bracket:
            self._sentences.take(char)


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
class _Mark:
    """A key at a place in the text that is being read."""

    position: int
    word: str
    is_known: bool


class _Sentences:
    """Cuts what is left into sentences and gives each the keys that stand at it.

    A sentence that has ended is closed: it waits for keys until something else follows.
    """

    def __init__(self, keys: "_Keys") -> None:
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
        if self._text:
            self._close()
        self._is_after_break = True

    def begin_row(self) -> None:
        self.hard_break()
        self._in_row = True

    def end_row(self) -> None:
        self.hard_break()
        self._in_row = False

    def forget_line(self) -> None:
        """Drops the sentence that is being read, if the line it began on is not over."""
        if self._began_on_line:
            self._text, self._marks, self._has_candidate = "", {}, False

    def end(self) -> None:
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
        if any(char.isalnum() for char in text) and not _SOURCES.fullmatch(text):
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


_NOUNS = frozenset("key keys passage passages source sources ref refs citation citations".split())
_FILLERS = frozenset("see cf and id".split())
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"[\s,;:/&+|^#†'\"“”’*_`–—-]*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_VOWELS = frozenset("aeiouy")


class _Keys:
    """Tells keys from other words."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = {key.casefold(): key for key in known}
        shapes = {_shape(key) for key in self._known} or {"a0aa"}
        self._shapes = {shape for shape in shapes if len(set(shape)) > 1}
        self._lengths = {len(shape) for shape in self._shapes}
        either = "|".join(map(re.escape, self._known))
        key = rf"(?<!\w)({either})(?!\w)"
        self._stray = (
            re.compile(
                rf"\s?[\[(【⟦]{{1,2}}\s?{key}\s?[\])】⟧]{{1,2}}|\s?[\[【⟦]{{1,2}}\s?{key}|[\s,;:]{{0,2}}{key}",
                re.IGNORECASE,
            )
            if either
            else None
        )

    def read(self, content: str, opening: str) -> list[tuple[str, bool]] | None:
        """The keys in a bracket, each with whether it is known; None when the bracket holds words.

        Round brackets are common in sentences: there a number alone is no key.
        """
        is_round = opening == "("
        if re.fullmatch(r"https?://\S+", content) and not is_round:
            return [(content, False)]
        found: list[tuple[str, bool]] = []
        has_noun, has_number, has_others = False, False, not _APART.fullmatch(_WORD.sub("", content))
        for match in _WORD.finditer(content):
            word, folded = match.group(), match.group().casefold()
            if folded in self._known:
                found.append((self._known[folded], True))
            elif folded in _NOUNS:
                has_noun = True
            elif folded in _FILLERS:
                continue
            elif self._looks_like_key(word, is_round) or content.startswith("^"):
                found.append((folded, False))
            elif word.isascii() and word.isdigit() and len(word) <= 3:
                has_number = True
                found.append((word, False))
            else:
                has_others = True
        known = [key for key in found if key[1]]
        if known and not is_round:
            return known if has_others else found
        if not found or has_others or _THOUSANDS.fullmatch(content):
            return None
        return found if not is_round or not has_number or has_noun else None

    def without_strays(self, text: str) -> tuple[str, list[str]]:
        """The text without the known keys that stand in it outside of whole brackets, and these keys."""
        if self._stray is None:
            return text, []
        strays: list[str] = []

        def take_out(match: re.Match[str]) -> str:
            written = next(filter(None, match.groups()))
            strays.append(self._known.get(written.casefold(), written))
            return ""

        return self._stray.sub(take_out, text).strip(), strays

    def _looks_like_key(self, word: str, is_round: bool) -> bool:
        if not word.isascii() or len(word) not in self._lengths or (is_round and not word.islower()):
            return False
        if _shape(word) in self._shapes:
            return True
        return word.islower() and word.isalpha() and not _VOWELS & set(word)


def _shape(word: str) -> str:
    return "".join("0" if char.isdigit() else "a" for char in word)
