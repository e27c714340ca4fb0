"""What a question, or the exchange before it, speaks of."""

import re
from collections.abc import Iterable

from rag.asking.followups.names import find_names, kind_of
from rag.asking.followups.phrases import core_of, grown_end, is_plural, things, together
from rag.asking.followups.records import Context, Kind, Phrase, Place, Reading, Time
from rag.asking.followups.vocabulary import PLACES, TIME
from rag.asking.questions import MAX_CHARACTERS, QuestionReader
from rag.core.errors import QuestionError
from rag.core.records import Answer, Exchange
from rag.language.terms import stem
from rag.language.text import fold, words

_LOCATED = re.compile(
    r"(?<![\w'’ʼ])(in|at|near|inside|across|outside)\s+(?:the\s+)?"
    r"(?:(?:(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?|central)\s+)?$",
    re.IGNORECASE,
)
_VISITED = re.compile(
    r"\b(?:visit|visited|visits|visiting|reach|reached|enter|entered)\s+(?:the\s+)?$", re.IGNORECASE
)
_TRAVELLED = re.compile(
    r"\b(?:go|goes|went|gone|travel\w*|fly|flew|flown|trips?|visits?|visited|return\w*|journey"
    r"|came|come)\s+"
    r"(?:to|from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def read_context(exchange: Exchange, reader: QuestionReader) -> Context | None:
    """What an exchange speaks of; None when its question cannot be read."""
    try:
        before = read(" ".join(question_of(exchange).split()), reader)
    except QuestionError:
        return None
    return Context(before, _read_answer(exchange.answer, reader))


def question_of(exchange: Exchange) -> str:
    """What an exchange asked, as it was understood."""
    return exchange.answer.standalone or exchange.question


def read(text: str, reader: QuestionReader) -> Reading:
    """What a question or a sentence speaks of. Raises QuestionError as the reader does."""
    times = tuple(Time(found.start(), found.end(), found.group()) for found in TIME.finditer(text))
    phrases: list[Phrase] = []
    places: list[Place] = []
    for start, end, common in find_names(text, reader):
        if text[start].isdigit() or any(t.start < end and start < t.end for t in times):
            continue
        before = text[:start]
        grown = grown_end(text, start, end)
        located, visited = _LOCATED.search(before), _VISITED.search(before)
        is_place = fold(text[start:end]) in PLACES
        if located:
            whole = text[located.start() : grown]
            places.append(Place(located.start(), grown, whole, located.group(1).lower()))
        elif visited or _TRAVELLED.search(before):
            the = "the " if re.search(r"\bthe\s+$", before, re.I) else ""
            places.append(Place(start, grown, f"in {the}{text[start:grown]}", ""))
        kind = kind_of(text, start, end, common)
        if located or visited or is_place:
            kind = Kind.GROUP
        the_start = re.search(r"\bthe\s+$", before, re.I)
        if the_start and kind is not Kind.PERSON:
            start = the_start.start()
        words_inside = frozenset(stem(word.folded) for word in words(text[start:grown]))
        terms = frozenset({common}) if common and grown == end else words_inside - {"the"}
        if located or _TRAVELLED.search(before):
            continue
        if grown > end:
            kind = Kind.THING
        phrases.append(
            Phrase(
                start, grown, text[start:grown], kind, is_plural(text[start:grown], kind), True, terms
            )
        )
    phrases += together(text, phrases)
    taken = [(p.start, p.end) for p in phrases if not p.is_plural] + [(p.start, p.end) for p in places]
    phrases += [thing for thing in things(text) if not _overlaps(thing, taken)]
    return Reading(text, tuple(sorted(phrases, key=lambda p: p.start)), tuple(places), times)


def _read_answer(answer: Answer, reader: QuestionReader) -> Reading:
    """What the first claim speaks of."""
    for claim in answer.claims[:1]:
        try:
            return read(" ".join(claim.text.split())[:MAX_CHARACTERS], reader)
        except QuestionError:
            break
    return Reading("")


def _overlaps(phrase: Phrase, spans: Iterable[tuple[int, int]]) -> bool:
    core = phrase.start + len(core_of(phrase.text))
    return any(start < core and phrase.start < end for start, end in spans)
