"""The lines of a streamed reply, as Markdown has them: those of sentences, and those around them."""

import re

from rag.asking.replies.keys import Keys
from rag.asking.replies.sentences import SENTENCE_CHARACTERS, SOURCES, Said, Sentences
from rag.asking.replies.words import Words

_HEAD_CHARACTERS = 200
_NEWLINES = frozenset("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_RULE = re.compile(r"[-=*_:|+\s]+")
_ITEM = re.compile(r"(?:[-*+•‣▪◦·–—]|\(?\d{1,3}[.)])\s+(?=\S)")
_DROPPED = re.compile(r"#{1,6}\s|```|~~~|\[\^[^\]\s]{1,20}\]:")
_UNDECIDED = re.compile(
    r"[•‣▪◦·–—]\s*|\(?(?:\d{1,3}(?:[.)]\s*)?)?|#{1,6}|`{1,2}|~{1,2}|\[(?:\^[^\]\s]{0,20}\]?)?"
)
_BOLD_LINE = re.compile(r"(\*\*|__)[^*_\[【]*[^*_\[【.!?…。؟]\1:?\s*")
_CELL_EDGE = re.compile(r"(?<!\\)\|")


class Lines:
    """Tells what kind of line it reads, and drops what stands around sentences: bullets, headings,
    rules, fences, the head of a table."""

    def __init__(self, keys: Keys) -> None:
        self._sentences = Sentences(keys)
        self._words = Words(keys, self._sentences)
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
        """Reads the next character."""
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
        """Finishes the last line and its sentence: the reply has ended."""
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
        self._is_past_sources = is_whole and bool(SOURCES.fullmatch(self._start))
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
