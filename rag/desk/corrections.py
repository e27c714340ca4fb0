"""What people put right in the articles, by source. The files stay as they are; what stands here is laid
over them whenever they are read."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from rag.core.dates import is_edtf
from rag.core.errors import CorrectionError
from rag.core.records import Correction
from rag.core.schema import from_text, to_text
from rag.desk.database import Database, now


class Corrections:
    """The corrections of a desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[str, Correction]:
        """Those that can be read; a damaged one corrects nothing."""
        rows = self._database.rows("SELECT source, record FROM corrections")
        read = ((source, _read(record)) for source, record in rows)
        return {source: correction for source, correction in read if correction is not None}

    def put(self, source: str, correction: Correction) -> None:
        """Store what an article is to be corrected to; one that corrects nothing is withdrawn.

        Raises CorrectionError for a date that is none and a text without words.
        """
        checked = check(correction)
        if checked == Correction():
            self.withdraw(source)
            return
        statement = "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?)"
        self._database.change(statement, source, to_text(checked), now())

    def withdraw(self, source: str) -> None:
        """The article is as it was read again."""
        self._database.change("DELETE FROM corrections WHERE source = ?", source)


def check(correction: Correction) -> Correction:
    """A correction as it is stored: titles and names on one line. Raises CorrectionError."""
    line = {
        name: None if value is None else " ".join(value.split())
        for name, value in asdict(correction).items()
        if name not in ("text", "text_of")
    }
    published = line["published"]
    if published and not is_edtf(published):
        raise CorrectionError(
            f"{published!r} is not a date like 2023-02-08, 2025-05 or 2024. Write it so, or leave the "
            "field empty where the date is not known."
        )
    if correction.text is None:
        return replace(correction, **line, text_of=None)
    if not any(map(str.isalnum, correction.text)):
        raise CorrectionError("The text has no words. Write some, or remove the article instead.")
    if correction.text_of is None:
        raise CorrectionError("A corrected text must say which text it replaces.")
    return replace(correction, **line)


def _read(record: str) -> Correction | None:
    try:
        return check(from_text(Correction, record))
    except (ValueError, CorrectionError):
        return None
