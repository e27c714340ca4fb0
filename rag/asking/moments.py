"""The moment that a question asks about: "as of May 2024", "since 2023", "now".

Only what speaks of the time of knowledge is one. A date that belongs to what happened ("the 2020
conflict", "Who was freed in December 2022?") stays in the question, for any article may tell of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rag.core.dates import bounds, edtf_of
from rag.language.facts.days import Day, find_days, place
from rag.language.text import words


class Way(StrEnum):
    """Which articles count for a moment: those until it, those from it on, or the newest first."""

    UNTIL = "until"
    SINCE = "since"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment (EDTF), the question without the words for it, and whether they can mean nothing else:
    "as of 2023" does, "before 2023" may also be a part of what happened. None stands for a moment that
    no article's date tells. The words for "now" stay in the question."""

    way: Way
    when: str | None
    question: str
    is_certain: bool = True


# What stands before a date: of knowledge whatever is asked; until it or from it on; or one or the other.
_CERTAIN = r"as\s+(?:of|at)|as\s+things\s+stood\s+(?:in|on|at)|back\s+(?:in|on)"
_BEFORE = r"(?:up\s+)?(?:until|till)\s+before|before|prior\s+to|ahead\s+of"
_UP_TO = r"by|up\s+to|(?:up\s+)?until|till|at\s+the\s+time\s+of"
_AFTER = r"after|since\s+after"
_FROM = r"since|from"
_PART = r"(?:the\s+)?(?P<part>beginning|start|middle|end|early|late|mid)(?:\s+of|-|\s+in)?\s*"
_LEAD = re.compile(
    rf"\b(?:(?P<certain>{_CERTAIN})|(?P<before>{_BEFORE})|(?P<up_to>{_UP_TO})|(?P<after>{_AFTER})"
    rf"|(?P<from>{_FROM})|(?P<around>in|at|on)(?=\s+{_PART.replace('?P<part>', '?:')}))\s+"
    rf"(?:{_PART})?",
    re.IGNORECASE,
)
_ONWARDS = re.compile(r"\s+on(?:wards?)?\b", re.IGNORECASE)
_MONTHS = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])\b(?!-)")

# A question that begins like this asks how things stood ...
_STATE = re.compile(
    r"^(?:and |but |so )?(?:what|who|where|how|(?:which|whose|how) .{1,60}?|is|was|are|were)\s+"
    r"(?:is|was|are|were|has been|have been|had been|'s)\s+(?P<next>\w+)(?:\s+(?P<after>\w+))?",
    re.IGNORECASE,
)
# ... but for one that goes on with what was done.
_DONE = re.compile(
    r"(?!need|red|bed|wed|shed)\w{2,}ed|born|built|sent|shot|sold|won|lost|made|taken|given|seen|found|left"
    r"|met|hit|held|caught|freed|put|set|cut|begun|broken|chosen|brought|bought|paid|hurt",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
_KNOWING = re.compile(
    r"\b(?:is|are|was|were|been) (?:\w+ly )?(?:known|reported|published|written|thought|believed"
    r"|estimated|unknown|unclear)\b(?! (?:for|as|by)\b)"
    r"|\b(?:articles?|outlets?|press|newspapers?)\b.{0,20}"
    r"\b(?:say|said|report|reported|write|wrote|know|knew)\b",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(r"\b(?:hour|day|night|week|month|year|decade)s?$", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|on|of|regarding|concerning)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"(?:who|whom|whose|what|which|where|when|why|how|is|are|was|were|do|does|did|has|have|had|can|could"
    r"|name|tell|list|describe|in|on|at|to|of|from|with|by)\b",
    re.IGNORECASE,
)

_NOW = re.compile(
    r"\b(?:(?:as of|as at|until|up to|by) (?:now|today)|right now|at (?:the )?(?:present|moment)"
    r"|currently|nowadays|these days|now|today)\b(?!['’]s|\s+that\b)"
)
_NEWEST = re.compile(r"\b(?:latest|most recent|newest|most up[ -]to[ -]date)\b")
# "X, who is now on trial": part of what X is known by.
_RELATIVE = re.compile(
    r"\W(?:who|that|which|and|but)\s+(?:(?:is|are|was|were|has|have|had|been)\s+){0,2}(?:the\s+|its\s+)?$"
)
# What a follow-up begins with, and a question that any moment can be asked of.
_FOLLOWING = re.compile(r"^\s*(?:(?:and|but|so|or)\s+)?(?:(?:what|how)\s+about\s+)?", re.IGNORECASE)
_ANY_STATE = "What was it"
_MORE_THAN_A_MONTH = 31


def find_moment(question: str, newest_published: str | None) -> Moment | None:
    """The moment that a question asks about, or None. A month without a year is placed by the day of
    the newest article, which is also the moment of "now". Two different moments are none: the
    question sets them against each other."""
    found = list(_dated(question, newest_published))
    if found:
        return found[0] if len(found) == 1 else None
    return _latest(question, newest_published)


def ask_again(question: str, before: str) -> str | None:
    """The question before, asked of another moment, where a follow-up is nothing but that moment ("And
    as of 2023?", "And now?"); None where it is more."""
    when = _FOLLOWING.sub("", question, count=1).strip(" ?.!,")
    moved = find_moment(f"{_ANY_STATE} {when}?", None)
    if not when or not (_NOW.fullmatch(when) or (moved and moved.question == f"{_ANY_STATE}?")):
        return None
    earlier = find_moment(before, None)
    base = earlier.question if earlier else before
    return f"{base.rstrip(' ?.!')} {when[:1].lower()}{when[1:]}?"


def _dated(question: str, newest: str | None) -> Iterator[Moment]:
    # Months are found by their capital; the places stay the same.
    text = _MONTHS.sub(lambda match: match[0].capitalize(), question)
    for lead in _LEAD.finditer(text):
        if (said := _date_at(text, lead.end(), newest if lead["certain"] else None)) is None:
            continue
        first, last, end = said
        if lead["from"] and lead["from"].lower() == "from":
            if not (onwards := _ONWARDS.match(text, end)):
                continue
            end = onwards.end()
        part = (lead["part"] or "").lower()
        before, after = question[: lead.start()].strip(" ,("), question[end:].strip(" ,)")
        if not words(before + after) or not _speaks_of_knowing(lead, question, end):
            continue
        # With another date the question is about what was when, or sets the two against each other.
        if any(day.year for day in find_days(text[: lead.start()]) + find_days(text[end:])):
            continue
        way = Way.SINCE if lead["after"] or lead["from"] else Way.UNTIL
        if not lead["certain"] and newest and first > bounds(newest)[1]:
            continue  # what is planned for then
        when = _moment(lead, part, first, last)
        yield Moment(way, when, _joined(before, after), bool(lead["certain"]) or way is Way.SINCE)


def _date_at(text: str, start: int, newest: str | None) -> tuple[date, date, int] | None:
    """The first and the last day of the date that begins at a place, and where it ends."""
    if match := _YEAR_AND_MONTH.match(text, start):
        return *bounds(match[0]), match.end()
    for day in find_days(text):
        if day.start != start or day.is_open or day.decade or day.weekday is not None:
            continue
        placed = place(day, newest) if not day.year else (day,)
        spans = [span for each in placed if (span := _span(each))]
        if len(spans) == 1 or (spans and day.days and day.year):
            return spans[0][0], spans[-1][1], day.end
    return None


def _span(day: Day) -> tuple[date, date] | None:
    if not day.year:
        return None
    first = edtf_of(day.year, day.month, min(day.days, default=None))
    last = edtf_of(day.year, day.month, max(day.days, default=None))
    return (bounds(first)[0], bounds(last)[1]) if first and last else None


def _speaks_of_knowing(lead: re.Match[str], question: str, end: int) -> bool:
    """Whether the words for a date set the time of knowledge, and not of what happened."""
    before, after = question[: lead.start()].strip(), question[end:].strip()
    is_last = not words(after)
    is_first = not words(before) and _ASKING.match(after.lstrip(", ")) is not None
    if lead["certain"]:
        # Of several clauses, the date may belong to one alone.
        return is_last or is_first or before.endswith(",") or not re.search(r"[,;:]", after)
    if lead["after"] or lead["from"]:
        return (is_last or is_first) and not _SPAN_OF_TIME.search(before)
    asked = (before or after).strip(", ")
    knows = _KNOWING.search(asked) is not None
    if not (is_last or is_first):
        return knows and _ABOUT.match(after) is not None
    counts = (lead["up_to"] or "").lower() == "by" and _COUNT.search(asked) is not None
    return counts or _asks_how_things_stood(asked) or (knows and not lead["around"])


def _asks_how_things_stood(asked: str) -> bool:
    state = _STATE.match(asked)
    if state is None:
        return False
    verb = state["after"] if state["next"].endswith("ly") else state["next"]
    return _DONE.fullmatch(verb or "") is None


def _moment(lead: re.Match[str], part: str, first: date, last: date) -> str:
    """The moment of some words for a date, as EDTF: the last that counts, or the first."""
    first, last = _part(part, first, last)
    if lead["before"]:
        return _as_edtf(*_neighbour(first, last, -1))
    if lead["after"]:
        return _as_edtf(*_neighbour(first, last, 1))
    return _as_edtf(first, last)


def _part(part: str, first: date, last: date) -> tuple[date, date]:
    """What "early", "mid" or "end" leave of a time: thirds; the end and the start of a year are months
    of it."""
    third, year = timedelta(days=round((last - first).days / 3)), first.year
    is_year = (last - first).days > _MORE_THAN_A_MONTH
    match part:
        case "beginning" | "start":
            return (first, date(year, 1, 31)) if is_year else (first, first + third)
        case "early":
            return (first, date(year, 4, 30)) if is_year else (first, first + third)
        case "middle" | "mid":
            return (date(year, 5, 1), date(year, 8, 31)) if is_year else (first + third, last - third)
        case "late":
            return (date(year, 9, 1), last) if is_year else (last - third, last)
        case "end":
            return (date(year, 12, 1), last) if is_year else (last, last)
    return first, last


def _neighbour(first: date, last: date, step: int) -> tuple[date, date]:
    """The day, month or year right before or after one; of another span, the day."""
    day = last + timedelta(days=1) if step > 0 else first - timedelta(days=1)
    said = _as_edtf(first, last)
    return bounds(day.isoformat()[: len(said)]) if bounds(said) == (first, last) else (day, day)


def _as_edtf(first: date, last: date) -> str:
    """A year, a month or a day where the span is one; of any other span its last day."""
    for length in (4, 7):
        if bounds(first.isoformat()[:length]) == (first, last):
            return first.isoformat()[:length]
    return last.isoformat()


def _latest(question: str, newest: str | None) -> Moment | None:
    # The words stay: an article that says how things stand "at present" answers them too.
    text = question[:1].lower() + question[1:]
    for match in (*_NOW.finditer(text), *_NEWEST.finditer(text)):
        before, after = question[: match.start()], question[match.end() :]
        if words(before + after) and not _RELATIVE.search(before):
            return Moment(Way.LATEST, newest, question)
    return None


def _joined(before: str, after: str) -> str:
    """A question whose middle was taken out."""
    joined = f"{before.strip(' ,(')} {after.strip(' ,)')}".strip()
    joined = re.sub(r"\s+([?.!,;])", r"\1", joined)
    return joined[:1].upper() + joined[1:] if before.strip() == "" else joined
