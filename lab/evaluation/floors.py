"""What judging claims by nothing but the words they share with the evidence comes to: the floor that
a judge must clear. It reads no order, no negation and no meaning."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rag.language.terms import Lexicon

# Judges pairs of a claim and the texts it is judged against, all at once so that a model may take
# many together: for each pair its support, 0..1.
Pair = tuple[str, tuple[str, ...]]
Scorer = Callable[[Sequence[Pair]], Sequence[float]]

_WORD = re.compile(r"\w+")


def word_coverage(pairs: Sequence[Pair]) -> list[float]:
    """The share of a claim's words, small ones too and as they are spelled, that the evidence has."""
    spelled = lru_cache(maxsize=1024)(lambda text: frozenset(_WORD.findall(text.lower())))
    return [_share(spelled(claim), map(spelled, evidence)) for claim, evidence in pairs]


def term_coverage(pairs: Sequence[Pair]) -> list[float]:
    """The share of a claim's terms, that is of the stems of the words with content, that the
    evidence has."""
    lexicon = Lexicon()
    terms = lru_cache(maxsize=1024)(lambda text: frozenset(lexicon.terms(text)))
    return [_share(terms(claim), map(terms, evidence)) for claim, evidence in pairs]


def _share(wanted: frozenset[str], offered: Iterable[frozenset[str]]) -> float:
    if not wanted:
        return 1.0
    return len(wanted & frozenset().union(*offered)) / len(wanted)


# "None of the above" and its like.
_NONE = re.compile(r"\s*none of\b|\s*neither\b", re.IGNORECASE)
# "None of the above" is chosen where no other choice has this share of its words in a passage.
_ENOUGH = 0.5


def most_words(passages: Sequence[str], choices: Sequence[str]) -> int:
    """The choice of whose words one passage has the largest share; of equal ones that with the larger
    shares in the other passages."""
    lexicon = Lexicon()
    offered = [lexicon.term_set(passage) for passage in passages]
    ranks = []
    for choice in choices:
        wanted = lexicon.term_set(choice)
        shares = [len(wanted & terms) / len(wanted) for terms in offered] if wanted else [0.0]
        is_none = _NONE.match(choice) is not None
        ranks.append((_ENOUGH, 0.0) if is_none else (max(shares, default=0.0), sum(shares)))
    return max(range(len(choices)), key=lambda place: ranks[place])


FLOORS: dict[str, Scorer] = {"words": word_coverage, "terms": term_coverage}
