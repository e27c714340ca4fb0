"""Several corpora: listed, made, opened, forgotten; their articles are never touched."""

import sqlite3
from pathlib import Path

import pytest

from rag.core.errors import CorpusError, StorageError
from rag.core.settings import Settings
from rag.desk.corpora import Corpora, Corpus


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "news").mkdir()
    return Settings(tmp_path / "news", tmp_path / "data", hit_count=7)


@pytest.fixture
def corpora(settings: Settings) -> Corpora:
    return Corpora(settings)


def test_the_first_is_the_one_that_the_program_was_started_with(
    corpora: Corpora, settings: Settings
) -> None:
    first = Corpus(settings.state_dir.name, "news", settings.corpus_dir, is_first=True)
    assert corpora.list() == (first,)
    assert corpora.settings_of(first) == settings
    assert not settings.data_dir.exists()


def test_a_new_corpus_is_an_empty_folder_with_an_index_and_a_memory_of_its_own(
    corpora: Corpora, settings: Settings
) -> None:
    made = corpora.create("  Türkiye &\n  Syria <b> ")
    assert (made.name, made.folder) == (
        "Türkiye & Syria <b>",
        settings.data_dir / "corpora" / "Türkiye Syria b",
    )
    assert list(made.folder.iterdir()) == []
    own = corpora.settings_of(made)
    assert own.hit_count == 7
    assert own.state_dir.name == made.key
    assert own.memory_path != settings.memory_path
    assert Corpora(settings).list()[1:] == (made,)
    assert corpora.find(made.key) == made
    assert corpora.find("other") is corpora.find(None) is None


@pytest.mark.parametrize("name", ["", "  ", "...", "../.."])
def test_a_name_without_letters_is_refused(corpora: Corpora, name: str) -> None:
    with pytest.raises(CorpusError, match="needs a name with letters"):
        corpora.create(name)


@pytest.mark.parametrize("name", ["../../escaped", "/etc/escaped", "con", "a\\b", "x" * 500])
def test_a_name_leads_nowhere_else(corpora: Corpora, settings: Settings, name: str) -> None:
    assert corpora.create(name).folder.parent == settings.data_dir / "corpora"


def test_a_name_is_taken_once(corpora: Corpora) -> None:
    corpora.create("Lakes")
    for name in ("lakes", "News"):
        with pytest.raises(CorpusError, match=r"already\. Take another name"):
            corpora.create(name)


def test_a_folder_is_opened_by_its_path_and_found_again(corpora: Corpora, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "news"
    folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder)
    opened = corpora.open(f" {folder} ")
    assert (opened.name, opened.folder) == (f"news ({folder.parent})", folder)
    assert corpora.open(str(tmp_path / "link")) == opened
    assert corpora.open(str(tmp_path / "news")).is_first
    assert len(corpora.list()) == 2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("", "Give the whole path"),
        ("news", "Give the whole path"),
        ("/no/such/folder", "There is no folder /no/such/folder"),
        ("{}/file.txt", "is not a folder"),
        ("/", "Sourceline's own files"),
        ("{}", "Sourceline's own files"),
        ("{}/data", "Sourceline's own"),
        ("{}/data/corpora", "one of Sourceline's own"),
        ("/a\0b", "cannot be read"),
        ("~nosuchuser/articles", "The folder ~nosuchuser/articles cannot be read"),
    ],
)
def test_what_cannot_be_opened_is_told(corpora: Corpora, tmp_path: Path, path: str, told: str) -> None:
    corpora.create("Lakes")
    (tmp_path / "file.txt").write_text("words")
    with pytest.raises(CorpusError, match=told):
        corpora.open(path.format(tmp_path))


def test_a_forgotten_corpus_keeps_its_articles_and_can_be_opened_again(corpora: Corpora) -> None:
    made = corpora.create("Lakes")
    (made.folder / "ferry.md").write_text("The ferry is full.")
    corpora.forget(made.key)
    assert [corpus.name for corpus in corpora.list()] == ["news"]
    assert (made.folder / "ferry.md").read_text() == "The ferry is full."
    with pytest.raises(CorpusError, match=r"from an earlier corpus\. Open it as a folder"):
        corpora.create("Lakes")
    assert corpora.open(str(made.folder)) == made


def test_the_first_cannot_be_forgotten(corpora: Corpora) -> None:
    first = corpora.list()[0]
    corpora.forget(first.key)
    assert corpora.list() == (first,)


def test_a_list_that_cannot_be_read_is_told(corpora: Corpora, settings: Settings) -> None:
    corpora.create("Lakes")
    (settings.data_dir / "corpora.db").write_bytes(b"no database" * 100)
    with pytest.raises(StorageError, match="The list of corpora"):
        corpora.list()


def test_a_list_of_another_start_knows_the_others(corpora: Corpora, settings: Settings) -> None:
    made = corpora.create("Lakes")
    again = Corpora(Settings(made.folder, settings.data_dir))
    assert [(corpus.name, corpus.is_first) for corpus in again.list()] == [("Lakes", True)]


def test_two_processes_may_add_at_once(corpora: Corpora, settings: Settings) -> None:
    corpora.create("Lakes")
    other = sqlite3.connect(settings.data_dir / "corpora.db")
    assert other.execute("SELECT name FROM corpora").fetchall() == [("Lakes",)]
    corpora.create("Rivers")
    assert other.execute("SELECT name FROM corpora ORDER BY place").fetchall() == [
        ("Lakes",),
        ("Rivers",),
    ]
    other.close()
