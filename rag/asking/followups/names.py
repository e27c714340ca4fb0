"""Names in a text: where they stand, and what kind of thing each is the name of."""

import re
from collections.abc import Iterator

from rag.asking.followups.records import Kind
from rag.asking.followups.vocabulary import ADJECTIVE, PLACES
from rag.asking.questions import QuestionReader
from rag.language.text import fold, plain, words

# What no person is called by.
_GROUP_WORDS = frozenset(
    """agency airport army assembly authority bank brigade broadcaster bridge bureau cabinet church club
    committee committees commission company conference corporation corridor council court cup daily
    department district emirates fleet flotilla force forces forum foundation front games government
    group groups guard haber hotel institute journal league mission ministry movement museum nation
    nations network news office organisation organization palace parliament party post province
    regime region river sabah sea security service society state states studies summit team times
    tower treaty tribunal union unit units university vehicle war world accord accords
    agreement""".split()
)
_GROUPS = frozenset("hamas hezbollah taliban daesh isis houthis mossad interpol walla anadolu".split())
# The next three words, of which a place may have fewer; another may begin among them.
_LOWER_PLACE = re.compile(r"\b(?:in|at|near|visit(?:ed)?|to)\s+(?=([^\W\d_]+(?: [^\W\d_]+){0,2}))")


def find_names(text: str, reader: QuestionReader) -> Iterator[tuple[int, int, str | None]]:
    """Where names stand, without their suffixes, and the term of each that is known by several."""
    # Read as one question: the reader would take "..., and what ...?" apart and lose the places.
    masked = re.sub(r"\b(?:and|but)\b", "for", re.sub(r"\?(?=\s)", ",", text), flags=re.IGNORECASE)
    offset = len(text) - len(text.lstrip())
    found = []
    for name in reader.read(masked)[0].names:
        start = name.start + offset
        end = start + len(plain(text[start : name.end + offset]).rstrip())
        found.append((start, end, name.common))
    if text.islower():
        for match in _LOWER_PLACE.finditer(text):
            start = match.start(1)
            place = match[1]
            while place and fold(place) not in PLACES:
                place = place.rpartition(" ")[0]
            end = start + len(place)
            if place and not any(s < end and start < e for s, e, _ in found):
                found.append((start, end, None))
    yield from sorted(found, key=lambda span: span[0])


def kind_of(text: str, start: int, end: int, common: str | None) -> Kind:
    """What a name seems to be the name of. `common` is the term of a name that is known by several."""
    name = text[start:end]
    folded = [word.folded for word in words(name)]
    last = (common or "").removeprefix("@").split("-")
    if (
        folded[-1] in _GROUP_WORDS
        or last[-1] in _GROUP_WORDS
        or any(word in _GROUPS for word in folded)
        or fold(name) in PLACES
        or fold(" ".join(last)) in PLACES
        or (name.isupper() and len(name) <= 6 and not text.isupper())
        or (ADJECTIVE.search(name) and common is not None and len(last) == 1)
        or re.search(r"\bthe\s+$", text[:start], re.IGNORECASE)
    ):
        return Kind.GROUP
    return Kind.PERSON if len(folded) > 1 or len(last) > 1 else Kind.UNKNOWN
