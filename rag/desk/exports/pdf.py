"""A briefing as PDF, set by Typst. The words go to it as data: none is ever read as markup."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import typst

from rag.core.errors import ExportError
from rag.desk.document import Document, Footnote, Line, Source
from rag.desk.exports.direction import runs_right_to_left


def to_pdf(document: Document) -> bytes:
    """By the accessible standard PDF/UA-1, or, where no font at hand has some letter, tagged without its
    seal. Raises ExportError when it cannot be set."""
    try:
        try:
            return _set(document, "ua-1")
        except typst.TypstError:
            return _set(document)
    except typst.TypstError as error:
        raise ExportError(
            f"The briefing cannot be made into a PDF: {error.message}. Export it as Word or HTML."
        ) from error


def _set(document: Document, *standards: Literal["ua-1"]) -> bytes:
    made = datetime.combine(document.made_on, datetime.min.time(), UTC)
    return typst.compile(
        (files("rag.desk.exports") / "templates" / "briefing.typ").read_bytes(),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"document": json.dumps(_data(document))},
        pdf_standards=list(standards),
        timestamp=int(made.timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Typst's own, and the system's for scripts that these lack."""
    return typst.Fonts()


def _data(document: Document) -> dict[str, object]:
    return {
        "title": _directed(document.title),
        "made": document.made,
        "verdicts": document.verdicts,
        "lines": [_line(line) for line in document.lines],
        "sources": [_source(source) for source in document.sources],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "kind": line.kind.value,
        "text": _directed(line.text),
        "label": line.label,
        "footnotes": [_footnote(footnote) for footnote in line.footnotes],
        "marks": list(line.marks),
    }


def _footnote(footnote: Footnote) -> dict[str, object]:
    return {"number": footnote.number, "words": _directed(footnote.words)}


def _source(source: Source) -> dict[str, object]:
    return asdict(source) | {"credits": _directed(source.credits)}


def _directed(text: str) -> dict[str, object]:
    return {"words": text, "is_turned": runs_right_to_left(text)}
