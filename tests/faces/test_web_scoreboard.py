"""The page of the scoreboard: what it says of the figures, of a file that is none, and in a browser."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lab.evaluation.measured import Measured, Scoreboard, read_scoreboard, to_json, with_day
from lab.evaluation.records import Baseline, Confusion, Curve, CurveKind, Result, Score, Series
from rag.core.errors import RagError
from rag.core.settings import Settings
from rag.faces.web.chart_payload import charts_payload
from rag.faces.web.scoreboard_payload import describe_scoreboard, place, scoreboard_payload
from tests.page_server import Server

HOSTILE = "<img src=x onerror=window.hacked=1> **x**"
SQUAD = Score(
    "SQuAD 2",
    "answer or not, accuracy",
    1200,
    70.5,
    68.0,
    72.9,
    (Baseline("always abstain", 52.1), Baseline("another", None)),
    "BERT-large 84.4",
    HOSTILE,
)
RESULT = Result(
    (
        Score("own questions", "answerable refused", 151, 2.0, 1.0, 3.5),
        SQUAD,
        Score("None of ten passages", "balanced accuracy", 60, 72.0, 69.0, 75.0),
        Score("SQuAD 2", "AUROC", 0, None, note="no records"),
        Score("WiCE", "", 0, None, note="not there", is_skipped=True),
    ),
    (
        Curve(
            "SQuAD 2",
            CurveKind.RECALL,
            "passages",
            "found",
            (Series("plain", ((1.0, 0.25),)), Series("ours", ((1.0, 0.5), (3.0, 0.75)))),
        ),
        Curve("SQuAD 2", CurveKind.RISK, "answered", "wrong", (Series("ours", ((0.5, 0.15),)),)),
        Curve("SQuAD 2", CurveKind.CALIBRATION, "told", "true", (Series("ours", ()),)),
    ),
    (Confusion("WiCE", ("supported", "unsupported"), ("supported", "partly"), ((3, 1), (0, 0))),),
)
BOARD = Scoreboard((Measured("toy", "", RESULT),), "2025-02-08")


def write(path: Path, board: Scoreboard = BOARD) -> Path:
    path.write_text(json.dumps(with_day(to_json(board.measured), path, board.since or "")))
    return path


def test_a_scoreboard_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_scoreboard(write(tmp_path / "scoreboard.json")) == BOARD
    assert read_scoreboard(tmp_path / "another.json") is None


def test_the_day_changes_only_when_a_figure_does(tmp_path: Path) -> None:
    path = write(tmp_path / "scoreboard.json")
    write(path, replace(BOARD, since="2025-03-01"))
    assert read_scoreboard(path) == BOARD
    other = Scoreboard((Measured("toy", "", Result((SQUAD,))),), "2025-03-01")
    write(path, other)
    assert read_scoreboard(path) == other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"schema": "sourceline.scoreboard/1"}',
        '{"schema": "sourceline.scoreboard/1", "stages": [3]}',
        '{"schema": "sourceline.scoreboard/1", "stages": [{"stage": "x", "scores": 1}]}',
        '{"schema": "sourceline.answer/1", "stages": []}',
        '{"schema": ["sourceline.scoreboard/2"], "stages": []}',
        "[" * 100_000,
        json.dumps(to_json(BOARD.measured)).replace("70.5", "NaN"),
        json.dumps(to_json(BOARD.measured)).replace("70.5", "1e999"),
        json.dumps(to_json(BOARD.measured)).replace("70.5", "9" * 400),
        json.dumps(to_json(BOARD.measured)).replace("[3, 1]", "[3]"),
    ],
)
def test_what_is_no_scoreboard_is_said_to_be_damaged(text: str, tmp_path: Path) -> None:
    path = tmp_path / "scoreboard.json"
    path.write_text(text)
    with pytest.raises(RagError, match=r"^scoreboard.json is damaged.*`make evaluate`"):
        read_scoreboard(path)


def test_a_newer_schema_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scoreboard.json"
    path.write_text('{"schema": "sourceline.scoreboard/2", "boards": []}')
    with pytest.raises(RagError, match=r"newer Sourceline: its schema is sourceline\.scoreboard/2"):
        read_scoreboard(path)


def test_one_sentence_says_what_was_measured_and_when() -> None:
    words = describe_scoreboard(BOARD)
    assert "3 figures on 3 sets" in words
    assert words.endswith("as they stand since 8 February 2025.")
    assert describe_scoreboard(replace(BOARD, since=None)).endswith("trained on.")
    assert "<b>" in describe_scoreboard(replace(BOARD, since="<b>"))


def test_figures_stand_by_benchmark_with_goal_and_plain_ways() -> None:
    payload = scoreboard_payload(BOARD)
    assert payload["goals"] == "Of 3 goals"
    assert [each["words"] for each in payload["tally"]] == [
        "Reached: 1",
        "Only the first reached: 1",
        "Not reached: 1",
    ]
    assert [(group["benchmark"], len(group["rows"])) for group in payload["groups"]] == [
        ("Own questions", 1),
        ("SQuAD 2", 2),
        ("None of ten passages", 1),
    ]
    assert payload["missing"] == [{"what": "WiCE", "note": "not there"}]
    assert payload["groups"][1]["rows"][0] == {
        "metric": "answer or not, accuracy",
        "count": "1,200",
        "ours": "70.5",
        "within": "68.0–72.9",
        "goal": {"words": "≥ 84.4", "reached": "Not reached", "sign": "unsupported"},
        "plain": [{"name": "always abstain", "figure": "52.1"}, {"name": "another", "figure": "–"}],
        "published": "BERT-large 84.4",
        "note": HOSTILE,
        "picture": {
            "ours": 70.5,
            "low": 68.0,
            "high": 72.9,
            "goals": [84.4],
            "at_most": False,
            "plain": [52.1, None],
            "words": "Ours 70.5, 95 % within 68.0–72.9; goal at least 84.4; "
            "always abstain 52.1; another –.",
        },
    }
    refused = payload["groups"][0]["rows"][0]
    assert refused["picture"]["at_most"]
    assert refused["goal"]["reached"] == "Reached"


def test_what_lies_beyond_the_scale_stands_at_its_end() -> None:
    assert [place(figure) for figure in (-3.0, 0.0, 70.5, 101.0, None)] == [0.0, 0.0, 70.5, 100.0, None]


def test_curves_have_scales_and_their_points_in_words() -> None:
    payload = charts_payload(BOARD)
    recall, risk = payload["sections"]
    (frame,) = recall["frames"]
    assert [series["name"] for series in frame["series"]] == ["ours", "plain"]
    assert frame["series"][0]["points"] == [[0.0, 0.5], [1.0, 0.75]]
    assert [mark["words"] for mark in frame["x"]["marks"]] == ["1", "2", "3"]
    assert frame["words"] == (
        "ours: found 50 % at 1 passages, 75 % at 3; plain: found 25 % at 1 passages, 25 % at 1."
    )
    assert frame["table"] == {
        "head": ["passages", "ours", "plain"],
        "rows": [["1", "50.0 %", "25.0 %"], ["3", "75.0 %", "–"]],
    }
    # Small risks are not pressed onto the axis.
    assert risk["frames"][0]["y"]["marks"][-1] == {"at": 1.0, "words": "20 %"}


def test_a_long_curve_is_told_in_a_dozen_rows() -> None:
    points = tuple((number / 100, 0.5) for number in range(1, 101))
    curve = Curve("X", CurveKind.RISK, "answered", "wrong", (Series("ours", points),))
    board = Scoreboard((Measured("toy", "", Result((), (curve,))),))
    rows = charts_payload(board)["sections"][0]["frames"][0]["table"]["rows"]
    assert len(rows) == 12
    assert [rows[0][0], rows[-1][0]] == ["1 %", "100 %"]


def test_a_confusion_is_shaded_by_the_share_of_its_row() -> None:
    (confusion,) = charts_payload(BOARD)["confusions"]
    assert confusion["rows"][0]["cells"] == [
        {"count": "3", "share": 0.75, "words": "75 %", "agrees": True},
        {"count": "1", "share": 0.25, "words": "25 %", "agrees": False},
    ]
    assert [cell["share"] for cell in confusion["rows"][1]["cells"]] == [0.0, 0.0]


def test_a_scoreboard_is_read_without_the_libraries_that_measure() -> None:
    code = (
        "import sys, rag.faces.web.chart_payload, lab.evaluation.measured;"
        "print({'sklearn', 'scipy', 'matplotlib', 'ir_measures', 'torch'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("scoreboard")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    settings.data_dir.mkdir()
    server = Server(settings, Path(__file__).parent.parent / "scoreboard_app.py")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.set_default_timeout(30_000)
    yield page
    page.close()


def test_the_page_shows_the_figures_or_says_why_not(page: Page, server: Server) -> None:
    path = server.settings.data_dir / "scoreboard.json"
    page.goto(f"{server.address}/scoreboard")
    # The first visit waits for the program to be loaded.
    page.get_by_role("status").filter(has_text="Run `make evaluate`.").wait_for(timeout=120_000)

    path.write_text("{")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("scoreboard.json is damaged", timeout=30_000)

    write(path)
    page.reload()
    figure = page.locator("tr.figure", has_text="answer or not, accuracy")
    expect(figure.locator(".ours .number")).to_have_text("70.5", timeout=30_000)
    expect(figure.locator(".reached")).to_have_text("Not reached")
    expect(figure.locator(".remark")).to_have_text(HOSTILE)
    expect(figure.get_by_role("img", name="Ours 70.5, 95 % within 68.0–72.9")).to_be_visible()
    fits = "[...document.querySelectorAll('html, .stMain')].every(e => e.scrollWidth <= 400)"
    assert page.evaluate(fits)

    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] .points td").first).to_have_text("50.0 %")
    expect(page.locator(".confusion td.agrees")).to_contain_text("75 %")
    assert page.evaluate("typeof hacked") == "undefined"
