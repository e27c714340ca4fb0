"""Boxes on a page of an article: other articles with their teasers, events, comments, the author.

Where a box begins is said by its heading; where the article goes on after it, by its form alone.
"""

from collections.abc import Sequence

from rag.loading import phrases
from rag.loading.bylines import read_byline
from rag.loading.lines import Line, kept
from rag.loading.phrases import Strength, reason_in


def mark_boxes(lines: Sequence[Line]) -> None:
    """Boxes of other articles and of events, with their teasers, to their end."""
    has_gaps = _has_gaps(lines)
    introduced = introduced_places(lines)
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
                for item in kept(lines[place:end]):
                    item.reason = phrases.EVENTS
        if end > place + 1:
            for item in kept(lines[place:end]):
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
        if phrases.SEE_ALL.fullmatch(line.words) or is_date(line):
            return True
    return False


def is_date(line: Line) -> bool:
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
                line.reason is None and not is_date(line) and not phrases.SEE_ALL.fullmatch(line.words)
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
            or (place + 1 < len(lines) and is_date(lines[place + 1]))
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
    """Where the article goes on, with what stands above its prose as a headline or a heading."""
    above = [line for line in lines[opener + 1 : place] if line.reason is None]
    if any(line.has_bullet for line in above):
        while place - 1 > opener and _may_head(lines[place - 1]):
            place -= 1
        return place
    heading = lines[place - 1]
    is_apart = heading.gap and lines[place].gap and _may_head(heading)
    if place - 1 == opener or not is_apart:
        return place
    is_first = not any(line.is_prose and line.reason is None for line in lines[:opener])
    is_below_list = len(above) > 1 and not any(line.gap for line in above[1:-1])
    return place - 1 if is_first or is_below_list else place


def _may_head(line: Line) -> bool:
    return line.reason is None and not line.is_prose and not line.has_bullet


def mark_comments(lines: Sequence[Line]) -> None:
    """What readers wrote below the article, when it shows the signs of a page's comments."""
    places = [place for place, line in enumerate(lines) if _shows_comments(line)]
    for place, line in enumerate(lines[: places[-1]] if places else ()):
        if not phrases.COMMENTS_OPENER.fullmatch(line.words):
            continue
        if any(other.is_prose and other.reason is None for other in lines[:place]):
            for other in kept(lines[place:]):
                other.reason = phrases.COMMENTS
            return


def _shows_comments(line: Line) -> bool:
    return len(line.words) < 200 and phrases.COMMENT_SIGN.fullmatch(line.words) is not None


def mark_about_author(lines: Sequence[Line]) -> None:
    """A box under its own heading at the end; a sentence about the author without one stays."""
    for place, line in enumerate(lines):
        if line.reason is None and phrases.AUTHOR_OPENER.fullmatch(line.words):
            rest = kept(lines[place:])
            if place and len(rest) <= 6:
                for other in rest:
                    other.reason = phrases.AUTHOR_NOTE
            return


def introduced_places(lines: Sequence[Line]) -> set[int]:
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
    return reason_in(line.words, Strength.ANYWHERE) is not None or _is_opener(line)


def _is_opener(line: Line) -> bool:
    return any(
        opener.fullmatch(line.words) for opener in (phrases.RELATED_OPENER, phrases.INLINE_OPENER)
    )
