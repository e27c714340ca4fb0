"""The command line as a user runs it: a process, its output and its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.schema import answer_from_json
from rag.settings import shipped

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What did Kalin discuss in Damascus?"


@pytest.fixture
def run(models_dir: Path) -> Run:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SOURCELINE_")
    } | {"SOURCELINE_DATA": str(models_dir.parent), "HF_HUB_OFFLINE": "1"}

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rag.cli", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "my articles"
    folder.mkdir()
    (folder / "bridge.md").write_text(
        '---\ntitle: Bridge repairs\npublisher: The Elva Post\npublished: "2024-05"\n---\n'
        "The bridge over the Elva closes in May. Repairs take four months, the mayor said.\n"
    )
    (folder / "notes.xyz").write_text("no article")
    return folder


@pytest.mark.usefixtures("encoder")
def test_ask_prints_json_whose_quotes_are_their_spans(run: Run) -> None:
    asked = run("ask", QUESTION, "--json")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["schema"] == "sourceline.answer/1"
    assert (answer["question"], answer["kind"], answer["message"]) == (QUESTION, "answered", None)
    for claim in answer["claims"]:
        assert (claim["verdict"], claim["reason"]) == ("supported", None)
        for citation in claim["citations"]:
            text = run("corpus", citation["source"]).stdout
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert citation["published"] == "2025-05"
    assert answer_from_json(answer).question == QUESTION


def test_ask_prints_numbered_sources_and_their_quotes(run: Run, corpus: Path) -> None:
    asked = run("ask", "How long do the repairs of the bridge take?", "--corpus", corpus)
    assert asked.returncode == 0, asked.stderr
    assert "Repairs take four months, the mayor said. [" in asked.stdout
    assert "] Bridge repairs · The Elva Post · May 2024, bridge.md [" in asked.stdout
    assert "\n    Repairs take four months, the mayor said." in asked.stdout


def test_what_is_not_in_the_articles_exits_with_3(run: Run, corpus: Path) -> None:
    asked = run("ask", "Who won the 2022 World Cup?", "--corpus", corpus, "--json")
    assert asked.returncode == 3
    assert json.loads(asked.stdout)["kind"] == "not_found"


def test_a_file_of_questions_gives_a_json_object_a_line(run: Run, corpus: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("When does the bridge close?\n\n???\nWho won the 2022 World Cup?\n")
    asked = run("ask", "--questions", questions, "--corpus", corpus, "--json")
    assert asked.returncode == 0, asked.stderr
    lines = [json.loads(line) for line in asked.stdout.splitlines()]
    assert [line.get("kind", line.get("error")) for line in lines] == [
        "answered",
        "Ask a question in words.",
        "not_found",
    ]


def test_search_prints_hits_with_their_spans(run: Run, corpus: Path) -> None:
    found = json.loads(run("search", "bridge", "--corpus", corpus, "--json").stdout)
    (hit,) = found["hits"]
    text = (corpus / "bridge.md").read_text().partition("---\n")[2].partition("---\n")[2].strip()
    assert (hit["source"], hit["text"]) == ("bridge.md", text[hit["start"] : hit["end"]])
    assert 0 < hit["score"] <= 1


def test_corpus_lists_articles_and_what_was_left_out(run: Run, corpus: Path) -> None:
    listed = run("corpus", "--corpus", corpus).stdout
    assert "bridge.md" in listed
    assert "Bridge repairs · The Elva Post · May 2024" in listed
    assert "notes.xyz\n    left out: " in listed
    unknown = run("corpus", "other.md", "--corpus", corpus)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "There is no article 'other.md'" in unknown.stderr


def test_index_reports_what_it_did(run: Run, corpus: Path) -> None:
    first = json.loads(run("index", "--corpus", corpus, "--json").stdout)
    assert (first["articles"], first["added"], first["embedded"]) == (1, 1, 1)
    again = json.loads(run("index", "--corpus", corpus, "--json").stdout)
    assert (again["unchanged"], again["embedded"]) == (1, 0)
    assert "Built anew: a rebuild was asked for." in run("index", "--rebuild", "--corpus", corpus).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ask",), 2, "give either a question or --questions FILE"),
        (("ask", "?"), 1, "Ask a question in words."),
        (("ask", "why " * 5000), 1, "2,000 is the most"),
        (("ask", "Why?", "--corpus", "/no/such/folder"), 1, "/no/such/folder"),
        (("ask", "Why is it so?", "--from", "last May"), 1, "'last May' is not a date"),
    ],
)
def test_bad_input_is_told_in_words(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    told = run(*arguments)
    assert told.returncode == code
    assert said in " ".join(told.stderr.replace("│", " ").split())
    assert "Traceback" not in told.stderr


def test_the_doctor_finds_this_machine_well(run: Run) -> None:
    seen = run("doctor", "--offline", "--json", "--corpus", shipped("corpus"))
    findings = {each["what"]: each for each in json.loads(seen.stdout)["findings"]}
    assert set(findings) >= {"Python", "packages", "embedding model", "room on the disk", "articles"}
    assert [what for what, each in findings.items() if not each["is_well"]] == []
    assert seen.returncode == 0


def test_the_doctor_names_what_is_lacking(run: Run, tmp_path: Path) -> None:
    (tmp_path / "aliases.txt").write_text("only one name\n")
    seen = run("doctor", "--offline", "--corpus", tmp_path)
    assert seen.returncode == 1
    assert "MISSING  articles: there is none in" in seen.stdout
    assert "MISSING  aliases: " in seen.stdout
    assert "line 1: write at least two names" in seen.stdout
