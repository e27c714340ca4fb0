"""What the figures are meant to reach: the published ones that they are to stand beside."""

from dataclasses import dataclass
from enum import StrEnum

from lab.results import Score


class Reached(StrEnum):
    YES = "yes"
    NO = "no"
    FIRST = "the first"


@dataclass(frozen=True, slots=True)
class Goal:
    """Figures in percent to reach one after another; `at_most` where less is better."""

    benchmark: str
    metric: str
    figures: tuple[float, ...]
    at_most: bool = False

    @property
    def words(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{sign} {', then '.join(f'{figure:g}' for figure in self.figures)}"

    def reached(self, ours: float) -> Reached:
        held = [ours <= figure if self.at_most else ours >= figure for figure in self.figures]
        return Reached.YES if all(held) else Reached.FIRST if held[0] else Reached.NO


_GOALS = (
    Goal("RealTimeQA 2022", "answer in the first 5 passages", (66.0,)),
    Goal("RealTimeQA 2022", "answer in the first 20 passages", (71.0,)),
    Goal("RealTimeQA 2026", "answer in the first 5 passages", (60.0,)),
    Goal("RealTimeQA 2026", "answer in the first 20 passages", (68.0,)),
    Goal("RealTimeQA 2022", "multiple choice", (73.2,)),
    Goal("RealTimeQA 2026", "multiple choice", (66.0,)),
    Goal("SciFact abstracts", "nDCG@10", (74.0,)),
    Goal("CLAPNQ", "sentence F1@3", (65.0,)),
    Goal("CLAPNQ", "answerable or not, AUROC", (92.0,)),
    Goal("SQuAD 2", "answer or not, accuracy", (84.4,)),
    Goal("SQuAD 2", "answer or not, AUROC", (88.0,)),
    Goal("None of ten passages", "balanced accuracy", (70.0, 75.8)),
    Goal("None of ten passages, made of CLAPNQ, hard", "balanced accuracy", (83.0,)),
    Goal("WiCE", "balanced accuracy", (76.0,)),
    Goal("RAGTruth questions", "example F1", (65.0,)),
    Goal("RAGTruth questions", "example AUROC of the probability behind the verdict", (85.0,)),
    Goal("AttributionBench", "macro-F1", (76.0,)),
    Goal("QAGS CNN/DM", "Spearman", (65.0,)),
    Goal("QAGS CNN/DM", "Spearman of the probability behind the verdict", (70.0,)),
    Goal("Newsdesk", "places among the first 5 passages", (93.0,)),
    Goal("Newsdesk", "places among the first 10 passages", (97.0,)),
    Goal("Newsdesk", "places among the first 5 passages, other languages", (100.0,)),
    Goal("Newsdesk", "answerable or near miss, AUROC", (90.0,)),
    Goal("Newsdesk claims", "AUROC of the probability behind the verdict", (88.0,)),
    Goal("Newsdesk claims", "balanced accuracy", (80.0,)),
    Goal("XQuAD", "right paragraph first", (90.0,)),
    Goal("XQuAD", "sentence with the answer best of its paragraph", (85.0,)),
    Goal("own questions", "right sentence among the claims", (95.0,)),
    Goal("own questions", "a citation's quote equals its span", (100.0,)),
    Goal("own questions", "unanswerable told so", (95.0,)),
    Goal("own questions", "answerable refused", (3.0,), at_most=True),
)


def goal_of(score: Score) -> Goal | None:
    """The goal of a figure on all records; parts have none."""
    if score.part:
        return None
    return next((g for g in _GOALS if (g.benchmark, g.metric) == (score.benchmark, score.metric)), None)
