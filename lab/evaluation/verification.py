"""How well claims are judged against their evidence, on public data, beside a floor and what others
have published.

A threshold is chosen on the tuning half of a set and the figure taken on the report half, which no
choice has seen. A figure on all of a set takes the same threshold, and so has seen half of it.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lab.evaluation.benchmarks import BENCHMARKS, Benchmark, Measure, Supports, Unit
from lab.evaluation.floors import FLOORS, Pair, Scorer
from lab.evaluation.metrics import RESAMPLES, Half, Items, fit_threshold, half_of, interval
from lab.evaluation.readers import BenchmarkUnusable

# Pairs are handed to a scorer this many at a time, so that progress can be told.
_BATCH = 256
FIXED = "thresholds of an earlier run"
_TOO_FEW = "too few cases of one kind to tell"

# The name of the set, how many of its claims are judged, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. All figures are in percent (Spearman: the correlation times 100).

    `part` is "report" (the half on which nothing was chosen) or "all"; `count` is of the cases in it.
    `floor` is that way to count shared words, `floor_name`, which is better on the tuning half.
    `low` and `high` hold the middle 95 %; there is none where the threshold has seen half of the
    part. `published` is what others have reached, and how.
    What could not be measured is None, and `note` says why. `is_skipped` is for a set not there.
    """

    benchmark: str
    metric: str
    part: str
    count: int
    floor: float | None
    ours: float | None
    low: float | None
    high: float | None
    published: str
    threshold: float | None = None
    floor_name: str | None = None
    floor_threshold: float | None = None
    note: str | None = None
    is_skipped: bool = False


def evaluate_verification(
    folder: Path,
    scorer: Scorer,
    sample: int | None = None,
    progress: Progress = lambda name, done, total: None,
    fixed: Sequence[Row] = (),
    resamples: int = RESAMPLES,
    keep: Callable[[str, Unit], bool] = lambda benchmark, unit: True,
    judged: Callable[[str, Unit, Supports], None] = lambda benchmark, unit, supports: None,
) -> tuple[Row, ...]:
    """The figures of every set in the folder; a set that is not there gives rows that say so.

    `sample` is how many cases of each set are judged, always the same ones. `fixed` are rows of an
    earlier run: with their thresholds nothing is tuned, and figures are taken on all cases.
    `resamples` is how often a half is drawn anew for an interval; most of the time goes there.
    `keep` tells of the name of a set and a case whether it is measured; some may have been trained on.
    `judged` is told of each set and case the supports that its claims were given.
    Raises BenchmarkUnusable for a folder or file that cannot be read, and ValueError for a scorer that
    does not give each pair a support between 0 and 1.
    """
    if not folder.is_dir():
        raise BenchmarkUnusable(
            f"There is no folder {folder}. Set SOURCELINE_BENCHMARKS to the folder of the benchmarks."
        )
    if sample is not None and sample < 1:
        raise ValueError(f"a sample has at least one case, not {sample}")
    rows: list[Row] = []
    for benchmark in BENCHMARKS:
        files = benchmark.files(folder)
        every = [unit for path in files for unit in benchmark.read(path)]
        units = _sampled([unit for unit in every if keep(benchmark.name, unit)], sample)
        if every:
            rows += _measured(benchmark, units, scorer, progress, fixed, resamples, judged)
        else:
            rows += [_skipped(benchmark, measure, folder) for measure in benchmark.measures]
    return tuple(rows)


def rows_to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows in plain JSON types; `Row(**fields)` gives each back."""
    return [asdict(row) for row in rows]


def judge(
    units: Sequence[Unit], scorer: Scorer, told: Callable[[int, int], None] = lambda done, total: None
) -> list[Supports]:
    """The supports of each unit's claims, in order. Raises ValueError for a scorer's bad reply."""
    pairs = [(claim, unit.evidence) for unit in units for claim in unit.claims]
    supports = _score(pairs, scorer, told)
    found, position = [], 0
    for unit in units:
        count = len(unit.claims)
        found.append(tuple(supports[position : position + count]))
        position += count
    return found


def _score(pairs: Sequence[Pair], scorer: Scorer, told: Callable[[int, int], None]) -> list[float]:
    supports: list[float] = []
    for start in range(0, len(pairs), _BATCH):
        batch = pairs[start : start + _BATCH]
        replies = [float(support) for support in scorer(batch)]
        if len(replies) != len(batch):
            raise ValueError(f"the scorer gave {len(replies)} supports for {len(batch)} pairs")
        for support in replies:
            if not 0 <= support <= 1:
                raise ValueError(f"the scorer gave {support}; a support lies between 0 and 1")
        supports += replies
        told(len(supports), len(pairs))
    return supports


def _sampled(units: Sequence[Unit], sample: int | None) -> Sequence[Unit]:
    """The cases in an order that hangs on their keys, so that a sample is mixed and stays the same."""
    if sample is None:
        return units
    return sorted(units, key=lambda u: hashlib.sha256(f"sample:{u.key}".encode()).digest())[:sample]


def _skipped(benchmark: Benchmark, measure: Measure, folder: Path) -> Row:
    return Row(
        benchmark=benchmark.name,
        metric=measure.name,
        part="all",
        count=0,
        floor=None,
        ours=None,
        low=None,
        high=None,
        published=measure.published,
        note=f"skipped: no {benchmark.pattern} in {folder}; it can be had from {benchmark.origin}",
        is_skipped=True,
    )


def _measured(
    benchmark: Benchmark,
    units: Sequence[Unit],
    scorer: Scorer,
    progress: Progress,
    fixed: Sequence[Row],
    resamples: int,
    judged: Callable[[str, Unit, Supports], None],
) -> list[Row]:
    name = benchmark.name
    ours = judge(units, scorer, lambda done, total: progress(name, done, total))
    for unit, supports in zip(units, ours, strict=True):
        judged(name, unit, supports)
    by_claim = {floor: judge(units, count_words) for floor, count_words in FLOORS.items()}
    earlier = {(row.benchmark, row.metric): row for row in fixed if not row.is_skipped}
    rows: list[Row] = []
    for measure in benchmark.measures:
        floors = {floor: measure.items(units, supports) for floor, supports in by_claim.items()}
        items = measure.items(units, ours)
        known = earlier.get((name, measure.name))
        parts: tuple[Half | None, ...] = (Half.REPORT, None)
        if known is None:
            chosen = _chosen(benchmark, measure, items, floors)
        else:
            chosen, parts = replace(known, note=FIXED), (None,)
        for part in parts:
            count = sum(part is None or half_of(unit.group) is part for unit in units)
            rows.append(_row(chosen, measure, items, floors, part, count, resamples))
    return rows


def _chosen(benchmark: Benchmark, measure: Measure, items: Items, floors: dict[str, Items]) -> Row:
    """What the tuning half decides: our threshold, the better floor, and its threshold."""
    threshold = _threshold(measure, items.half(Half.TUNING))
    best: tuple[float, str, float | None] = (-math.inf, next(iter(floors)), None)
    for name, counted in floors.items():
        tuning = counted.half(Half.TUNING)
        limit = _threshold(measure, tuning)
        figure = measure.metric(tuning, limit or 0.0)
        if figure > best[0]:
            best = (figure, name, limit)
    return Row(
        benchmark=benchmark.name,
        metric=measure.name,
        part="tuning",
        count=0,
        floor=None,
        ours=None,
        low=None,
        high=None,
        published=measure.published,
        threshold=threshold,
        floor_name=best[1],
        floor_threshold=best[2],
    )


def _threshold(measure: Measure, items: Items) -> float | None:
    if not measure.has_threshold:
        return None
    try:
        return fit_threshold(measure.metric, items)
    except ValueError:
        return None


def _row(
    chosen: Row,
    measure: Measure,
    items: Items,
    floors: dict[str, Items],
    part: Half | None,
    count: int,
    resamples: int,
) -> Row:
    assert chosen.floor_name is not None
    counted = floors[chosen.floor_name]
    if part is not None:
        items, counted = items.half(part), counted.half(part)
    has_seen_this = part is None and measure.has_threshold and chosen.note is None
    ours = floor = low = high = math.nan
    if count and not (measure.has_threshold and chosen.threshold is None):
        threshold = chosen.threshold or 0.0
        ours = measure.metric(items, threshold)
        if not has_seen_this:
            low, high = interval(measure.metric, items, threshold, resamples)
    if count and not (measure.has_threshold and chosen.floor_threshold is None):
        floor = measure.metric(counted, chosen.floor_threshold or 0.0)
    note = "the threshold has seen half of this" if has_seen_this else chosen.note
    return replace(
        chosen,
        part=part.value if part else "all",
        count=count,
        floor=_percent(floor),
        ours=_percent(ours),
        low=_percent(low),
        high=_percent(high),
        note=_TOO_FEW if math.isnan(ours) else note,
    )


def _percent(figure: float) -> float | None:
    return None if math.isnan(figure) else round(100 * figure, 1)
