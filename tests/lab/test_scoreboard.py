"""The scoreboard: what was measured stays measured until something changes, what is missing is named,
what was learned is left out, and the page says no more than the records."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab import learned
from lab.failures import Failure
from lab.goals import goal_of
from lab.metrics import accuracy, mean
from lab.page import markdown
from lab.results import (
    Baseline,
    Confusion,
    Curve,
    CurveKind,
    Measured,
    Result,
    Score,
    Series,
    Veto,
)
from lab.scoreboard import code_fingerprint, run_stages, write_scoreboard
from lab.scores import calibration_series, items_of, risk_series, score_of
from lab.sets import stages_in
from lab.sets.none_of_ten import PoolQuestion
from lab.stage import Context, Stage
from rag.core.errors import RagError, SettingsError
from rag.core.settings import Settings

SCORE = Score(
    "SQuAD 2",
    "answer or not, accuracy",
    1200,
    70.5,
    68.0,
    72.9,
    (Baseline("always abstain", 50.0), Baseline("another", None)),
    "BERT-large 84.4",
    "a sample",
)
RESULT = Result(
    (SCORE, Score("own questions", "answerable refused", 151, 2.0, 1.0, 3.5)),
    (
        Curve("X", CurveKind.RECALL, "passages", "found", (Series("ours", ((1.0, 0.5), (2.0, 0.75))),)),
        Curve("X", CurveKind.RISK, "answered", "wrong", (Series("ours", ((0.5, 0.0), (1.0, 0.5))),)),
        Curve("X", CurveKind.CALIBRATION, "told", "true", (Series("ours", ()),)),
    ),
    (Confusion("X", ("supported", "unsupported"), ("supported", "partly"), ((3, 1), (0, 2))),),
)


class Counting:
    """A stage's measure that counts how often it is asked."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, context: Context, files: Sequence[Path]) -> Result:
        self.calls += 1
        return RESULT


def context(tmp_path: Path, sample: int | None = None, hits: int = 10) -> Context:
    return Context(Settings(tmp_path, tmp_path / "data", hit_count=hits), sample)


def test_what_came_out_wrong_is_kept_beside_the_figures(tmp_path: Path) -> None:
    wrong = Failure("Toy", "refused", "1", "Who?", "Ada", "nothing")

    def measure(context: Context, files: Sequence[Path]) -> Result:
        context.failed(wrong)
        return RESULT

    (tmp_path / "set.jsonl").write_text("one")
    list(
        run_stages(
            [Stage("toy", "Toy", (tmp_path / "set.jsonl",), "nowhere", measure)], context(tmp_path)
        )
    )
    kept = (tmp_path / "data" / "scoreboard" / "toy.failures.jsonl").read_text()
    assert Failure(**json.loads(kept)) == wrong


def test_a_stage_is_measured_once_until_something_changes(tmp_path: Path) -> None:
    file, measure = tmp_path / "set.jsonl", Counting()
    file.write_text("one")
    stages = [Stage("toy", "Toy", (file,), "nowhere", measure)]

    def run(fresh: bool = False, sample: int | None = None, hits: int = 10) -> int:
        (found,) = run_stages(stages, context(tmp_path, sample, hits), fresh)
        assert found.result == RESULT
        return measure.calls

    assert [run(), run()] == [1, 1]
    assert run(fresh=True) == 2
    assert [run(sample=5), run(sample=5), run()] == [3, 3, 3]
    assert run(hits=5) == 4
    file.write_text("two")
    assert run(hits=5) == 5
    (tmp_path / "data" / "scoreboard" / "toy.json").write_text("{")
    assert run(hits=5) == 6


def test_what_was_finished_stays_when_a_later_stage_fails(tmp_path: Path) -> None:
    file, measure = tmp_path / "set.jsonl", Counting()
    file.write_text("one")

    def fail(context: Context, files: Sequence[Path]) -> Result:
        raise RagError("The disk is full.")

    stages = [
        Stage("toy", "Toy", (file,), "nowhere", measure),
        Stage("bad", "Bad", (file,), "nowhere", fail),
    ]
    for _ in range(2):
        with pytest.raises(RagError, match="full"):
            list(run_stages(stages, context(tmp_path)))
    assert measure.calls == 1


def test_the_program_counts_and_its_faces_do_not(tmp_path: Path) -> None:
    def fingerprint(name: str, words: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
        return code_fingerprint(tmp_path)

    first = fingerprint("rag/judging/support.py", "a")
    assert fingerprint("rag/judging/support.py", "b") != first
    assert fingerprint("rag/judging/support.py", "a") == first
    assert fingerprint("rag/faces/web/page.py", "a") == fingerprint("README.md", "a") == first
    assert fingerprint("lab/learned.txt", "a") != first


def test_sets_that_are_not_there_are_named_with_where_they_can_be_had(tmp_path: Path) -> None:
    stages = [stage for stage in stages_in(tmp_path) if stage.name not in ("own", "speed")]
    assert [stage.name for stage in stages] == [
        "newsdesk",
        "newsdesk_claims",
        "newsdesk_search",
        "xquad",
        "clapnq",
        "none_of_ten",
        "squad2",
        "wice",
        "attributionbench",
        "ragtruth",
        "qags",
        "scifact_claims",
        "scifact",
        "ramdocs",
        "qacc",
        "realtimeqa",
    ]
    measured = list(run_stages(stages, context(tmp_path)))
    assert all(each.result.scores[0].is_skipped for each in measured)
    page = markdown(measured)
    assert "- CLAPNQ: not there; it can be had from github.com/primeqa/clapnq" in page
    assert str(tmp_path) not in page


def test_each_year_of_news_is_a_set_of_its_own(tmp_path: Path) -> None:
    for year in ("2022", "2031"):
        (tmp_path / f"realtimeqa_{year}").mkdir()
        (tmp_path / f"realtimeqa_{year}" / f"{year}0101_qa.jsonl").touch()
    names = [(stage.name, stage.title) for stage in stages_in(tmp_path) if "realtime" in stage.name]
    assert names == [
        ("realtimeqa_2022", "RealTimeQA 2022"),
        ("realtimeqa_2022_choices", "RealTimeQA 2022, choices"),
        ("realtimeqa_2031", "RealTimeQA 2031"),
        ("realtimeqa_2031_choices", "RealTimeQA 2031, choices"),
    ]


def test_the_page_says_what_the_records_say() -> None:
    page = markdown([Measured("toy", "1", RESULT)], ["scoreboard-risk.svg"])
    assert (
        "| SQuAD 2, answer or not, accuracy | 1,200 | 70.5 (68.0–72.9) | ≥ 84.4 | no "
        "| always abstain 50.0; another – | BERT-large 84.4 | a sample |"
    ) in page
    assert ("| own questions, answerable refused | 151 | 2.0 (1.0–3.5) | ≤ 3 | yes |  |  |  |") in page
    assert "| supported | 3 | 1 |" in page
    assert "![scoreboard-risk](scoreboard-risk.svg)" in page


def test_the_page_has_a_table_of_kinds_and_one_of_vetoes_and_says_what_got_worse() -> None:
    result = Result(
        (
            Score("WiCE", "balanced accuracy", 121, 68.3),
            Score("QAGS CNN/DM", "Spearman", 235, 70.0),
            Score("Newsdesk", "good answers", 60, 50.0),
            Score("Newsdesk", "good answers", 45, 60.0, part="kind fact"),
            Score("Newsdesk", "told not to be there", 45, 55.6, part="kind unanswerable"),
        ),
        vetoes=(
            Veto("WiCE", "number", 4, 3),
            Veto("QAGS", "number", 6, 6),
            Veto("WiCE", "name", 0, 0),
        ),
    )
    page = markdown([Measured("toy", "1", result)])
    assert "What they see is worse: WiCE, balanced accuracy 68.3 instead of 76.7.\n" in page
    assert "| Newsdesk, good answers | 60 | 50.0 |" in page
    assert "kind fact" not in page
    assert (
        "|  | good answers | told not to be there |\n|---|---:|---:|\n"
        "| fact | 60.0 of 45 |  |\n| unanswerable |  | 55.6 of 45 |\n"
    ) in page
    assert (
        "| flaw | WiCE | QAGS | all | precision |\n|---|---:|---:|---:|---:|\n"
        "| number | 3 of 4 | 6 of 6 | 9 of 10 | 90.0 |\n| name | 0 of 0 |  | 0 of 0 | – |\n"
    ) in page


def test_of_two_goals_the_first_may_be_reached() -> None:
    score = Score("None of ten passages", "balanced accuracy", 10, 72.0)
    goal = goal_of(score)
    assert goal is not None
    assert goal.words == "≥ 70, then 75.8"
    assert [goal.reached(figure).value for figure in (69.9, 72.0, 75.8)] == ["no", "the first", "yes"]
    assert goal_of(Score("None of ten passages", "balanced accuracy", 10, 72.0, part="fresh")) is None


def test_the_same_figures_give_the_same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scoreboard-calibration.svg").write_text("of an earlier run")
        write_scoreboard(tmp_path / name, [Measured("toy", "1", RESULT)])
        contents.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert contents[0] == contents[1]
    # A curve without points is none.
    assert set(contents[0]) == {
        "scoreboard.json",
        "scoreboard.md",
        "scoreboard-recall.svg",
        "scoreboard-risk.svg",
        "scoreboard-confusion.svg",
    }


def test_a_score_is_measured_as_its_baselines_are() -> None:
    truths, groups = [True, False, True, False], list("abcd")
    score = score_of(
        "X",
        "accuracy",
        accuracy,
        items_of([1.0, 0.0, 0.0, 0.0], truths, groups),
        [("always abstain", items_of([0.0] * 4, truths, groups))],
        resamples=20,
    )
    assert (score.count, score.ours, score.baselines) == (4, 75.0, (Baseline("always abstain", 50.0),))
    assert score.low is not None
    assert score.low < 75.0
    nothing = score_of("X", "mean", mean, items_of([], None, []))
    assert (nothing.count, nothing.ours, nothing.note) == (0, None, "no records")


def test_risk_and_calibration() -> None:
    assert risk_series("ours", [0.2, 0.9, 0.5, 0.1], [True, True, False, True]).points == (
        (0.25, 0.0),
        (0.5, 0.5),
        (0.75, 0.3333),
        (1.0, 0.25),
    )
    told, truths = [0.1] * 50 + [0.9] * 50, [False] * 45 + [True] * 50 + [False] * 5
    assert calibration_series("ours", told, truths).points == ((0.1, 0.1), (0.9, 0.9))
    assert calibration_series("ours", [0.1], [True]).points == ()
    assert risk_series("ours", [], []).points == ()


def test_a_sample_is_the_same_records_every_time(tmp_path: Path) -> None:
    every = [PoolQuestion(str(number), "Who?", (), is_answerable=False) for number in range(30)]
    five = context(tmp_path, 5).sampled(every)
    assert len(five) == 5
    assert context(tmp_path, 5).sampled(every[::-1]) == five
    assert context(tmp_path).sampled(every, most=5) == five
    assert len(context(tmp_path).sampled(every)) == 30


def test_what_was_learned_is_known_by_its_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "learned.txt"
    monkeypatch.setattr(learned, "LEARNED", path)
    learned.learned_marks.cache_clear()
    assert not learned.is_learned("Moss", "squad2")
    path.write_text(f"# groups that weights were trained on\n{learned.mark_of('Moss', 'squad2')}\n")
    learned.learned_marks.cache_clear()
    assert learned.is_learned("Moss", "squad2")
    assert not learned.is_learned("Moss", "clapnq")
    path.write_text("moss\n")
    learned.learned_marks.cache_clear()
    with pytest.raises(SettingsError, match="'moss'"):
        learned.is_learned("Moss", "squad2")
    learned.learned_marks.cache_clear()
