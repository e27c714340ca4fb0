"""Each format says what the briefing says, word for word, and runs nothing that an article holds."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from pypdf import PdfReader

from rag.core.errors import RagError
from rag.core.records import Verdict
from rag.desk.document import Document
from rag.desk.entries import EntryKind, Unreadable, note
from rag.desk.exports.formats import Format, export, file_name
from rag.desk.exports.writing import format_of, write
from tests import briefings
from tests.briefings import ARABIC, HOSTILE, TALKS, said

DOCUMENT = briefings.document()


def footnote_words(document: Document) -> list[str]:
    return [footnote.words for line in document.lines for footnote in line.footnotes]


def lines_as_text(document: Document) -> list[str]:
    """Headings and paragraphs as they read, without the numbers of their notes."""
    return [
        (f"{line.label}: " if line.label else "") + line.text + "".join(f" [{m}]" for m in line.marks)
        for line in document.lines
    ]


def words_of(text: str) -> list[str]:
    return text.split()


# ----- Word


@pytest.fixture(scope="module")
def word() -> WordDocument:
    return docx.Document(BytesIO(export(DOCUMENT, Format.DOCX)))


def footnotes_part(word: WordDocument) -> Any:
    (relation,) = (r for r in word.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.FOOTNOTES)
    assert relation.target_part.content_type == CONTENT_TYPE.WML_FOOTNOTES
    return parse_xml(relation.target_part.blob)


def text_of(paragraph: Any) -> str:
    """Text with its line breaks."""
    read = (node.text or "" if node.tag == qn("w:t") else "\n" for node in paragraph.iter(*_TEXT))
    return "".join(read)


_TEXT = (qn("w:t"), qn("w:br"))


def test_word_holds_the_lines_in_their_order_under_real_styles(word: WordDocument) -> None:
    paragraphs = [
        (paragraph.style.name, "".join(run.text for run in paragraph.runs if not is_reference(run)))
        for paragraph in word.paragraphs
        if paragraph.style is not None
    ]
    styles = {EntryKind.HEADING: "Heading 1", EntryKind.SENTENCE: "Sentence"}
    body = [
        (styles.get(line.kind, "Author Note"), text)
        for line, text in zip(DOCUMENT.lines, lines_as_text(DOCUMENT), strict=True)
    ]
    sources = [
        (style, words)
        for source in DOCUMENT.sources
        for style, words in (
            ("List Bullet", source.credits),
            ("List Continue", source.note),
            ("List Continue", source.standing),
        )
        if words
    ]
    assert paragraphs == [
        ("Title", DOCUMENT.title),
        ("Small Print", DOCUMENT.made),
        ("Small Print", DOCUMENT.verdicts),
        *body,
        ("Heading 1", "Sources"),
        *sources,
    ]


def is_reference(run: Any) -> bool:
    return bool(run.style.name == "footnote reference")


def test_word_has_real_footnotes_with_the_quotes_word_for_word(word: WordDocument) -> None:
    part = footnotes_part(word)
    notes = [note for note in part if note.get(qn("w:type")) is None]
    separators = [(note.get(qn("w:type")), note.get(qn("w:id"))) for note in part[:2]]
    assert separators == [("separator", "-1"), ("continuationSeparator", "0")]
    assert [text_of(note).removeprefix(" ") for note in notes] == footnote_words(DOCUMENT)
    assert [note.get(qn("w:id")) for note in notes] == [str(n) for n in range(1, len(notes) + 1)]
    references = word.element.body.iter(qn("w:footnoteReference"))
    assert [reference.get(qn("w:id")) for reference in references] == [n.get(qn("w:id")) for n in notes]
    assert all(len(list(note.iter(qn("w:footnoteRef")))) == 1 for note in notes)
    quotes = [
        footnote.quote
        for line in DOCUMENT.lines
        for footnote in line.footnotes
        if footnote.same_as is None
    ]
    cited = [
        c.quote for e in briefings.every_entry() if not isinstance(e, Unreadable) for c in e.citations
    ]
    assert quotes == list(dict.fromkeys(cited))


def test_words_footnotes_are_declared_in_the_order_of_the_schema_and_have_their_styles(
    word: WordDocument,
) -> None:
    names = [child.tag for child in word.settings.element]
    assert names.index(qn("w:footnotePr")) == names.index(qn("w:compat")) - 1
    (note, *_) = (n for n in footnotes_part(word) if n.get(qn("w:type")) is None)
    assert note.find(f".//{qn('w:pStyle')}").get(qn("w:val")) == "FootnoteText"
    assert note.find(f".//{qn('w:rStyle')}").get(qn("w:val")) == "FootnoteReference"
    known = {style.style_id for style in word.styles}
    used = {
        node.get(qn("w:val"))
        for root in (word.element, footnotes_part(word))
        for tag in ("w:pStyle", "w:rStyle")
        for node in root.iter(qn(tag))
    }
    assert used <= known


def test_word_says_its_title_and_language_and_holds_no_links_or_pictures(word: WordDocument) -> None:
    properties = word.core_properties
    assert (properties.title, properties.language) == (DOCUMENT.title, "en-US")
    assert properties.author == "Sourceline"
    content = zipfile.ZipFile(BytesIO(export(DOCUMENT, Format.DOCX)))
    assert not [name for name in content.namelist() if name.endswith((".jpeg", ".png", ".bin"))]
    relations = [content.read(name) for name in content.namelist() if name.endswith(".rels")]
    assert not any(b'TargetMode="External"' in relation for relation in relations)


def test_word_turns_arabic_paragraphs_and_their_notes(word: WordDocument) -> None:
    def turned(paragraph: Paragraph) -> bool:
        return paragraph._p.find(f".//{qn('w:bidi')}") is not None

    by_text = {paragraph.text: turned(paragraph) for paragraph in word.paragraphs}
    assert by_text[ARABIC]
    assert not by_text["Syria, May"]
    notes = {text_of(n): n.find(f".//{qn('w:bidi')}") is not None for n in footnotes_part(word)}
    assert [turned for words, turned in notes.items() if ARABIC in words] == [True]


def test_libreoffice_opens_the_word_file_with_its_footnotes(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here; what it would read is read with python-docx above.")
    path = tmp_path / "briefing.docx"
    path.write_bytes(export(DOCUMENT, Format.DOCX))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "odt", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    content = parse_xml(zipfile.ZipFile(tmp_path / "briefing.odt").read("content.xml"))
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    notes = [" ".join("".join(body.itertext()).split()) for body in content.iter(f"{{{text}}}note-body")]
    assert notes == [
        " ".join(words.split()).replace("late. She", "late.She") for words in footnote_words(DOCUMENT)
    ]
    classes = {n.get(f"{{{text}}}note-class") for n in content.iter(f"{{{text}}}note")}
    assert classes == {"footnote"}


# ----- HTML


@pytest.fixture(scope="module")
def page() -> Any:
    return html.fromstring(export(DOCUMENT, Format.HTML).decode())


def spoken(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_html_holds_the_lines_with_their_marks_and_labels(page: Any) -> None:
    for sup in page.xpath("//article//sup"):
        sup.drop_tree()
    drawn = [spoken(node) for node in page.xpath("//article/*")]
    assert drawn == [" ".join(text.split()) for text in lines_as_text(DOCUMENT)]
    assert [node.text_content() for node in page.xpath("//article/h2")] == [
        line.text for line in DOCUMENT.lines if line.kind is EntryKind.HEADING
    ]
    assert spoken(page.xpath("//*[contains(@class, 'verdicts')]")[0]) == DOCUMENT.verdicts


def test_html_notes_hold_the_quotes_and_lead_there_and_back() -> None:
    page = html.fromstring(export(DOCUMENT, Format.HTML).decode())
    footnotes = [footnote for line in DOCUMENT.lines for footnote in line.footnotes]
    quotes = [footnote.quote for footnote in footnotes if footnote.same_as is None]
    assert [q.text_content() for q in page.xpath("//ol/li/q")] == quotes
    numbers = [str(footnote.number) for footnote in footnotes]
    assert page.xpath("//sup/a/text()") == numbers
    for there, back in (("ref", "note"), ("note", "ref")):
        for number in numbers:
            (place,) = page.xpath(f"//*[@id='{there}-{number}']")
            links = place.xpath("descendant-or-self::a/@href")
            assert f"#{back}-{number}" in links
    assert spoken(page.xpath("//ol/li[@id='note-3']")[0]).startswith("As in note 1.")


def test_html_names_each_source_once_with_what_became_of_its_file(page: Any) -> None:
    assert [spoken(item) for item in page.xpath("//ul[@class='sources']/li")] == [
        " ".join("".join(filter(None, (source.credits, source.note, source.standing))).split())
        for source in DOCUMENT.sources
    ]


def test_html_has_no_script_loads_nothing_and_links_only_within_itself(page: Any) -> None:
    assert not page.xpath(
        "//script | //img | //iframe | //link | //*[@src] | //@*[starts-with(name(), 'on')]"
    )
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    style = page.xpath("//style/text()")[0]
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


# ----- Markdown


def rendered(document: Document) -> Any:
    renderer = MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin)
    return html.fromstring(f"<main>{renderer.render(export(document, Format.MARKDOWN).decode())}</main>")


def test_markdown_renders_as_the_same_words() -> None:
    page = rendered(DOCUMENT)
    for mark in page.xpath("//sup | //a[@class='footnote-backref']"):
        mark.drop_tree()
    blocks = page.xpath("./h1 | ./h2 | ./p | ./blockquote")
    drawn = [spoken(block) for block in blocks]
    assert drawn == [
        " ".join(text.split())
        for text in (
            DOCUMENT.title,
            DOCUMENT.made,
            DOCUMENT.verdicts,
            *lines_as_text(DOCUMENT),
            "Sources",
        )
    ]
    assert [spoken(item) for item in page.xpath("./ul/li")] == [
        " ".join(" ".join(filter(None, (s.credits, s.note, s.standing))).split())
        for s in DOCUMENT.sources
    ]
    notes = page.xpath("//section[@class='footnotes']//li")
    assert [spoken(item) for item in notes] == [
        " ".join(words.split()) for words in footnote_words(DOCUMENT)
    ]


def test_markdown_makes_no_markup_of_what_articles_say() -> None:
    page = rendered(DOCUMENT)
    assert not page.xpath("//script | //img | //code | //del | //s | //table")
    assert not [link for link in page.xpath("//a/@href") if not link.startswith("#")]
    assert {" ".join(node.text_content().split()) for node in page.xpath("//strong")} == {
        " ".join(f"[{mark}]".split()) for line in DOCUMENT.lines for mark in line.marks
    }


@pytest.mark.parametrize(
    "text",
    [
        "1. first",
        "12) then",
        "- a",
        "+ b",
        "* c",
        "# d",
        "> e",
        "---",
        "===",
        "a\n===",
        "a\n---",
        "    indented",
        "\tindented",
        "```\ncode\n```",
        "~~~\ncode",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "[^1]: note",
        "[a]: http://x.y",
        "&amp; &lt; &#60;",
        "a\\\nb",
        "trailing\\",
        "a  \nb",
        "<!-- c -->",
        "<http://x.y> https://x.y me@x.org",
        "Term\n: definition",
        ":smile: 12:30",
        "\n\nblank\n\n\nlines\n\n",
        "5 * 3 _ 2",
    ],
)
def test_markdown_of_awkward_words_renders_as_these_words(text: str) -> None:
    entries = (note(text), said(text, TALKS, verdict=Verdict.SUPPORTED))
    page = rendered(briefings.document(entries, "T"))
    for mark in page.xpath("//sup"):
        mark.drop_tree()
    (quoted,) = page.xpath("./blockquote")
    assert spoken(quoted) == "Note by the author: " + " ".join(text.split())
    assert [child.tag for child in quoted] == ["p"]
    assert spoken(page.xpath("./p")[2]) == " ".join(text.split())
    assert {node.tag for node in page.xpath("./p[3]//*")} <= {"br"}


MARKS = st.sampled_from(list(" \n\t*_`[]()<>#|~$&^={}!@\\:.-+0129abcwx\"'/;%"))


@given(st.text(MARKS, max_size=40), st.text(MARKS, max_size=40))
def test_markdown_of_any_words_renders_as_these_words(text: str, quote: str) -> None:
    cited = replace(TALKS, quote=quote)
    page = rendered(briefings.document((said(text, cited, verdict=Verdict.SUPPORTED), note(text)), "T"))
    (printed,) = page.xpath("//section[@class='footnotes']//li")
    for mark in page.xpath("//sup | //a[@class='footnote-backref']"):
        mark.drop_tree()
    assert spoken(printed) == " ".join(f"“{quote}” The visit, PA, May 2025, visit.md".split())
    assert spoken(page.xpath("./p")[2]) == " ".join(text.split())
    drawn = [spoken(quoted) for quoted in page.xpath("./blockquote")]
    assert drawn == ["Note by the author: " + " ".join(text.split())] * bool(text.strip())


# ----- PDF


def test_pdf_holds_the_lines_the_notes_and_the_sources() -> None:
    entries = tuple(e for e in briefings.every_entry() if ARABIC not in getattr(e, "text", ""))
    document = briefings.document(entries)
    reader = PdfReader(BytesIO(export(document, Format.PDF)))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    wanted = [
        document.title,
        document.made,
        document.verdicts,
        *(f"[{mark}]" for line in document.lines for mark in line.marks),
        *(line.text for line in document.lines),
        *footnote_words(document),
        *(source.credits for source in document.sources),
        *(source.standing for source in document.sources if source.standing),
    ]
    # The extraction turns brackets beside words of no direction.
    flat = text.translate(_BRACKETS)
    missing = [w for w in wanted if re.sub(r"\s", "", w).translate(_BRACKETS) not in flat]
    assert missing == []
    numbers = [footnote.number for line in document.lines for footnote in line.footnotes]
    assert all(
        f"{n}{words[:6]}".replace(" ", "") in text
        for n, words in zip(numbers, footnote_words(document), strict=True)
    )


_BRACKETS = str.maketrans("()[]<>", "||||||")


def test_pdf_is_tagged_titled_dated_and_has_page_numbers() -> None:
    long = briefings.document((*briefings.every_entry(), *(note("Long. " * 200) for _ in range(6))))
    reader = PdfReader(BytesIO(export(long, Format.PDF)))
    assert reader.metadata is not None
    assert reader.metadata.title == long.title
    assert str(reader.metadata.creation_date).startswith("2025-05-09")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    count = len(reader.pages)
    assert count > 1
    assert [f"{n} / {count}" in page.extract_text() for n, page in enumerate(reader.pages, 1)] == [
        True
    ] * count
    actions = [page.get("/Annots") for page in reader.pages]
    links = [a.get_object() for annotations in actions if annotations for a in annotations]
    assert not [link for link in links if "/URI" in str(link.get("/A", ""))]


def test_pdf_holds_arabic_letters() -> None:
    reader = PdfReader(BytesIO(export(DOCUMENT, Format.PDF)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert set(words_of(ARABIC.rstrip("."))) <= set(re.findall(r"[\u0600-\u06ff]+", text))


def test_a_letter_that_no_font_has_does_not_keep_the_pdf_from_being_made() -> None:
    document = briefings.document((note("\ue123 and \U000f0000, then words"),))
    reader = PdfReader(BytesIO(export(document, Format.PDF)))
    assert "then words" in reader.pages[0].extract_text()


# ----- all


@pytest.mark.parametrize("wanted", list(Format))
def test_every_format_is_made_of_an_empty_and_of_a_damaged_briefing(wanted: Format) -> None:
    assert export(briefings.document(()), wanted)
    assert export(briefings.document((Unreadable("k", "?"),)), wanted)


@settings(max_examples=20)
@given(st.text(max_size=60))
def test_any_letters_make_a_word_file_and_a_page_that_hold_them(text: str) -> None:
    entries = (said(text, replace(TALKS, quote=text), verdict=Verdict.SUPPORTED), note(text))
    document = briefings.document(entries, text)
    (line, *_) = document.lines
    word = docx.Document(BytesIO(export(document, Format.DOCX)))
    (printed,) = (n for n in footnotes_part(word) if n.get(qn("w:type")) is None)
    assert "".join(text_of(printed).split()) == "".join(line.footnotes[0].words.split())
    page = html.fromstring(export(document, Format.HTML).decode())
    assert spoken(page.xpath("//q")[0]) == " ".join(line.footnotes[0].quote.split())


@pytest.mark.parametrize("wanted", list(Format))
def test_every_format_takes_hostile_words_everywhere(wanted: Format) -> None:
    odd = HOSTILE + "\x00\x08\ufffe\ud800 ]]> {{ 7*7 }} #panic() {% raw %}"
    entries = (said(odd, TALKS, verdict=Verdict.UNSUPPORTED, reason=odd), note(odd))
    content = export(briefings.document(entries, odd), wanted)
    assert content
    if wanted is Format.HTML:
        assert b"{{ 7*7 }}" in content


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Syria, May", "syria-may.pdf"),
        ("İğdır & Şam", "igdir-sam.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("<b>", "b.pdf"),
        ("…", "briefing.pdf"),
        ("بيان", "بيان.pdf"),
        ("word " * 40, "-".join(["word"] * 12) + ".pdf"),
    ],
)
def test_a_file_is_named_after_the_title(title: str, name: str) -> None:
    assert file_name(title, Format.PDF) == name


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.md"
    write(path, DOCUMENT)
    assert path.read_bytes() == export(DOCUMENT, Format.MARKDOWN)

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RagError, match="No space left"):
        write(path, briefings.document(()))
    assert [file.name for file in tmp_path.iterdir()] == ["b.md"]
    assert path.read_bytes() == export(DOCUMENT, Format.MARKDOWN)


def test_another_ending_and_another_folder_are_refused_in_words(tmp_path: Path) -> None:
    assert format_of(tmp_path / "A.DOCX") is Format.DOCX
    with pytest.raises(RagError, match=r"End its name in \.docx, \.pdf, \.html, \.md"):
        format_of(tmp_path / "a.odt")
    with pytest.raises(RagError, match="There is no folder"):
        format_of(tmp_path / "none" / "a.md")
