"""What in a plain-text dump of a web page is not the article's own words.

Every line is judged by what it says (`phrases`), by its form and by its neighbours. In doubt it
stays. What is taken away is returned with its reason.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.loading import phrases
from rag.loading.boxes import introduced_places, mark_boxes, mark_comments
from rag.loading.bylines import read_byline
from rag.loading.file_format import Extract
from rag.loading.lines import Line, folded, read_lines, sentence_count, without
from rag.loading.masthead import headline, mark_bylines, mark_masthead, mark_page_title, stated_publisher
from rag.loading.phrases import Place, menu_items, reason_in

# So many items of a site's menu in one run of short lines are its menu.
_FEWEST_ITEMS = 3
_ENDS_ARTICLE = frozenset(
    {phrases.COMMENTS, phrases.DISCLOSURE, phrases.FOOTER, phrases.MENU, phrases.RELATED, phrases.TAGS}
)


def strip_chrome(text: str) -> Extract:
    """The article in a dump: its text, what its head and foot state, and what was cut.

    Raises nothing. The text is empty when no line is the article's.
    """
    lines = read_lines(text)
    _mark(lines, _unbroken(lines), Place.ANYWHERE)
    _mark_photos(lines)
    _mark_menus(lines)
    mark_boxes(lines)
    mark_comments(lines)
    _mark(lines, _edges(lines), Place.AT_EDGES)
    _mark_together(lines)
    title, site = mark_page_title(lines)
    mark_masthead(lines, title, site)
    author, published = mark_bylines(lines)
    _mark_foot(lines)
    publisher = site or stated_publisher(lines)
    left, cuts = without(text, [(line.number, line.reason) for line in lines if line.reason])
    return Extract(left, title or headline(lines), publisher, author, published, cuts=cuts)


def _mark(lines: Sequence[Line], places: Iterable[int], strength: Place) -> None:
    introduced = introduced_places(lines)
    for place in places:
        if lines[place].reason is None and place not in introduced:
            lines[place].reason = reason_in(lines[place].words, strength)


def _unbroken(lines: Sequence[Line]) -> list[int]:
    """Places of lines that are no parts of one sentence, broken at the margin of the page."""
    pairs = [pair for pair in enumerate(pairwise(lines)) if not pair[1][1].gap]
    broken = [
        place
        for place, (line, following) in pairs
        if len(line.words) >= 40 and line.words[-1] not in ".!?:;…|" and following.words[:1].islower()
    ]
    is_wrapped = 4 * len(broken) >= len(pairs)
    parts = {part for first in broken for part in (first, first + 1)} if is_wrapped else set()
    return [place for place in range(len(lines)) if place not in parts]


def _mark_photos(lines: Sequence[Line]) -> None:
    """Captions that have their credit with them, credits alone, and a caption that stands twice."""
    for place, line in enumerate(lines):
        caption, credit = _split_credit(line.words)
        if credit is not None and line.count <= 80 and sentence_count(caption) <= 3:
            for near in (line, *lines[max(0, place - 4) : place + 5]):
                if near is line or (folded(caption) and folded(near.words) == folded(caption)):
                    near.reason = near.reason or phrases.PHOTO
        elif reason_in(line.words, Place.CREDITS) == "alone":
            line.reason = line.reason or phrases.PHOTO


def _split_credit(words: str) -> tuple[str, str | None]:
    """A caption and the credit in brackets at its end: "... in Ankara. (AA Photo)"."""
    bare = words.removesuffix(".")
    start = max(bare.rfind("("), bare.rfind("["))
    if start < 0 or bare[-1] not in ")]":
        return words, None
    credit = bare[start + 1 : -1].strip()
    is_credit = reason_in(credit, Place.CREDITS) is not None
    return (words[:start].strip(), credit) if is_credit else (words, None)


def _body(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Places of the first and the last line of prose that may be the article's: a line alone, as
    teasers stand, only where no two follow each other."""
    own = [
        line.reason is None and line.is_prose and not reason_in(line.words, Place.AT_EDGES)
        for line in lines
    ]
    pairs = [place for place, two in enumerate(pairwise(own)) if all(two)]
    prose = [*pairs, *(place + 1 for place in pairs)] or [
        place for place, is_own in enumerate(own) if is_own
    ]
    return (min(prose), max(prose)) if prose else None


def _edges(lines: Sequence[Line]) -> list[int]:
    """Places before and after the article's prose."""
    body = _body(lines)
    return [place for place in range(len(lines)) if body and not body[0] <= place <= body[1]]


def _mark_menus(lines: Sequence[Line]) -> None:
    """Items of a site's menu in one line; and runs of short lines at the edges that have several among
    them: above the article to the last of these, below it from the first."""
    items = [menu_items(line.words) for line in lines]
    for line, (found, parts) in zip(lines, items, strict=True):
        if line.reason is None and not line.is_prose and found >= _FEWEST_ITEMS and 2 * found >= parts:
            line.reason = phrases.MENU
    body = _body(lines)
    for run in _runs(lines, [not line.is_prose for line in lines]):
        known = [place for place in run if items[place] == (1, 1)]
        # A share bar stands beside a menu, but also below the headline: it ends none.
        beside = [place for place in run if reason_in(lines[place].words, Place.TOGETHER)]
        if known and len({folded(lines[place].words) for place in known + beside}) >= _FEWEST_ITEMS:
            is_above = body is not None and run[0] < body[0]
            first, last = (run[0], known[-1]) if is_above else (known[0], run[-1])
            for line in lines[first : last + 1]:
                line.reason = line.reason or phrases.MENU


def _mark_together(lines: Sequence[Line]) -> None:
    """Single words of a share bar or a form at the edges, where two or more stand together."""
    weak = [reason_in(line.words, Place.TOGETHER) for line in lines]
    for run in _runs(lines, [bool(weak[place] or line.reason) for place, line in enumerate(lines)]):
        for place in run if len(run) > 1 else ():
            lines[place].reason = lines[place].reason or weak[place]


def _runs(lines: Sequence[Line], may_be: Sequence[bool]) -> list[list[int]]:
    """Places at the edges that follow each other and may be of one kind; no list of the article."""
    introduced = introduced_places(lines)
    runs: list[list[int]] = []
    for place in _edges(lines):
        if may_be[place] and place not in introduced:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
    return runs


def _mark_foot(lines: Sequence[Line]) -> None:
    """Short lines after the article's last sentence, once the page has said that it is over."""
    own = [place for place, line in enumerate(lines) if line.is_prose and line.reason is None]
    is_over = False
    for line in lines[own[-1] + 1 :] if own else ():
        is_over = is_over or line.reason in _ENDS_ARTICLE
        byline = read_byline(line.words) if ":" in line.words else None
        if line.reason is None and byline and byline.has_date:
            line.reason = phrases.DATE_LINE
        elif line.reason is None and is_over and line.count <= 15:
            line.reason = phrases.FOOTER
