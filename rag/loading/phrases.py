"""Lines that say by their own words that they are the page's and not the article's.

The forms are data, in phrases.toml, and are matched against a whole line without its bullet and
doubled spaces. Knows nothing of where a line stands.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

ADVERTISEMENT = "advertisement"
ARTICLE_LINK = "link to another article"
BREADCRUMB = "breadcrumb"
BYLINE = "byline"
COMMENTS = "comments"
COOKIES = "cookie notice"
DATE_LINE = "date line"
DISCLOSURE = "disclosure"
FOOTER = "page footer"
MENU = "menu"
PAGE_TITLE = "page title"
PHOTO = "photo caption or credit"
RELATED = "related articles"
SITE_NAME = "site name"
TAGS = "tags"
TITLE_AGAIN = "title again"

# Phrases of a page are no longer, those of lawyers aside; an article's paragraph is, and patterns
# cost time.
_LONGEST_LINE = 450
_LONGEST_PHRASE = 2500
_LONG_REASONS = frozenset({COOKIES, DISCLOSURE, FOOTER})


class Place(StrEnum):
    """Where a phrase proves that its line is the page's; the value is its table in the data."""

    ANYWHERE = "anywhere"
    AT_EDGES = "edges"  # before the article's first sentence and after its last
    TOGETHER = "together"  # at the edges, beside another such line
    OPENS = "opens"  # where a box of other articles or of comments begins
    SIGNS = "signs"  # that what stands below such a heading is comments
    CREDITS = "credits"  # captions and credits of photos


@lru_cache(maxsize=4096)  # each line is asked for several times while one page is read
def reason_in(words: str, place: Place) -> str | None:
    """Why a line is the page's by what it says; None when it does not say so."""
    if len(words) > _LONGEST_PHRASE:
        return None
    for reason, form in _forms()[place].items():
        if (len(words) <= _LONGEST_LINE or reason in _LONG_REASONS) and form.fullmatch(words):
            return reason
    return None


def menu_items(line: str) -> tuple[int, int]:
    """How many items of a site's menu a line has, and how many parts: `Home | World | Politics`."""
    parts = [part for part in re.split(r"\s*[|»›>/·•]\s*", line.replace("İ", "i").casefold()) if part]
    return sum(part in _items() for part in parts), len(parts)


@cache
def _forms() -> Mapping[Place, Mapping[str, re.Pattern[str]]]:
    data = _data()
    return {
        place: {reason: _compiled(forms, data["parts"]) for reason, forms in data[place].items()}
        for place in Place
    }


def _compiled(forms: Sequence[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    whole = "|".join(forms)
    for name, form in parts.items():
        whole = whole.replace(f"<{name}>", form)
    return re.compile(whole, re.I)


@cache
def _items() -> frozenset[str]:
    return frozenset(item for line in _data()["menu"]["items"] for item in line.split("|"))


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("rag.loading") / "phrases.toml").read_text(encoding="utf-8"))
