"""The scoreboard as a table in Markdown, made from its records alone."""

from collections.abc import Iterable, Iterator, Sequence

from lab.goals import goal_of
from lab.results import Measured, Score, Veto

_HEAD = """# The scoreboard

`make evaluate` measures all of this with the pipeline and the settings that users get, without a
language model, and writes this page. Figures are in percent (Spearman: the correlation times 100;
speed: in the unit that the row names), on
records that no shipped weight was trained on; in brackets the middle 95 % when records are drawn anew.
Plain ways are measured on the same records in the same run. What others have published may be on other
records of the same set.

Claims are judged by the very verdict that the page, `check` and `verify` show, and only "supported"
counts as supported ("partly" is one half in Spearman). There is no threshold to choose. What is told of
the probability behind the verdict is how well it orders claims; it is 0 where a finding of the gate
decided.
"""
# What these figures were while claims were graded by another one than users see: the judge's
# probability, lowered by what the gate found, at a threshold chosen on one half of each set.
_BY_THRESHOLD = {
    ("WiCE", "balanced accuracy"): 76.7,
    ("AttributionBench", "macro-F1"): 71.6,
    ("RAGTruth questions", "example F1"): 53.6,
    ("RAGTruth questions", "span F1"): 36.8,
    ("QAGS CNN/DM", "Spearman"): 68.0,
    ("SciFact claims", "balanced accuracy"): 77.7,
}
_KIND = "kind "
_VETOES = """What the gate found in claims: in how many of those that have it people found the claim not
supported either. The others are false vetoes."""
_COLUMNS = ("what", "records", "ours", "goal", "reached", "plain ways", "published by others", "remarks")


def markdown(measured: Sequence[Measured], plots: Sequence[str] = ()) -> str:
    """The whole page; `plots` are the names of pictures beside it."""
    lines = [_HEAD, *_table(_COLUMNS, rows(measured, kinds=False))]
    scores = _scores(measured)
    missing = [score for score in scores if score.is_skipped]
    if missing:
        lines += ["", "Not measured:", ""]
        lines += [f"- {_name(score)}: {score.note}." for score in missing]
    lines += _worse(scores)
    for benchmark in dict.fromkeys(score.benchmark for score in scores if score.part.startswith(_KIND)):
        lines += ["", f"{benchmark}, by kind, with the number of records:", ""]
        lines += _by_kind([score for score in scores if score.benchmark == benchmark])
    vetoes = [veto for each in measured for veto in each.result.vetoes]
    if vetoes:
        lines += ["", _VETOES, "", *_vetoes(vetoes)]
    for each in measured:
        for confusion in each.result.confusions:
            lines += ["", f"{confusion.benchmark}, what people found (rows) and the verdicts given:", ""]
            cells = zip(confusion.truths, confusion.counts, strict=True)
            lines += _table(
                ("", *confusion.verdicts),
                ((truth, *map(str, counts)) for truth, counts in cells),
                "---:",
            )
    for plot in plots:
        lines += ["", f"![{plot.removesuffix('.svg')}]({plot})"]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], cells: Iterable[Sequence[str]], column: str = "---") -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|---|{f'{column}|' * (len(head) - 1)}"]
    return lines + [f"| {' | '.join(map(_cell, row))} |" for row in cells]


def _worse(scores: Sequence[Score]) -> list[str]:
    """What got worse when the verdict itself came to be measured, in words."""
    pairs = [(score, _BY_THRESHOLD.get((score.benchmark, score.metric))) for score in scores]
    told = [
        f"{_name(score)} {_figure(score.ours)} instead of {_figure(before)}"
        for score, before in pairs
        if before is not None and score.ours is not None and score.ours < before
    ]
    if not told:
        return []
    return [
        "",
        "Until the verdict itself was measured, claims were graded by the judge's probability, lowered "
        "by what the gate found, at a threshold chosen on one half of each set. Users never saw that "
        f"figure. What they see is worse: {'; '.join(told)}.",
    ]


def _by_kind(scores: Sequence[Score]) -> list[str]:
    """A row a kind, a column a figure."""
    parts = [score for score in scores if score.part.startswith(_KIND)]
    metrics = tuple(dict.fromkeys(score.metric for score in parts))
    cells: dict[str, dict[str, str]] = {}
    for score in parts:
        told = f"{_figure(score.ours)} of {score.count}"
        cells.setdefault(score.part.removeprefix(_KIND), {})[score.metric] = told
    table = ((kind, *(row.get(metric, "") for metric in metrics)) for kind, row in cells.items())
    return _table(("", *metrics), table, "---:")


def _vetoes(vetoes: Sequence[Veto]) -> list[str]:
    """A row a kind of flaw, a column a set; at the end all of them, with the share that was right."""
    benchmarks = tuple(dict.fromkeys(veto.benchmark for veto in vetoes))
    table = []
    for kind in dict.fromkeys(veto.kind for veto in vetoes):
        own = {veto.benchmark: veto for veto in vetoes if veto.kind == kind}
        fired, right = sum(v.fired for v in own.values()), sum(v.right for v in own.values())
        share = _figure(100 * right / fired if fired else None)
        counts = (
            f"{own[name].right} of {own[name].fired}" if name in own else "" for name in benchmarks
        )
        table.append((kind, *counts, f"{right} of {fired}", share))
    return _table(("flaw", *benchmarks, "all", "precision"), table, "---:")


def rows(measured: Sequence[Measured], kinds: bool = True) -> Iterator[tuple[str, ...]]:
    """The cells of each figure that was measured; without `kinds` not of those of one kind of questions
    alone."""
    for score in _scores(measured):
        if score.is_skipped or (score.part.startswith(_KIND) and not kinds):
            continue
        goal = goal_of(score)
        yield (
            _name(score),
            f"{score.count:,}",
            figure_words(score),
            goal.words if goal else "",
            goal.reached(score.ours).value if goal and score.ours is not None else "",
            "; ".join(f"{plain.name} {_figure(plain.figure)}" for plain in score.baselines),
            score.published,
            score.note,
        )


def figure_words(score: Score) -> str:
    within = "" if score.low is None else f" ({_figure(score.low)}–{_figure(score.high)})"
    return f"{_figure(score.ours)}{within}"


def _scores(measured: Sequence[Measured]) -> list[Score]:
    return [score for each in measured for score in each.result.scores]


def _name(score: Score) -> str:
    return ", ".join(filter(None, (score.benchmark, score.metric, score.part)))


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.1f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
