"""The texts of a benchmark as a folder of articles, indexed as any folder is. They lie below the data
folder and are kept, so that the next run finds them indexed."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rag.asking.assistant import Assistant
from rag.core.records import Article
from rag.core.settings import Settings
from rag.index.intake import Progress
from rag.wiring import build_index, open_assistant

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Document:
    """A text that becomes an article. `published` is EDTF or None."""

    text: str
    title: str = ""
    publisher: str = ""
    published: str | None = None

    @property
    def source(self) -> str:
        """Where it stands in the folder. Texts that are the same are one article."""
        digest = hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()
        return f"{digest[:16]}.md"

    @property
    def has_words(self) -> bool:
        return any(map(str.isalnum, self.text))


@dataclass(frozen=True)
class Scratch:
    """An indexed benchmark. `settings` are those that it was indexed with."""

    settings: Settings
    assistant: Assistant
    articles: dict[str, Article]


def open_scratch(
    settings: Settings,
    name: str,
    documents: Iterable[Document],
    progress: Progress = lambda done, total, what: None,
) -> Scratch:
    """An assistant over these documents and nothing else. Raises what indexing raises."""
    folder = settings.data_dir / "benchmarks" / name
    write_documents(folder, documents)
    own = replace(settings, corpus_dir=folder)
    build_index(own, progress=lambda done, total, what: progress(done, total, f"{name}: {what}"))
    assistant = open_assistant(own)
    return Scratch(own, assistant, {article.source: article for article in assistant.articles()})


def write_documents(folder: Path, documents: Iterable[Document]) -> None:
    """Makes the folder hold these documents; files that hold them already are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {document.source: document for document in documents if document.has_words}
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for source, document in wanted.items():
        content = as_markdown(document).encode(errors="replace")
        path = folder / source
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def as_markdown(document: Document) -> str:
    """Markdown that reads as the document's very words: whatever is markup in them is escaped."""
    credits = [
        # JSON's strings are YAML's.
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in (
            ("title", " ".join(document.title.split())),
            ("publisher", document.publisher),
            ("published", document.published),
        )
        if value
    ]
    head = "\n".join(["---", *credits, "---", ""]) if credits else ""
    lines = document.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = (_paragraph(paragraph) for paragraph in _BLANK_LINES.split(lines))
    return f"{head}\n{(chr(10) * 2).join(paragraphs)}\n"


def _paragraph(text: str) -> str:
    # A backslash at the end of a line keeps it a line.
    return "\\\n".join(_MARKUP.sub(r"\\\1", line.strip()) for line in text.split("\n"))
