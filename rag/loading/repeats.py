"""Paragraphs that one outlet prints under many articles: they are not the article's own."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import PurePosixPath

from rag.core.records import Article
from rag.loading.lines import without

# Fewer articles than this may share a sentence by chance or by quoting.
_FEWEST_ARTICLES = 3
# A shorter line may be a heading that many articles have of right ("Background").
_FEWEST_WORDS = 6
# Articles that share more than this part of their text are versions of one another.
_VERSION_SHARE = 0.5
# Versions are looked for among the articles of a line that so many have at most; pairs grow as
# the square.
_MOST_VERSIONS = 20


def cut_repeats(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The same articles in the same order, without what repeats across one outlet's files.

    The outlet is the publisher where it is known, else the folder. A paragraph goes when three or
    more articles have it that share little else; copies and versions of one article count once,
    and no article loses more than half of its text. `sha256` is of the text that is left.
    """
    outlets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        folder = str(PurePosixPath(article.source).parent)
        known = article.publisher
        outlets[("publisher", known.casefold()) if known else ("folder", folder)].append(place)
    result = list(articles)
    for places in outlets.values():
        if len(places) >= _FEWEST_ARTICLES:
            group = [articles[place] for place in places]
            for place, article in zip(places, _cut_in_outlet(group), strict=True):
                result[place] = article
    return tuple(result)


def _cut_in_outlet(articles: Sequence[Article]) -> list[Article]:
    lines = [_lines(article.text) for article in articles]
    holders: dict[str, set[int]] = defaultdict(set)
    for place, found in enumerate(lines):
        for words in found.values():
            holders[words].add(place)
    family = _families(lines, holders)
    families = {words: {family[place] for place in having} for words, having in holders.items()}
    own = {family[place] for place in range(len(articles)) if _has_its_own(lines[place], families)}
    repeated = {
        words: len(holders[words])
        for words, having in families.items()
        if len(having & own) >= _FEWEST_ARTICLES
    }
    return [_cut(article, found, repeated) for article, found in zip(articles, lines, strict=True)]


def _lines(text: str) -> dict[int, str]:
    """The words of each line that has any, by its number."""
    numbered = ((number, " ".join(raw.split())) for number, raw in enumerate(text.split("\n")))
    return {number: words for number, words in numbered if any(map(str.isalnum, words))}


def _families(lines: Sequence[dict[int, str]], holders: dict[str, set[int]]) -> list[int]:
    """For each article the place of the one that stands for all its versions."""
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for words, having in holders.items():
        if 2 <= len(having) <= _MOST_VERSIONS:
            for pair in combinations(sorted(having), 2):
                shared[pair] += len(words)
    sizes = [sum(map(len, set(found.values()))) for found in lines]
    leader = list(range(len(lines)))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for (first, second), size in sorted(shared.items()):
        if size > _VERSION_SHARE * min(sizes[first], sizes[second]):
            leader[find(second)] = find(first)
    return [find(place) for place in range(len(lines))]


def _has_its_own(found: dict[int, str], families: dict[str, set[int]]) -> bool:
    """Whether most of an article stands in no other that is not a version of it."""
    own = sum(len(words) for words in found.values() if len(families[words]) == 1)
    return own > (1 - _VERSION_SHARE) * sum(map(len, found.values()))


def _cut(article: Article, found: dict[int, str], repeated: dict[str, int]) -> Article:
    chosen = _chosen(found, repeated, article.title)
    size = sum(map(len, found.values()))
    if not chosen or 2 * sum(len(found[number]) for number in chosen) > size:
        return article
    outlet = article.publisher or "its folder"
    reasons = [(number, f"repeated in {repeated[found[number]]} files of {outlet}") for number in chosen]
    text, cuts = without(article.text, reasons)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(article, text=text, sha256=digest, cuts=article.cuts + cuts)


def _chosen(found: dict[int, str], repeated: dict[str, int], title: str | None) -> list[int]:
    """Numbers of the lines to cut. A short line goes only in a run of such from the file's edge
    or from a longer one that goes.
    """
    numbers = list(found)
    may_go = [found[number] in repeated and found[number] != title for number in numbers]
    goes = [
        may and len(found[number].split()) >= _FEWEST_WORDS
        for number, may in zip(numbers, may_go, strict=True)
    ]
    for order in (range(len(numbers)), range(len(numbers) - 1, -1, -1)):
        is_run = True
        for place in order:
            is_run = may_go[place] and (is_run or goes[place])
            goes[place] = goes[place] or is_run
    return [number for number, going in zip(numbers, goes, strict=True) if going]
