"""The scoreboard: formats are read as they are, thresholds never see the report half, and what is
missing is said. All records here are our own inventions in the formats of the sets' authors."""

import gzip
import json
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.evaluation.benchmarks import BENCHMARKS
from lab.evaluation.floors import Pair, term_coverage, word_coverage
from lab.evaluation.metrics import (
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
from lab.evaluation.readers import (
    BenchmarkUnusable,
    Case,
    Response,
    Summary,
    read_attributionbench,
    read_qags,
    read_ragtruth,
    read_scifact,
    read_wice,
)
from lab.evaluation.thresholds import read_thresholds, write_thresholds
from lab.evaluation.verification import Row, evaluate_verification, judge, rows_to_json
from rag.core.records import Sentence, Verdict

evaluate = partial(evaluate_verification, resamples=10)

WICE = {
    "label": "partially_supported",
    "supporting_sentences": [[1], [0, 1], []],
    "claim": "The lighthouse was built in 1902 by two brothers.",
    "evidence": ["About the lighthouse", "It was built in 1902."],
    "meta": {"id": "dev1", "claim_title": "Lighthouse", "claim_section": "", "claim_context": ""},
}
ATTRIBUTION = {
    "question": "Where do the storks nest?",
    "claim": "The storks nest on the mill.",
    "claim_raw_string": "The storks nest on the mill.",
    "response": "The storks nest on the mill.",
    "references": ["Title: Storks\n\nStorks nest on the mill.", "They leave in August."],
    "attribution_label": "attributable",
    "src_dataset": "AttributedQA",
    "id": "AttributedQA_1",
}
RAGTRUTH = {
    "d1": "passage 1:Wash the wool.\nDry it.\n\npassage 2:Spin it slowly.\n\n",
    "d2": "Wash the wool. Then paint it red.",
    "query": "how to spin wool",
    "label": "neutral",
    "id": "7",
    "source_id": "70",
    "model": "a model",
    "labels": [{"start": 20, "end": 32, "text": "paint it red", "label_type": "Evident Baseless Info"}],
}
QAGS = {
    "article": "The ferry was late. Nobody was hurt.",
    "summary_sentences": [
        {
            "sentence": "The ferry was late.",
            "responses": [{"worker_id": 1, "response": "yes"}, {"worker_id": 2, "response": "yes"}],
        },
        {
            "sentence": "Two people were hurt.",
            "responses": [{"worker_id": 1, "response": "no"}, {"worker_id": 2, "response": "yes"}],
        },
    ],
}
SCIFACT = {
    "id": "3",
    "claim": "Moss grows in the dark.",
    "cited_doc_ids": ["11", "12", "13"],
    "evidence": [
        {"doc_id": "11", "label": "SUPPORT", "sentences": [1]},
        {"doc_id": "12", "label": "CONTRADICT", "sentences": [0]},
    ],
}
ABSTRACTS = [
    {"_id": "11", "title": "Moss", "text": "", "sentences": ["We kept moss.", "It grew in the dark."]},
    {"_id": "12", "title": "Moss", "text": "", "sentences": ["Moss died in the dark."]},
    {"_id": "13", "title": "Fern", "text": "", "sentences": ["We kept ferns."]},
]


def write(path: Path, *records: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record) + "\n" for record in records)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


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


def groups_of(half: Half, count: int) -> list[str]:
    names = (f"group {number}" for number in range(1000))
    return [name for name in names if half_of(name) is half][:count]


def wice(number: int, group: str, label: str, claim: str, *evidence: str) -> dict[str, Any]:
    return {
        "label": label,
        "supporting_sentences": [[]],
        "claim": claim,
        "evidence": list(evidence),
        "meta": {"id": f"dev{number}", "claim_title": group},
    }


def toy_wice(folder: Path, each: int = 10) -> None:
    """In each half the first cases say what the evidence says, the others say other things."""
    records: list[dict[str, Any]] = []
    for half in Half:
        for number, group in enumerate(groups_of(half, 2 * each)):
            told, other = f"The harbour sold {number} boats.", "A storm closed every northern road."
            label = "supported" if number < each else "not_supported"
            claim = told if number < each else other
            records.append(wice(len(records), group, label, claim, told))
    write(folder / "wice" / "claim_dev.jsonl", *records)


def row_of(rows: Sequence[Row], benchmark: str, metric: str, part: str) -> Row:
    return next(r for r in rows if (r.benchmark, r.metric, r.part) == (benchmark, metric, part))


def test_wice_is_read_with_its_supporting_sentences(tmp_path: Path) -> None:
    assert list(read_wice(write(tmp_path / "claim_dev.jsonl", WICE))) == [
        Case(
            key="dev1",
            group="Lighthouse",
            claim="The lighthouse was built in 1902 by two brothers.",
            evidence=("About the lighthouse", "It was built in 1902."),
            verdict=Verdict.PARTLY,
            supporting=((1,), (0, 1)),
        )
    ]


def test_attributionbench_is_read_with_its_question(tmp_path: Path) -> None:
    assert list(read_attributionbench(write(tmp_path / "dev.jsonl", ATTRIBUTION))) == [
        Case(
            key="AttributedQA_1",
            group="Where do the storks nest?",
            claim="The storks nest on the mill.",
            evidence=("Title: Storks\n\nStorks nest on the mill.", "They leave in August."),
            verdict=Verdict.SUPPORTED,
            question="Where do the storks nest?",
        )
    ]


def test_ragtruth_is_read_by_sentence_and_keeps_the_marked_characters(tmp_path: Path) -> None:
    (response,) = read_ragtruth(write(tmp_path / "half.jsonl", RAGTRUTH))
    assert response == Response(
        key="7",
        group="70",
        question="how to spin wool",
        text="Wash the wool. Then paint it red.",
        sentences=(Sentence(0, 14), Sentence(15, 33)),
        evidence=("passage 1:Wash the wool.\nDry it.", "passage 2:Spin it slowly."),
        unsupported=((20, 32),),
    )
    assert response.claims == ("Wash the wool.", "Then paint it red.")
    assert response.characters == ((0, 14), (12, 6), (0, 1))


def test_overlapping_marks_count_a_character_once() -> None:
    response = Response("1", "1", "", "Ab cd.", (Sentence(0, 6),), (), ((0, 4), (2, 6)))
    assert response.characters == ((6, 0), (0, 0))


def test_qags_votes_become_shares(tmp_path: Path) -> None:
    (summary,) = read_qags(write(tmp_path / "mturk.jsonl", QAGS))
    assert summary == Summary(
        key=summary.key,
        group=summary.group,
        claims=("The ferry was late.", "Two people were hurt."),
        votes=(1.0, 0.5),
        evidence=("The ferry was late. Nobody was hurt.",),
    )


def test_scifact_gives_a_case_for_each_abstract_that_a_claim_cites(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl.gz", *ABSTRACTS)
    claim = "Moss grows in the dark."
    assert list(read_scifact(write(tmp_path / "claims_dev.jsonl", SCIFACT))) == [
        Case(
            "3-11",
            "11",
            claim,
            ("We kept moss.", "It grew in the dark."),
            Verdict.SUPPORTED,
            ((1,),),
        ),
        Case(
            "3-12",
            "12",
            claim,
            ("Moss died in the dark.",),
            Verdict.UNSUPPORTED,
            ((0,),),
            is_contradicted=True,
        ),
        Case("3-13", "13", claim, ("We kept ferns.",), Verdict.UNSUPPORTED),
    ]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**WICE, "label": "maybe"}, "line 2: label"),
        ({**WICE, "supporting_sentences": [[9]]}, "line 2: a supporting sentence"),
        ({"claim": "Alone."}, "line 2: evidence"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, record: dict[str, Any], words: str) -> None:
    with pytest.raises(BenchmarkUnusable, match=words):
        list(read_wice(write(tmp_path / "claim_dev.jsonl", WICE, record)))


def test_a_span_that_does_not_stand_in_its_response_is_refused(tmp_path: Path) -> None:
    moved = {**RAGTRUTH, "labels": [{"start": 0, "end": 5, "text": "paint"}]}
    with pytest.raises(BenchmarkUnusable, match="line 1: the words of a marked span"):
        list(read_ragtruth(write(tmp_path / "half.jsonl", moved)))


def test_a_claim_about_an_unknown_abstract_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl.gz", *ABSTRACTS[:2])
    with pytest.raises(BenchmarkUnusable, match="abstract 13 is not in corpus"):
        list(read_scifact(write(tmp_path / "claims_dev.jsonl", SCIFACT)))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"\x1f\x8b\x08\x00cut"])
def test_abstracts_that_are_no_packed_text_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "corpus.jsonl.gz").write_bytes(content)
    with pytest.raises(BenchmarkUnusable, match=r"corpus\.jsonl\.gz"):
        list(read_scifact(write(tmp_path / "claims_dev.jsonl", SCIFACT)))


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


def test_word_coverage_reads_words_as_they_are_spelled() -> None:
    pairs: list[Pair] = [("The boats left.", ("The boat left", "at noon")), ("...", ("x",))]
    assert word_coverage(pairs) == [pytest.approx(2 / 3), 1.0]


def test_term_coverage_reads_stems_and_no_small_words() -> None:
    pairs: list[Pair] = [("The boats were painted.", ("A boat left.",)), ("Boats left.", ())]
    assert term_coverage(pairs) == [pytest.approx(1 / 2), 0.0]


def test_a_floor_beats_chance_where_words_tell(tmp_path: Path) -> None:
    toy_wice(tmp_path)

    def by_chance(pairs: Sequence[Pair]) -> list[float]:
        return [len(claim) % 2 / 2 for claim, _ in pairs]

    rows = evaluate(tmp_path, by_chance)
    report = row_of(rows, "WiCE", "balanced accuracy", "report")
    assert (report.count, report.floor) == (20, 100.0)
    assert report.ours is not None
    assert report.ours < 100


def test_a_threshold_is_picked_on_the_tuning_half_only(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    records = [
        json.loads(line) for line in (tmp_path / "wice" / "claim_dev.jsonl").read_text().splitlines()
    ]

    def scorer_for(report_shift: float) -> Any:
        """0.4 or 0.2 in the tuning half, for supported or not, and so much more in the other."""
        supports = {}
        for record in records:
            is_report = half_of(record["meta"]["claim_title"]) is Half.REPORT
            base = 0.4 if record["label"] == "supported" else 0.2
            supports[record["meta"]["claim_title"]] = base + report_shift * is_report
        ordered = iter([supports[record["meta"]["claim_title"]] for record in records])
        return lambda pairs: [next(ordered) for _ in pairs]

    for shift, expected in ((0.0, 100.0), (0.5, 50.0)):
        rows = evaluate(tmp_path, scorer_for(shift))
        report = row_of(rows, "WiCE", "balanced accuracy", "report")
        assert report.threshold == pytest.approx(0.3)
        assert report.ours == expected


def test_thresholds_of_an_earlier_run_are_kept(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    earlier = [Row(**fields) for fields in rows_to_json(evaluate(tmp_path, word_coverage))]

    rows = evaluate(tmp_path, lambda pairs: [0.0] * len(pairs), fixed=earlier)

    (row,) = [r for r in rows if (r.benchmark, r.metric) == ("WiCE", "balanced accuracy")]
    known = row_of(earlier, "WiCE", "balanced accuracy", "report")
    assert (row.part, row.count, row.ours, row.floor) == ("all", 40, 50.0, 100.0)
    assert (row.threshold, row.floor_threshold) == (known.threshold, known.floor_threshold)
    assert row.note == "thresholds of an earlier run"


def test_shipped_thresholds_stand_on_files_that_they_were_not_chosen_on(tmp_path: Path) -> None:
    toy_wice(tmp_path / "seen")
    toy_wice(tmp_path / "new", each=12)
    path = tmp_path / "thresholds.json"
    assert read_thresholds(tmp_path / "seen", path) == ()
    rows = evaluate(tmp_path / "seen", word_coverage)

    write_thresholds(tmp_path / "seen", rows, path)

    assert read_thresholds(tmp_path / "seen", path) == ()
    kept = read_thresholds(tmp_path / "new", path)
    assert kept == tuple(row for row in rows if row.part == "report" and not row.is_skipped)
    again = evaluate(tmp_path / "new", word_coverage, fixed=kept)
    assert row_of(again, "WiCE", "balanced accuracy", "all").threshold == kept[0].threshold


def test_what_was_learned_is_not_measured(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    (known,) = groups_of(Half.REPORT, 1)
    rows = evaluate(tmp_path, word_coverage, keep=lambda name, unit: unit.group != known)
    assert row_of(rows, "WiCE", "balanced accuracy", "report").count == 19
    nothing = evaluate(tmp_path, word_coverage, keep=lambda name, unit: False)
    row = row_of(nothing, "WiCE", "balanced accuracy", "all")
    assert (row.count, row.ours, row.note) == (0, None, "too few cases of one kind to tell")


def test_a_figure_whose_threshold_has_seen_it_says_so(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    rows = evaluate(tmp_path, word_coverage)
    everything = row_of(rows, "WiCE", "balanced accuracy", "all")
    assert (everything.count, everything.low, everything.note) == (
        40,
        None,
        "the threshold has seen half of this",
    )
    assert row_of(rows, "WiCE", "AUROC", "all").note is None


def test_a_response_counts_by_characters_and_a_summary_by_sentences() -> None:
    by_name = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    response = Response(
        "1", "1", "", "Ab. Cd.", (Sentence(0, 3), Sentence(4, 7)), (), unsupported=((4, 7),)
    )
    example, span, _ = by_name["RAGTruth questions"].measures
    judged = example.items([response], [(0.9, 0.2)])
    # Of three characters a tenth is expected to be unsupported, of three others four fifths.
    assert list(judged.supports) == [pytest.approx(1 / (1 + 0.3 + 2.4))]
    assert list(judged.truths) == [0.0]
    characters = span.items([response], [(0.9, 0.2)])
    assert unsupported_f1(characters, 0.5) == 1.0
    assert characters.weights.sum() == len("Ab. Cd.")
    summary = Summary("1", "1", ("Ab.", "Cd."), (1.0, 0.5), ())
    (order,) = by_name["QAGS CNN/DM"].measures
    assert list(order.items([summary], [(0.9, 0.2)]).supports) == [pytest.approx(0.55)]


def test_a_missing_set_is_told_with_where_it_can_be_had(tmp_path: Path) -> None:
    rows = evaluate(tmp_path, word_coverage)
    assert [row.benchmark for row in rows] == [
        benchmark.name for benchmark in BENCHMARKS for _ in benchmark.measures
    ]
    assert all(row.is_skipped and row.ours is None for row in rows)
    assert rows[0].note == (
        f"skipped: no wice/claim_*.jsonl in {tmp_path}; it can be had from "
        "github.com/ryokamoi/wice, the claims, as wice/claim_dev.jsonl"
    )


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkUnusable, match="SOURCELINE_BENCHMARKS"):
        evaluate(tmp_path / "none", word_coverage)


def test_too_few_cases_are_told_and_not_measured(tmp_path: Path) -> None:
    write(tmp_path / "wice" / "claim_dev.jsonl", WICE)
    row = row_of(evaluate(tmp_path, word_coverage), "WiCE", "balanced accuracy", "all")
    assert (row.count, row.ours, row.note) == (1, None, "too few cases of one kind to tell")


def test_a_sample_is_the_same_cases_every_time_and_progress_is_told(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    seen: list[list[str]] = []
    told: list[tuple[str, int, int]] = []

    def remember(pairs: Sequence[Pair]) -> list[float]:
        seen.append([claim for claim, _ in pairs])
        return [0.5] * len(pairs)

    for _ in range(2):
        evaluate(tmp_path, remember, 6, lambda *step: told.append(step))
    assert seen[0] == seen[1]
    assert told == [("WiCE", 6, 6)] * 2


@pytest.mark.parametrize(
    ("supports", "words"), [([0.5], "1 supports for 2"), ([0.5, 1.2], "1.2"), ([0.5, math.nan], "nan")]
)
def test_a_scorer_that_breaks_its_promise_is_refused(supports: list[float], words: str) -> None:
    summary = Summary("1", "1", ("Ab.", "Cd."), (1.0, 0.5), ())
    with pytest.raises(ValueError, match=words):
        judge([summary], lambda pairs: supports)


def test_rows_are_plain_json(tmp_path: Path) -> None:
    toy_wice(tmp_path)
    rows = evaluate(tmp_path, word_coverage)
    assert [Row(**fields) for fields in json.loads(json.dumps(rows_to_json(rows)))] == list(rows)
