"""Articles are gathered without writing over anything, and each bad one ends in a sentence."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from hypothesis import example, given
from pypdf import PdfWriter

from rag.core.errors import ArticleError, CorrectionError, StorageError
from rag.core.records import Correction, Skipped
from rag.core.settings import Settings
from rag.desk.desk import open_desk
from rag.desk.fetching import Fetched
from rag.desk.gathering import (
    Added,
    Removed,
    add_file,
    add_page,
    as_read,
    keep,
    page_file,
    preview,
    remove,
    removed,
    restore,
    text_file,
)
from rag.loading.corpus import find_files
from rag.loading.decoding import clean
from tests.strategies import texts
from tests.web_pages import ARTICLE

SUND = b"The lighthouse at Sund was lit again on Friday after eleven dark years.\n"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "corpus", tmp_path / "data")


@pytest.fixture
def corpus(settings: Settings) -> Path:
    settings.corpus_dir.mkdir()
    return settings.corpus_dir


def files(corpus: Path) -> dict[str, bytes]:
    """Everything in the folder, what is hidden included."""
    return {
        path.relative_to(corpus).as_posix(): path.read_bytes()
        for path in corpus.rglob("*")
        if path.is_file()
    }


def locked_pdf(path: Path) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)
    return path.read_bytes()


def test_a_preview_reads_and_stores_nothing(corpus: Path) -> None:
    article = preview("../sund.html", ARTICLE.encode())
    assert (article.source, article.title, article.publisher, article.published) == (
        "sund.html",
        "The lighthouse at Sund is lit again",
        "Coast Courier",
        "2024-03-09",
    )
    assert "All rights reserved" in article.cuts[0].text
    assert files(corpus) == {}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("scan.pdf", b"%PDF" + bytes(100 * 2**20), r"it has 100 MB, and files of 50 MB or more"),
        ("empty.txt", b"", "an empty file"),
        ("picture.png", b"\x89PNG", r"files of this type are not read; these are: \.docx"),
        ("letters", b"words", "files of this type are not read"),
        ("aliases.txt", b"Sund = Sound\n", "a settings file"),
        ("broken.pdf", b"%PDF-1.7 but not really", "This PDF cannot be read"),
        ("wrong.txt", b"%PDF-1.7", "This is a PDF under the name of a text file"),
        ("noise.txt", bytes(range(32)) * 9, "not text"),
    ],
)
def test_what_is_no_article_is_told_and_not_stored(
    corpus: Path, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(ArticleError, match=told):
        preview(name, content)
    with pytest.raises(ArticleError, match=told):
        add_file(corpus, name, content)
    assert files(corpus) == {}


def test_a_pdf_with_a_password_is_told_to_be_saved_without(corpus: Path, tmp_path: Path) -> None:
    content = locked_pdf(tmp_path / "locked.pdf")
    assert pypdf.PdfReader(tmp_path / "locked.pdf").is_encrypted
    with pytest.raises(ArticleError, match=r"This PDF needs a password\. Save it without one"):
        add_file(corpus, "locked.pdf", content)
    assert files(corpus) == {}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("../../etc/cron.d/sund.txt", "sund.txt"),
        ("..\\..\\Windows\\sund.TXT", "sund.txt"),
        ("/etc/sund.txt", "sund.txt"),
        ("C:\\sund.txt", "sund.txt"),
        ("con.txt", "con_.txt"),
        (".sund.txt", "sund.txt"),
        ("..", None),
        ("İskele haberleri 📰.txt", "İskele haberleri 📰.txt"),
        ("a\x00b\n.txt", "a b.txt"),
        ("\u202egpj.txt", "gpj.txt"),
        ("é" * 300 + ".txt", "é" * 90 + ".txt"),
        (f"{SCRIPT}.txt", "script.txt"),
    ],
)
def test_a_name_leads_nowhere_else_and_keeps_its_letters(
    corpus: Path, name: str, source: str | None
) -> None:
    if source is None:
        with pytest.raises(ArticleError):
            add_file(corpus, name, SUND)
        return
    assert add_file(corpus, name, SUND) == Added(source, is_new=True)
    assert files(corpus.parent) == {f"corpus/{source}": SUND}
    assert [file.source for file in find_files(corpus)[0]] == [source]


def test_the_same_file_is_there_once_and_another_of_its_name_gets_a_number(corpus: Path) -> None:
    other = SUND.replace(b"Friday", b"Monday")
    assert add_file(corpus, "sund.txt", SUND) == Added("sund.txt", is_new=True)
    assert add_file(corpus, "sund.txt", SUND) == Added("sund.txt", is_new=False)
    assert add_file(corpus, "sund.txt", other) == Added("sund (2).txt", is_new=True)
    assert add_file(corpus, "sund.txt", other) == Added("sund (2).txt", is_new=False)
    assert files(corpus) == {"sund.txt": SUND, "sund (2).txt": other}


def test_a_name_taken_at_the_last_moment_is_not_written_over(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(source: Path, target: Path) -> None:
        if target.name == "sund.txt":
            target.write_bytes(b"Somebody else's words.")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert add_file(corpus, "sund.txt", SUND) == Added("sund (2).txt", is_new=True)
    assert files(corpus) == {"sund.txt": b"Somebody else's words.", "sund (2).txt": SUND}


def test_a_disk_without_links_is_written_too(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", unknown)
    add_file(corpus, "sund.txt", SUND)
    assert files(corpus) == {"sund.txt": SUND}


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"No space left on device\. Make room on the disk"):
        add_file(corpus, "sund.txt", SUND)
    assert files(corpus) == {}
    monkeypatch.undo()
    assert add_file(corpus, "sund.txt", SUND).is_new


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_bytes(b"in the way")
    with pytest.raises(StorageError, match="Nothing can be saved"):
        add_file(tmp_path / "corpus", "sund.txt", SUND)


def test_pasted_words_become_an_article_with_what_was_said_of_them(corpus: Path) -> None:
    title = f'Sund: "lit" again {SCRIPT}\n---\ndigest: no'
    name, content = text_file(title, "It is lit.\nIt burns.", "Coast: Courier #1", "2024-03")
    added = add_file(corpus, name, content)
    article = as_read(corpus, added.source)
    assert (article.title, article.publisher, article.published, article.note) == (
        'Sund: "lit" again <script>alert(1)</script> --- digest: no',
        "Coast: Courier #1",
        "2024-03",
        None,
    )
    assert article.text == "It is lit.\nIt burns."
    assert added.source == "Sund lit again script alert 1 script --- digest no.md"


@pytest.mark.parametrize(
    "words",
    [
        "1) First\n2) Second",
        "# 1 in sales\n=====\nwas 2",
        "*Reuters* and _others_ say\n\n\n  so, with `ticks`.",
        "> quoted\n+ 5 percent\n- 3 percent\n* none",
        "---\ntitle: None of it\n---\nThe end",
        "```\nA fence\n````\nand a longer one\n~~~",
        "<b>Bold</b> &amp; [a link](https://news.example) ![a picture](x.png)",
        "One | two\n--- | ---\n3 | 4",
        "    four spaces\n\ta tab \\\nand a break  \nhere",
    ],
)
def test_pasted_words_are_read_back_word_for_word(words: str) -> None:
    article = preview(*text_file("Sund", words))
    assert (article.title, article.text) == ("Sund", words)
    assert preview(*text_file("", words)).title is None


@given(texts)
@example("\ufeff\ufeffIt is lit.\ufeff")
@example("`" * 9 + "\nIt is lit.\n" + "`" * 12)
def test_whatever_is_pasted_is_read_back_but_for_what_no_text_file_keeps(words: str) -> None:
    expected = clean(words).strip("\n\ufeff")
    name, content = text_file("", words)
    if any(map(str.isalnum, expected)):
        article = preview(name, content)
        assert (article.title, article.publisher, article.text) == (None, None, expected)
    else:
        with pytest.raises(ArticleError, match="no words"):
            preview(name, content)


def test_pasted_words_without_a_title_are_named_by_their_first() -> None:
    name, content = text_file("", "Nobody came.\n\nThe end.")
    assert (name, preview(name, content).text) == ("Nobody came.md", "Nobody came.\n\nThe end.")


def test_pasted_words_with_a_date_that_is_none_are_refused() -> None:
    with pytest.raises(CorrectionError, match="is not a date"):
        text_file("Sund", "It is lit.", published="last week")
    with pytest.raises(ArticleError, match="no words"):
        preview(*text_file("Sund", " \n "))


def test_a_fetched_page_is_kept_as_it_came(corpus: Path) -> None:
    fetched = Fetched("https://news.example/2024/sund?id=7", ARTICLE.encode(), ".html")
    added = add_page(corpus, fetched)
    assert added == Added("The lighthouse at Sund is lit again.html", is_new=True)
    assert files(corpus) == {added.source: ARTICLE.encode()}
    assert as_read(corpus, added.source).publisher == "Coast Courier"


def test_fetched_markdown_that_states_nothing_gets_its_address() -> None:
    page = Fetched("https://news.example/2024/sund.md", b"It is lit.\n", ".md")
    assert page_file(page) == (
        "sund.md",
        b"---\nsource: https://news.example/2024/sund.md\n---\n\nIt is lit.\n",
    )
    stated = Fetched(page.url, b"---\ntitle: Sund\n---\n\nIt is lit.\n", ".md")
    assert page_file(stated) == ("Sund.md", stated.content)


def test_an_article_whose_title_is_a_script_has_a_file_name_without_one() -> None:
    page = ARTICLE.replace(
        "The lighthouse at Sund is lit again", "&lt;script&gt;alert(1)&lt;/script&gt;"
    )
    name, _ = page_file(Fetched("https://news.example/", page.encode(), ".html"))
    assert name == "script alert 1 script.html"


def test_a_removed_article_comes_back_with_what_was_put_right_in_it(
    settings: Settings, corpus: Path
) -> None:
    (corpus / "notes").mkdir()
    (corpus / "notes" / "sund.txt").write_bytes(SUND)
    correction = Correction(title="Sund", text="It is lit.", text_of="a" * 64)
    open_desk(settings).corrections.put("notes/sund.txt", correction)
    open_desk(settings).origins.put("notes/sund.txt", "https://news.example/sund")
    gone = remove(settings, "notes/sund.txt")
    assert files(corpus) == {}
    assert open_desk(settings).corrections.all() == {}
    assert open_desk(settings).origins.of("notes/sund.txt") is None
    assert removed(settings) == (gone,)
    assert restore(settings, gone.key) == "notes/sund.txt"
    assert files(corpus) == {"notes/sund.txt": SUND}
    assert open_desk(settings).corrections.all() == {"notes/sund.txt": correction}
    origin = open_desk(settings).origins.of("notes/sund.txt")
    assert origin is not None
    assert origin.url == "https://news.example/sund"
    assert removed(settings) == ()
    with pytest.raises(ArticleError, match="not in the trash any more"):
        restore(settings, gone.key)


@pytest.mark.parametrize(
    ("stored", "told"),
    [({"title": "Sund", "tone": "calm"}, None), ({"title": 7}, "What was put right in sund.txt")],
)
def test_what_a_later_version_put_right_comes_back_and_what_is_damaged_is_told(
    settings: Settings, corpus: Path, stored: dict[str, object], told: str | None
) -> None:
    add_file(corpus, "sund.txt", SUND)
    gone = remove(settings, "sund.txt")
    (record,) = settings.state_dir.rglob("*.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), "correction": stored}))
    if told:
        with pytest.raises(ArticleError, match=told):
            restore(settings, gone.key)
        assert removed(settings) == (gone,)
    else:
        restore(settings, gone.key)
        assert open_desk(settings).corrections.all() == {"sund.txt": Correction(title="Sund")}


def test_what_was_removed_last_is_first_in_the_trash(settings: Settings, corpus: Path) -> None:
    for name in ("a.txt", "b.txt"):
        add_file(corpus, name, SUND + name.encode())
        remove(settings, name)
    assert [gone.source for gone in removed(settings)] == ["b.txt", "a.txt"]


def test_nothing_comes_back_over_another_file(settings: Settings, corpus: Path) -> None:
    add_file(corpus, "sund.txt", SUND)
    gone = remove(settings, "sund.txt")
    (corpus / "sund.txt").write_bytes(b"Other words.")
    with pytest.raises(ArticleError, match=r"another file named sund\.txt by now"):
        restore(settings, gone.key)
    assert files(corpus) == {"sund.txt": b"Other words."}
    assert removed(settings) == (gone,)


def test_nothing_comes_back_over_a_file_that_is_added_at_the_last_moment(
    settings: Settings, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(corpus, "sund.txt", SUND)
    gone = remove(settings, "sund.txt")
    is_there = os.path.lexists

    def look(path: Path) -> bool:
        found = is_there(path)
        if path == corpus / "sund.txt":  # added by somebody else after it was looked for
            path.write_bytes(b"Other words.")
        return found

    link = os.link

    def late(source: Path, target: Path) -> None:
        target.write_bytes(b"Other words.")
        link(source, target)

    monkeypatch.setattr(os.path, "lexists", look)
    monkeypatch.setattr(os, "link", late)
    with pytest.raises(ArticleError, match=r"another file named sund\.txt by now"):
        restore(settings, gone.key)
    monkeypatch.undo()
    assert files(corpus) == {"sund.txt": b"Other words."}
    assert removed(settings) == (gone,)
    (corpus / "sund.txt").unlink()
    assert restore(settings, gone.key) == "sund.txt"
    assert files(corpus) == {"sund.txt": SUND}


def test_a_file_comes_back_from_another_disk_and_a_link_as_a_link(
    settings: Settings, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(corpus, "sund.txt", SUND)
    (corpus / "link.txt").symlink_to("sund.txt")
    links, gone = remove(settings, "link.txt"), remove(settings, "sund.txt")
    real = os.link

    def far(source: Path, target: Path) -> None:
        if settings.data_dir in source.parents:
            raise OSError(18, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "link", far)
    assert restore(settings, gone.key) == "sund.txt"
    assert restore(settings, links.key) == "link.txt"
    assert files(corpus) == {"sund.txt": SUND, "link.txt": SUND}
    assert (corpus / "link.txt").readlink() == Path("sund.txt")
    assert removed(settings) == ()


@pytest.mark.parametrize(
    "source",
    ["../outside.txt", "/etc/hostname", ".hidden.txt", "gone.txt", "", ".", "link/x.txt", "a\0b"],
)
def test_only_articles_of_the_folder_are_removed(
    settings: Settings, corpus: Path, tmp_path: Path, source: str
) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "x.txt").write_bytes(SUND)
    (tmp_path / "outside.txt").write_bytes(SUND)
    (corpus / ".hidden.txt").write_bytes(SUND)
    (corpus / "link").symlink_to(outside)
    before = files(tmp_path)
    with pytest.raises(ArticleError):
        remove(settings, source)
    assert files(tmp_path) == before


def test_a_trash_that_cannot_be_written_keeps_the_article(settings: Settings, corpus: Path) -> None:
    add_file(corpus, "sund.txt", SUND)
    settings.data_dir.write_bytes(b"in the way")
    with pytest.raises(StorageError):
        remove(replace(settings), "sund.txt")
    assert files(corpus) == {"sund.txt": SUND}


def test_a_tampered_trash_leads_nowhere_else(settings: Settings, corpus: Path) -> None:
    add_file(corpus, "sund.txt", SUND)
    gone = remove(settings, "sund.txt")
    record = settings.state_dir / ".trash" / gone.key / "record.json"
    record.write_text('{"source": "../escaped.txt"}')
    assert removed(settings) == ()
    for key in (gone.key, f"../{gone.key}", ""):
        with pytest.raises(ArticleError):
            restore(settings, key)


def test_a_new_file_does_not_inherit_what_was_put_right_in_an_earlier_one(
    settings: Settings, corpus: Path
) -> None:
    open_desk(settings).corrections.put("sund.txt", Correction(title="Something else"))
    open_desk(settings).origins.put("sund.txt", "https://old.example/")
    keep(settings, add_file(corpus, "sund.txt", SUND), Correction())
    assert open_desk(settings).corrections.all() == {}
    assert open_desk(settings).origins.of("sund.txt") is None
    corrected = Correction(title="Sund")
    keep(settings, Added("sund.txt", is_new=False), corrected, "https://news.example/")
    keep(settings, Added("sund.txt", is_new=False), Correction())
    assert open_desk(settings).corrections.all() == {"sund.txt": corrected}


def test_a_file_half_written_by_a_killed_process_is_no_article(corpus: Path) -> None:
    (corpus / ".adding-0123").write_bytes(b"half")
    assert find_files(corpus) == ((), (Skipped(".adding-0123", "hidden"),))


def test_removed_names_the_file(settings: Settings, corpus: Path) -> None:
    add_file(corpus, "sund.txt", SUND)
    assert remove(settings, "sund.txt") == Removed(removed(settings)[0].key, "sund.txt")
