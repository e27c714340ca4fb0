"""Names for files and folders that people, uploads and web pages suggest: safe on every system, as close
to the suggestion as can be. The door to pathvalidate."""

import re
import unicodedata
from pathlib import PurePosixPath

from pathvalidate import sanitize_filename

MOST_BYTES = 180
# Marks that turn the direction of writing can make a name look like another.
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


def safe_name(suggested: str, otherwise: str = "article") -> str:
    """The last part of a path as the name of a file that is not hidden; its ending in small letters.

    `otherwise` stands where nothing is left of the name.
    """
    last = suggested.replace("\\", "/").rsplit("/", 1)[-1]
    last = unicodedata.normalize("NFC", _TURNING.sub("", last).encode(errors="ignore").decode())
    ending = PurePosixPath(last.strip()).suffix.lower()
    stem = last.strip()[: len(last.strip()) - len(ending)] if ending else last
    return _as_name(stem, ending, otherwise)


def name_from_title(title: str, ending: str, otherwise: str = "article") -> str:
    """The name of a file for an article of this title."""
    words = " ".join(re.sub(r"[^\w.,'’–-]+", " ", _TURNING.sub("", title)).split())
    return _as_name(unicodedata.normalize("NFC", words), ending, otherwise)


def numbered(name: str, number: int) -> str:
    """The same name for another file: `report.md`, `report (2).md`."""
    path = PurePosixPath(name)
    return name if number == 1 else f"{path.stem} ({number}){path.suffix}"


def _as_name(stem: str, ending: str, otherwise: str) -> str:
    stem = sanitize_filename(stem, replacement_text=" ", platform="universal")
    stem = " ".join(stem.split()).strip(" .~$") or otherwise
    while len(stem.encode()) > MOST_BYTES:
        stem = stem[:-1].rstrip()
    # Once more with the ending: a name like `con.md` is reserved as well.
    return sanitize_filename(stem + ending, replacement_text=" ", platform="universal")
