"""The lines of a text, what each looks like, and the text that is left when some are taken away."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.core.records import Cut

_BULLET = re.compile(r"(?:[•·▪◦‣●○»›*+–—-]\s+)+|[•·▪◦‣●○»›]")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
_SENTENCE_END = re.compile(r"[.!?…。؟۔！？][\"'”’»)\]]*(?:\[?\d{1,3}\]?)?$")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{2}[.!?…][\"”’')\]]*\s+[\"“‘'(]?[^\W\d_a-z]|[。！？]")
_ABBREVIATION_END = re.compile(r"(?:\b[A-Z]\.)+$|\b(?:Inc|Co|Corp|Ltd|Jr|Sr|No|etc|vs)\.$")

# A line of so many words is prose whatever its punctuation: headlines stay below.
_LONG_LINE_WORDS = 25
_LONG_LINE_CHARACTERS = 160


@dataclass(slots=True)
class Line:
    """One line that is not blank.

    `words` is without bullet and doubled spaces; `gap` says that a blank line stands before it.
    `reason` says why it is not the article's, and is None as long as it is.
    """

    number: int
    raw: str
    words: str
    has_bullet: bool
    gap: bool
    is_prose: bool
    reason: str | None = None

    @property
    def count(self) -> int:
        return len(self.words.split())


def read_lines(text: str) -> list[Line]:
    """The lines that are not blank, in order; `number` counts all lines from 0."""
    lines: list[Line] = []
    gap = True
    for number, raw in enumerate(text.split("\n")):
        if not raw.strip():
            gap = True
            continue
        words = " ".join(raw.split())
        bullet = _BULLET.match(words)
        words = words[bullet.end() :].lstrip() if bullet else words
        lines.append(Line(number, raw.rstrip(), words, bool(bullet), gap, is_prose(words)))
        gap = False
    return lines


def kept(lines: Iterable[Line]) -> list[Line]:
    """The lines that are the article's as far as is known."""
    return [line for line in lines if line.reason is None]


def is_prose(words: str) -> bool:
    """Whether a line says sentences, judged by its length and its punctuation alone."""
    count = len(words.split())
    if count >= _LONG_LINE_WORDS or len(words) >= _LONG_LINE_CHARACTERS:
        return True
    if _SENTENCE_INSIDE.search(words) and count >= 10:
        return True
    end = _SENTENCE_END.search(words)
    if end is None or _ABBREVIATION_END.search(words):
        return False
    # A headline or a teaser's title often ends in a question, seldom in a full stop.
    return count >= (15 if end[0][0] in "?!؟！？" else 4) or end[0][0] in "。"


def sentence_count(words: str) -> int:
    """About how many sentences a line has; at least 1."""
    return 1 + len(_SENTENCE_INSIDE.findall(words))


def is_numbered(words: str) -> bool:
    return bool(_NUMBERED.match(words))


def folded(words: str) -> str:
    """For comparing two lines of one page: case, quotes and the marks at the end do not count."""
    return re.sub(r"[\W_]+", " ", words.casefold()).strip()


def without(text: str, reasons: Sequence[tuple[int, str]]) -> tuple[str, tuple[Cut, ...]]:
    """The text without the lines of the given numbers, and those lines as cuts.

    Paragraphs stay apart: where lines went, one blank line is left if there was any beside them.
    Lines with one reason that follow each other, blank lines aside, make one cut.
    """
    reason_of = dict(reasons)
    kept: list[str] = []
    cuts: list[tuple[str, list[str]]] = []
    is_open = False
    for number, raw in enumerate(text.split("\n")):
        if number in reason_of:
            if is_open and cuts[-1][0] == reason_of[number]:
                cuts[-1][1].append(raw.rstrip())
            else:
                cuts.append((reason_of[number], [raw.rstrip()]))
            is_open = True
        elif raw.strip():
            kept.append(raw)
            is_open = False
        elif not is_open or (kept and kept[-1].strip()):
            kept.append(raw)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept), tuple(Cut(reason, "\n".join(lines)) for reason, lines in cuts)
