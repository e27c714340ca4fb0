"""Whether a text has the words of an answer, as open-domain question answering counts it: without
regard to case, punctuation and articles, and whole words only."""

import re
import string
from functools import lru_cache

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation + "‘’“”–—")


@lru_cache(maxsize=4096)
def normalized(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces."""
    bare = text.lower().translate(_WITHOUT_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def has_answer(text: str, answer: str) -> bool:
    """Whether the words of the answer stand in the text one after another."""
    wanted = normalized(answer)
    return bool(wanted) and f" {wanted} " in f" {normalized(text)} "
