"""The five originals, which are not part of the project: SOURCELINE_ORIGINALS names their folder.

What is kept here are facts about them, made by hand: the hash of each file, what it states, and the
numbers of the lines, from 1, that are the article's own words.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.loading.corpus import cut_repeats, find_files, load

FOLDER = os.environ.get("SOURCELINE_ORIGINALS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="SOURCELINE_ORIGINALS is not set")


@dataclass(frozen=True)
class Original:
    sha256: str
    own_lines: tuple[int, ...]
    title_line: int | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None


ORIGINALS = {
    "000": Original("f5eafd2d7ac9deea", (1, *range(3, 17)), 1, "PA Turkey"),
    "001": Original("48ae4b77734c7bdc", (1, 4, *range(8, 27, 2)), 1),
    "002": Original("b2f30b457770a5b7", (1, 2, 3, 4, 5)),
    "003": Original(
        "1b204bb413336bc5",
        (158, 160, 168, *range(171, 187, 2), 187, 188, 190, 192),
        158,
        "INSS",
        "Carmit Valensi, Gallia Lindenstrauss",
        "2023-02-08",
    ),
    "004": Original("8ca6734ab6a76179", (1, 3, *range(9, 18, 2), *range(22, 33, 2)), 1),
}


def read(number: str) -> tuple[str, bytes]:
    (path,) = Path(FOLDER or "").glob(f"{number}_*.txt")
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(ORIGINALS[number].sha256)
    return path.name, content


@pytest.mark.parametrize("number", ORIGINALS)
def test_exactly_the_articles_own_lines_are_its_text(number: str) -> None:
    source, content = read(number)
    lines = dict(enumerate(content.decode().split("\n"), 1))
    own = [lines[place].rstrip() for place in ORIGINALS[number].own_lines]
    article = load(source, content)
    assert [line.rstrip() for line in article.text.split("\n") if line.strip()] == own
    others = [line.rstrip() for place, line in lines.items() if place not in ORIGINALS[number].own_lines]
    cut = [line for piece in article.cuts for line in piece.text.split("\n")]
    assert cut == [line for line in others if line]


@pytest.mark.parametrize("number", ORIGINALS)
def test_an_original_states_its_title_publisher_author_and_date(number: str) -> None:
    source, content = read(number)
    known = ORIGINALS[number]
    article = load(source, content)
    title = content.decode().split("\n")[known.title_line - 1] if known.title_line else None
    assert (article.title, article.publisher, article.author, article.published) == (
        title,
        known.publisher,
        known.author,
        known.published,
    )


def test_nothing_repeats_across_the_five() -> None:
    files, _ = find_files(Path(FOLDER or ""))
    articles = tuple(load(file.source, file.path.read_bytes()) for file in files)
    assert cut_repeats(articles) == articles
