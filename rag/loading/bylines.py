"""Lines that state who wrote an article and when. Dates become EDTF, as precise as they are stated.

The door to dateparser. Knows single lines only: whether a line stands where a byline stands is for
others to judge.
"""

import re
from dataclasses import dataclass
from functools import cache

from dateparser.date import DateDataParser


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line states.

    `has_date` is True for a line that is a date even where `published` cannot be told from it:
    an update, or 08/05/25.
    """

    authors: tuple[str, ...] = ()
    published: str | None = None
    has_date: bool = False
    is_labelled: bool = False


# Month names of the languages that articles in this field come in. Each is asked alone: asked
# together, the library reads the Turkish "12 Mart 2024" as an English March without a day.
_LANGUAGES = ("en", "tr", "de", "fr", "es", "ar", "he", "ru")
_LABEL = re.compile(
    r"(?:(?P<published>(?:first )?published|publication date|publish date|posted|date|issued|created"
    r"|yayın(?:lanma)? tarihi|yayınlanma|giriş(?: tarihi)?|tarih)"
    r"|(?P<updated>(?:last )?(?:updated|modified|edited)|last update|update"
    r"|(?:son )?güncelle(?:me|nme)(?: tarihi)?))(?:\s+(?:on|at))?(?:\s*:\s*|\s+)",
    re.I,
)
_BY = re.compile(
    r"(?:(?:written|reported|words|story) )?by:?\s+|(?:authors?|yazan|yazar|haber)\s*:\s+", re.I
)
# Between two things that one line states; a label and a "by" stand for themselves.
_SEPARATOR = re.compile(
    r"\s*[|·•]\s*|\s+[-–—]\s+|(?<=\S)[\s,;(]+(?=(?:(?:last )?(?:updated?|modified|edited)|by)\b)", re.I
)
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\bve\b)\s*")
# Day, month and year in numbers: 12.03.2024 has the day first, of 03/04/2024 the year is sure.
_NUMBERS = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})(?:[\s,-]+\d{1,2}[:.]\d{2}\b.*)?")
_READING_TIME = re.compile(
    r"(?:reading time:?\s*)?\d+\s*(?:min(?:ute)?s?|dk)\.?\s*(?:read|okuma)?", re.I
)
# A publication's own number before its date: "Policy Brief No. 12, 3 March 2023".
_SERIES = re.compile(r".{0,60}\b(?:no|nr|issue|vol|sayı)\b[.:\s]*\d[\w./-]*,\s+", re.I)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NAME_WORD = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_PARTICLES = frozenset("de da del della di van von der den bin ibn al el bint ben abu la le".split())
_AGENCIES = frozenset("reuters afp ap aa tass xinhua anadolu".split())
# No person's name has these; the name of a newspaper or of its staff does.
_OUTLET_WORDS = frozenset(
    """agency correspondent daily desk editor news newspaper post press reporter staff team times today
    tribune usa writer""".split()
)
_MOST_NAMES = 8


def read_byline(line: str) -> Byline | None:
    """What a line states, when it states a date or an author and nothing else; else None.

    `By A Name and B Name`, `Published: 12 March 2024`, `A Name | March 12, 2024 10:30`.
    """
    line = line.strip()
    if len(line) > 200:
        return None
    whole = _read_date(line)  # the dash of a time is no separator
    parts = [part for part in _SEPARATOR.split(line) if part]
    stated = [whole] if whole else [_read_part(part, alone=len(parts) == 1) for part in parts]
    found = [part for part in stated if part is not None]
    if len(found) < len(stated) or not any(part.has_date or part.authors for part in found):
        return None
    dated = sorted((part for part in found if part.published), key=lambda part: not part.is_labelled)
    return Byline(
        tuple(name for part in found for name in part.authors),
        dated[0].published if dated else None,
        any(part.has_date for part in found),
        bool(dated) and dated[0].is_labelled,
    )


def is_name(line: str) -> bool:
    """Whether a line has the form of one person's name: two to five words with capitals."""
    words = line.split()
    if not 2 <= len(words) <= 5 or not all(map(_NAME_WORD.fullmatch, words)):
        return False
    names = [word for word in words if word.casefold() not in _PARTICLES]
    # Scripts without capitals have nothing to show; "REUTERS Staff" has too many in one word.
    has_capitals = all(not word[0].islower() or word[:3] in ("al-", "el-") for word in names)
    is_even = len({word.isupper() for word in names if len(word) > 3}) <= 1
    is_outlet = any(word.casefold() in _OUTLET_WORDS for word in words)
    return len(names) >= 2 and has_capitals and is_even and not is_outlet


def names_in(line: str) -> tuple[str, ...]:
    """The names on a line that is nothing but names, else ()."""
    names = [name for name in _AND.split(line.strip()) if name]
    is_banner = len(names) > 1 and line.isupper()
    if not is_banner and 0 < len(names) <= _MOST_NAMES and all(map(is_name, names)):
        return tuple(names)
    return ()


def _read_part(part: str, alone: bool) -> Byline | None:
    by = _BY.match(part)
    if by:
        return _read_names(part[by.end() :])
    if dated := _read_date(part):
        return dated
    if _READING_TIME.fullmatch(part):
        return Byline()
    return Byline(names_in(part)) if not alone and names_in(part) else None


def _read_names(words: str) -> Byline | None:
    """The authors after `By`, who may be followed by an agency or by a date."""
    names, _, rest = words.partition(", ")
    if names_in(names) and (dated := _read_date(rest)):
        return Byline(names_in(names), dated.published, True, dated.is_labelled)
    each = tuple(name for name in _AND.split(words) if name)
    known = [is_name(name) or name.casefold() in _AGENCIES for name in each]
    return Byline(each) if 0 < len(each) <= _MOST_NAMES and all(known) else None


def _read_date(words: str) -> Byline | None:
    label = _LABEL.match(words) or _SERIES.match(words)
    rest = (words[label.end() :] if label else words).strip(" .,()[]")
    is_date, published = _edtf(rest)
    if not is_date:
        return None
    stated = label.groupdict() if label else {}
    return Byline((), None if stated.get("updated") else published, True, bool(stated.get("published")))


def _edtf(words: str) -> tuple[bool, str | None]:
    """Whether the words are one date, and that date where it can be told from them."""
    if match := _NUMBERS.fullmatch(words):
        return _numbers(int(match[1]), match[2], int(match[3]), match[4])
    if len(words) > 60 or not _YEAR.search(words):
        return False, None
    for language in _LANGUAGES:
        found = _parser(language).get_date_data(words)
        if found.date_obj and f"{found.date_obj.year}" in words:
            is_day = found.period in ("day", "time")
            return True, found.date_obj.strftime("%Y-%m-%d" if is_day else "%Y-%m")
    return False, None


def _numbers(first: int, mark: str, second: int, year: str) -> tuple[bool, str | None]:
    if not 1 <= min(first, second) <= 12 or not 1 <= max(first, second) <= 31:
        return False, None
    if len(year) == 2:
        return True, None
    if mark == "." or first > 12 or first == second:
        return True, f"{year}-{second:02}-{first:02}"
    return True, f"{year}-{first:02}-{second:02}" if second > 12 else year


@cache
def _parser(language: str) -> DateDataParser:
    # Absolute only: "yesterday" on a line would mean another day on every run.
    settings = {"REQUIRE_PARTS": ["month", "year"], "PARSERS": ["absolute-time"]}
    return DateDataParser(languages=[language], settings=settings)
