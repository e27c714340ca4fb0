"""Opens what a citation cites, and finds out whether its words still stand where they stood."""

import hashlib
from pathlib import Path

from rag.core.errors import ArticleError
from rag.core.records import Article, Citation, Correction, Opened, Standing
from rag.index.search import Snapshot
from rag.loading.corpus import CorpusFile, corrected, load, read_bytes, stamped


def open_citation(
    corpus_dir: Path, snapshot: Snapshot, citation: Citation, correction: Correction | None = None
) -> Opened:
    """The article as its file and its correction are now, which may be newer than the index."""
    versions = _versions(corpus_dir, snapshot, citation.source, correction)
    for article in versions:
        quoted = article.text[citation.start : citation.end]
        if article.sha256 == citation.sha256 and quoted == citation.quote:
            return Opened(citation, Standing.SAME, article)
    if not versions:
        return Opened(citation, Standing.GONE, None)
    return Opened(citation, Standing.CHANGED, versions[0])


def _versions(
    corpus_dir: Path, snapshot: Snapshot, source: str, correction: Correction | None
) -> list[Article]:
    """What the file's bytes read as, corrected: as indexed, if both are the same; and as read alone,
    for what repeats across files is cut from an article, and other files come and go."""
    try:
        path = (corpus_dir / source).resolve()
        if not path.is_relative_to(corpus_dir.resolve()) or not path.is_file():
            return []
        content = read_bytes(CorpusFile(source, path, path.stat().st_size))
        stamp = stamped(hashlib.sha256(content).hexdigest(), correction)
        unchanged = stamp == snapshot.file_hashes.get(source)
        indexed = [snapshot.articles[source]] if unchanged and source in snapshot.articles else []
        return [*indexed, corrected(load(source, content), correction)]
    except (ArticleError, OSError):
        return []  # a file that cannot be read any more is gone for the reader
