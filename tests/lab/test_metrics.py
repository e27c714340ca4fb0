"""Figures over judged items: what they are, the best threshold, and how far they may lie off."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.metrics import (
    Half,
    Items,
    auroc,
    balanced_accuracy,
    fit_threshold,
    half_of,
    interval,
    macro_f1,
    spearman,
    unsupported_f1,
)


def items(
    supports: Sequence[float],
    truths: Sequence[float],
    weights: Sequence[float] | None = None,
    groups: Sequence[str] | None = None,
) -> Items:
    return Items(
        np.array(supports, dtype=float),
        np.array(truths, dtype=float),
        np.array(weights or [1] * len(supports), dtype=float),
        np.array(groups or [str(number) for number in range(len(supports))], dtype=object),
    )


def test_figures_of_a_hand_made_case() -> None:
    # Supported: 0.9 and 0.4; not: 0.6, 0.2, 0.1. At 0.5 one of two and two of three are right.
    judged = items([0.9, 0.4, 0.6, 0.2, 0.1], [1, 1, 0, 0, 0])
    assert balanced_accuracy(judged, 0.5) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert macro_f1(judged, 0.5) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert unsupported_f1(judged, 0.5) == pytest.approx(2 / 3)
    assert auroc(judged) == pytest.approx(5 / 6)


def test_a_tie_is_half_a_win() -> None:
    assert auroc(items([0.5, 0.5, 0.5, 0.9], [1, 0, 0, 1])) == pytest.approx(3 / 4)


def test_an_item_counts_by_its_weight() -> None:
    # Ten marked characters found, five unmarked flagged with them, ten marked ones missed.
    judged = items([0.1, 0.1, 0.9, 0.9], [0, 1, 0, 1], [10, 5, 10, 100])
    assert unsupported_f1(judged, 0.5) == pytest.approx(20 / (20 + 5 + 10))


def test_spearman_looks_at_the_order_only() -> None:
    assert spearman(items([0.1, 0.2, 0.9], [0.0, 0.5, 0.6])) == pytest.approx(1)
    assert spearman(items([0.9, 0.2, 0.1], [0.0, 0.5, 0.6])) == pytest.approx(-1)


@pytest.mark.parametrize("metric", [balanced_accuracy, macro_f1, unsupported_f1, auroc])
def test_a_figure_over_one_kind_of_items_is_undefined(metric: Any) -> None:
    assert math.isnan(metric(items([0.2, 0.8], [1, 1]), 0.5))


def test_a_threshold_is_the_middle_of_the_best() -> None:
    judged = items([0.1, 0.3, 0.7, 0.9], [0, 0, 1, 1])
    assert fit_threshold(balanced_accuracy, judged) == pytest.approx(0.5)


def test_a_threshold_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="supported and unsupported"):
        fit_threshold(balanced_accuracy, items([0.1, 0.3], [1, 1]))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1, allow_subnormal=False), st.booleans()), min_size=2, max_size=12)
)
def test_no_threshold_is_better_than_the_fitted_one(judged: list[tuple[float, bool]]) -> None:
    given_items = items([support for support, _ in judged], [float(truth) for _, truth in judged])
    if len({truth for _, truth in judged}) < 2:
        return
    best = balanced_accuracy(given_items, fit_threshold(balanced_accuracy, given_items))
    others = [balanced_accuracy(given_items, support) for support, _ in judged]
    assert best >= max(others) - 1e-9


def test_an_interval_is_the_same_every_time_and_holds_the_figure() -> None:
    random = np.random.default_rng(5)
    truths = random.integers(2, size=80)
    judged = items(list(np.clip(truths * 0.3 + random.random(80) * 0.7, 0, 1)), list(truths))
    low, high = interval(auroc, judged, 0.0, resamples=200)
    assert (low, high) == interval(auroc, judged, 0.0, resamples=200)
    assert low < auroc(judged) < high < 1


def test_an_interval_draws_whole_groups() -> None:
    # Ten copies of two groups hold no more than two groups: every draw is all right, half or wrong.
    supports, truths = [0.9, 0.1] * 10 + [0.1, 0.9] * 10, [1.0, 0.0] * 20
    groups = ["right"] * 20 + ["wrong"] * 20
    assert interval(balanced_accuracy, items(supports, truths, None, groups), 0.5) == (0.0, 1.0)


def test_halves_are_of_about_one_size_and_stay_as_they_are() -> None:
    halves = [half_of(f"group {number}") for number in range(400)]
    assert 160 < halves.count(Half.REPORT) < 240
    assert [half_of(name) for name in ("a", "b", "c", "d", "e", "f")] == [
        Half.REPORT,
        Half.REPORT,
        Half.REPORT,
        Half.REPORT,
        Half.REPORT,
        Half.TUNING,
    ]
