"""A briefing as Markdown with footnotes. Whatever an article says stands there as text."""

import re

from rag.desk.document import Document, Line, Source
from rag.desk.entries import EntryKind

# What begins markup anywhere in a line: of CommonMark, of GitHub's tables, links and formulas.
_ACTIVE = re.compile(r"[\\`*_\[\]<>#|~$&^={}!@]")
# An address or a :name: becomes a link or a picture in some readers.
_COLON = re.compile(r":(?=[/\w+-])")
_WWW = re.compile(r"\b(www)\.", re.I)
# What begins a list or a line below a heading at the start of a line.
_LEADING = re.compile(r"^(?:([-+])|(\d{1,9})([.)]))(?=\s|$|[-+=])")


def to_markdown(document: Document) -> bytes:
    blocks = [f"# {escaped(document.title)}", escaped(document.made), escaped(document.verdicts)]
    blocks += map(_block, document.lines)
    if document.sources:
        blocks += ["## Sources", "\n".join(map(_source, document.sources))]
    notes = [
        f"[^{footnote.number}]: {escaped(footnote.words, indent='    ')}"
        for line in document.lines
        for footnote in line.footnotes
    ]
    return ("\n\n".join([*blocks, *notes]) + "\n").encode()


def _block(line: Line) -> str:
    if line.kind is EntryKind.HEADING:
        return f"## {escaped(line.text)}"
    label = f"*{escaped(line.label)}:* " if line.label else ""
    notes = "".join(f"[^{footnote.number}]" for footnote in line.footnotes)
    marks = "".join(f" **{escaped(f'[{mark}]')}**" for mark in line.marks)
    body = f"{label}{escaped(line.text)}{notes}{marks}"
    return body if line.kind is EntryKind.SENTENCE else "> " + body.replace("\n", "\n> ")


def _source(source: Source) -> str:
    told = "".join(f" *{escaped(words)}*" for words in (source.note, source.standing) if words)
    return f"- {escaped(source.credits)}{told}"


def escaped(text: str, indent: str = "") -> str:
    """A text that renders as itself; the lines behind the first are indented."""
    lines = [_escaped_line(line) for line in text.strip().split("\n")]
    # A hard break for each end of a line: an empty line would end the paragraph or the note.
    return f"\\\n{indent}".join(line for line in lines if line)


def _escaped_line(line: str) -> str:
    line = _ACTIVE.sub(r"\\\g<0>", line.strip())
    line = _WWW.sub(r"\1\\.", _COLON.sub(r"\\:", line))
    return _LEADING.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", line)
