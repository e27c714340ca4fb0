"""A question and its answer as one statement: what is judged is whether a text says it."""

import re

_SUBJECT = re.compile(
    r"^(?:who|what|which(?: [\w'’-]+){1,3}?|what (?:[\w'’-]+ ){1,2}?"
    r"|how many (?:[\w'’-]+ ){0,2}?[\w'’-]+)"
    r"(?= (?!do\b|does\b|did\b|is\b|are\b|was\b|were\b|has\b|have\b|had\b|can\b|could\b|will\b|would\b"
    r"|should\b|kind\b|type\b|many\b|much\b|of\b)[a-z]+(?:s|ed|t|d|e|n|g|k|w|m)\b)",
    re.IGNORECASE,
)
_IS = re.compile(r"^(?:who|what) (is|are|was|were) (the .+)$", re.IGNORECASE)
_BLANK = re.compile(
    r"\b(?:who|whom|what(?: (?:year|day|date|month|city|country|state|place|type|kind|percentage|name))?"
    r"|which(?: [\w'’-]+)?|how many|how much|when|where)\b",
    re.IGNORECASE,
)


def as_claim(question: str, answer: str) -> str:
    """ "Who built the mill?" and "Ada" are "Ada built the mill."; where the order of words does not
    allow it, the question with its answer behind it."""
    asked = question.strip().rstrip("?").strip()
    said = answer.strip().rstrip(".")
    if match := _SUBJECT.match(asked):
        return f"{said}{asked[match.end() :]}."
    if match := _IS.match(asked):
        return f"{said} {match.group(1)} {match.group(2)}."
    blanks = list(_BLANK.finditer(asked))
    if blanks and blanks[-1].start() > 12 and blanks[-1].start() > len(asked) / 3:
        match = blanks[-1]
        return f"{asked[: match.start()]}{said}{asked[match.end() :]}."
    return f"{asked}? {said}."
