"""An article put right after it was added: title, publisher, author, date and text, in a dialog."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from rag.errors import RagError
from rag.gathering import as_read
from rag.loading.decoding import clean
from rag.memory.corrections import Corrections
from rag.memory.origins import Origins
from rag.records import Article, Correction
from rag.settings import Settings
from rag.web import components

_SOURCE = "corrected_source"


def outdated(articles: Sequence[Article], corrections: Mapping[str, Correction]) -> list[str]:
    """The sources whose text was corrected and which do not have it: their files have changed since."""
    texts = {article.source: article.text for article in articles}
    return [
        source
        for source, correction in sorted(corrections.items())
        if correction.text is not None
        and source in texts
        and texts[source] != clean(correction.text).strip("\n")
    ]


def show_outdated(sources: Sequence[str]) -> None:
    if sources:
        components.notice(
            "These files have changed since their text was corrected, and are read as they are now: "
            f"{', '.join(sources)}. Correct the text again, or take the correction back.",
            kind="note",
            key="outdated",
        )


def begin(source: str) -> None:
    """Have the fields of this article drawn from the next run on, until it is put right or closed."""
    st.session_state[_SOURCE] = source


def _end() -> None:
    st.session_state.pop(_SOURCE, None)


def show(
    settings: Settings,
    articles: Mapping[str, Article],
    corrections: Mapping[str, Correction],
    on_done: Callable[[], None],
) -> None:
    """Draw the fields of the article that is being corrected, in every run: the page is drawn anew
    whenever an index is, and what was typed must stay. `on_done` is called when one was put right."""
    source: str = st.session_state.get(_SOURCE, "")
    if source in articles:
        _correct(settings, articles[source], corrections.get(source), on_done)
    else:
        _end()


@st.dialog("Correct the article", width="large", on_dismiss=_end)
def _correct(
    settings: Settings, article: Article, correction: Correction | None, on_done: Callable[[], None]
) -> None:
    try:
        read = as_read(settings.corpus_dir, article.source)
        origin = Origins(settings.memory_path).of(article.source)
    except RagError as error:
        components.notice(str(error))
        return
    with st.form("correction", border=False):
        name = f"correct-{article.source}-"
        title = st.text_input("Title", article.title or "", key=name + "title")
        first, second, third = st.columns(3)
        publisher = first.text_input("Publisher", article.publisher or "", key=name + "publisher")
        author = second.text_input("Author", article.author or "", key=name + "author")
        published = third.text_input(
            "Date", article.published or "", placeholder="2023-02-08", key=name + "published"
        )
        text = st.text_area("Text", article.text, height=320, key=name + "text")
        st.caption("The file itself stays as it is. A field left empty says that there is none.")
        wanted = st.form_submit_button("Save", type="primary")
    if origin:
        st.text(f"Fetched on {origin.fetched_on} from {origin.url}")
    corrections = Corrections(settings.memory_path)
    try:
        if wanted:
            fields = (title, publisher, author, published, text)
            corrections.put(article.source, _as_correction(fields, article, read, correction))
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


def _as_correction(
    fields: tuple[str, str, str, str, str],
    article: Article,
    read: Article,
    before: Correction | None,
) -> Correction:
    """What the fields say otherwise than the file alone; a text left as it was stays corrected."""
    title, publisher, author, published, text = fields

    def put_right(typed: str, stated: str | None) -> str | None:
        words = " ".join(typed.split())
        return None if words == " ".join((stated or "").split()) else words

    is_kept = clean(text).strip("\n") == article.text
    if is_kept and before is not None and before.text_of == read.sha256:
        words, of = before.text, before.text_of
    elif is_kept:
        words, of = None, None
    else:
        words, of = text, read.sha256
    return Correction(
        title=put_right(title, read.title),
        publisher=put_right(publisher, read.publisher),
        author=put_right(author, read.author),
        published=put_right(published, read.published),
        text=words,
        text_of=of,
    )
