"""A reply to its sentences as it streams, and a whole reply to the numbered sentences that it mends."""

import re
from collections.abc import Collection, Iterable, Iterator

from rag.asking.replies.keys import Keys, Said, marks_in, unmarked
from rag.language.sentences import split_sentences

# A sentence longer than this is given out in parts.
SENTENCE_CHARACTERS = 2_000
# A bracket open for longer than this is no bracket; keys behind a stop take less.
_NEAR = 120
_BRACKETS = ("[]", "()", "{}", "【】", "⟦⟧")
_OPENINGS = "\"“'‘(«["
_STOPS = ".!?…。！？؟"
_LINE_ENDS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_TAGS = ("<think>", "<thinking>", "</think>", "</thinking>")
_TAG_CHARACTERS = len("</thinking>")
# What stands before the words of a line: a quote's mark, a bullet, a number.
_HEAD = re.compile(r"[>\s]*(?:(?:[-*+•‣▪◦·–—]|\(?\d{1,3}[.)])\s+)?[>\s]*")
# Lines that state nothing: headings, fences, notes.
_NOT_SAID = ("# ", "## ", "### ", "#### ", "```", "~~~", "[^")
# What follows such a line lists passages; it says nothing.
_SOURCES = frozenset("source sources sourcesused reference references citations passages keys".split())
_NUMBERED = re.compile(
    r"\W{0,12}(?:sentence\W{1,8})?(\d{1,3})[*_]{0,3}[:.)\]](?!\d)[*_:\s]{0,9}(.*)", re.IGNORECASE
)


class ReplyReader:
    """Turns the pieces of one reply into sentences. `known` are the keys that the prompt offered.

    Whether a sentence is over is asked at white space alone, of the line that is being read, so that the
    pieces in which a reply arrives change nothing. The last sentence of a line waits for what follows:
    keys may stand on a line of their own.

    Sentences before the first that has a key are held until it comes, or until the reply ends: they
    may prove to be thinking, which some servers pass on as if it were the reply.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._keys = Keys(known)
        self._raw = ""
        self._is_thinking = False
        self._has_thought = False
        self._given = 0
        self.thought = 0
        """How many of the sentences given out so far proved to be thinking: they were not said."""
        self._begin()

    def _begin(self) -> None:
        self._line = self._start = self._last = ""
        self._is_begun = self._is_past_sources = False
        self._held: list[Said] = []
        self._has_key = False

    def feed(self, piece: str) -> Iterator[Said]:
        """The sentences that this piece finishes: their keys are complete, something else follows."""
        self._raw += piece
        finished: list[Said] = []
        while places := [(at, tag) for tag in _TAGS if (at := self._raw.find(tag)) >= 0]:
            at, tag = min(places)
            before, self._raw = self._raw[:at], self._raw[at + len(tag) :]
            is_end = tag.startswith("</")
            if not self._is_thinking:
                self._read(before)
            if is_end and not self._has_thought:
                # All that came before was thinking, begun without a tag.
                finished += self._taken()
                self._begin()
                self.thought = self._given
            self._is_thinking, self._has_thought = not is_end, True
        # What may become a tag is kept back.
        at = self._raw.find("<", max(0, len(self._raw) - _TAG_CHARACTERS + 1))
        at = len(self._raw) if at < 0 else at
        ready, self._raw = self._raw[:at], self._raw[at:]
        if not self._is_thinking:
            self._read(ready)
        return iter(finished + self._taken())

    def finish(self) -> Iterator[Said]:
        """What is left when the reply has ended."""
        if not self._is_thinking:
            self._read(self._raw)
        self._end_line()
        self._end_last()
        self._has_key = True
        return iter(self._taken())

    def _taken(self) -> list[Said]:
        if not self._has_key:
            return []
        ready, self._held = self._held, []
        self._given += len(ready)
        return ready

    def _read(self, text: str) -> None:
        for char in unmarked(text):
            if self._is_past_sources:
                return
            if char in _LINE_ENDS:
                self._end_line()
                continue
            char = " " if char.isspace() else char
            self._line += char
            if len(self._start) < SENTENCE_CHARACTERS:
                self._start += char
            if char in " 。！？" or len(self._line) >= SENTENCE_CHARACTERS:
                self._end_sentences()

    def _end_sentences(self) -> None:
        """Gives out what of the line is over for sure: all sentences but the last."""
        is_long = len(self._line) >= SENTENCE_CHARACTERS
        if not is_long and not (self._may_go_on() and not _is_aside(self._start)):
            return
        *over, rest = self._sentences()
        if not rest:
            self._line = "" if is_long else self._line
            return
        if is_long and not over:
            cut = rest.rfind(" ", SENTENCE_CHARACTERS // 2) + 1 or len(rest)
            over, rest = [rest[:cut]], rest[cut:]
        self._end_last()
        if over:
            self._say(over)
            self._line, self._is_begun = rest + " " * self._line.endswith(" "), True

    def _may_go_on(self) -> bool:
        """Whether what was read last may be the first word of another sentence."""
        before, _, word = self._line.rstrip().rpartition(" ")
        follows = self._last or any(stop in before[-_NEAR:] or stop in word[:-1] for stop in _STOPS)
        return bool(follows) and any(map(str.isalnum, word)) and not _is_in_bracket(self._line)

    def _end_line(self) -> None:
        start = _HEAD.sub("", self._start, count=1)
        letters = "".join(filter(str.isalpha, unmarked(self._keys.marked(start))))
        if letters.casefold() in _SOURCES:
            self._is_past_sources = True
        elif start.startswith("|"):
            row = self._keys.marked(", ".join(filter(None, map(str.strip, self._line.split("|")))))
            if self._keys.said(row).keys:  # one without is the head of its table
                self._end_last()
                self._say([row])
        elif not _is_aside(self._start) and not _is_title(start):
            *over, rest = self._sentences()
            if rest:
                self._end_last()
                self._say(over)
                self._last = rest
            elif self._last:
                self._last += marks_in(self._keys.marked(self._line))
        self._line, self._start, self._is_begun = "", "", False

    def _sentences(self) -> list[str]:
        """The sentences of the line, marked; one that is empty where the line has no words."""
        line = self._line if self._is_begun else _HEAD.sub("", self._line, count=1)
        line = self._keys.marked(line)
        if not any(map(str.isalnum, line)):
            return [""]
        sentences, start = list[str](), 0
        # Past its cache, which is for articles.
        for found in split_sentences.__wrapped__(line):
            words = line[start : found.end].rstrip(_OPENINGS)
            # The splitter leaves the opening mark of a quotation that is not closed yet behind.
            end = start + len(words) if words.endswith(" ") else found.end
            sentences.append(line[start:end].strip())
            start = end
        if len(sentences) > 1 and not any(map(str.isalnum, sentences[-1])):
            sentences[-2:] = [" ".join(sentences[-2:])]
        return sentences

    def _end_last(self) -> None:
        if self._last:
            self._say([self._last])
        self._last = ""

    def _say(self, sentences: Iterable[str]) -> None:
        for said in map(self._keys.said, sentences):
            if any(map(str.isalnum, said.text)):
                self._held.append(said)
                self._has_key = self._has_key or bool(said.keys)


def _is_aside(line: str) -> bool:
    """Whether a line has no sentences of its own: a heading, a fence, a note, a row of a table."""
    start = _HEAD.sub("", line, count=1)
    return start.startswith(("|", *_NOT_SAID))


def _is_title(line: str) -> bool:
    """Whether a whole line is bold, and no sentence."""
    words = line.strip().rstrip(":").strip()
    return words.startswith("**") and words.endswith("**") and words.strip("*: ")[-1:] not in _STOPS


def _is_in_bracket(line: str) -> bool:
    """Whether a bracket is open at the end of what was read: a key may stand in it."""
    near = line[-_NEAR:]
    return any(near.rfind(pair[0]) > near.rfind(pair[1]) for pair in _BRACKETS)


def read_repairs(reply: str, known: Collection[str]) -> dict[int, Said | None]:
    """The sentences of a reply whose lines begin with a number, "2: text [key]"; None for "2: drop".

    Lines without a number go with the line before. Of a number that comes twice the first counts;
    what is before the first number, and a number without words, is left out. The caller takes the
    numbers it asked for.
    """
    blocks: dict[int, list[str]] = {}
    lines: list[str] = []
    for line in reply.rpartition("</think>")[2].partition("<think>")[0].splitlines():
        if found := _NUMBERED.match(line):
            lines = [found[2]]
            blocks.setdefault(int(found[1]), lines)
        else:
            lines.append(line)
    repairs: dict[int, Said | None] = {}
    for number, lines in blocks.items():
        reader = ReplyReader(known)
        said = [*reader.feed("\n".join(lines)), *reader.finish()]
        if said:
            text = " ".join(one.text for one in said)
            keys = dict.fromkeys(key for one in said for key in one.keys)
            is_dropped = text.strip(" .[]()").casefold() in ("drop", "dropped")
            repairs[number] = None if is_dropped else Said(text, tuple(keys))
    return repairs
