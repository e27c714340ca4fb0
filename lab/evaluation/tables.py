"""The scoreboard as a table in Markdown, made from its records alone."""

from collections.abc import Iterator, Sequence

from lab.evaluation.goals import goal_of
from lab.evaluation.measured import Measured
from lab.evaluation.records import Score

_HEAD = """# The scoreboard

`make evaluate` measures all of this with the pipeline and the settings that users get, without a
language model, and writes this page. Figures are in percent (Spearman: the correlation times 100), on
records that no shipped weight was trained on; in brackets the middle 95 % when records are drawn anew.
Plain ways are measured on the same records in the same run. What others have published may be on other
records of the same set.
"""
_COLUMNS = ("what", "records", "ours", "goal", "reached", "plain ways", "published by others", "remarks")


def markdown(measured: Sequence[Measured], plots: Sequence[str] = ()) -> str:
    """The whole page; `plots` are the names of pictures beside it."""
    lines = [_HEAD, f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    lines += [f"| {' | '.join(map(_cell, cells))} |" for cells in rows(measured)]
    missing = [score for score in _scores(measured) if score.is_skipped]
    if missing:
        lines += ["", "Not measured:", ""]
        lines += [f"- {_name(score)}: {score.note}." for score in missing]
    for each in measured:
        for confusion in each.result.confusions:
            lines += ["", f"{confusion.benchmark}, what people found (rows) and the verdicts given:", ""]
            lines.append(f"| | {' | '.join(confusion.verdicts)} |")
            lines.append(f"|---|{'---:|' * len(confusion.verdicts)}")
            for truth, counts in zip(confusion.truths, confusion.counts, strict=True):
                lines.append(f"| {truth} | {' | '.join(map(str, counts))} |")
    for plot in plots:
        lines += ["", f"![{plot.removesuffix('.svg')}]({plot})"]
    return "\n".join(lines) + "\n"


def rows(measured: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """The cells of each figure that was measured."""
    for score in _scores(measured):
        if score.is_skipped:
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
