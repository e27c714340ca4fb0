"""Boxes on a page of an article: other articles with their teasers, and what readers wrote.

Where a box begins is said by its heading; where the article goes on after it, by its form alone.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from rag.loading import phrases
from rag.loading.lines import Line, kept
from rag.loading.phrases import Place, reason_in

# So near to their heading the first of a page's comments shows a sign of one: "2 hours ago", "Reply".
_NEAR = 12
# An article of so many words may be over, however much its readers wrote below it.
_LONG_ENOUGH_WORDS = 150


def mark_boxes(lines: Sequence[Line]) -> None:
    """Boxes of other articles with their headings, to their end."""
    introduced = introduced_places(lines)
    is_own = [line.is_prose and line.reason is None for line in lines]
    last_pair = max((place for place, two in enumerate(pairwise(is_own)) if all(two)), default=-1)
    may_end = _places_to_end(lines)
    for place, line in enumerate(lines):
        if line.reason is not None or place in introduced or line.is_prose:
            continue
        opened = reason_in(line.words, Place.OPENS)
        if opened not in (phrases.RELATED, phrases.ARTICLE_LINK):
            continue
        end = _end_of_block(lines, place + 1)
        is_foot = opened == phrases.RELATED and place in may_end and last_pair < place
        if is_foot and end > place + 1 and not lines[place + 1].has_bullet:
            end = len(lines)
        # A heading with nothing of the kind below it was the article's own.
        if end > place + 1 or opened == phrases.ARTICLE_LINK:
            for item in kept(lines[place:end]):
                item.reason = phrases.RELATED


def _end_of_block(lines: Sequence[Line], first: int) -> int:
    """The place after the bullets, or the titles with no blank line between, that begin at `first`."""
    place = first
    while place < len(lines) and lines[place].has_bullet == lines[first].has_bullet:
        is_title = not lines[place].is_prose and (place == first or not lines[place].gap)
        if not lines[place].has_bullet and not is_title:
            break
        place += 1
    return place


def mark_comments(lines: Sequence[Line]) -> None:
    """What readers wrote below the article, when it shows the signs of a page's comments."""
    for place in sorted(_places_to_end(lines, _LONG_ENOUGH_WORDS)):
        opens = reason_in(lines[place].words, Place.OPENS) == phrases.COMMENTS
        near = lines[place + 1 : place + _NEAR]
        if opens and any(reason_in(line.words, Place.SIGNS) for line in near):
            for line in kept(lines[place:]):
                line.reason = phrases.COMMENTS
            return


def _places_to_end(lines: Sequence[Line], long_enough: float = math.inf) -> frozenset[int]:
    """Where an article may be over: what is above is a third of all there is, or of so many words."""
    lengths = [line.count if line.is_prose and line.reason is None else 0 for line in lines]
    above = list(accumulate(lengths, initial=0))
    enough = min(long_enough, above[-1] / 3)
    return frozenset(place for place in range(len(lines)) if above[place] >= enough)


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
    return any(reason_in(line.words, place) for place in (Place.ANYWHERE, Place.OPENS))
