import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.errors import ArticleError
from rag.loading.decoding import decode

TURKISH = (
    "Feribot grevi sona erdi: dört geminin mürettebatı işbaşı yaptı. Ağır kış şartları sürüyor.\n" * 3
)
ARABIC = (
    "عادت طواقم العبارات الأربع إلى العمل يوم الاثنين بعد تسعة أيام من المحادثات مع مجلس الميناء.\n" * 3
)
RUSSIAN = "Экипажи четырёх паромов вернулись к работе в понедельник после девяти дней переговоров.\n" * 3
ENGLISH = (
    "The crews — “all four” — went back to work; it’s over. A café near the pier stayed open.\n" * 3
)
GERMAN = "Die Fähre fährt wieder: „Müde, aber glücklich“, sagte die größte Bürgerin am Kai.\n" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TURKISH, "utf-8"),
        (TURKISH, "utf-8-sig"),
        (TURKISH, "utf-16"),
        (TURKISH, "utf-16-le"),
        (TURKISH, "utf-16-be"),
        (TURKISH, "utf-32"),
        (TURKISH, "cp1254"),
        (TURKISH, "iso-8859-9"),
        (ARABIC, "utf-8"),
        (ARABIC, "cp1256"),
        (RUSSIAN, "cp1251"),
        (ENGLISH, "cp1252"),
        (GERMAN, "cp1252"),
    ],
)
def test_every_letter_survives_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_broken_bytes_in_utf8_cost_nothing_else() -> None:
    content = "Kalabalık iskelede bekledi.".encode() + b"\xff\xfe" + b" Gemi geldi."
    assert decode(content) == "Kalabalık iskelede bekledi.\ufffd\ufffd Gemi geldi."


def test_a_page_is_read_in_the_encoding_it_declares() -> None:
    page = f'<html><head><meta charset="iso-8859-9"></head><body>{TURKISH}</body></html>'
    assert decode(page.encode("iso-8859-9"), is_markup=True) == page


def test_line_ends_and_control_characters_are_made_plain() -> None:
    assert decode(b"one\r\ntwo\rthree\x0cfour\x07.\ttab") == "one\ntwo\nthree\nfour.\ttab"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"PK\x03\x04....", b"\x89PNG....", bytes(range(32)) * 20]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(ArticleError):
        decode(content)


@given(st.binary())
def test_any_bytes_become_clean_text_or_an_article_error(content: bytes) -> None:
    try:
        text = decode(content)
    except ArticleError:
        return
    assert text == decode(content)
    text.encode()
    assert not any(letter in text for letter in "\r\x00\x0b\u2028")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_in_utf8_stays_as_it_is(text: str) -> None:
    plain = text.removeprefix("\ufeff").replace("\u2028", "\n").replace("\u2029", "\n")
    assert decode(text.encode()) == plain
