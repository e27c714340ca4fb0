"""What stands about a headline and what it states: title, site, authors, date, publisher."""

import re
from collections.abc import Sequence

from rag.loading import phrases
from rag.loading.bylines import Byline, names_in, read_byline
from rag.loading.lines import Line, folded, is_numbered, kept

_PATH = re.compile(r"(?:home|home ?page|ana ?sayfa)\s*[>»›/]", re.I)
_COPYRIGHT = re.compile(
    r"(?:copyright|©|\(c\)|[\d\s,–-])+(?:by\s+)?(?P<name>(?-i:[A-ZÇĞİÖŞÜ][\w&'’-]*\s?){1,6}?)"
    r"(?:[.,|–-].*|\s*all rights reserved.*)?",
    re.I | re.S,
)
_DISCLOSED = re.compile(
    r"[a-z ]*(?:disclosure|disclaimer)\s*:\s*(?P<name>(?-i:[A-ZÇĞİÖŞÜ][\w.&'’-]*\s){1,5})"
    r"[a-z]+s\b.*\b(?:our|website|site|editorial)\b.*",
    re.I | re.S,
)


def mark_page_title(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """The title and the site's name in a first line like `Title | Site`.

    Only where the title stands once more as a line of its own: else the bar may be its own.
    """
    first = lines[0].words if lines else ""
    for bar in reversed(list(re.finditer(r"\s+(?:[|»·•–—-]|::)\s+", first))):
        title = folded(first[: bar.start()])
        again = next((line for line in lines[1:] if title and folded(line.words) == title), None)
        if again:
            lines[0].reason = phrases.PAGE_TITLE
            again.reason = None  # whatever it was taken for: this line is the headline
            return again.words, first[bar.end() :].split(" | ")[-1]
    return None, None


def mark_masthead(lines: Sequence[Line], title: str | None, site: str | None) -> None:
    """What stands about the headline: breadcrumbs, the site's name and menu, the headline again."""
    menu = {folded(line.words) for line in lines if line.reason == phrases.MENU}
    own = [line for line in kept(lines) if not _PATH.match(line.words)]
    headline = folded(title or (own[0].words if own else ""))
    seen = last = None
    prose = 0
    for line in kept(lines):
        prose += line.is_prose
        if prose > 2:
            break
        words = folded(line.words)
        if words == headline:
            if seen and (title or last is seen):
                line.reason = phrases.TITLE_AGAIN
            seen = seen or line
        elif _PATH.match(line.words) or (title and words.endswith(f" {headline}")):
            line.reason = phrases.BREADCRUMB
        elif site and words == folded(site):
            line.reason = phrases.SITE_NAME
        elif words in menu:
            line.reason = phrases.MENU
        last = line


def mark_bylines(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Author and date from the lines between the headline and the article's third paragraph.

    In a chronicle the dates are headings, and stay.
    """
    head = _head(lines)
    stated = [read_byline(line.words) for line in head]
    is_chronicle = _is_chronicle(lines, head)
    text = "\n".join(line.words for line in kept(lines) if line.is_prose)
    authors: list[str] = []
    dates: list[tuple[bool, str]] = []
    near_date = False
    for place, (line, byline) in enumerate(zip(head, stated, strict=True)):
        if is_chronicle and byline and byline.has_date and not byline.is_labelled:
            byline = None
        dated_below = any(below and below.has_date for below in stated[place + 1 : place + 3])
        if byline is None and place and (near_date or dated_below) and names_in(line.words):
            byline = Byline(names_in(line.words))
        is_headline = place == 0 and byline is not None and byline.authors and not byline.has_date
        if byline is None or is_headline or any(_is_common(name, text) for name in byline.authors):
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
    for line in kept(lines):
        prose += line.is_prose
        if prose > 2 or len(head) > 20:
            break
        if not line.is_prose and not line.has_bullet:
            head.append(line)
    return head


def _is_chronicle(lines: Sequence[Line], head: Sequence[Line]) -> bool:
    """Whether dates stand alone below the head, or more than one of them in it."""
    bare = [line for line in kept(lines) if not line.is_prose and _is_bare_date(line.words)]
    return sum(line not in head or line is not bare[0] for line in bare) >= 2


def _is_bare_date(words: str) -> bool:
    byline = read_byline(words) if len(words) < 60 else None
    return byline is not None and byline.has_date and not byline.is_labelled and not byline.authors


def _is_common(name: str, text: str) -> bool:
    """Whether a word of it occurs in small letters in the article, as no name's does."""
    words = [word.casefold() for word in name.split() if len(word) > 3]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def stated_publisher(lines: Sequence[Line]) -> str | None:
    """The publisher that a disclosure or a copyright line names."""
    for reason, form in ((phrases.DISCLOSURE, _DISCLOSED), (phrases.FOOTER, _COPYRIGHT)):
        for line in lines:
            found = form.fullmatch(line.words) if line.reason == reason else None
            if found:
                return found["name"].strip()
    return None


def headline(lines: Sequence[Line]) -> str | None:
    """The first line, when it is a headline: no sentence, and above a blank line or prose."""
    own = kept(lines)
    if len(own) < 2 or own[0].has_bullet or own[0].is_prose or is_numbered(own[0].words):
        return None
    first, second = own[0], own[1]
    between = [line for line in lines if first.number < line.number <= second.number]
    above_prose = any(line.is_prose for line in own[2:6]) and first.count >= 3
    stands_alone = second.is_prose or above_prose or any(line.gap for line in between)
    is_open = first.words[-1] in ",;:" or not re.search(r"[^\W\d_]", first.words)
    is_speaker = bool(re.match(r"\S{1,20}:\s", first.words)) and first.words.endswith("?")
    return first.words if stands_alone and not is_open and not is_speaker else None
