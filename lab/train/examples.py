"""What is learned from: a question or a claim, a text, and what of the text answers or supports."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """`asked` is a question or a claim; `title` and `text` what is read for it. Spans are characters
    of `text`.

    `answers`: whether the text answers the question, 0..1; `supports`: whether it supports the claim,
    and `contradicts`: whether it says the opposite, or what cannot be true beside the claim; None where
    nothing is known. A claim that is not borne out with `contradicts` 0 is neither; with None, it is
    not known which. `language` is that of `asked`.

    `sentences` are the spans of the text's sentences, `bearing` tells of each whether it holds the
    answer or the support (None where nothing is known of them); `words` are the answer's very words,
    empty where there is none, None where nothing is known. `weight` is how much the example counts.
    Examples of one `group` are learned from together, or not at all.
    """

    source: str
    group: str
    asked: str
    text: str
    title: str = ""
    answers: float | None = None
    supports: float | None = None
    contradicts: float | None = None
    sentences: tuple[Span, ...] = ()
    bearing: tuple[float, ...] | None = None
    words: tuple[Span, ...] | None = None
    weight: float = 1.0
    language: str = "en"
