"""What is put right in an article is not lost: to a second correction, to a run or to a switch."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from rag.core.errors import TransferError
from rag.core.records import Article, Correction
from rag.core.settings import Settings
from rag.desk.desk import Desk
from rag.desk.gathering import as_read
from rag.desk.transfer import Imported
from rag.faces.web.chat import export_import
from rag.faces.web.corpus import correcting, gather
from rag.faces.web.corpus.article_fields import Fields, correction_of, fields_of
from rag.faces.web.corpus.correcting import begin_with, outdated
from rag.loading.corpus import corrected

TOWER = "The clock tower of Vadso was painted green in 2019.\nTwo brothers painted it."
YELLOW = TOWER.replace("green", "yellow")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "corpus", tmp_path / "data")
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "tower.txt").write_text(TOWER)
    return settings


@pytest.fixture
def read(settings: Settings) -> Article:
    return as_read(settings.corpus_dir, "tower.txt")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def put_right(indexed: Article, read: Article, before: Correction | None, **typed: str) -> Correction:
    """What is stored when these fields are typed over and the others left as they are drawn."""
    begun = begin_with(indexed, read, before)
    return correction_of(replace(begun, **typed), begun, read, before)


def test_a_second_correction_before_the_index_is_made_keeps_the_first(read: Article) -> None:
    first = put_right(read, read, None, title="The tower", text=YELLOW + "\n")
    assert first == Correction(title="The tower", text=YELLOW, text_of=read.sha256)
    second = put_right(read, read, first, publisher="Vadso Post")
    assert second == replace(first, publisher="Vadso Post")
    third = put_right(corrected(read, first), read, second, published="2019", title="")
    assert third == replace(second, published="2019", title=None)
    titled = replace(read, title="Clock tower")
    emptied = put_right(titled, titled, replace(first, title=None), title="")
    assert emptied == replace(first, title="")


def test_a_correction_that_says_what_the_file_does_is_none(read: Article) -> None:
    before = Correction(title="The tower", publisher="Vadso Post", text=YELLOW, text_of=read.sha256)
    assert put_right(read, read, before, publisher=" ", text=TOWER) == Correction(title="The tower")


def test_a_text_of_an_earlier_file_stays_while_it_is_not_typed_over(read: Article) -> None:
    before = Correction(title="The tower", text=YELLOW, text_of="e" * 64)
    assert begin_with(read, read, before) == Fields("The tower", "", "", "", TOWER)
    assert put_right(read, read, before, published="2019") == replace(before, published="2019")
    anew = put_right(read, read, before, text=YELLOW)
    assert anew == replace(before, text=YELLOW, text_of=read.sha256)


def test_the_fields_begin_with_the_text_that_is_asked(read: Article) -> None:
    cut = replace(read, text=TOWER.split("\n")[0])
    assert begin_with(cut, read, Correction(title="The tower")).text == cut.text
    assert put_right(cut, read, None, title="The tower") == Correction(title="The tower")
    # A correction was taken back, or the file has changed, and the index is not made yet.
    assert begin_with(corrected(read, Correction(text=YELLOW, text_of=read.sha256)), read, None) == (
        fields_of(read)
    )


def test_what_an_index_that_ends_meanwhile_changes_is_not_typed(read: Article) -> None:
    begun = begin_with(replace(read, title="Before", text=YELLOW), replace(read, title="Before"), None)
    assert correction_of(begun, begun, read) == Correction()


def test_a_correction_that_waits_to_be_indexed_is_not_outdated(
    settings: Settings, read: Article
) -> None:
    corrections = {
        "tower.txt": Correction(text=YELLOW, text_of=read.sha256),
        "gone.txt": Correction(text="Words.", text_of="x"),
    }
    articles = [read, replace(read, source="gone.txt")]
    assert outdated(settings.corpus_dir, articles, corrections) == []
    (settings.corpus_dir / "tower.txt").write_text(TOWER.replace("Two", "Three"))
    assert outdated(settings.corpus_dir, articles, corrections) == ["tower.txt"]
    titled = {"tower.txt": Correction(title="Only a title")}
    assert outdated(settings.corpus_dir, articles, titled) == []


def test_imported_corrections_are_indexed_and_their_articles_named(
    settings: Settings, read: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = settings.data_dir / "elsewhere.db"
    theirs = Desk(elsewhere).corrections
    for source in ("tower.txt", "not-here.txt"):
        theirs.put(source, Correction(title="The tower"))
    document = json.dumps(Desk(elsewhere).export()).encode()
    started: list[Settings] = []
    monkeypatch.setattr(export_import, "runs_of", lambda settings: settings)
    monkeypatch.setattr(export_import, "start_run", started.append)
    with pytest.raises(TransferError):
        export_import.take_in(settings, b"{}")
    assert started == []
    assert export_import.take_in(settings, document) == (
        "Imported: 2 corrections. Corrected, and being indexed again: tower.txt. "
        "1 correction of articles that are not here: kept for them."
    )
    assert started == [settings]
    assert export_import.take_in(settings, document).startswith("Nothing new came in.")
    assert started == [settings]


def test_of_many_corrected_articles_ten_are_named() -> None:
    sources = [f"{number:02}.md" for number in range(13)]
    told = export_import.describe(Imported(0, 0, 13, 0, 0, 0), sources)
    assert told.endswith("08.md, 09.md and 3 more.")


def test_what_is_read_for_one_corpus_waits_there_and_not_in_another(
    settings: Settings, state: dict[str, Any]
) -> None:
    other = replace(settings, corpus_dir=settings.corpus_dir.with_name("other"))
    gather._offer(settings, "ferry.txt", b"The ferry is full.")
    assert gather.is_waiting(settings)
    assert not gather.is_waiting(other)
    gather._offer(other, "boat.txt", b"The boat is empty.")
    assert [candidate.name for candidate in gather._waiting(settings)] == ["ferry.txt"]
    assert [candidate.name for candidate in gather._waiting(other)] == ["boat.txt"]


def test_a_dialog_is_closed_by_another_corpus(
    settings: Settings, read: Article, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(correcting, "_correct", lambda _, article, *__: drawn.append(article.source))
    other = replace(settings, corpus_dir=settings.corpus_dir.with_name("other"))
    correcting.begin(settings, "tower.txt")
    correcting.show(settings, {"tower.txt": read}, {}, lambda: None)
    correcting.show(other, {"tower.txt": read}, {}, lambda: None)
    correcting.show(settings, {"tower.txt": read}, {}, lambda: None)
    assert drawn == ["tower.txt"]


def test_files_that_are_added_unseen_are_counted() -> None:
    article = Article("a.md", "Text.", "0" * 64)
    candidates = [gather.Candidate(str(n), "a.md", b"", None if n == 6 else article) for n in range(8)]
    readable = [candidate for candidate in candidates if candidate.article]
    assert gather._counted(candidates, readable) == (
        "7 files read; 1 cannot be added. 2 of them not shown below: “Add 7” adds them too"
    )
    assert gather._counted(candidates[:2], readable[:2]) == "2 files read"
