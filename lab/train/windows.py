"""Texts cut to about what a passage of the index has, and where their sentences stand then."""

import random
from collections.abc import Sequence

from lab.train.examples import Example, Span
from rag.language.sentences import split_sentences

# About as many characters as a passage of the index has.
WINDOW = 900


def sentence_spans(text: str) -> tuple[Span, ...]:
    return tuple((sentence.start, sentence.end) for sentence in split_sentences(text))


def holds(span: Span, places: Sequence[Span]) -> float:
    """Whether one of the places begins within the span, as 1 or 0."""
    return float(any(span[0] <= start < span[1] for start, _ in places))


def windowed(
    source: str,
    group: str,
    asked: str,
    title: str,
    text: str,
    words: Sequence[Span],
    near: int,
    chance: random.Random,
    language: str = "en",
) -> Example | None:
    """A question over a window of a longer text around the character `near`; `words` are the answer,
    none when the text has none."""
    spans = sentence_spans(text)
    place = next((n for n, (_, end) in enumerate(spans) if near < end), None)
    if place is None:
        return None
    first, last = _around(spans, place, chance)
    base, stop = spans[first][0], spans[last - 1][1]
    held = tuple((start - base, end - base) for start, end in words if base <= start and end <= stop)
    sentences = tuple((start - base, end - base) for start, end in spans[first:last])
    bearing = tuple(
        float(any(start < there[1] and there[0] < end for there in held)) for start, end in sentences
    )
    return Example(
        source,
        group,
        asked,
        text[base:stop],
        title,
        answers=float(bool(held)),
        sentences=sentences,
        bearing=bearing,
        words=held,
        language=language,
    )


def _around(spans: Sequence[Span], place: int, chance: random.Random) -> tuple[int, int]:
    """The sentences of a window that holds one of them, from and to: as a passage would."""
    first = last = place
    while True:
        sides = []
        if first > 0 and spans[last][1] - spans[first - 1][0] <= WINDOW:
            sides.append("before")
        if last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= WINDOW:
            sides.append("after")
        if not sides:
            return first, last + 1
        if chance.choice(sides) == "before":
            first -= 1
        else:
            last += 1


def joined(sentences: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """Sentences as one text, and where each stands in it."""
    text, spans = "", []
    for sentence in sentences:
        text += " " if text else ""
        spans.append((len(text), len(text) + len(sentence.strip())))
        text += sentence.strip()
    return text, tuple(spans)


def cut(
    sentences: Sequence[str], bearing: Sequence[float], chance: random.Random
) -> tuple[str, tuple[Span, ...], tuple[float, ...]]:
    """Sentences as one text, of a long one without some that bear nothing, until it fits a window."""
    text, spans = joined(sentences)
    kept = list(range(len(spans)))
    while sum(spans[n][1] - spans[n][0] for n in kept) > WINDOW * 1.25:
        idle = [n for n in kept if not bearing[n]]
        if not idle:
            break
        # From the ends, so that what is left mostly stays together.
        kept.remove(idle[0] if chance.random() < 0.5 else idle[-1])
    made, places = joined([text[spans[n][0] : spans[n][1]] for n in kept])
    return made, places, tuple(bearing[n] for n in kept)
