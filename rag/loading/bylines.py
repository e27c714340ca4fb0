"""Lines that state who wrote an article and when. Dates become EDTF, as precise as they are stated.

Knows single lines only: whether a line stands where a byline stands is for others to judge.
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

_PUBLISHED = (
    r"(?:first )?published|publication date|publish date|posted|date|issued|created"
    r"|yayın(?:lanma)? tarihi|yayınlanma|giriş(?: tarihi)?|tarih"
)
_UPDATED = (
    r"(?:last )?(?:updated|modified|edited)|last update|update"
    r"|(?:son )?güncelle(?:me|nme)(?: tarihi)?"
)
_LABEL = re.compile(
    rf"(?:(?P<published>{_PUBLISHED})|(?P<updated>{_UPDATED}))(?:\s+(?:on|at))?(?:\s*:\s*|\s+)",
    re.I,
)
_NEXT_LABEL = re.compile(rf"(?<=\S)[\s,;(]+(?=(?:{_UPDATED}|by)\b)", re.I)
_DAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)"
)
_WEEKDAY = re.compile(rf"^{_DAY}\.?,?\s+|,?\s+{_DAY}$", re.I)
_CLOCK = r"(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?"
_ZONE = r"(?:Z|GMT|UTC|E[SD]?T|C[ES]?S?T|P[SD]T|BST|IST|TSİ|TSI|TRT|local time)"
_TIME = re.compile(
    rf"(?:[\s,T]|\bat\b|[-–])*\(?{_CLOCK}\s*\(?{_ZONE}?\)?\s*(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?\)?\s*$",
    re.I,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})")
_MONTH = r"[^\W\d_]{3,12}"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?{_MONTH}\.?,?\s+(?:de\s+)?(\d{{4}})"
)
_MONTH_FIRST = re.compile(rf"{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
_MONTH_ONLY = re.compile(rf"{_MONTH}\.?,?\s+(\d{{4}})")

_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+[-–—]\s+|\s{2,}")
# A publication's own number before its date: "Policy Brief No. 12, 3 March 2023".
_NUMBERED = re.compile(
    r"(?:\S+\s+){0,6}?(?:no\.?|nr\.?|issue|vol(?:ume)?\.?|sayı|#)\s*:?\s*\d+[\w./-]*,\s+", re.I
)
_READING_TIME = re.compile(
    r"(?:reading time:?\s*)?\d+\s*(?:min(?:ute)?s?\.?|dk\.?)\s*(?:read|okuma)?", re.I
)

_BY = re.compile(
    r"(?:by|written by|reported by|words by|story by|authors?\s*:|by\s*:"
    r"|yazan\s*:|yazar\s*:|haber\s*:)\s+(?P<names>.+)",
    re.I,
)
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\bve\b)\s*")
_NAME_WORD = re.compile(
    r"(?:[^\W\d_]\.)+|(?:[Aa]l-|[Ee]l-|[dDlL]['’])?[^\W\d_][^\W\d_'’-]*(?:[-'’][^\W\d_]+)*\.?"
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "del",
        "della",
        "di",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "ibn",
        "al",
        "el",
        "bint",
        "ben",
        "abu",
        "la",
        "le",
    ]
)
_AGENCIES = frozenset(["reuters", "afp", "ap", "aa", "tass", "xinhua", "anadolu"])
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
    parts = [part for part in _SEPARATOR.split(_NEXT_LABEL.sub(" | ", line.strip())) if part]
    if not parts or len(parts) > 6 or len(line) > 200:
        return None
    whole = _read_date(line.strip())  # the dash of a time or of a range is no separator
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
    if not 2 <= len(words) <= 5 or len(line) > 50:
        return False
    if not all(_NAME_WORD.fullmatch(word) for word in words):
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
    dated = _read_date(part)
    if dated is not None:
        return dated
    if _READING_TIME.fullmatch(part):
        return Byline()
    stated = _BY.fullmatch(part)
    if stated:
        return _read_names(stated["names"])
    return None if alone else Byline(names_in(part)) if names_in(part) else None


def _read_names(words: str) -> Byline | None:
    """The authors after `By`, who may be followed by an agency or by a date."""
    for comma in re.finditer(r",\s+", words):
        dated = _read_date(words[comma.end() :])
        authors = names_in(words[: comma.start()])
        if dated and authors:
            return Byline(authors, dated.published, True, dated.is_labelled)
    names = tuple(name for name in _AND.split(words) if name)
    known = [is_name(name) or name.casefold() in _AGENCIES for name in names]
    return Byline(names) if names and len(names) <= _MOST_NAMES and all(known) else None


def _read_date(words: str) -> Byline | None:
    label = _LABEL.match(words)
    rest = words[label.end() :] if label else words
    numbered = _NUMBERED.match(rest)
    rest = rest[numbered.end() :] if numbered else rest
    rest = _TIME.sub("", rest).strip(" .,()[]")
    known, published = _edtf(_WEEKDAY.sub("", rest))
    if not known:
        return None
    if label and label["updated"]:
        return Byline(has_date=True)
    return Byline((), published, True, bool(label))


def _edtf(words: str) -> tuple[bool, str | None]:
    """Whether the words are one date, and that date where it can be told from them."""
    if match := _YEAR_FIRST.fullmatch(words):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        return _valid(year, month, day), _written(year, month, day)
    if match := _YEAR_LAST.fullmatch(words):
        return _numbers(match)
    if match := _DAY_FIRST.fullmatch(words) or _MONTH_FIRST.fullmatch(words):
        return _named_month(words, int(match[2]), int(match[1]))
    if match := _MONTH_ONLY.fullmatch(words):
        return _named_month(words, int(match[1]), None)
    return False, None


def _numbers(match: re.Match[str]) -> tuple[bool, str | None]:
    """Day and month in numbers. 12.03.2024 has the day first; of 03/04/2024 the year is sure."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if not (_valid(2000, first, second) or _valid(2000, second, first)):
        return False, None
    if len(match[4]) == 2:
        return True, None
    if match[2] == "." or first > 12 or first == second:
        return True, _written(year, second, first)
    return True, _written(year, first, second) if second > 12 else str(year)


def _named_month(words: str, year: int, day: int | None) -> tuple[bool, str | None]:
    for language in _LANGUAGES:
        found = _parser(language).get_date_data(words).date_obj
        if found and found.year == year and (day is None or found.day == day):
            return True, _written(year, found.month, day)
    return False, None


@cache
def _parser(language: str) -> DateDataParser:
    # Absolute only: "yesterday" on a line would mean another day on every run.
    settings = {"REQUIRE_PARTS": ["month", "year"], "PARSERS": ["absolute-time"]}
    return DateDataParser(languages=[language], settings=settings)


def _valid(year: int, month: int, day: int) -> bool:
    return 1000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= 31


def _written(year: int, month: int, day: int | None) -> str | None:
    if not _valid(year, month, day or 1):
        return None
    return f"{year}-{month:02}" if day is None else f"{year}-{month:02}-{day:02}"
