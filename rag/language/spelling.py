"""Names in a question as the articles spell them: transliterations differ, and readers mistype."""

import re
from collections.abc import Callable

from rag.language.terms import Lexicon, is_unusual, stem
from rag.language.text import words

# Shorter names are too near to too many others.
_SHORTEST = 6
_SUFFIX = re.compile(r"['’ʼ].*$")


def respelled(text: str, lexicon: Lexicon, nearest: Callable[[str], str | None]) -> str:
    """A question with each name that no article has in the spelling that one does; `nearest` gives for a
    term the one that articles have and is spelled nearly so, or None. Known names stay."""
    found = words(text)
    known = lexicon.name_spans(text, found)
    for word in reversed(found):
        if len(word.folded) < _SHORTEST or not is_unusual(word.folded):
            continue
        if any(start <= word.start < end for start, end, _ in known):
            continue
        near = nearest(stem(word.folded))
        if near is not None and is_unusual(near):
            spelled = text[word.start : word.end]
            suffix = _SUFFIX.search(spelled)
            shown = near.capitalize() if spelled[0].isupper() else near
            text = text[: word.start] + shown + (suffix.group() if suffix else "") + text[word.end :]
    return text
