"""The timeline as the browser draws it: places from 0 to 1, words for each of them, and the same as a
list to be read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rag.asking.timeline import Event, EventKind, readable_span
from rag.core.dates import readable
from rag.core.wording import counted
from rag.faces.web.shared.payloads import Payload
from rag.faces.web.timeline.view import Step, View, after, floor, moves, periods, whole
from rag.faces.web.timeline.words import address_of, outlet_of, words_of

# So many bars are shown beside each other, and so many marks at most on the axis.
_MOST_BARS = 96
_MOST_TICKS = 13
# More points in a row, or more upon each other, are counted and drawn as bars.
_MOST_POINTS = 60
_MOST_AT_ONE_PLACE = 8
_MOST_SPANS = 12
_ROWS = 6
_NOUNS = {EventKind.PUBLISHED: "article", EventKind.STATEMENT: "statement"}
_ARTICLES, _OTHERS, _STATED = "Articles", "Other outlets", "Dated statements"


def timeline_payload(events: Sequence[Event], view: View, shown: int, is_read: bool = True) -> Payload:
    """The picture of a view and the first `shown` events in it as a list. The events are some, in
    order of their first days; `is_read` says whether what the articles state is among them."""
    inside = [event for event in events if view.shows(*event.span)]
    return {
        "axis": _ticks(view),
        "rows": _rows(events, inside, view),
        "list": _listed(inside[:shown]),
        "more": max(0, len(inside) - shown),
        "told": _told(inside, view, is_read),
        "periods": [
            {"words": words, "view": _dates(period), "pressed": period == view}
            for words, period in periods(events)
        ],
        "moves": {
            name: None if to is None else _dates(to) for name, to in moves(view, whole(events)).items()
        },
    }


def _told(inside: Sequence[Event], view: View, is_read: bool) -> str:
    count = Counter(event.kind for event in inside)
    told = counted(count[EventKind.PUBLISHED], "article")
    if is_read:
        told += f", {counted(count[EventKind.STATEMENT], 'dated statement')}"
    return f"{_day(view.first)} to {_day(view.last)}: {told}"


def _ticks(view: View) -> list[Payload]:
    step = view.step(_MOST_TICKS)
    days = [day for day in view.edges(step) if day >= view.first]
    return [
        {
            "at": _round(view.place(day)),
            "words": _tick(day, step, is_first=day == days[0]),
            "strong": (day.month, day.day) == (1, 1),
        }
        for day in days
    ]


def _tick(day: date, step: Step, is_first: bool) -> str:
    """A year at its beginning; the first mark has its year in any case."""
    if step[0] == "year" or (day.month, day.day) == (1, 1):
        return str(day.year)
    words = day.strftime("%b") if step[0] == "month" else f"{day.day} {day.strftime('%b')}"
    return f"{words} {day.year}" if is_first else words


def _rows(events: Sequence[Event], inside: Sequence[Event], view: View) -> list[Payload]:
    """A row for each outlet that has the most articles, one for the others, and one for what was
    stated. The outlets stay where they are whatever part of the time is shown."""
    outlets = Counter(event.citation.publisher for event in events if event.kind is EventKind.PUBLISHED)
    named = [name for name, _ in outlets.most_common() if name]
    kept = named if len(named) <= _ROWS else named[: _ROWS - 1]
    rows: dict[str, list[Event]] = {name: [] for name in kept}
    others = _OTHERS if kept else _ARTICLES
    if len(kept) < len(outlets):
        rows[others] = []
    stated: list[Event] = []
    for event in inside:
        name = event.citation.publisher
        if event.kind is EventKind.STATEMENT:
            stated.append(event)
        else:
            rows[name if name and name in rows else others].append(event)
    bars = {name: _bars(of_row, view) for name, of_row in rows.items() if _is_crowded(of_row, view)}
    # One scale for all outlets, so that they can be compared by eye.
    most = max((count for bar in bars.values() for count in bar.values()), default=0)
    made = [
        _row(name, EventKind.PUBLISHED, of_row, view, bars.get(name), most)
        for name, of_row in rows.items()
    ]
    if stated:
        counts = _bars(stated, view) if _is_crowded(stated, view) else None
        most = max(counts.values(), default=0) if counts else 0
        made.append(_row(_STATED, EventKind.STATEMENT, stated, view, counts, most))
    return made


def _is_crowded(events: Sequence[Event], view: View) -> bool:
    if len(events) > _MOST_POINTS:
        return True
    step = view.step(_MOST_BARS)
    at_once = Counter(floor(event.span[0], step) for event in events)
    return max(at_once.values(), default=0) > _MOST_AT_ONE_PLACE


def _bars(events: Iterable[Event], view: View) -> Counter[date]:
    """How many events lie in each step."""
    step = view.step(_MOST_BARS)
    return Counter(floor(event.span[0], step) for event in events if _fits(event, step))


def _fits(event: Event, step: Step) -> bool:
    return floor(event.span[0], step) == floor(event.span[1], step)


def _row(
    name: str,
    kind: EventKind,
    events: Sequence[Event],
    view: View,
    bars: Counter[date] | None,
    most: int,
) -> Payload:
    row: Payload = {
        "name": name,
        "kind": kind.value,
        "marks": [],
        "bars": [],
        "spans": [],
        "scale": None,
    }
    if bars is None:
        return row | {"marks": [_mark(event, view) for event in events]}
    step = view.step(_MOST_BARS)
    row["bars"] = [_bar(day, count, kind, view, step, most) for day, count in sorted(bars.items())]
    spans = Counter(event.date for event in events if not _fits(event, step))
    longest = {event.date: event.span for event in events}
    chosen = sorted(date_ for date_, _ in spans.most_common(_MOST_SPANS))
    row["spans"] = [_span(edtf, spans[edtf], kind, View(*longest[edtf]), view) for edtf in chosen]
    if most:
        row["scale"] = f"up to {most:,} {_a_step(step)}"
    return row


def _mark(event: Event, view: View) -> Payload:
    first, last = event.span
    return {
        "at": _round(view.place(first)),
        "to": _round(view.place(last + timedelta(days=1))),
        "exact": first == last,
        "address": address_of(event),
        "when": readable_span(event.date),
        "words": words_of(event),
        "outlet": outlet_of(event),
    }


def _bar(day: date, count: int, kind: EventKind, view: View, step: Step, most: int) -> Payload:
    last = after(day, step) - timedelta(days=1)
    period = View(day, last)
    return {
        "at": _round(view.place(day)),
        "to": _round(view.place(last + timedelta(days=1))),
        "height": round(count / most, 4),
        "view": _dates(period),
        "when": _period(period, step),
        "words": counted(count, _NOUNS[kind]),
    }


def _span(edtf: str, count: int, kind: EventKind, period: View, view: View) -> Payload:
    return {
        "at": _round(view.place(period.first)),
        "to": _round(view.place(period.last + timedelta(days=1))),
        "view": _dates(period),
        "when": readable_span(edtf),
        "words": f"{counted(count, _NOUNS[kind])} without a closer date",
    }


def _listed(events: Sequence[Event]) -> list[Payload]:
    """The events by year and month; those of no known month come first in their year."""
    years: dict[str, dict[str, list[Payload]]] = {}
    for event in events:
        first, last = event.span
        same_month = (first.year, first.month) == (last.year, last.month)
        month = first.strftime("%B") if same_month else ""
        line = {
            "address": address_of(event),
            "kind": event.kind.value,
            "when": readable_span(event.date),
            "words": words_of(event),
            "outlet": outlet_of(event),
        }
        years.setdefault(str(first.year), {}).setdefault(month, []).append(line)
    return [
        {
            "year": year,
            "months": [{"name": name, "events": lines} for name, lines in months.items()],
        }
        for year, months in years.items()
    ]


def _dates(view: View) -> list[str]:
    return [view.first.isoformat(), view.last.isoformat()]


def _period(period: View, step: Step) -> str:
    if step == ("month", 1):
        return readable(period.first.isoformat()[:7])
    if step == ("year", 1):
        return str(period.first.year)
    if step[0] == "year":
        return f"{period.first.year} to {period.last.year}"
    if step == ("day", 1):
        return _day(period.first)
    return f"{_day(period.first)} to {_day(period.last)}"


def _a_step(step: Step) -> str:
    unit, count = ("week", 1) if step == ("day", 7) else step
    return f"a {unit}" if count == 1 else f"in {count} {unit}s"


def _day(day: date) -> str:
    return readable(day.isoformat())


def _round(place: float) -> float:
    return round(place, 5)
