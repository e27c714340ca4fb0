"""What stands about a headline and what it states: title, site, authors, date, publisher."""

import re
from collections.abc import Sequence

from rag.loading import phrases
from rag.loading.bylines import Byline, names_in, read_byline
from rag.loading.lines import Line, folded, is_numbered, kept
from rag.loading.phrases import SECTION_ITEMS, SITE_ITEMS, menu_word


def mark_page_title(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """The title and the site's name in a first line like `Title | Site`.

    Only where the title stands once more as a line of its own: else the bar may be its own.
    """
    if not lines:
        return None, None
    for split in _splits(lines[0].words):
        title, site = split
        again = [line for line in lines[1:] if folded(line.words) == folded(title)]
        if folded(title) and again:
            lines[0].reason = phrases.PAGE_TITLE
            # Whatever it was taken for: this line is the headline.
            again[0].reason = None
            return again[0].words, site
    return None, None


def _splits(words: str) -> list[tuple[str, str]]:
    bars = re.finditer(r"\s+(?:[|»·•–—-]|::)\s+", words)
    return [(words[: bar.start()], words[bar.end() :].split(" | ")[-1]) for bar in bars][::-1]


def mark_masthead(lines: Sequence[Line], title: str | None, site: str | None) -> None:
    """What stands about the headline: breadcrumbs, the site's name, menu items, itself again."""
    menu = {folded(line.words) for line in lines if line.reason == phrases.MENU}
    first = next((line for line in kept(lines) if not _PATH.match(line.words)), None)
    headline = folded(title) if title else folded(first.words) if first else ""
    seen = last = None
    prose = 0
    for line in lines:
        prose += line.is_prose and line.reason is None
        if prose > 2:
            break
        if line.reason is not None or (
            line.is_prose and not (title and folded(line.words).endswith(headline))
        ):
            continue
        words = folded(line.words)
        if words == headline:
            if seen and (title or last is seen):
                line.reason = phrases.TITLE_AGAIN
            else:
                seen = last = line
            continue
        last = line
        leads_here = bool(headline) and words.endswith(" " + headline)
        if (not line.is_prose and _PATH.match(line.words)) or (
            leads_here and _is_crumb(line, words.removesuffix(headline), menu)
        ):
            line.reason = phrases.BREADCRUMB
        elif site and words == folded(site):
            line.reason = phrases.SITE_NAME
        elif words in menu and (
            (prose == 0 and title and not seen) or menu_word(line.words) in SITE_ITEMS | SECTION_ITEMS
        ):
            line.reason = phrases.MENU


_PATH = re.compile(r"(?:home|home ?page|ana ?sayfa)\s*[>»›/]", re.I)


def _is_crumb(line: Line, path: str, menu: set[str]) -> bool:
    items = path.split()
    return bool(items) and (
        (items[0] in ("home", "anasayfa") and bool(menu))
        or path.strip() in menu
        or bool(re.search(r"[>»›]", line.words))
    )


def mark_bylines(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Author and date from the lines between the headline and the article's third paragraph.

    In a chronicle the dates are headings, and stay.
    """
    head = _head(lines)
    stated = {id(line): read_byline(line.words) for line in head if len(line.words) < 200}
    bare = [line for line in kept(lines) if not line.is_prose and _is_unlabelled_date(line)]
    is_chronicle = sum(line not in head or line.number != bare[0].number for line in bare) >= 2
    text = "\n".join(line.words for line in kept(lines) if line.is_prose)
    authors: list[str] = []
    dates: list[tuple[bool, str]] = []
    near_date = False
    for place, line in enumerate(head):
        byline = stated.get(id(line))
        if is_chronicle and line in bare:
            byline = None
        if byline is None and _is_author(head, place, stated, near_date, text):
            byline = Byline(names_in(line.words))
        if byline is None or (place == 0 and byline.authors and not byline.has_date):
            near_date = near_date and line.reason is not None
            continue
        if any(_is_common(name, text) for name in byline.authors):
            near_date = False
            continue
        authors += [name for name in byline.authors if name not in authors]
        if byline.published:
            dates.append((not byline.is_labelled, byline.published))
        line.reason = phrases.DATE_LINE if byline.has_date and not byline.authors else phrases.BYLINE
        near_date = True
    return ", ".join(authors) or None, min(dates, key=lambda date: date[0])[1] if dates else None


def _head(lines: Sequence[Line]) -> list[Line]:
    """The lines that are not prose above the article's third paragraph, the headline first."""
    head: list[Line] = []
    prose = 0
    for line in lines:
        if line.reason is not None:
            continue
        prose += line.is_prose
        if prose > 2 or len(head) > 20:
            break
        if not line.is_prose and not line.has_bullet:
            head.append(line)
    return head


def _is_unlabelled_date(line: Line) -> bool:
    byline = read_byline(line.words) if len(line.words) < 60 else None
    return byline is not None and byline.has_date and not byline.is_labelled and not byline.authors


def _is_author(
    head: Sequence[Line], place: int, stated: dict[int, Byline | None], near_date: bool, text: str
) -> bool:
    """Whether a line is a bare name beside a byline or a date, and not the headline."""
    names = names_in(head[place].words)
    if not names or place == 0 or any(_is_common(name, text) for name in names):
        return False
    following = stated.get(id(head[place + 1])) if place + 1 < len(head) else None
    return near_date or (following is not None and following.has_date)


def _is_common(name: str, text: str) -> bool:
    """Whether a word of it occurs in small letters in the article, as no name's does."""
    words = [word.casefold() for word in name.split() if len(word) > 3]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


_DISCLOSED = re.compile(
    r"[A-Z ]*(?:DISCLOSURE|DISCLAIMER|Disclosure"
    r"|Disclaimer)\s*:\s*(?P<name>(?:[A-ZÇĞİÖŞÜ][\w.&'’-]*\s){1,5})"
    r"(?:intends|aims|is|does|strives|seeks|provides|publishes|takes"
    r"|has)\b.*\b(?:our|website|site|editorial)\b"
)
_COPYRIGHT = re.compile(
    r"(?:Copyright\s*)?(?:©|\([cC]\)|Copyright)\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?,?\s*)?(?:by\s+)?"
    r"(?P<name>(?:[A-ZÇĞİÖŞÜ][\w&'’-]*\s?){1,6})(?:[.,|–-].*|\s*All rights reserved.*)?",
    re.S,
)


def stated_publisher(lines: Sequence[Line]) -> str | None:
    """The publisher that a disclosure or a copyright line names."""
    for reason, pattern in ((phrases.DISCLOSURE, _DISCLOSED), (phrases.FOOTER, _COPYRIGHT)):
        for line in lines:
            found = pattern.match(line.words) if line.reason == reason else None
            if found:
                name = re.sub(r"\s*\b(?:All|ALL)\s*(?:[Rr]ights|RIGHTS).*", "", found["name"]).strip()
                if name and name.casefold() not in ("copyright", "all"):
                    return name
    return None


def headline(lines: Sequence[Line]) -> str | None:
    """The first line, when it is a headline: no sentence, and above a blank line or prose."""
    own = kept(lines)
    if len(own) < 2 or own[0].has_bullet or own[0].is_prose or is_numbered(own[0].words):
        return None
    first, second = own[0], own[1]
    section = menu_word(re.split(r"\s*[|>/·]\s*", first.words)[0])
    is_kicker = section in SECTION_ITEMS and not second.is_prose
    if is_kicker and len(own) > 2 and own[2].is_prose:
        return second.words
    between = [line for line in lines if first.number < line.number <= second.number]
    above_prose = any(line.is_prose for line in own[2:6]) and first.count >= 3
    stands_alone = second.is_prose or above_prose or any(line.gap for line in between)
    is_open = first.words[-1] in ",;:" or not re.search(r"[^\W\d_]", first.words)
    is_speaker = bool(re.match(r"\S{1,20}:\s", first.words)) and first.words.endswith("?")
    return first.words if stands_alone and not is_open and not is_speaker else None
