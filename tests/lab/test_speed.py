"""What the pipeline costs is told in the units that the rows name; what cannot be measured says why."""

import time
from pathlib import Path

import pytest

from lab import speed
from lab.stage import Context
from lab.timing import seconds
from rag.core.settings import Settings


class Plain:
    """What encodes as anyone would, at no time."""

    def encode(self, texts: str | list[str]) -> None:
        time.sleep(0.001)


def test_each_cost_has_its_row_and_what_is_lacking_is_told(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").symlink_to(models_dir)
    for name in ("_QUESTIONS", "_COMMANDS", "_ROUNDS", "_BUILDS", "_AT_ONCE"):
        monkeypatch.setattr(speed, name, 2)
    monkeypatch.setattr(speed, "_plain_model", lambda folder: Plain())
    monkeypatch.setattr(speed, "_cold", lambda corpus: [0.25, 0.75])
    (stage,) = speed.stages(tmp_path)
    context = Context(Settings(tmp_path, tmp_path), resamples=10)

    scores = {score.metric: score for score in stage.measure(context, stage.files).scores}

    assert scores["milliseconds of a cold `sourceline ask`"].ours == 500.0
    assert (scores["CPU milliseconds of a warm question, our own articles"].ours or 0) > 0
    assert (scores["each of 2 questions at once, in percent of one alone"].ours or 0) > 0
    news = scores["CPU milliseconds of a warm question, the articles of RealTimeQA"]
    assert (news.ours, news.note) == (None, "measured where RealTimeQA is indexed")
    build = scores["first build, in percent of F over its passages"]
    assert (build.ours is None, build.count) == (False, 2)


def test_work_is_timed_by_the_clock_that_is_asked_for() -> None:
    assert seconds(lambda: time.sleep(0.05)) >= 0.05
    assert seconds(lambda: time.sleep(0.05), time.process_time) < 0.05
