"""Which articles go back to one report: copies, and rewrites that keep its words, count once. Two
pieces of their own on the same event share facts, names and perhaps a quotation, not runs of words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.core.records import Article
from rag.language.facts.quotations import find_quotations
from rag.language.text import words

# So many words in a row are a shingle: fewer are found in any two texts on one matter.
_SHINGLE = 4
# From this share of the shorter text's shingles in the longer one it is the same report. Of 7,354 pairs
# of news articles found for one question, 1 in 20 share .06 and more, 1 in 100 .37 and more.
_COPIED = 0.3
# One outlet's pieces of different days share their background paragraphs.
_COPIED_IN_HOUSE = 0.5
# Where both are signed by one agency, a thorough rewrite is enough.
_COPIED_OF_AGENCY = 0.12
# A text with fewer shingles is too short to be told by its words.
_LEAST_SHINGLES = 12
_AGENCIES = re.compile(
    r"(?<!\w)(?:Reuters|AP|Associated Press|AFP|Agence France-Presse|Anadolu(?: Agency)?|AA|dpa|TASS"
    r"|Xinhua|Interfax|ANSA|EFE|UPI|Bloomberg|PA Media|Press Association|IHA|DHA|ANKA|SANA|IRNA|WAFA"
    r"|MENA|Kyodo)(?!\w)"
)
# Where an agency signs: at the head of a text, before a dash or in brackets, or at its foot.
_HEAD, _FOOT = 160, 160
_SIGNED = re.compile(r"[(/—–-]\s*$|^\s*[)/—–-]|\b(?:by|from|via|source|with)\s*:?\s*$", re.IGNORECASE)


def group_reports(articles: Sequence[Article]) -> tuple[tuple[str, ...], ...]:
    """The sources of articles, each group in their order: those of one report together."""
    groups: list[list[Article]] = []
    for article in articles:
        if any(article.source == other.source for group in groups for other in group):
            continue
        same = [group for group in groups if any(is_one_report(article, other) for other in group)]
        if not same:
            groups.append([article])
            continue
        first, *rest = same
        first.append(article)
        for group in rest:
            first.extend(group)
            groups.remove(group)
    order = {article.source: place for place, article in reversed(list(enumerate(articles)))}
    return tuple(
        tuple(sorted((article.source for article in group), key=order.__getitem__)) for group in groups
    )


def is_one_report(one: Article, other: Article) -> bool:
    """Whether two articles go back to one report."""
    if one.sha256 == other.sha256:
        return True
    mine, theirs = _shingles(one.text), _shingles(other.text)
    shorter = min(len(mine), len(theirs))
    if shorter < _LEAST_SHINGLES:
        return _bare(one.text) == _bare(other.text)
    shared = len(mine & theirs) / shorter
    if _agencies(one) & _agencies(other):
        return shared >= _COPIED_OF_AGENCY
    in_house = one.publisher is not None and one.publisher == other.publisher
    is_follow_up = (
        in_house and None not in (one.published, other.published) and one.published != other.published
    )
    return shared >= (_COPIED_IN_HOUSE if is_follow_up else _COPIED)


@lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of words of a text but for those that it quotes: two pieces may quote one speaker."""
    quoted = [(quotation.start, quotation.end) for quotation in find_quotations(text)]
    found: set[tuple[str, ...]] = set()
    run: list[str] = []
    for word in words(text):
        if any(start <= word.start < end for start, end in quoted):
            run = []
            continue
        run = [*run[-_SHINGLE + 1 :], word.folded]
        if len(run) == _SHINGLE:
            found.add(tuple(run))
    return frozenset(found)


def _bare(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(text))


@lru_cache(maxsize=256)
def _agencies(article: Article) -> frozenset[str]:
    """The agencies that an article is credited to: as its author or publisher, or signing the text."""
    credits = f"{article.author or ''}\n{article.publisher or ''}"
    found = {match.group() for match in _AGENCIES.finditer(credits)}
    text = article.text
    for start, end in ((0, _HEAD), (max(0, len(text) - _FOOT), len(text))):
        part = text[start:end]
        for match in _AGENCIES.finditer(part):
            if _SIGNED.search(part[: match.start()]) or _SIGNED.search(part[match.end() :]):
                found.add(match.group())
    return frozenset(name.removesuffix(" Agency") for name in found)
