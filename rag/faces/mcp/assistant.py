"""The one assistant behind the MCP server: opened while it serves, shared by all calls. And what opens a
citation that comes back from a model, who may have made it up."""

import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from threading import Lock

from rag.asking.assistant import Assistant
from rag.core.errors import RagError
from rag.core.records import Citation, Opened, Span, Standing
from rag.loading.corpus import find_files

Tell = Callable[[str], None]
Open = Callable[[Tell], Assistant]

# How often a call that waits for the corpus says so, and looks whether it is still wanted.
_WAIT_SECONDS = 1.0


class SharedAssistant:
    """An assistant that is opened once, by whoever needs it first."""

    def __init__(self, open_corpus: Open) -> None:
        """`open_corpus` is called again by the next who needs it where it raised."""
        self._open_corpus = open_corpus
        self._opening = Lock()
        self._assistant: Assistant | None = None
        self._doing = "Opening the articles"

    def open_early(self) -> None:
        """Opens it before anybody asks; what goes wrong is told to the one who does."""
        try:
            self.get(lambda what: None)
        except RagError as error:
            print(f"sourceline: {error}", file=sys.stderr)

    def get(self, tell: Tell) -> Assistant:
        """Opens it, or waits until it is open; `tell` hears meanwhile what is done. Raises RagError."""
        while not self._opening.acquire(timeout=_WAIT_SECONDS):
            tell(self._doing)
        try:
            if self._assistant is None:
                self._assistant = self._open_corpus(lambda what: self._note(what, tell))
            return self._assistant
        finally:
            self._opening.release()

    def _note(self, what: str, tell: Tell) -> None:
        self._doing = what
        tell(what)


def open_cited(assistant: Assistant, corpus_dir: Path, citation: Citation) -> Opened:
    """What `Assistant.open` gives, for a citation that a model may have made up: only files that are
    articles of the corpus are looked at.

    Raises RagError for a source that no citation can have, and for words that never stood where the
    citation says.
    """
    source = citation.source
    path = PurePosixPath(source)
    if path.is_absolute() or ".." in path.parts or "\0" in source:
        raise RagError(f"{source!r} is no article's name. Pass `source` as a citation gives it.")
    indexed = next((each for each in assistant.articles() if each.source == source), None)
    if indexed is None:
        files, _ = find_files(corpus_dir)
        if not any(file.source == source for file in files):
            return Opened(citation, Standing.GONE, None)
    elif indexed.sha256 == citation.sha256:
        exact = Span(indexed, citation.start, citation.end).citation
        # Models that copy a quote of several lines lose white space; the place tells the words.
        if exact.quote.split() == citation.quote.split():
            citation = exact
    opened = assistant.open(citation)
    article = opened.article
    if opened.standing is Standing.CHANGED and article and article.sha256 == citation.sha256:
        raise RagError(
            f"{source} has not changed, but these words do not stand in it from {citation.start} to "
            f"{citation.end}. Pass the citation exactly as it was given."
        )
    return opened
