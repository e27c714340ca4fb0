"""Opens what a citation cites, and finds out whether its words still stand where they stood."""

import hashlib
from pathlib import Path

from rag.corpus import CorpusFile, load, read_bytes
from rag.errors import ArticleError
from rag.records import Article, Citation, Opened, Standing
from rag.retrieval import Snapshot


def open_citation(corpus_dir: Path, snapshot: Snapshot, citation: Citation) -> Opened:
    """The article as its file is on the disk now, which may be newer than the index."""
    article = _article_now(corpus_dir, snapshot, citation.source)
    if article is None:
        return Opened(citation, Standing.GONE, None)
    same = (
        article.sha256 == citation.sha256
        and article.text[citation.start : citation.end] == citation.quote
    )
    return Opened(citation, Standing.SAME if same else Standing.CHANGED, article)


def _article_now(corpus_dir: Path, snapshot: Snapshot, source: str) -> Article | None:
    path = corpus_dir / source
    if not path.resolve().is_relative_to(corpus_dir.resolve()) or not path.is_file():
        return None
    try:
        content = read_bytes(CorpusFile(source, path, path.stat().st_size))
        unchanged = hashlib.sha256(content).hexdigest() == snapshot.file_hashes.get(source)
        if unchanged and source in snapshot.articles:
            return snapshot.articles[source]
        return load(source, content)
    except (ArticleError, OSError):
        return None  # a file that cannot be read any more is gone for the reader
