"""How commands put things into words: counts, sources and their quotes."""

from collections.abc import Sequence

from rag.core.dates import readable
from rag.core.records import Article, Citation
from rag.loading.decoding import clean


def one_line(text: str) -> str:
    """Somebody's text for a terminal: on one line, and nothing that would steer the terminal."""
    return clean(text).replace("\n", " ")


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def credits(cited: Article | Citation) -> str:
    date = readable(cited.published) if cited.published else None
    author = cited.author if isinstance(cited, Article) else None
    return " · ".join(filter(None, (cited.title, author, cited.publisher, date))) or "untitled"


def numbered(citations: Sequence[Citation], sources: list[Citation]) -> str:
    """The numbers of citations in the list of sources, to which they are added."""
    first = len(sources) + 1
    sources += citations
    return "".join(f"[{number}]" for number in range(first, len(sources) + 1))


def print_sources(sources: Sequence[Citation]) -> None:
    if sources:
        print()
    for number, citation in enumerate(sources, start=1):
        place = f"{citation.source} [{citation.start}:{citation.end}]"
        print(f"[{number}] {credits(citation)}, {place}\n{indented(citation.quote)}")
