"""Word files are made here when the tests run; none is kept."""

from io import BytesIO

import docx
import pytest

from rag.core.errors import ArticleError
from rag.loading.formats.docx import read_docx


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
