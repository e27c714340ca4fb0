"""The terms that search and coverage compare: folded, stemmed words, and one term for all the names
of a thing."""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import simplemma

from rag.core.errors import SettingsError
from rag.language.text import Word, words
from rag.language.tongues import ENGLISH, stemmer, stems_in

TERMS_VERSION = 2

# Words that say nothing about what a text is about; they are never search terms.
STOP_WORDS = frozenset(
    """a about above after again against al all also am an and any are aren't as at be became because
    been before being below between both but by can can't cannot could couldn't did didn't do does
    doesn't doing don't down during each either el else ever every few for from further get give had
    hadn't has hasn't have haven't having he her here hers herself him himself his how however i i'd
    i'll i'm i've if in into is isn't it itself just let's like made many may me might mine more most
    much must mustn't my myself neither no nor not now of off on once one only onto or other ought our
    ours ourselves out over own per please same shall shan't she should shouldn't since so some such
    tell than that the their theirs them themselves then there these they this those though through
    thus to too under until up upon us very via was wasn't we were weren't what when where whether
    which while who whom whose why will with within without won't would wouldn't yet you your yours
    yourself yourselves""".split()
)

_stemmer = stemmer(ENGLISH)


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """What the forms of a word share. A dictionary knows the irregular ones: met -> meet."""
    return str(_stemmer.stemWord(simplemma.lemmatize(folded, lang="en").lower()))


def is_unusual(folded: str) -> bool:
    """Whether no English dictionary has the word: then it is most likely a name."""
    return not simplemma.is_known(folded, lang="en")


_NEGATIONS = frozenset("no not never none nor neither without denied denies deny cannot".split())


@lru_cache(maxsize=512)
def _spelled_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def say_the_same(one: str, other: str, share: float) -> bool:
    """Whether two texts have this share of their words in common, and differ in no name, number or
    negation: 800 troops and 2,000 are two statements, however alike the rest."""
    mine, theirs = _spelled_words(one), _spelled_words(other)
    if min(len(mine), len(theirs)) < share * max(len(mine), len(theirs)):
        return False
    if len(mine & theirs) < share * len(mine | theirs):
        return False
    return not any(
        (word.folded not in STOP_WORDS and (text[word.start].isupper() or text[word.start].isdigit()))
        or word.folded in _NEGATIONS
        or word.folded.endswith("n't")
        for text in (" ".join(mine ^ theirs),)
        for word in words(text)
    )


class Lexicon:
    """Turns text into terms, knowing which names mean the same thing."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        """Each group holds the names of one thing; groups that share a name are one."""
        self._names: dict[tuple[str, ...], str] = {}
        self._capitals: set[tuple[str, ...]] = set()
        for group in groups:
            folded = [tuple(word.folded for word in words(name)) for name in group]
            known = {self._names[name] for name in folded if name in self._names}
            term = min(known, default="@" + "-".join(folded[0]))
            for name, spelling in zip(folded, group, strict=True):
                self._names[name] = term
                if len(name) == 1 and name[0] in STOP_WORDS and spelling.isupper():
                    self._capitals.add(name)
            for name, other in self._names.items():
                if other in known:
                    self._names[name] = term
        self.term_set = lru_cache(maxsize=64)(lambda text: frozenset(self.terms(text)))
        self._longest: dict[str, int] = {}
        for name in self._names:
            self._longest[name[0]] = max(self._longest.get(name[0], 0), len(name))

    @property
    def version(self) -> str:
        """Changes whenever the same text may give other terms."""
        names = repr((TERMS_VERSION, sorted(self._names.items()), sorted(self._capitals)))
        return hashlib.sha256(names.encode()).hexdigest()[:16]

    def terms(self, text: str, languages: Collection[str] = ()) -> list[str]:
        """The terms of a text in order. A known name gives its common term (`@islamic-state`) as
        well as its words; "cease-fire" gives its words and `ceasefir`. What words share in other
        languages than English comes last."""
        found = words(text)
        terms = [name for _, _, name in self.name_spans(text, found)]
        for position, word in enumerate(found):
            if word.folded not in STOP_WORDS:
                terms.append(stem(word.folded))
            following = found[position + 1] if position + 1 < len(found) else None
            if following and text[word.end : following.start] == "-":
                terms.append(stem(word.folded + following.folded))
        for language in languages:
            terms += stems_in(language, text, found)
        return terms

    def name_spans(self, text: str, found: Sequence[Word] | None = None) -> list[tuple[int, int, str]]:
        """Where known names stand: start, end (characters) and the common term of each."""
        found = words(text) if found is None else found
        spans, position = [], 0
        while position < len(found):
            longest = self._longest.get(found[position].folded, 0)
            for length in range(min(longest, len(found) - position), 0, -1):
                group = found[position : position + length]
                name = tuple(word.folded for word in group)
                start, end = group[0].start, group[-1].end
                if name in self._names and (
                    name not in self._capitals or re.split("['’ʼ]", text[start:end])[0].isupper()
                ):
                    spans.append((start, end, self._names[name]))
                    position += length - 1
                    break
            position += 1
        return spans


def read_aliases(*paths: Path) -> list[list[str]]:
    """The groups in files of lines `name = name = ...`; a missing file has none.

    Raises SettingsError for a file that is not text, and for a line with a single name.
    """
    groups = []
    for path in paths:
        if not path.exists():
            continue
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"The aliases in {path} cannot be read: {error}") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            names = [name.strip() for name in line.split("=") if words(name)]
            if len(names) < 2:
                raise SettingsError(f"{path}, line {number}: write at least two names joined by ' = '.")
            groups.append(names)
    return groups
