"""`python -m lab` as it is run: what it prints, and what it writes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.__main__ import main

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        words = list(map(str, arguments))
        with monkeypatch.context() as patch:
            for name in os.environ:
                if name.startswith("SOURCELINE_"):
                    patch.delenv(name)
            for name, value in {"SOURCELINE_DATA": str(models_dir.parent), **more}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["lab", *words])
            with pytest.raises(SystemExit) as end:
                main()
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(end.value.code or 0), said.out, said.err)

    return run


def test_the_lab_asks_the_questions_of_a_set_and_writes_the_scoreboard(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clapnq").mkdir()
    sentences = ["The ferry to Elva sails at noon .", "It carries forty people ."]
    passage = {"title": "Ferry", "text": " ".join(sentences), "sentences": sentences}
    answers: tuple[tuple[int, list[str]], ...] = ((1, [sentences[1]]), (2, []))
    records = [
        {
            "id": str(number),
            "input": "how many people does the ferry carry",
            "passages": [passage],
            "output": [{"answer": "".join(chosen), "selected_sentences": chosen}],
        }
        for number, chosen in answers
    ]
    (tmp_path / "clapnq" / "clapnq_dev.jsonl").write_text("\n".join(map(json.dumps, records)))
    out = tmp_path / "docs"
    out.mkdir()
    arguments = ("--only", "clapnq", "--only", "squad2", "--out", out)
    ran = run(*arguments, SOURCELINE_BENCHMARKS=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert "CLAPNQ, sentence P@1 (1): 100.0 (100.0–100.0)\n" in ran.stdout
    assert "SQuAD 2: not there; it can be had from github.com/rajpurkar/SQuAD-explorer" in ran.stdout
    board = json.loads((out / "scoreboard.json").read_text())
    assert board["schema"] == "sourceline.scoreboard/1"
    assert [stage["stage"] for stage in board["stages"]] == ["clapnq", "squad2"]
    assert "| CLAPNQ, sentence P@1 | 1 |" in (out / "scoreboard.md").read_text()

    again = run(*arguments, "--json", SOURCELINE_BENCHMARKS=str(tmp_path))
    assert "CLAPNQ: as measured before" in again.stderr
    assert json.loads(again.stdout)["stages"] == board["stages"]


def test_the_lab_names_its_stages_and_does_without_the_sets(run: Run) -> None:
    unknown = run("--only", "everything")
    assert unknown.returncode == 2
    assert "there is no stage everything" in " ".join(unknown.stderr.replace("│", " ").split())
    missing = run("--only", "scifact")
    assert missing.returncode == 0
    assert "SOURCELINE_BENCHMARKS is not set." in missing.stderr
    assert "SciFact abstracts: not there; it can be had from" in missing.stdout


def test_a_folder_to_write_to_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    told = run("--only", "squad2", "--out", tmp_path / "none")
    assert (told.returncode, "for --out. Make it, or name another." in told.stderr) == (1, True)
