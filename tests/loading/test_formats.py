"""PDFs and Word files are made here when the tests run; no file of either kind is kept."""

from contextlib import suppress
from io import BytesIO

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.core.errors import ArticleError
from rag.loading.formats import read_docx, read_html, read_pdf


def make_pdf(pages: list[list[str]], title: str | None = None) -> bytes:
    """A PDF with the given lines on its pages, in Helvetica; a page without lines is a picture."""
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for lines in pages:
        drawn = "".join(f"({line}) Tj T* " for line in lines)
        content = f"BT /F1 11 Tf 14 TL 50 780 Td {drawn}ET" if lines else "0 0 100 100 re f"
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(bodies)} 0 R >>"
        )
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    bodies.append(f"<< /Title ({title or ''}) /Author (Mina Oz) >>")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size, start = len(bodies) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\n"
    out += f"startxref\n{start}\n%%EOF"
    return out.encode("latin-1")


def encrypt(content: bytes, user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(content))
    writer.encrypt(user_password, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


PAGE = [
    "Crews end ferry strike",
    "The crews of the four ferries went back to work on Monday after nine days of",
    "talks with the harbour board, which agreed to a rise of four percent in a co-",
    "operative spirit.",
    "Boats will run as before, every half hour, said the board.",
]


def test_a_pdf_is_read_by_paragraphs_and_not_by_lines() -> None:
    found = read_pdf(make_pdf([PAGE], title="Crews end strike"))
    assert found.text == (
        "Crews end ferry strike\n\n"
        "The crews of the four ferries went back to work on Monday after nine days of talks with "
        "the harbour board, which agreed to a rise of four percent in a cooperative spirit.\n\n"
        "Boats will run as before, every half hour, said the board."
    )
    assert (found.title, found.author) == ("Crews end strike", "Mina Oz")


def test_running_heads_and_page_numbers_are_cut_and_a_sentence_goes_on_over_the_page() -> None:
    pages = [
        ["Quay Review", "The first page ends in the middle of a long sentence about the", "1"],
        ["Quay Review", "harbour and its boats.", "2"],
        ["Quay Review", "The last page has another sentence about the harbour in it.", "3"],
    ]
    found = read_pdf(make_pdf(pages))
    assert "Quay Review" not in found.text
    assert "a long sentence about the harbour and its boats." in found.text
    (cut,) = found.cuts
    assert cut.text.split("\n") == ["Quay Review", "1", "Quay Review", "2", "Quay Review", "3"]


def test_a_pdf_with_a_password_is_refused_with_what_to_do() -> None:
    with pytest.raises(ArticleError, match="needs a password"):
        read_pdf(encrypt(make_pdf([PAGE]), "secret"))


def test_a_pdf_locked_only_against_changes_is_read() -> None:
    assert "four ferries" in read_pdf(encrypt(make_pdf([PAGE]), "")).text


def test_a_pdf_of_pictures_asks_for_text_recognition() -> None:
    with pytest.raises(ArticleError, match="OCR"):
        read_pdf(make_pdf([[], []]))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", make_pdf([PAGE])[:300], b"no pdf"])
def test_a_broken_pdf_is_an_article_error(content: bytes) -> None:
    with pytest.raises(ArticleError):
        read_pdf(content)


@settings(max_examples=50)
@given(st.integers(0, 900), st.binary(max_size=40))
def test_a_damaged_pdf_is_read_or_refused(place: int, damage: bytes) -> None:
    content = make_pdf([PAGE])
    with suppress(ArticleError):
        read_pdf(content[:place] + damage + content[place + len(damage) :])


def test_a_word_file_keeps_its_tables_in_their_place() -> None:
    document = docx.Document()
    document.core_properties.title = "Crews end strike"
    document.core_properties.author = "Mina Oz"
    document.add_heading("Crews end ferry strike", 1)
    document.add_paragraph("They went back on Monday.")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("Boat", "Crew", "Alba", "12"), strict=True):
        cell.text = words
    document.add_paragraph("One point", style="List Bullet")
    document.add_paragraph("The end.")
    out = BytesIO()
    document.save(out)
    found = read_docx(out.getvalue())
    assert found.text == (
        "Crews end ferry strike\n\nThey went back on Monday.\n\n"
        "Boat | Crew\nAlba | 12\n\n- One point\n\nThe end."
    )
    assert (found.title, found.author) == ("Crews end strike", "Mina Oz")


def test_a_word_file_without_properties_is_called_by_its_heading() -> None:
    document = docx.Document()
    document.add_heading("Crews end ferry strike", 1)
    out = BytesIO()
    document.save(out)
    found = read_docx(out.getvalue())
    assert (found.title, found.author) == ("Crews end ferry strike", None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"words"])
def test_a_broken_word_file_is_an_article_error(content: bytes) -> None:
    with pytest.raises(ArticleError, match="Word file"):
        read_docx(content)


HTML = """<html><head><title>Crews end ferry strike | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Mina Oz">
<meta property="article:published_time" content="2024-03-12T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/w">World</a></nav>
<article><h1>Crews end ferry strike</h1>
<p>The crews of four ferries went back to work on Monday after nine days of talks.</p>
<h2>What comes next</h2><p>Short one.</p><ul><li>More pay</li><li>Fewer hours</li></ul>
<table><tr><th>Boat</th><th>Crew</th></tr><tr><td>Alba</td><td>12</td></tr></table>
<p>The board said on Tuesday that boats would run every half hour &amp; at night.</p></article>
<script>var x = "never seen"</script><footer>Contact the harbour</footer></body></html>"""


def test_a_web_page_gives_its_article_and_lists_the_rest() -> None:
    found = read_html(HTML)
    assert found.text.split("\n") == [
        "Crews end ferry strike",
        "The crews of four ferries went back to work on Monday after nine days of talks.",
        "What comes next",
        "Short one.",
        "- More pay",
        "- Fewer hours",
        "Boat | Crew",
        "Alba | 12",
        "The board said on Tuesday that boats would run every half hour & at night.",
    ]
    assert (found.title, found.publisher, found.author, found.published) == (
        "Crews end ferry strike",
        "Harbour Post",
        "Mina Oz",
        "2024-03-12",
    )
    assert [cut.text for cut in found.cuts] == ["Home\nWorld\nContact the harbour"]


@pytest.mark.parametrize(
    "markup", ["", "<html></html>", "<html><body></body></html>", "\x00", "<" * 999]
)
def test_a_page_without_an_article_is_refused(markup: str) -> None:
    with pytest.raises(ArticleError):
        read_html(markup)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<table>",
                "<tr>",
                "<td>",
                "words. ",
                "<!--",
                "<script>",
                "&#0;",
                "]]>",
            ]
        )
    )
)
def test_any_markup_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(ArticleError):
        read_html("".join(pieces))
