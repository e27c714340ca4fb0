"""An article put right after it was added: title, publisher, author, date and text, in a dialog."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from rag.core.errors import RagError
from rag.core.records import Article, Correction
from rag.core.settings import Settings
from rag.desk.desk import open_desk
from rag.desk.gathering import as_read
from rag.faces.web.corpus import article_fields
from rag.faces.web.corpus.article_fields import Fields, correction_of, fields_of
from rag.faces.web.shared import components
from rag.loading.corpus import applies, corrected
from rag.loading.decoding import clean

_OPENED, _BEGUN = "corrected_article", "correction_begun"


def outdated(
    corpus_dir: Path, articles: Sequence[Article], corrections: Mapping[str, Correction]
) -> list[str]:
    """The sources whose text was corrected and which do not have it: their files have changed since.
    One that only waits to be indexed is none."""
    texts = {article.source: article.text for article in articles}
    return [
        source
        for source, correction in sorted(corrections.items())
        if correction.text is not None
        and source in texts
        and texts[source] != clean(correction.text).strip("\n")
        and _read_hash(corpus_dir, source) not in (None, correction.text_of)
    ]


def _read_hash(corpus_dir: Path, source: str) -> str | None:
    """The hash of the text that the file alone holds now; None where it cannot be read."""
    try:
        status = (corpus_dir / source).stat()
        return _hash_of(corpus_dir, source, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError, RagError):
        return None


@lru_cache(maxsize=256)  # a PDF takes seconds, and the page is drawn often
def _hash_of(corpus_dir: Path, source: str, modified_ns: int, size_bytes: int) -> str:
    return as_read(corpus_dir, source).sha256


def show_outdated(sources: Sequence[str]) -> None:
    if sources:
        components.notice(
            "These files have changed since their text was corrected, and are read as they are now: "
            f"{', '.join(sources)}. Correct the text again, or take the correction back.",
            kind="note",
            key="outdated",
        )


def begin(settings: Settings, source: str) -> None:
    """Have the fields of this article drawn from the next run on, until it is put right or closed."""
    _end()
    st.session_state[_OPENED] = settings.state_dir, source


def _end() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state.pop(_BEGUN, None)


def show(
    settings: Settings,
    articles: Mapping[str, Article],
    corrections: Mapping[str, Correction],
    on_done: Callable[[], None],
) -> None:
    """Draw the fields of the article that is being corrected, in every run: the page is drawn anew
    whenever an index is, and what was typed must stay. `on_done` is called when one was put right.

    Another corpus may have a file of the same name: there the fields are closed.
    """
    state_dir, source = st.session_state.get(_OPENED, (None, ""))
    if state_dir == settings.state_dir and source in articles:
        _correct(settings, articles[source], corrections.get(source), on_done)
    else:
        _end()


@st.dialog("Correct the article", width="large", on_dismiss=_end)
def _correct(
    settings: Settings, article: Article, correction: Correction | None, on_done: Callable[[], None]
) -> None:
    try:
        read = as_read(settings.corpus_dir, article.source)
        origin = open_desk(settings).origins.of(article.source)
    except RagError as error:
        components.notice(str(error))
        return
    # As they were when the dialog was opened: a run that ends meanwhile types nothing.
    begun: Fields = st.session_state.setdefault(_BEGUN, begin_with(article, read, correction))
    key = f"correct-{settings.state_dir.name}-{article.source}"
    with st.form("correction", border=False):
        article_fields.draw(key, begun, height=320)
        st.caption("The file itself stays as it is. A field left empty says that there is none.")
        wanted = st.form_submit_button("Save", type="primary")
    if origin:
        st.text(f"Fetched on {origin.fetched_on} from {origin.url}")
    corrections = open_desk(settings).corrections
    try:
        if wanted:
            now = article_fields.typed(key, begun)
            corrections.put(article.source, correction_of(now, begun, read, correction))
        elif correction is not None and st.button("Take all corrections back"):
            corrections.withdraw(article.source)
        else:
            return
    except RagError as error:
        components.notice(str(error))
        return
    _end()
    on_done()
    st.rerun()


def begin_with(article: Article, read: Article, correction: Correction | None) -> Fields:
    """What the fields of an article begin with: what is stored of it by now, which `article`, as it is
    indexed, may not have yet. Of the text, what repeats across files was cut when it was indexed."""
    stored = corrected(read, correction)
    if applies(read, correction):
        return fields_of(stored)
    is_cut_only = set(article.text.split("\n")) <= set(read.text.split("\n"))
    return replace(fields_of(stored), text=article.text if is_cut_only else read.text)
