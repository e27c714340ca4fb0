"""The command line as a user runs it: its output and its exit code. The commands that a process of its
own may change, by its encoding or its end, run in one; the others here, where the models are open."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.asking.checking import read_draft
from rag.core.records import Answer, AnswerKind, Exchange, Filters
from rag.core.schema import answer_from_json
from rag.core.settings import Settings, shipped
from rag.desk.desk import open_desk
from rag.desk.feedback import Fault, Feedback
from rag.faces.cli import main
from tests.web_pages import serve_pages

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What did Kalin discuss in Damascus?"


@pytest.fixture
def environment(models_dir: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SOURCELINE_")}
    return others | {"SOURCELINE_DATA": str(models_dir.parent), "HF_HUB_OFFLINE": "1"}


@pytest.fixture
def run_process(environment: dict[str, str]) -> Run:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rag.faces.cli", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def run(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def run(*arguments: str | Path, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        words = list(map(str, arguments))
        with monkeypatch.context() as patch:
            for name in os.environ.keys() - environment.keys():
                patch.delenv(name)
            for name, value in (environment | more).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["sourceline", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

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


def test_ask_prints_json_whose_quotes_are_their_spans(run_process: Run) -> None:
    asked = run_process("ask", QUESTION, "--json")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["schema"] == "sourceline.answer/1"
    assert (answer["question"], answer["kind"], answer["message"]) == (QUESTION, "answered", None)
    citations = [citation for claim in answer["claims"] for citation in claim["citations"]]
    texts = {source: run_process("corpus", source).stdout for source in {c["source"] for c in citations}}
    for claim in answer["claims"]:
        assert (claim["verdict"], claim["reason"]) == ("supported", None)
        for citation in claim["citations"]:
            text = texts[citation["source"]]
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


def test_a_line_of_json_asks_a_follow_up(run: Run, corpus: Path, tmp_path: Path) -> None:
    earlier, question = "When does the bridge close?", "And when does it open again?"
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"question": question, "history": [earlier]},
        {"question": question},
        {"question": question, "history": [{"question": earlier}]},
        {"history": [earlier]},
    ]
    questions.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    asked = run("ask", "--questions", questions, "--corpus", corpus, "--json")
    follow_up, alone, *refused = [json.loads(line) for line in asked.stdout.splitlines()]
    assert (follow_up["question"], alone["question"]) == (question, question)
    assert "bridge" in follow_up["standalone"]
    assert alone["standalone"] is None
    assert all('must be {"question": "…", "history":' in line["error"] for line in refused)
    assert (len(refused), asked.returncode) == (2, 0)


@pytest.mark.parametrize("ending", ["docx", "md"])
def test_a_file_of_questions_becomes_a_briefing(
    run: Run, corpus: Path, tmp_path: Path, ending: str
) -> None:
    questions, briefing = tmp_path / "questions.txt", tmp_path / f"bridge.{ending}"
    questions.write_text("When does the bridge close?\n???\nWho won the 2022 World Cup?\n")
    asked = run("ask", "--questions", questions, "--briefing", briefing, "--corpus", corpus)
    assert asked.returncode == 0, asked.stderr
    assert f"The briefing is in {briefing}." in " ".join(asked.stderr.split())
    assert briefing.stat().st_size > 500
    if ending == "md":
        text = briefing.read_text()
        for line in (
            "# bridge",
            "## When does the bridge close?",
            "The bridge over the Elva closes in May.[^1]",
            "[^1]: “The bridge over the Elva closes in May.” Bridge repairs, The Elva Post, May 2024, "
            "bridge.md",
            "> *Missing:* Ask a question in words.",
        ):
            assert f"{line}\n" in text


def test_a_briefing_of_another_kind_is_refused_before_anything_is_asked(run: Run, corpus: Path) -> None:
    asked = run("ask", "When?", "--briefing", "out.odt", "--corpus", corpus)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "End its name in .docx, .pdf, .html, .md" in " ".join(asked.stderr.split())


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


def test_verify_judges_each_line_without_any_articles(run: Run, tmp_path: Path) -> None:
    quote = "The bridge over the Elva closes in May."
    lines = [
        json.dumps({"claim": quote, "quote": quote}),
        "no json",
        json.dumps({"claim": "The bridge over the Elva closes in June.", "quote": quote}),
    ]
    verified = run(
        "verify", "-", "--json", typed="\n".join(lines), SOURCELINE_CORPUS=str(tmp_path / "none")
    )
    assert verified.returncode == 1
    first, second, third = map(json.loads, verified.stdout.splitlines())
    assert first == {
        "schema": "sourceline.verdict/1",
        "line": 1,
        "claim": quote,
        "verdict": "supported",
        "reason": None,
        "support": None,
    }
    assert (second["line"], second["error"][:12]) == (2, "Invalid JSON")
    assert (third["line"], third["verdict"]) == (3, "conflicting")
    assert third["reason"] == "June is not in the cited words; they say May."


def test_verify_prints_words_that_cannot_steer_a_terminal(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    claim = "The bridge\x1b[2J is\nclosed."
    file.write_text(json.dumps({"claim": claim, "quote": claim}), encoding="utf-8-sig")
    verified = run("verify", file)
    assert (verified.returncode, verified.stdout) == (0, "supported  The bridge[2J is closed.\n")


DRAFT = """---
title: My brief
---
# The bridge

The bridge over the Elva closes in May. [1] Repairs take nine months, the mayor said. Who pays?

Bananas are rich in potassium. See below.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text(DRAFT)
    return path


def test_check_gives_each_sentence_of_a_draft_its_verdict(run: Run, corpus: Path, draft: Path) -> None:
    checked = run("check", draft, "--corpus", corpus, "--json")
    assert checked.returncode == 0, checked.stderr
    report = json.loads(checked.stdout)
    text = read_draft(draft).text
    assert (report["schema"], report["draft"]) == ("sourceline.check/1", str(draft))
    verdicts = [(text[s["start"] : s["end"]], s["verdict"]) for s in report["sentences"]]
    assert [(s["text"], s["verdict"]) for s in report["sentences"]] == verdicts
    assert verdicts == [
        ("The bridge over the Elva closes in May. [1]", "supported"),
        ("Repairs take nine months, the mayor said.", "conflicting"),
        ("Bananas are rich in potassium.", None),
    ]
    quotes = [[citation["quote"] for citation in s["citations"]] for s in report["sentences"]]
    assert quotes == [
        ["The bridge over the Elva closes in May."],
        ["Repairs take four months, the mayor said."],
        [],
    ]
    assert report["summary"] == {
        "sentences": 3,
        "borne_out": 1,
        "off": 1,
        "not_spoken_of": 1,
        "questions": 1,
        "too_short": 1,
    }
    assert report["left_out"] == []


def test_check_prints_a_mark_in_words_and_numbered_sources(run: Run, corpus: Path, draft: Path) -> None:
    checked = run("check", draft, "--corpus", corpus)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines()[:3] == [
        "BORNE OUT      The bridge over the Elva closes in May. [1]",
        "OFF            Repairs take nine months, the mayor said. [2] "
        "(conflicting: nine months is not in the cited words; they say four months.)",
        "NOT SPOKEN OF  Bananas are rich in potassium.",
    ]
    assert "[2] Bridge repairs · The Elva Post · May 2024, bridge.md [" in checked.stdout
    assert checked.stdout.endswith(
        "3 sentences: 1 borne out, 1 off, 1 that the articles do not speak of.\n"
        "Passed over: 1 question, 1 too short to state anything.\n"
    )


def test_a_saved_case_is_asked_again(run: Run, corpus: Path, tmp_path: Path) -> None:
    own = {"SOURCELINE_DATA": str(tmp_path / "data")}
    none = run("cases", "--corpus", corpus, **own)
    assert (none.returncode, none.stdout.partition(".")[0]) == (0, "No case is saved")
    desk = open_desk(Settings(corpus, tmp_path / "data"))
    question = "How long do the repairs of the bridge take?"
    before = Answer(question, AnswerKind.NOT_FOUND, "The articles do not answer this.", ())
    desk.conversations.add("talk", Exchange(question, before), Filters(), datetime.now(UTC))
    desk.feedback.give("talk", 1, Feedback(False, Fault.MISSED, "it is there", is_case=True))

    again = run("cases", "--corpus", corpus, **own)

    assert again.stdout == (
        f"otherwise now: {question} (Something is missed)\n1 of 1 come otherwise now.\n"
    )
    (case,) = json.loads(run("cases", "--corpus", corpus, "--json", **own).stdout)["cases"]
    assert (case["is_as_before"], case["error"], case["fault"]) == (False, None, "missed")
    assert answer_from_json(case["before"]) == before
    assert "four months" in case["now"]["claims"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("verify", "/no/such/file"), 1, "The claims in /no/such/file cannot be read"),
        (("check", "/no/such/file.md"), 1, "There is no file /no/such/file.md."),
        (("ask", "Why is it so?", "--write"), 1, "Set SOURCELINE_LLM_BASE_URL"),
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


def test_files_and_pages_are_added_and_the_bad_ones_told(run: Run, corpus: Path, tmp_path: Path) -> None:
    draft = tmp_path / "Tower.md"
    draft.write_text("# The tower\n\nThe clock tower of Vadso was painted green in 2019.\n")
    with serve_pages() as pages:
        what = [draft, draft, pages.url("/sund"), pages.url("/inside"), tmp_path / "gone.txt"]
        added = run("add", *what, "--corpus", corpus, "--json", SOURCELINE_FETCH_PRIVATE=pages.host)
    assert added.returncode == 1
    results = json.loads(added.stdout)["added"]
    assert [(result["source"], result["is_new"]) for result in results] == [
        ("Tower.md", True),
        ("Tower.md", False),
        ("The lighthouse at Sund is lit again.html", True),
        (None, False),
        (None, False),
    ]
    assert "127.0.0.1 is no public address" in results[3]["error"]
    assert results[4]["error"] == "It cannot be read: No such file or directory."
    listed = json.loads(run("corpus", "--corpus", corpus, "--json").stdout)["articles"]
    assert {article["title"] for article in listed} == {
        "Bridge repairs",
        "The tower",
        "The lighthouse at Sund is lit again",
    }
