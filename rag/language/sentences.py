"""Where the sentences of an article stand. Offsets are recorded while splitting, never searched for."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sentencex import segment

from rag.core.records import Sentence

SPLITTING_VERSION = 1

# A point after these ends no sentence when a name follows ...
_RANKS = frozenset(
    """adm amb brig capt cmdr col cpl dr ens gen gov hon insp lt maj messrs mr mrs ms msgr mt pfc pres
    prof pvt rep reps rev sen sens sgt spc st supt vs bkz doç dz gn gnkur hv kd krş müh öğr tğm tuğg
    tümg ütğm yrd""".split()
)
# ... and after these when a number does.
_BEFORE_NUMBERS = frozenset(
    """apr art aug ca ch dec feb fig figs fri jan jul jun mar mon no nos nov oct op p par pp sat sec sep
    sept sun thu thur thurs tue tues vol wed""".split()
)
_LAST_WORD = re.compile(r"([^\W\d_]+)\.$")
_TERMINAL = re.compile(r"[.!?…。؟][\"”’'»)\]]*$")
_MARKER = re.compile(r"\s*(?:[-*•·–—▪◦‣]\s|\(?\d{1,3}[.)]\s)")
_ONLY_MARKER = re.compile(r"^(?:[-*•·–—▪◦‣]|\(?\d{1,3}[.)])$")
# The splitter takes these for abbreviations although they are words too, and end sentences.
_WORDS_TOO = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|DC|ID|LA|OK|ark|art|con|etc|exp|fed|id|ill|me|min"
    "|miss|no|ok|ore"
)
_CLOSED = re.compile(rf"(?:[.!?][)\]]|…[\"”’)]?|\b(?:{_WORDS_TOO})\.)\s+(?=\w)")
_ONLY_CLOSING = re.compile(r"^[\"”’'»)\].…]+$")

# A line without a full stop that is no longer than this is a heading, not a sentence cut short.
HEADING_WORDS = 18
# Wider lines than this were not broken by a machine to fit a page.
_WRAP_WIDTH = 130


@lru_cache(maxsize=64)
def split_sentences(text: str, title: str | None = None) -> tuple[Sentence, ...]:
    """The sentences of a text in order, without surrounding white space; together they hold every
    visible character. A line that equals the title is a heading whatever its last character."""
    found: list[Sentence] = []
    for start, end in _paragraphs(text):
        spans = list(_split_paragraph(text, start, end))
        if len(spans) == 1:
            words = text[start:end].strip()
            is_heading = words == (title or "").strip() or (
                not _TERMINAL.search(words)
                and not _MARKER.match(words)
                and len(words.split()) <= HEADING_WORDS
            )
            found.append(Sentence(*spans[0], is_heading))
        else:
            found += [Sentence(*span) for span in spans]
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together. A line break is only white space where the next word
    would not have fitted on the line; anywhere else it ends a paragraph."""
    lines, position = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((position, position + len(line)))
        position += len(line)
    width = max((len(text[start:end].rstrip()) for start, end in lines), default=0)
    current: tuple[int, int] | None = None
    last_line = ""
    for start, end in lines:
        line = text[start:end]
        if current and line.strip() and _continues(last_line.rstrip(), line, width):
            current = (current[0], end)
        else:
            if current:
                yield current
            current = (start, end) if line.strip() else None
        last_line = line
    if current:
        yield current


def _continues(line: str, following: str, width: int) -> bool:
    if _MARKER.match(following):
        return False
    first = following.lstrip()[:1]
    if first.islower() and not _TERMINAL.search(line):
        return True
    if width > _WRAP_WIDTH or len(line) < 30:
        return False
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width - 2


def _split_paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    pending: tuple[int, int] | None = None
    position = start
    for piece in _pieces(text[start:end]):
        span = _trim(text, position, position + len(piece))
        position += len(piece)
        if span[0] == span[1]:
            continue
        if pending and _goes_on(text[slice(*pending)], text[slice(*span)]):
            pending = (pending[0], span[1])
        else:
            if pending:
                yield pending
            pending = span
    if pending:
        yield pending


def _pieces(text: str) -> Iterator[str]:
    """The splitter's pieces, cut also where a bracket, an ellipsis or such a word ends a sentence."""
    for piece in segment("en", text):
        last = 0
        for cut in _CLOSED.finditer(piece):
            if piece[cut.end()].isupper():
                yield piece[last : cut.end()]
                last = cut.end()
        yield piece[last:]


def _goes_on(before: str, after: str) -> bool:
    """Whether the splitter cut behind an abbreviation or a list number, or before a bracket."""
    if _ONLY_MARKER.match(before):
        return True
    if _ONLY_CLOSING.match(after):
        return True
    first = after.lstrip("\"“'‘(")[:1]
    if first.islower():
        return True
    word = _LAST_WORD.search(before[-12:])
    if word is None:
        return False
    known = _RANKS if first.isupper() else _BEFORE_NUMBERS if first.isdigit() else frozenset()
    return word.group(1).lower() in known


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip()) if words.strip() else end
