"""The scoreboard as the browser gets it: figures by benchmark, each with what its picture shows."""

from collections.abc import Iterator

from lab.evaluation.goals import Goal, Reached, goal_of
from lab.evaluation.measured import Scoreboard
from lab.evaluation.records import Baseline, Score
from rag.core.dates import readable
from rag.core.wording import counted
from rag.faces.web.payloads import Payload

_REACHED_WORDS = {
    Reached.YES: "Reached",
    Reached.FIRST: "Only the first reached",
    Reached.NO: "Not reached",
}
# A goal's standing has the sign that a verdict of like weight has on the other pages.
_SIGNS = {Reached.YES: "supported", Reached.FIRST: "partly", Reached.NO: "unsupported"}


def describe_scoreboard(board: Scoreboard) -> str:
    """What was measured and when, in one sentence."""
    scores = [score for score in _scores(board) if score.ours is not None]
    benchmarks = {score.benchmark for score in scores}
    when = f", as they stand since {readable(board.since)}" if board.since else ""
    return (
        "How well this program answers and judges, with the settings that users get and without a "
        f"language model: {counted(len(scores), 'figure')} on {counted(len(benchmarks), 'set')} "
        f"of questions and claims, over records that no shipped weight was trained on{when}."
    )


def scoreboard_payload(board: Scoreboard) -> Payload:
    """Figures in percent, grouped by benchmark in the order in which they were measured."""
    groups: dict[str, list[Score]] = {}
    for score in _scores(board):
        if not score.is_skipped:
            groups.setdefault(score.benchmark, []).append(score)
    tally = _tally(board)
    return {
        "goals": f"Of {counted(sum(tally.values()), 'goal')}",
        "tally": [
            {"sign": _SIGNS[reached], "words": f"{_REACHED_WORDS[reached]}: {count}"}
            for reached, count in tally.items()
            if count
        ],
        "groups": [
            {"benchmark": heading(benchmark), "rows": [_row(score) for score in scores]}
            for benchmark, scores in groups.items()
        ],
        "missing": [
            {"what": heading(score.benchmark), "note": score.note}
            for score in _scores(board)
            if score.is_skipped
        ],
    }


def heading(benchmark: str) -> str:
    return benchmark[:1].upper() + benchmark[1:]


def _scores(board: Scoreboard) -> Iterator[Score]:
    for each in board.measured:
        yield from each.result.scores


def _tally(board: Scoreboard) -> dict[Reached, int]:
    tally = dict.fromkeys(Reached, 0)
    for score in _scores(board):
        goal = goal_of(score)
        if goal is not None and score.ours is not None:
            tally[goal.reached(score.ours)] += 1
    return {reached: tally[reached] for reached in (Reached.YES, Reached.FIRST, Reached.NO)}


def _row(score: Score) -> Payload:
    goal = goal_of(score)
    return {
        "metric": ", ".join(filter(None, (score.metric, score.part))),
        "count": f"{score.count:,}",
        "ours": _figure(score.ours),
        "within": _within(score),
        "goal": _goal(goal, score.ours) if goal else None,
        "plain": [{"name": plain.name, "figure": _figure(plain.figure)} for plain in score.baselines],
        "published": score.published,
        "note": score.note,
        "picture": _picture(score, goal),
    }


def _goal(goal: Goal, ours: float | None) -> Payload:
    reached = None if ours is None else goal.reached(ours)
    return {
        "words": goal.words,
        "reached": reached and _REACHED_WORDS[reached],
        "sign": reached and _SIGNS[reached],
    }


def _picture(score: Score, goal: Goal | None) -> Payload:
    """Places on the scale from 0 to 100, and the same in words."""
    return {
        "ours": place(score.ours),
        "low": place(score.low),
        "high": place(score.high),
        "goals": [place(figure) for figure in goal.figures] if goal else [],
        "at_most": bool(goal and goal.at_most),
        "plain": [place(plain.figure) for plain in score.baselines],
        "words": _picture_in_words(score, goal),
    }


def place(figure: float | None) -> float | None:
    """Where a figure stands on the scale; what lies beyond it (a negative Spearman) at its end."""
    return None if figure is None else min(100.0, max(0.0, figure))


def _picture_in_words(score: Score, goal: Goal | None) -> str:
    within = _within(score)
    parts = [f"Ours {_figure(score.ours)}" + (f", 95 % within {within}" if within else "")]
    if goal:
        figures = ", then ".join(f"{figure:g}" for figure in goal.figures)
        parts.append(f"goal at {'most' if goal.at_most else 'least'} {figures}")
    parts += [_plain_in_words(plain) for plain in score.baselines]
    return "; ".join(parts) + "."


def _plain_in_words(plain: Baseline) -> str:
    return f"{plain.name} {_figure(plain.figure)}"


def _within(score: Score) -> str:
    if score.low is None or score.high is None:
        return ""
    return f"{_figure(score.low)}–{_figure(score.high)}"


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.1f}".replace("-", "−")
