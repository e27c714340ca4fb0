"""What in a plain-text dump of a web page is not the article's own words.

Every line is judged by what it says (`phrases`), by its form and by its neighbours. In doubt it
stays, except among menus and in boxes of other articles, whose teasers would answer for this one.
What is taken away is returned with its reason.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.loading import phrases
from rag.loading.boxes import introduced_places, is_date, mark_about_author, mark_boxes, mark_comments
from rag.loading.extract import Extract
from rag.loading.lines import Line, folded, is_numbered, read_lines, sentence_count, without
from rag.loading.masthead import headline, mark_bylines, mark_masthead, mark_page_title, stated_publisher
from rag.loading.phrases import SECTION_ITEMS, SITE_ITEMS, Strength, menu_items_on, menu_word, reason_in


def strip_chrome(text: str) -> Extract:
    """The article in a dump: its text, what its head and foot state, and what was cut.

    Raises nothing. The text is empty when no line is the article's.
    """
    lines = read_lines(text)
    _mark_phrases(lines)
    _mark_photos(lines)
    _mark_menus(lines)
    mark_boxes(lines)
    mark_comments(lines)
    mark_about_author(lines)
    _mark_edges(lines)
    _mark_company(lines)
    _mark_menus(lines)
    title, site = mark_page_title(lines)
    mark_masthead(lines, title, site)
    author, published = mark_bylines(lines)
    _mark_foot(lines)
    publisher = site or stated_publisher(lines)
    left, cuts = without(text, [(line.number, line.reason) for line in lines if line.reason])
    return Extract(left, title or headline(lines), publisher, author, published, cuts=cuts)


def _mark_phrases(lines: Sequence[Line]) -> None:
    in_list = introduced_places(lines)
    wrapped = _wrapped(lines)
    for place, line in enumerate(lines):
        reason = reason_in(line.words, Strength.ANYWHERE)
        if reason and place not in wrapped and place not in in_list:
            line.reason = reason


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
        if line.reason is None and line.is_prose and not reason_in(line.words, Strength.AT_EDGES)
    ]
    return (prose[0], prose[-1]) if prose else None


def _mark_menus(lines: Sequence[Line]) -> None:
    """Runs of short lines that have the items of a menu among them."""
    body = _body(lines)
    introduced = introduced_places(lines)
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


def _mark_edges(lines: Sequence[Line]) -> None:
    body = _body(lines)
    if body is None:
        return
    introduced = introduced_places(lines)
    for place, line in enumerate(lines):
        if line.reason is None and not body[0] <= place <= body[1] and place not in introduced:
            line.reason = reason_in(line.words, Strength.AT_EDGES)


def _mark_company(lines: Sequence[Line]) -> None:
    """Single words of a share bar or a form, where two or more stand together."""
    body = _body(lines)
    introduced = introduced_places(lines)
    place = 0
    while place < len(lines):
        found: list[tuple[int, str]] = []
        end = place
        while end < len(lines) and end not in introduced:
            weak = (
                reason_in(lines[end].words, Strength.IN_COMPANY) if lines[end].reason is None else None
            )
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
        if line.reason is not None or line.is_prose:
            continue
        if ":" in line.words and is_date(line):
            line.reason = phrases.DATE_LINE
        elif is_over and line.count <= 15:
            line.reason = phrases.FOOTER
