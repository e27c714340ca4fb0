"""PDFs are made here when the tests run; none is kept."""

from contextlib import suppress
from io import BytesIO

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.core.errors import ArticleError
from rag.loading.formats.pdf import read_pdf


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
