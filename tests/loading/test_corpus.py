import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.core.errors import ArticleError, CorpusError
from rag.core.records import Article, Cut, Skipped
from rag.loading.corpus import CorpusFile, find_files, load, read_bytes
from rag.loading.formats import FORMATS, MOST_BYTES


def write(folder: Path, source: str, content: bytes = b"Words of an article.") -> Path:
    path = folder / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_files_are_found_below_the_folder_in_the_order_of_their_sources(tmp_path: Path) -> None:
    for source in ("b.txt", "a/z.MD", "a/b/c.html", "a.pdf", "ü.docx"):
        write(tmp_path, source)
    files, skipped = find_files(tmp_path)
    assert [file.source for file in files] == ["a.pdf", "a/b/c.html", "a/z.MD", "b.txt", "ü.docx"]
    assert files[0] == CorpusFile("a.pdf", tmp_path.resolve() / "a.pdf", 20)
    assert skipped == ()


def test_what_is_not_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(corpus, "sub/kept.txt")
    write(corpus, "sub/aliases.txt")
    for source in (".hidden.txt", ".git/config.txt", "aliases.txt", "photo.jpg", "~$open.docx"):
        write(corpus, source)
    write(corpus, "empty.txt", b"")
    with write(corpus, "huge.txt").open("wb") as huge:
        huge.truncate(MOST_BYTES)
    outside = write(tmp_path, "outside.txt")
    (corpus / "out.txt").symlink_to(outside)
    (corpus / "loop").symlink_to(corpus)
    (corpus / "twice").symlink_to(corpus / "sub")
    (corpus / "ring.txt").symlink_to(corpus / "ring.txt")
    (corpus / "dead.txt").symlink_to(corpus / "gone.txt")
    (corpus / "same.txt").symlink_to(corpus / "sub/kept.txt")
    os.mkfifo(corpus / "pipe.txt")
    files, skipped = find_files(corpus)
    assert [file.source for file in files] == ["same.txt", "sub/aliases.txt", "sub/kept.txt"]
    reasons = {item.source: item.reason for item in skipped}
    assert list(reasons) == sorted(reasons)
    assert reasons.pop("ring.txt").startswith("cannot be read")
    assert reasons.pop("dead.txt").startswith("cannot be read")
    types = ".docx .htm .html .markdown .md .pdf .txt"
    assert reasons == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "aliases.txt": "a settings file: the names that mean the same",
        "empty.txt": "an empty file",
        "huge.txt": "it has 50 MB, and files of 50 MB or more are not read: split it, or save its text",
        "loop": "a link that leads back to a folder above it",
        "out.txt": "a link to something outside the folder",
        "photo.jpg": f"files of this type are not read; these are: {types}",
        "pipe.txt": "not an ordinary file",
        "twice": "a link to a folder of this corpus, which is read under its own name",
        "~$open.docx": "left by a program that has the file beside it open",
    }


def test_a_name_that_is_no_unicode_is_skipped_and_can_still_be_shown(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt")).write_text("Words.")
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    files, skipped = find_files(tmp_path)
    assert files == ()
    assert skipped == (Skipped("bad?.txt", "its name has letters that are not Unicode: rename it"),)


def test_a_folder_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="Make it and put articles into it"):
        find_files(tmp_path / "gone")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="not a folder"):
        find_files(write(tmp_path, "a.txt"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt")
    path.chmod(0)
    with pytest.raises(ArticleError, match="permission denied"):
        read_bytes(CorpusFile("a.txt", path, 20))
    tmp_path.chmod(0)
    try:
        with pytest.raises(CorpusError, match="permission denied"):
            find_files(tmp_path)
    finally:
        tmp_path.chmod(0o700)


class ChangingPath(type(Path())):  # type: ignore[misc]
    """A file that somebody writes to while it is read, so many times."""

    changes = 0

    def read_bytes(self) -> bytes:
        content: bytes = super().read_bytes()
        if ChangingPath.changes:
            ChangingPath.changes -= 1
            with self.open("ab") as file:
                file.write(b" More.")
        return content


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    path = ChangingPath(write(tmp_path, "a.txt"))
    ChangingPath.changes = 1
    assert read_bytes(CorpusFile("a.txt", path, 20)) == b"Words of an article. More."


def test_a_file_that_never_stops_changing_is_refused(tmp_path: Path) -> None:
    path = ChangingPath(write(tmp_path, "a.txt"))
    ChangingPath.changes = 99
    with pytest.raises(ArticleError, match="changes while it is read"):
        read_bytes(CorpusFile("a.txt", path, 20))


def test_a_file_that_went_away_is_an_article_error(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no longer there"):
        read_bytes(CorpusFile("a.txt", tmp_path / "a.txt", 20))


def test_a_text_file_becomes_an_article() -> None:
    content = (
        "\ufeffCrews end strike\r\n\r\nBy Mina Oz\r\n12 March 2024\r\n\r\nThey went back on Monday."
    )
    text = "Crews end strike\n\nThey went back on Monday."
    assert load("post/a.txt", content.encode()) == Article(
        source="post/a.txt",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title="Crews end strike",
        author="Mina Oz",
        published="2024-03-12",
        cuts=(Cut("byline", "By Mina Oz"), Cut("date line", "12 March 2024")),
    )


def test_each_ending_has_its_reader() -> None:
    assert load("a.MD", b"# Crews\n\nThey *went* back.").text == "Crews\n\nThey went back."
    page = b"<html><body><article><p>The crews went back to work.</p></article></body></html>"
    assert load("a.htm", page).text == "The crews went back to work."


@pytest.mark.parametrize(
    ("source", "content", "reason"),
    [
        ("a.txt", b"", "Nothing is left"),
        ("a.txt", b" \n\xc2\xa0\n***", "Nothing is left"),
        ("a.md", b"---\ntitle: x\n---\n", "Nothing is left"),
        ("a.txt", b"Advertisement\nShare this article", "Nothing is left"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "not text"),
        ("a.txt", b"%PDF-1.7 and so on", "a PDF under the name"),
        ("a.html", b"<html><body></body></html>", "No article was found"),
        ("a.pdf", b"broken", "PDF cannot be read"),
        ("a.docx", b"broken", "Word file cannot be read"),
        ("a.jpg", b"words", "are not read"),
    ],
)
def test_what_cannot_be_an_article_says_why(source: str, content: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        load(source, content)


@given(st.binary(max_size=300), st.sampled_from([known.endings[0] for known in FORMATS]))
def test_any_bytes_are_an_article_or_an_article_error(content: bytes, ending: str) -> None:
    try:
        article = load("a" + ending, content)
    except ArticleError:
        return
    assert article == load("a" + ending, content)


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60)


@given(st.lists(LINES, max_size=12))
@example(["Home", "Contact", "News", "", "Words.", "Share this"])
@example(["Title | Site", "", "Title", "Related", "a", "", "It was so, he said. It was."])
def test_a_text_file_accounts_for_every_line(lines: list[str]) -> None:
    try:
        article = load("a.txt", "\n".join(lines).encode())
    except ArticleError:
        return
    accounted = article.text.split("\n") + [
        line for cut in article.cuts for line in cut.text.split("\n")
    ]
    visible = [line.removeprefix("\ufeff") for line in lines]
    assert sorted(line.rstrip() for line in accounted if line.strip()) == sorted(
        line.rstrip() for line in visible if line.strip()
    )
