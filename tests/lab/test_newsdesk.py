"""A news desk is asked as users ask, each question after its history, and what of the answers is good is
counted by kind. The articles and questions here are our own inventions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.reading import BenchmarkUnusable
from lab.results import Result
from lab.sets import newsdesk
from lab.sets.newsdesk import Question, Quote, judged, matches
from lab.stage import Context
from rag.asking.assistant import Assistant
from rag.core.records import Answer, AnswerKind, Citation, Claim, Event, Verdict
from rag.core.settings import Settings
from tests.lab.files import write

HARBOUR = "Mayor Ada Okoye opened the harbour of Elva on 3 May 2031."
COST = "The harbour of Elva cost 40 million crowns."
FERRY = "The ferry to Borrow carries 120 passengers."


def quote(text: str, file: str = "harbour.md") -> dict[str, str]:
    return {"file": file, "quote": text}


def question(number: int, kind: str, asked: str, *groups: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"q{number}",
        "kind": kind,
        "question": asked,
        "answerable": bool(groups),
        "groups": [{"what": "", "any": [quote(text)]} for text in groups],
        **more,
    }


QUESTIONS = (
    question(1, "fact", "Who opened the harbour of Elva?", HARBOUR),
    question(2, "followup", "How much did it cost?", COST, history=["Who opened the harbour of Elva?"]),
    question(3, "unanswerable", "Who won the chess championship of Borrow in 1998?"),
    question(4, "smalltalk", "Thank you very much!", history=[{"question": "How much did it cost?"}]),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    write(folder / "questions.jsonl", *QUESTIONS)
    (folder / "articles").mkdir()
    (folder / "articles" / "harbour.md").write_text(
        f"---\ntitle: The harbour of Elva\npublished: 2031-05-04\n---\n{HARBOUR} {COST}\n"
    )
    (folder / "articles" / "ferry.md").write_text(f"---\ntitle: The ferry\n---\n{FERRY}\n")
    return folder


def measured(desk: Path, models_dir: Path, tmp_path: Path) -> Result:
    if not (tmp_path / "models").exists():
        (tmp_path / "models").symlink_to(models_dir)
    stage, _ = newsdesk.stages(desk, tmp_path)
    return stage.measure(Context(Settings(tmp_path, tmp_path), resamples=10), stage.files)


def figures(result: Result) -> dict[tuple[str, str], tuple[float | None, int]]:
    return {(score.part, score.metric): (score.ours, score.count) for score in result.scores}


def test_the_figures_are_told_of_all_and_of_each_kind_and_fall_with_the_answers(
    desk: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = figures(measured(desk, models_dir, tmp_path))
    assert whole["", "good answers"] == (100.0, 2)
    assert whole["", "groups met"] == (100.0, 2)
    assert whole["", "sentences to the point"][0] == 100.0
    assert whole["", "answerable refused"] == (0.0, 2)
    assert whole["", "told not to be there"] == (100.0, 1)
    assert whole["kind follow-up", "good answers"] == (100.0, 1)
    assert whole["kind smalltalk", "told not to be there"][1] == 1
    assert ("kind smalltalk", "good answers") not in whole
    ask = Assistant.ask

    def ask_beside_it(self: Assistant, *given: Any, **options: Any) -> Iterator[Event]:
        """Every answer cites the ferry."""
        *events, answer = ask(self, *given, **options)
        assert isinstance(answer, Answer)
        yield from events
        cited = Citation("ferry.md", "0" * 64, 0, len(FERRY), FERRY)
        claims = (Claim(FERRY, (cited,), Verdict.SUPPORTED),)
        yield replace(answer, kind=AnswerKind.ANSWERED, claims=claims)

    monkeypatch.setattr(Assistant, "ask", ask_beside_it)
    broken = figures(measured(desk, models_dir, tmp_path))
    assert {metric: ours for (part, metric), (ours, _) in broken.items() if not part} == {
        "good answers": 0.0,
        "groups met": 0.0,
        "sentences to the point": 0.0,
        "answerable refused": 0.0,
        "told not to be there": 0.0,
    }


@pytest.mark.parametrize(
    ("source", "cited", "is_match"),
    [
        ("a/harbour.md", COST, True),
        ("harbour.md", f"{HARBOUR}\n {COST}", True),
        ("harbour.md", "The harbour  of Elva cost", True),
        ("harbour.md", "They say the harbour of Elva cost too much.", True),
        ("harbour.md", FERRY, False),
        ("ferry.md", COST, False),
    ],
)
def test_a_citation_matches_words_of_its_file_that_it_shares_half_of(
    source: str, cited: str, is_match: bool
) -> None:
    citation = Citation(source, "0" * 64, 0, len(cited), cited)
    assert matches(citation, Quote(**quote(COST))) is is_match


@pytest.mark.parametrize(
    ("kind", "cited", "is_good"),
    [
        ("fact", [HARBOUR], False),
        ("list", [HARBOUR], True),
        ("list", [HARBOUR, FERRY, "More of it."], False),
        ("fact", [HARBOUR, COST, "Ships had waited."], True),
        ("fact", [], False),
    ],
)
def test_good_is_what_has_enough_and_is_to_the_point(kind: str, cited: list[str], is_good: bool) -> None:
    fields = question(1, kind, "What of the harbour?", HARBOUR, COST)
    asked = Question(**fields, acceptable=[Quote(**quote("Ships had"))])
    claims = tuple(
        Claim(text, (Citation("harbour.md", "0" * 64, 0, len(text), text),), Verdict.SUPPORTED)
        for text in cited
    )
    answer = Answer(asked.question, AnswerKind.ANSWERED, None, claims)
    assert judged(asked, answer).is_good is is_good


def test_listed_articles_are_laid_out_word_for_word(tmp_path: Path, models_dir: Path) -> None:
    desk, text = tmp_path / "desk", f"{HARBOUR}\r\n{COST}  "
    write(desk / "questions.jsonl", QUESTIONS[0])
    listed = {
        "file": "harbour.md",
        "url": "https://elva.example/harbour",
        "week": "20310509",
        "title": 'The "new" harbour',
        "publisher": "The Elva Post",
        "published": "2031-05-04",
    }
    write(desk / "articles.jsonl", listed)
    packed = tmp_path / "realtimeqa_2025" / "20310509_gcs.jsonl.gz"
    assert newsdesk.stages(desk, tmp_path)[0].files == ()
    write(packed, {"search_result": [{"url": listed["url"], "text": text}, {"url": None}]})

    assert figures(measured(desk, models_dir, tmp_path))["", "good answers"] == (100.0, 1)

    laid = tmp_path / "benchmarks" / "newsdesk" / "harbour.md"
    assert laid.read_bytes().decode() == (
        '---\ntitle: "The \\"new\\" harbour"\npublisher: The Elva Post\npublished: 2031-05-04\n'
        f"url: https://elva.example/harbour\n---\n\n{text}"
    )
    write(packed, {"search_result": []})
    with pytest.raises(BenchmarkUnusable, match=r"harbour\.md is not in the news of 20310509"):
        measured(desk, models_dir, tmp_path)
