"""Which part of the time the timeline shows: its edges, the steps in it, and where the reader can go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.asking.timeline import Event, EventKind

# The steps of bars and of marks on the axis, from fine to coarse.
STEPS = (
    *(("day", 1), ("day", 7), ("month", 1), ("month", 3), ("year", 1)),
    *(("year", count) for count in (2, 5, 10, 20, 50, 100)),
)
Step = tuple[str, int]
_DAYS = {"day": 1.0, "month": 30.44, "year": 365.25}
_LEAST = timedelta(days=6)
_YEARS_OFFERED = 6
_EDGE = (date(1, 1, 1).toordinal(), date(9998, 12, 31).toordinal())


@dataclass(frozen=True, slots=True)
class View:
    """The days from `first` to `last`, both shown."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def place(self, day: date) -> float:
        """Where a day begins, 0..1 from the left; what lies outside at the edge."""
        return min(1.0, max(0.0, (day - self.first).days / self.days))

    def shows(self, first: date, last: date) -> bool:
        return first <= self.last and last >= self.first

    def part(self, start: float, end: float) -> "View":
        """What lies between two places, 0..1."""
        first = self.first + timedelta(days=int(min(max(start, 0.0), 1.0) * self.days))
        last = self.first + timedelta(days=int(min(max(end, 0.0), 1.0) * self.days))
        return View(first, max(first, min(last, self.last)))

    def edges(self, step: Step) -> Iterator[date]:
        """Where the steps begin that this view shows; the first may begin before it."""
        day = floor(self.first, step)
        while day <= self.last:
            yield day
            day = after(day, step)

    def step(self, most: int) -> Step:
        """The finest step of which about `most` are shown, or fewer."""
        for unit, count in STEPS:
            if self.days / (_DAYS[unit] * count) <= most:
                return unit, count
        return STEPS[-1]


def floor(day: date, step: Step) -> date:
    """When the step began that a day is in; weeks begin on Mondays."""
    unit, count = step
    if unit == "day":
        return day if count == 1 else day - timedelta(days=day.weekday())
    if unit == "month":
        return date(day.year, day.month - (day.month - 1) % count, 1)
    return date(max(1, day.year - day.year % count), 1, 1)


def after(day: date, step: Step) -> date:
    """When the next step begins."""
    unit, count = step
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + count
        return date(months // 12, months % 12 + 1, 1)
    return date(day.year - day.year % count + count, 1, 1)


def whole(events: Sequence[Event]) -> View:
    """All that there is; events must be some."""
    spans = [event.span for event in events]
    return _at_least(View(min(first for first, _ in spans), max(last for _, last in spans)))


def usual(events: Sequence[Event]) -> View:
    """The time in which the articles were published, or all of it where none has a date."""
    published = [event for event in events if event.kind is EventKind.PUBLISHED]
    view = whole(published or events)
    margin = max(1, view.days // 40)
    return _moved(view.first, view.last, -margin, margin)


def read_view(first: str | None, last: str | None) -> View | None:
    """A view as it stands in the address; None for what is none."""
    try:
        view = View(date.fromisoformat(first or ""), date.fromisoformat(last or ""))
    except ValueError:
        return None
    is_within = date(2, 1, 1) <= view.first <= view.last <= date(9990, 12, 31)
    return _at_least(view) if is_within else None


def moves(view: View, every: View) -> dict[str, View | None]:
    """Where the reader can go from a view, by name; None where there is nothing more to see."""
    half, quarter = max(1, view.days // 2), max(1, view.days // 4)
    closer = _at_least(_moved(view.first, view.last, quarter, -quarter))
    wider = _moved(view.first, view.last, -half, half)
    return {
        "closer": closer if closer.days < view.days else None,
        "wider": wider if view.first > every.first or view.last < every.last else None,
        "earlier": _moved(view.first, view.last, -half, -half) if view.first > every.first else None,
        "later": _moved(view.first, view.last, half, half) if view.last < every.last else None,
    }


def periods(events: Sequence[Event]) -> list[tuple[str, View]]:
    """Parts of the time that can be chosen by name: all of it, that of the articles, and the latest
    years in which any was published."""
    named = [("All dates", whole(events)), ("When published", usual(events))]
    years = {event.span[0].year for event in events if event.kind is EventKind.PUBLISHED}
    for year in sorted(years)[-_YEARS_OFFERED:]:
        named.append((str(year), View(date(year, 1, 1), date(year, 12, 31))))
    return named


def _at_least(view: View) -> View:
    missing = _LEAST - (view.last - view.first)
    if missing <= timedelta(0):
        return view
    return _moved(view.first, view.last, -(missing.days // 2), missing.days - missing.days // 2)


def _moved(first: date, last: date, days_first: int, days_last: int) -> View:
    """A view whose edges are moved by so many days, as far as a calendar goes."""

    def moved(day: date, days: int) -> date:
        return date.fromordinal(min(_EDGE[1], max(_EDGE[0], day.toordinal() + days)))

    start, end = moved(first, days_first), moved(last, days_last)
    return View(min(start, end), max(start, end))
