"""The words of a timeline: where they stand, how they are shown, and whether they are looked for."""

import re
from collections.abc import Mapping, Sequence

from rag.asking.timeline import Event, EventKind
from rag.core.records import Article, Citation, Span
from rag.core.wording import credit
from rag.language.text import fold

_ADDRESS = re.compile(r"(?s)(.+):([0-9a-f]{12}):([0-9]{1,9})-([0-9]{1,9})")
_SHOWN_CHARACTERS = 400
# A letter with an accent or of another alphabet, but not the marks of typesetting.
_UNUSUAL_LETTER = re.compile(r"[^\x00-\xbf\u2000-\u206f]")
_AROUND = 24


def address_of(event: Event) -> str:
    """Where an event's words stand, and in which text: `visit.md:0f3a91c2d4e5:120-245`."""
    cited = event.citation
    return f"{cited.source}:{cited.sha256[:12]}:{cited.start}-{cited.end}"


def find_citation(address: str | None, articles: Mapping[str, Article]) -> Citation | None:
    """The words at an address; None where the article is gone or has another text now."""
    match = _ADDRESS.fullmatch(address or "")
    article = articles.get(match[1]) if match else None
    if match is None or article is None or not article.sha256.startswith(match[2]):
        return None
    start, end = int(match[3]), int(match[4])
    return Span(article, start, end).citation if start < end <= len(article.text) else None


def mentions(text: str, wanted: Sequence[str]) -> bool:
    """Whether a text has all of some folded words, in whatever letters. Long texts are not folded
    whole, which takes long."""
    lowered = text.lower()
    lacking = [word for word in wanted if word not in lowered]
    if not lacking:
        return True
    windows = {
        lowered[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        for match in _UNUSUAL_LETTER.finditer(lowered)
    }
    folded = fold("\n".join(windows))
    return all(word in folded for word in lacking)


def words_of(event: Event) -> str:
    """An article's title, or what a sentence says."""
    cited = event.citation
    words = cited.title or cited.quote if event.kind is EventKind.PUBLISHED else cited.quote
    words = " ".join(words.split())
    return words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS].rstrip()} …"


def outlet_of(event: Event) -> str:
    """Where it is from; of a sentence also when that was written."""
    cited = event.citation
    if event.kind is EventKind.STATEMENT:
        return credit(cited)
    return cited.publisher or cited.source.rsplit("/", 1)[-1]
