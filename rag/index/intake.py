"""The files of a corpus as they are now: read anew where they changed, and made into the articles that
an index holds."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.core.errors import ArticleError, CorpusEmpty
from rag.core.records import Article, Correction
from rag.index.store import StoredFile
from rag.loading.corpus import corrected, cut_repeats, find_files, load, read_bytes, stamped
from rag.loading.formats import endings

# Progress: how much is done, of how much, of what.
Progress = Callable[[int, int, str], None]
# What people put right in the articles, by source.
Corrections = Mapping[str, Correction]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of articles, and what people corrected in them."""

    folder: Path
    corrections: Corrections

    def is_as(self, listed: Mapping[str, tuple[str, str | None]], progress: Progress) -> bool:
        """Whether the files and corrections are just those that an index was made of: `listed` has
        each file's stamp, and why it is left out. Asked before anything indexed is read: most runs
        find nothing changed, and should cost little."""
        now = {
            source: (stamp, None if stamp else str(content))
            for source, stamp, content in self._contents(progress, "Looking for changes")
        }
        then = {source: (stamp, None if stamp else reason) for source, (stamp, reason) in listed.items()}
        return now == then

    def read(self, known: Mapping[str, StoredFile], progress: Progress) -> Iterator[StoredFile]:
        """Every file by source: loaded anew when its bytes or its correction changed, with a reason
        when it cannot be an article. Raises CorpusError."""
        for source, stamp, content in self._contents(progress, "Reading articles"):
            stored = known.get(source)
            if isinstance(content, ArticleError):
                yield StoredFile(source, stamp, None, str(content))
            elif stored and stored.sha256 == stamp:
                yield stored
            else:
                try:
                    article = corrected(load(source, content), self.corrections.get(source))
                    yield StoredFile(source, stamp, article, None)
                except ArticleError as error:
                    yield StoredFile(source, stamp, None, str(error))

    def _contents(
        self, progress: Progress, what: str
    ) -> Iterator[tuple[str, str, bytes | ArticleError]]:
        """Source, stamp and bytes of every file; no stamp and the reason when it cannot be read."""
        found, skipped = find_files(self.folder)
        for skip in skipped:
            yield skip.source, "", ArticleError(skip.reason)
        for done, file in enumerate(found):
            progress(done, len(found), what)
            try:
                content = read_bytes(file)
            except ArticleError as error:
                yield file.source, "", error
            else:
                sha256 = hashlib.sha256(content).hexdigest()
                yield file.source, stamped(sha256, self.corrections.get(file.source)), content
        progress(len(found), len(found), what)

    def articles(self, files: Sequence[StoredFile]) -> tuple[list[Article], list[StoredFile]]:
        """The articles by source, without what repeats across them but for texts that a person
        corrected; and the files by source, copies of a text marked as such. Raises CorpusEmpty."""
        first: dict[str, str] = {}
        loaded, listed = [], []
        for file in sorted(files, key=lambda file: file.source):
            if file.loaded is None:
                listed.append(file)
                continue
            original = first.setdefault(file.loaded.sha256, file.source)
            if original == file.source:
                loaded.append(file.loaded)
                listed.append(replace(file, reason=None))
            else:
                listed.append(replace(file, reason=f"holds the same text as {original}"))
        if not loaded:
            raise CorpusEmpty(
                f"There is no article in {self.folder}. Put {endings()} files "
                "there, or name another folder with --corpus."
                + "".join(f"\n  {file.source}: {file.reason}" for file in listed[:20])
            )
        # What a person wrote is not cut, and tells nothing of what repeats in the others.
        as_read = [
            article
            for article in loaded
            if not _is_by_hand(article, self.corrections.get(article.source))
        ]
        shorter = {article.source: article for article in cut_repeats(as_read)}
        return [shorter.get(article.source, article) for article in loaded], listed


def _is_by_hand(article: Article, correction: Correction | None) -> bool:
    """Whether an article, corrected already, has the text that a person gave it."""
    if correction is None or correction.text is None:
        return False
    given = replace(article, sha256=correction.text_of or "")
    return corrected(given, correction).sha256 == article.sha256
