"""A briefing as a Word document whose footnotes are real ones.

python-docx has no footnotes of its own: the part that holds them is made here.
"""

from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.package import Package
from docx.parts.story import StoryPart
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from rag.desk.document import Document, Line, Source
from rag.desk.entries import EntryKind
from rag.desk.exports.direction import runs_right_to_left

_NOTE_TEXT, _NOTE_MARK = "footnote text", "footnote reference"
_SENTENCE, _OWN_NOTE, _SMALL, _MARK = "Sentence", "Author Note", "Small Print", "Verdict Mark"
_INK, _QUIET, _WARNING = (
    RGBColor(0x1B, 0x1F, 0x24),
    RGBColor(0x55, 0x5B, 0x63),
    RGBColor(0x9A, 0x1B, 0x1B),
)
_FONT = "Calibri"
_LANGUAGE = "en-US"


def to_docx(document: Document) -> bytes:
    word = docx.Document()
    _set_up(word, document)
    notes = _Footnotes(word)
    _write(word.add_paragraph(style="Title"), document.title)
    _write(word.add_paragraph(style=_SMALL), document.made)
    _write(word.add_paragraph(style=_SMALL), document.verdicts)
    for line in document.lines:
        _add_line(word, notes, line)
    if document.sources:
        word.add_heading("Sources", level=1)
        for source in document.sources:
            _add_source(word, source)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


class _Footnotes:
    """The part `footnotes.xml` of a document: its notes are numbered in the order they are added."""

    def __init__(self, word: WordDocument) -> None:
        package = word.part.package
        assert isinstance(package, Package)
        # The two notes that draw the line between text and footnotes have no number.
        root = parse_xml(
            f"<w:footnotes {nsdecls('w', 'r')}>"
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240"'
            ' w:lineRule="auto"/></w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0"'
            ' w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        self._root = root
        self._part = StoryPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
        word.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = word.settings.element
        declared = parse_xml(
            f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        # The schema wants it before what the template has from here on.
        settings.find(qn("w:compat")).addprevious(declared)

    def add(self, paragraph: Paragraph, number: int, words: str) -> None:
        """A reference at the end of a paragraph, and its note at the foot of the page."""
        reference = _child(paragraph.add_run(style=_NOTE_MARK)._r, "w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        note = _child(self._root, "w:footnote")
        note.set(qn("w:id"), str(number))
        body = Paragraph(_child(note, "w:p"), self._part)
        body.style = _NOTE_TEXT
        _child(body.add_run(style=_NOTE_MARK)._r, "w:footnoteRef")
        body.add_run(" ")
        _write(body, words)


def _add_line(word: WordDocument, notes: _Footnotes, line: Line) -> None:
    if line.kind is EntryKind.HEADING:
        _write(word.add_paragraph(style="Heading 1"), line.text)
        return
    paragraph = word.add_paragraph(style=_SENTENCE if line.kind is EntryKind.SENTENCE else _OWN_NOTE)
    if line.label:
        paragraph.add_run(f"{line.label}: ", style="Strong")
    _write(paragraph, line.text)
    for footnote in line.footnotes:
        if footnote is not line.footnotes[0]:
            paragraph.add_run(", ", style=_NOTE_MARK)
        notes.add(paragraph, footnote.number, footnote.words)
    for mark in line.marks:
        _write(paragraph, f" [{mark}]", style=_MARK)


def _add_source(word: WordDocument, source: Source) -> None:
    _write(word.add_paragraph(style="List Bullet"), source.credits)
    for told in filter(None, (source.note, source.standing)):
        _write(word.add_paragraph(style="List Continue"), told, style="Emphasis")


def _write(paragraph: Paragraph, text: str, style: str | None = None) -> None:
    """Add words; where they are the first of their paragraph and run from right to left, so does it."""
    turned = runs_right_to_left(text)
    if turned and not any(run.text.strip() for run in paragraph.runs):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            OxmlElement("w:bidi"),
            *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"),
            *("w:outlineLvl", "w:rPr"),
        )
    run = paragraph.add_run(text, style=style)
    if turned:
        run.font.rtl = True


def _child(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    made = OxmlElement(name)
    parent.append(made)
    return made


def _set_up(word: WordDocument, document: Document) -> None:
    """The page, the styles, and what the file says of itself."""
    _leave_out_thumbnail(word)
    # The template's hundred looks of tables: nothing here is one, and each is looked at at every run.
    for style in list(word.styles):
        if style.type is WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    properties = word.core_properties
    properties.title = document.title[:255]
    properties.author = properties.last_modified_by = "Sourceline"
    properties.comments = document.made[:255]
    properties.language = _LANGUAGE
    properties.created = properties.modified = datetime.combine(
        document.made_on, datetime.min.time(), UTC
    ).replace(tzinfo=None)
    properties.revision = 1

    _style(word, "Normal", size=11, color=_INK, after=8, line=1.25)
    _style(word, "Title", size=24, color=_INK, after=6, line=1.1)
    _style(word, "Heading 1", size=14, color=_INK, before=18, after=6, line=1.15)
    _style(word, "List Bullet", size=10, color=_INK, after=3, line=1.2)
    _style(word, "List Continue", size=10, color=_QUIET, after=3, line=1.2)
    styles = word.styles
    for name, size, color in ((_SENTENCE, 11, _INK), (_OWN_NOTE, 11, _QUIET), (_SMALL, 9.5, _QUIET)):
        _based_on_normal(styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), word)
        _style(word, name, size=size, color=color, after=4 if name == _SMALL else 8, line=1.25)
    own = styles[_OWN_NOTE]
    assert isinstance(own, ParagraphStyle)
    own.paragraph_format.left_indent = Cm(0.75)
    note_text = styles.add_style(_NOTE_TEXT, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note_text.element.styleId = "FootnoteText"
    _based_on_normal(note_text, word)
    _style(word, _NOTE_TEXT, size=9, color=_INK, after=2, line=1.1)
    note_mark = styles.add_style(_NOTE_MARK, WD_STYLE_TYPE.CHARACTER, builtin=True)
    note_mark.element.styleId = "FootnoteReference"
    note_mark.font.superscript = True
    mark = styles.add_style(_MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.bold, mark.font.color.rgb = True, _WARNING


def _style(
    word: WordDocument,
    name: str,
    *,
    size: float,
    color: RGBColor,
    after: float,
    line: float,
    before: float = 0,
) -> None:
    """Sizes and distances in points; `line` in lines."""
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), color
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    # Arabic and the like take their font and size from here.
    fonts.set(qn("w:cs"), "Arial")
    complex_size = style.element.rPr.find(qn("w:szCs"))
    if complex_size is None:
        complex_size = OxmlElement("w:szCs")
        style.element.rPr.find(qn("w:sz")).addnext(complex_size)
    complex_size.set(qn("w:val"), str(int(size * 2)))
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), line
    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _based_on_normal(style: CharacterStyle | ParagraphStyle, word: WordDocument) -> None:
    style.base_style = word.styles["Normal"]


def _leave_out_thumbnail(word: WordDocument) -> None:
    """The template's picture of another document."""
    package = word.part.package
    assert package is not None
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
