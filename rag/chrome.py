"""What in a plain-text dump of a web page is not the article's own words.

Every line is judged by what it says (`phrases`), by its form and by its neighbours. In doubt it
stays, except among menus and in boxes of other articles, whose teasers would answer for this one.
What is taken away is returned with its reason.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag import phrases
from rag.bylines import Byline, names_in, read_byline
from rag.extract import Extract
from rag.lines import Line, folded, is_numbered, read_lines, sentence_count, without
from rag.phrases import PHRASES, SECTION_ITEMS, SITE_ITEMS, Strength, menu_items_on, menu_word

# No phrase of a page is longer; an article's paragraph may be, and patterns cost time.
_LONGEST_PHRASE = 2500


def strip_chrome(text: str) -> Extract:
    """The article in a dump: its text, what its head and foot state, and what was cut.

    Raises nothing. The text is empty when no line is the article's.
    """
    lines = read_lines(text)
    _mark_phrases(lines)
    _mark_photos(lines)
    _mark_menus(lines)
    _mark_boxes(lines)
    _mark_comments(lines)
    _mark_about_author(lines)
    _mark_edges(lines)
    _mark_company(lines)
    _mark_menus(lines)
    title, site = _mark_page_title(lines)
    _mark_head(lines, title, site)
    author, published = _mark_bylines(lines)
    _mark_foot(lines)
    publisher = site or _stated_publisher(lines)
    kept, cuts = without(text, [(line.number, line.reason) for line in lines if line.reason])
    return Extract(kept, title or _title(lines), publisher, author, published, cuts)


def _kept(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.reason is None]


def _matches(line: Line, strength: Strength) -> str | None:
    """Why the line is the page's by what it says, if it is."""
    if len(line.words) > _LONGEST_PHRASE:
        return None
    found = (p for p in PHRASES if p.strength is strength and p.pattern.fullmatch(line.words))
    return next((phrase.reason for phrase in found), None)


def _mark_phrases(lines: Sequence[Line]) -> None:
    in_list = _in_introduced_list(lines)
    wrapped = _wrapped(lines)
    for place, line in enumerate(lines):
        reason = _matches(line, Strength.ANYWHERE)
        if reason and place not in wrapped and place not in in_list:
            line.reason = reason


def _in_introduced_list(lines: Sequence[Line]) -> set[int]:
    """Places of short lines that a line ending in a colon announces: a list of the article."""
    places: set[int] = set()
    is_inside = False
    for place, line in enumerate(lines):
        if line.words.endswith(":") and line.count >= 3 and not _announces_page(line):
            is_inside = True
        elif (
            is_inside
            and not line.is_prose
            and (line.has_bullet or not line.gap or place - 1 not in places)
        ):
            places.add(place)
        else:
            is_inside = False
    return places


def _announces_page(line: Line) -> bool:
    return _matches(line, Strength.ANYWHERE) is not None or _is_opener(line)


def _is_opener(line: Line) -> bool:
    return any(
        opener.fullmatch(line.words) for opener in (phrases.RELATED_OPENER, phrases.INLINE_OPENER)
    )


def _wrapped(lines: Sequence[Line]) -> set[int]:
    """Places of lines that are parts of one sentence, broken at the margin of the page."""
    pairs = [pair for pair in enumerate(pairwise(lines)) if not pair[1][1].gap]
    broken = [
        place
        for place, (line, following) in pairs
        if len(line.words) >= 40 and line.words[-1] not in ".!?:;…|" and following.words[:1].islower()
    ]
    if 4 * len(broken) < len(pairs):
        return set()
    return {place for first in broken for place in (first, first + 1)}


def _mark_photos(lines: Sequence[Line]) -> None:
    """Captions that have their credit with them, credits alone, and a caption that stands twice."""
    for place, line in enumerate(lines):
        credit = phrases.CREDIT_AT_END.search(line.words)
        if credit and line.count <= 80 and sentence_count(line.words[: credit.start()]) <= 3:
            line.reason = line.reason or phrases.PHOTO
            caption = folded(line.words[: credit.start()])
            if caption:
                for near in lines[max(0, place - 4) : place + 5]:
                    if folded(near.words) == caption:
                        near.reason = near.reason or phrases.PHOTO
            elif _is_caption(lines, place - 1):
                lines[place - 1].reason = phrases.PHOTO
        elif len(line.words) <= 500 and phrases.CREDIT_ALONE.fullmatch(line.words):
            line.reason = line.reason or phrases.PHOTO


def _is_caption(lines: Sequence[Line], place: int) -> bool:
    """Whether the line above a bare credit is its caption: the two are a block of their own."""
    if place < 0 or lines[place].reason or lines[place + 1].gap:
        return False
    line = lines[place]
    ends_there = place + 2 >= len(lines) or lines[place + 2].gap
    return line.gap and ends_there and place > 0 and line.count <= 60 and sentence_count(line.words) == 1


def _body(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Places of the first and the last line of prose that may be the article's."""
    prose = [
        place
        for place, line in enumerate(lines)
        if line.reason is None and line.is_prose and not _matches(line, Strength.AT_EDGES)
    ]
    return (prose[0], prose[-1]) if prose else None


def _mark_menus(lines: Sequence[Line]) -> None:
    """Runs of short lines that have the items of a menu among them."""
    body = _body(lines)
    introduced = _in_introduced_list(lines)
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and _is_menu_like(lines[end], lines[place].has_bullet):
            end += 1
        run = [spot for spot in range(place, end) if spot not in introduced]
        inside = body is not None and body[0] < place < body[1]
        if run:
            _mark_run(lines, run, inside)
        place = max(end, place + 1)
    for line in lines:
        if (
            line.reason is None
            and not line.is_prose
            and len(line.words) < 300
            and menu_items_on(line.words) >= 3
        ):
            line.reason = phrases.MENU
    _mark_between_menus(lines)


def _is_menu_like(line: Line, has_bullet: bool) -> bool:
    if line.reason not in (None, phrases.SHARE, phrases.NEWSLETTER, phrases.TAGS) or line.is_prose:
        return False
    if line.has_bullet != has_bullet or is_numbered(line.words):
        return False
    return line.count <= (20 if has_bullet else 4)


def _mark_run(lines: Sequence[Line], run: list[int], inside: bool) -> None:
    items = [menu_word(lines[place].words) for place in run]
    site = [place for place, item in zip(run, items, strict=True) if item in SITE_ITEMS]
    section = [place for place, item in zip(run, items, strict=True) if item in SECTION_ITEMS]
    known = sorted(site + section)
    # Among the article's own sentences a list of departments looks like a menu, so more is asked.
    is_menu = len(site) >= 3 if inside else (site and len(known) >= 3) or len(section) >= 4
    if not is_menu or (not lines[run[0]].has_bullet and 2 * len(known) < known[-1] - known[0] + 1):
        return
    first, last = (run[0], run[-1]) if lines[run[0]].has_bullet else (known[0], known[-1])
    for place in run:
        if first <= place <= last:
            lines[place].reason = phrases.MENU


def _mark_between_menus(lines: Sequence[Line]) -> None:
    """A word or two between two lines of a menu, with no blank line about: a part of it."""
    around = {phrases.MENU, phrases.PAGE_CONTROL}
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        is_short = line.reason is None and not line.is_prose and line.count <= 4
        is_enclosed = {before.reason, after.reason} <= around and not (line.gap or after.gap)
        if is_short and is_enclosed:
            line.reason = phrases.MENU


def _mark_boxes(lines: Sequence[Line]) -> None:
    """Boxes of other articles and of events, with their teasers, to their end."""
    has_gaps = _has_gaps(lines)
    introduced = _in_introduced_list(lines)
    place = 0
    while place < len(lines):
        line = lines[place]
        end = place + 1
        if line.reason is None and place not in introduced and not line.is_prose:
            if phrases.RELATED_OPENER.fullmatch(line.words):
                end = _end_of_box(lines, place, has_gaps, is_inline=False)
            elif phrases.INLINE_OPENER.fullmatch(line.words):
                end = _end_of_box(lines, place, has_gaps, is_inline=True)
                line.reason = phrases.RELATED
            elif phrases.EVENTS_OPENER.fullmatch(line.words) and _announces_events(lines, place):
                end = _end_of_items(lines, place + 1)
                for item in _kept(lines[place:end]):
                    item.reason = phrases.EVENTS
        if end > place + 1:
            for item in _kept(lines[place:end]):
                item.reason = phrases.RELATED
        place = end


def _has_gaps(lines: Sequence[Line]) -> bool:
    """Whether blank lines part this file's paragraphs, so that they tell where a box ends."""
    prose = [line for line in lines if line.is_prose and line.reason is None]
    return 2 * sum(line.gap for line in prose) >= len(prose)


def _announces_events(lines: Sequence[Line], place: int) -> bool:
    for line in lines[place + 1 : place + 7]:
        if line.is_prose:
            return False
        if phrases.SEE_ALL.fullmatch(line.words) or _is_date(line):
            return True
    return False


def _is_date(line: Line) -> bool:
    stated = read_byline(line.words) if len(line.words) < 80 else None
    return stated is not None and stated.has_date


def _end_of_items(lines: Sequence[Line], place: int) -> int:
    while place < len(lines) and not lines[place].is_prose and not _is_opener(lines[place]):
        place += 1
    return place


def _end_of_box(lines: Sequence[Line], opener: int, has_gaps: bool, is_inline: bool) -> int:
    """The place where the article goes on after a box of other articles, or the end.

    A teaser is prose in one block with its title, or prose before a date, or the only prose
    between two titles. Prose that follows a bare list of links, or two paragraphs of prose in a
    row, is the article again.
    """
    titles = 0
    has_teaser = has_bullets = False
    place = opener + 1
    while place < len(lines):
        line, before = lines[place], lines[place - 1]
        if line.reason is None and _is_opener(line):
            return place
        if (
            line.reason is not None
            or not line.is_prose
            or (line.has_bullet and (has_bullets or titles == 0))
        ):
            is_title = (
                line.reason is None and not _is_date(line) and not phrases.SEE_ALL.fullmatch(line.words)
            )
            titles += is_title
            has_bullets = has_bullets or (is_title and line.has_bullet)
            place += 1
            continue
        follows_item = place - 1 > opener and (
            before.reason is not None or not before.is_prose or has_teaser
        )
        is_teaser = (
            (has_gaps and not line.gap and follows_item)
            or (place + 1 < len(lines) and _is_date(lines[place + 1]))
            or (
                titles > 0
                and not has_bullets
                and not before.is_prose
                and (has_teaser or (titles == 1 and not is_inline))
                and (has_teaser or _prose_run(lines, place) == 1)
            )
        )
        if not is_teaser:
            return _with_heading(lines, opener, place)
        has_teaser, titles = True, 0
        place += 1
    return place


def _prose_run(lines: Sequence[Line], place: int) -> int:
    """How many lines of prose follow each other from here, what is already marked left aside."""
    count = 0
    for line in lines[place:]:
        if line.reason is None and not line.is_prose:
            break
        count += line.reason is None
    return count


def _with_heading(lines: Sequence[Line], opener: int, place: int) -> int:
    """Where the article goes on, with the headline or heading that stands right above its prose."""
    heading = lines[place - 1]
    if (
        place - 1 == opener
        or heading.reason
        or heading.is_prose
        or not (heading.gap and lines[place].gap)
    ):
        return place
    items = [line for line in lines[opener + 1 : place - 1] if line.reason is None]
    is_first = not any(line.is_prose and line.reason is None for line in lines[:opener])
    is_apart = bool(items) and (
        all(not line.gap for line in items[1:]) or (items[-1].has_bullet and not heading.has_bullet)
    )
    return place - 1 if is_first or is_apart else place


def _mark_comments(lines: Sequence[Line]) -> None:
    """What readers wrote below the article, when it shows the signs of a page's comments."""
    for place, line in enumerate(lines):
        if not phrases.COMMENTS_OPENER.fullmatch(line.words):
            continue
        above = sum(other.is_prose and other.reason is None for other in lines[:place])
        signs = sum(
            bool(phrases.COMMENT_SIGN.fullmatch(other.words))
            for other in lines[place + 1 :]
            if len(other.words) < 200
        )
        if above and signs:
            for other in _kept(lines[place:]):
                other.reason = phrases.COMMENTS
            return


def _mark_about_author(lines: Sequence[Line]) -> None:
    """A box under its own heading at the end; a sentence about the author without one stays."""
    for place, line in enumerate(lines):
        if line.reason is None and phrases.AUTHOR_OPENER.fullmatch(line.words):
            rest = _kept(lines[place:])
            if place and len(rest) <= 6:
                for other in rest:
                    other.reason = phrases.AUTHOR_NOTE
            return


def _mark_edges(lines: Sequence[Line]) -> None:
    body = _body(lines)
    if body is None:
        return
    introduced = _in_introduced_list(lines)
    for place, line in enumerate(lines):
        if line.reason is None and not body[0] <= place <= body[1] and place not in introduced:
            line.reason = _matches(line, Strength.AT_EDGES)


def _mark_company(lines: Sequence[Line]) -> None:
    """Single words of a share bar or a form, where two or more stand together."""
    body = _body(lines)
    introduced = _in_introduced_list(lines)
    place = 0
    while place < len(lines):
        found: list[tuple[int, str]] = []
        end = place
        while end < len(lines) and end not in introduced:
            weak = _matches(lines[end], Strength.IN_COMPANY) if lines[end].reason is None else None
            if weak is None and lines[end].reason not in _COMPANY:
                break
            found += [(end, weak)] if weak else []
            end += 1
        inside = body is None or body[0] < place < body[1]
        is_bar = end - place >= 2 and (
            not inside or any(_is_button(lines[spot]) for spot in range(place, end))
        )
        if is_bar:
            for spot, reason in found:
                lines[spot].reason = reason
        place = max(end, place + 1)


_COMPANY = frozenset(
    {
        phrases.ADVERTISEMENT,
        phrases.COMMENTS,
        phrases.COOKIES,
        phrases.MENU,
        phrases.NEWSLETTER,
        phrases.PAGE_CONTROL,
        phrases.SHARE,
        phrases.SOCIAL,
        phrases.SUBSCRIPTION,
    }
)
_BUTTON = re.compile(
    r"share|tweet|print|e-?mail|copy|save|bookmark|pin|subscribe|sign up|log ?in|accept|reject",
    re.I,
)


def _is_button(line: Line) -> bool:
    return line.reason in _COMPANY or bool(_BUTTON.fullmatch(line.words))


_TITLE_AND_SITE = re.compile(r"(?P<title>.+?)\s+(?:[|»·•–—-]|::)\s+(?P<site>[^|]{2,60})")


def _mark_page_title(lines: Sequence[Line]) -> tuple[str | None, str | None]:
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


def _mark_head(lines: Sequence[Line], title: str | None, site: str | None) -> None:
    """What stands about the headline: breadcrumbs, the site's name, menu items, itself again."""
    menu = {folded(line.words) for line in lines if line.reason == phrases.MENU}
    first = next((line for line in _kept(lines) if not _PATH.match(line.words)), None)
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


def _mark_bylines(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Author and date from the lines between the headline and the article's third paragraph.

    In a chronicle the dates are headings, and stay.
    """
    head = _head(lines)
    stated = {id(line): read_byline(line.words) for line in head if len(line.words) < 200}
    bare = [line for line in _kept(lines) if not line.is_prose and _is_unlabelled_date(line)]
    is_chronicle = sum(line not in head or line.number != bare[0].number for line in bare) >= 2
    text = "\n".join(line.words for line in _kept(lines) if line.is_prose)
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


_ENDS_ARTICLE = frozenset(
    {
        phrases.AUTHOR_NOTE,
        phrases.COMMENTS,
        phrases.DISCLOSURE,
        phrases.EVENTS,
        phrases.FOOTER,
        phrases.MENU,
        phrases.RELATED,
        phrases.TAGS,
    }
)


def _mark_foot(lines: Sequence[Line]) -> None:
    """Short lines after the article's last sentence, once the page has said that it is over."""
    body = _body(lines)
    if body is None:
        return
    is_over = False
    for line in lines[body[1] + 1 :]:
        is_over = is_over or line.reason in _ENDS_ARTICLE
        if is_over and line.reason is None and not line.is_prose and line.count <= 15:
            line.reason = phrases.FOOTER


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


def _stated_publisher(lines: Sequence[Line]) -> str | None:
    """The publisher that a disclosure or a copyright line names."""
    for reason, pattern in ((phrases.DISCLOSURE, _DISCLOSED), (phrases.FOOTER, _COPYRIGHT)):
        for line in lines:
            found = pattern.match(line.words) if line.reason == reason else None
            if found:
                name = re.sub(r"\s*\b(?:All|ALL)\s*(?:[Rr]ights|RIGHTS).*", "", found["name"]).strip()
                if name and not name.casefold().startswith("all rights"):
                    return name
    return None


def _title(lines: Sequence[Line]) -> str | None:
    """The first line, when it is a headline: no sentence, and above a blank line or prose."""
    kept = _kept(lines)
    if len(kept) < 2 or kept[0].has_bullet or kept[0].is_prose or is_numbered(kept[0].words):
        return None
    first, second = kept[0], kept[1]
    between = [line for line in lines if first.number < line.number <= second.number]
    stands_alone = second.is_prose or any(line.gap for line in between)
    is_open = first.words[-1] in ",;:" or not re.search(r"[^\W\d_]", first.words)
    is_speaker = bool(re.match(r"\S{1,20}:\s", first.words)) and first.words.endswith("?")
    if not stands_alone or is_open or is_speaker:
        return None
    kicker = menu_word(first.words) in SECTION_ITEMS and second.gap and not second.is_prose
    return second.words if kicker and len(kept) > 2 and kept[2].is_prose else first.words
