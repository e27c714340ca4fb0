"""The page Corpus without a browser: what is sent of the table, and indexing in the background."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.core.errors import CorpusEmpty, IndexBusy, StorageError
from rag.core.records import Article
from rag.core.settings import Settings
from rag.faces.web.corpus.payload import PAGE_ROWS, View, chosen, shelf_payload
from rag.faces.web.shared import reindexing
from rag.faces.web.shared.reindexing import Reindexing, Run, runs_of
from rag.index.build import Report


def article(number: int, **stated: Any) -> Article:
    return Article(f"a-{number:05}.md", f"Text {number}.", f"{number:064}", **stated)


MANY = tuple(
    article(
        number,
        title=f"Report {number * 7919 % 5800:04}",
        published=f"{1990 + number % 36}-05-0{1 + number % 9}",
    )
    for number in range(5800)
)
FEW = (
    article(1, title="Zebra", publisher="Îskele", published="2024-05-03"),
    article(2, title="apple", publisher="Aftenpost", published="2024-05"),
    article(3, published="2023"),
    article(4, title="Çelik"),
)


def sources(view: View) -> list[int]:
    return [int(found.source[2:7]) for found in chosen(FEW, view)]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View(), [3, 2, 4, 1]),
        (View(is_down=True), [1, 4, 2, 3]),
        (View(by="publisher"), [2, 1, 3, 4]),
        (View(by="published"), [3, 2, 1, 4]),
        (View(by="published", is_down=True), [1, 2, 3, 4]),
        (View(words="celik"), [4]),
        (View(words="iskele 2024"), [1]),
        (View(words="nobody"), []),
        (View(published_from="2024-05-04"), [2]),
        (View(published_to="2023-06-30"), [3]),
    ],
)
def test_the_table_has_what_is_looked_for_in_order(view: View, found: list[int]) -> None:
    assert sources(view) == found


def test_of_thousands_of_articles_only_the_rows_of_one_page_are_sent() -> None:
    view = View(by="published", is_down=True, page=2)
    started = time.perf_counter()
    payload = shelf_payload(chosen(MANY, view), view, None, {"a-00001.md"})
    took = time.perf_counter() - started
    assert len(payload["rows"]) == PAGE_ROWS
    assert (payload["first"], payload["last"], payload["total"]) == (51, 100, 5800)
    assert payload["pages"] == 116
    assert took < 1


def test_a_page_beyond_the_last_is_the_last() -> None:
    payload = shelf_payload(MANY[:120], View(page=99), None, ())
    assert (payload["page"], payload["first"], payload["last"]) == (3, 101, 120)


def finished(runs: Reindexing) -> Run:
    deadline = time.monotonic() + 10
    while runs.run.is_running:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return runs.run


Build = Callable[..., Any]


def report(articles: int = 1) -> Report:
    return Report(1, articles, 1, 0, 0, 0, articles, 0, (), ())


@pytest.fixture
def runs(tmp_path: Path) -> Reindexing:
    return Reindexing(Settings(tmp_path / "corpus", tmp_path / "data"))


def builds(monkeypatch: pytest.MonkeyPatch, build: Build) -> None:
    monkeypatch.setattr(reindexing, "build_index", lambda settings, progress: build(progress))


def test_a_run_ends_with_its_report(runs: Reindexing, monkeypatch: pytest.MonkeyPatch) -> None:
    builds(monkeypatch, lambda progress: progress(1, 2, "Reading articles") or report())
    assert runs.run == Run()
    runs.start()
    assert finished(runs) == Run(1, False, "Reading articles", 1, 2, report())


def test_what_changes_during_a_run_is_indexed_by_one_more(
    runs: Reindexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []

    def build(progress: object) -> Report:
        built.append(len(built))
        if len(built) == 1:
            runs.start()
            runs.start()
        return report(len(built))

    builds(monkeypatch, build)
    runs.start()
    run = finished(runs)
    assert (built, run.number, run.report) == ([0, 1], 1, report(2))


def test_another_process_that_indexes_is_waited_for(
    runs: Reindexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    def build(progress: object) -> Report:
        told.append(runs.run.doing)
        if len(told) < 3:
            raise IndexBusy("Process 7 is indexing.")
        return report()

    builds(monkeypatch, build)
    monkeypatch.setattr(reindexing, "BUSY_SECONDS", 0.01)
    runs.start()
    assert finished(runs).report == report()
    assert told[1:] == ["Waiting. Process 7 is indexing."] * 2


@pytest.mark.parametrize("error", [StorageError("The disk is full."), ValueError("a fault")])
def test_a_failure_is_told_and_the_next_run_may_succeed(
    runs: Reindexing, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(progress: object) -> None:
        raise error

    builds(monkeypatch, fail)
    runs.start()
    assert str(error) in (finished(runs).failure or "")
    builds(monkeypatch, lambda progress: report())
    runs.start()
    run = finished(runs)
    assert (run.number, run.failure, run.report) == (2, None, report())


@pytest.mark.parametrize("may_be_empty", [True, False])
def test_an_index_goes_with_its_last_article_only_when_that_was_removed_here(
    runs: Reindexing, monkeypatch: pytest.MonkeyPatch, may_be_empty: bool
) -> None:
    forgotten: list[Settings] = []
    monkeypatch.setattr(reindexing, "forget_index", forgotten.append)

    def empty(progress: object) -> None:
        raise CorpusEmpty("There is no article.")

    builds(monkeypatch, empty)
    runs.start(may_be_empty)
    run = finished(runs)
    assert run.failure == (None if may_be_empty else "There is no article.")
    assert len(forgotten) == may_be_empty


def test_visitors_share_the_runs_of_a_corpus(tmp_path: Path) -> None:
    one, other = (Settings(tmp_path / name, tmp_path / "data") for name in ("one", "other"))
    assert runs_of(one) is runs_of(Settings(tmp_path / "one", tmp_path / "data"))
    assert runs_of(one) is not runs_of(other)
