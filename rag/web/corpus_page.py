"""The corpus: what can be asked, what was left out of it and why, and each article to be read."""

from collections.abc import Sequence

import streamlit as st

from rag.records import Article, Skipped
from rag.settings import Settings
from rag.text import fold
from rag.web import asking, components, filters, history, panel
from rag.web.core import assistant_for, errors_shown, offer_index, watch_for_new_index
from rag.web.payloads import counted, describe_library, library_payload
from rag.web.viewer_payload import article_payload

PAGE = "corpus"
_FIND_FROM = 12


def show() -> None:
    components.page_frame()
    history.restore_address(PAGE)
    filters.keep_choices()
    asking.stop_work_elsewhere(None)
    with errors_shown():
        settings = Settings.from_environment()
    with st.container(key="sourceline-corpus"):
        st.subheader("Corpus", anchor=False)
        with errors_shown(settings):
            assistant = assistant_for(settings, repr(settings))
            generation, articles = assistant.generation, assistant.articles()
            skipped = assistant.skipped()
        st.text(f"{describe_library(articles)}, in {settings.corpus_dir}")
        index_if_pressed = offer_index(settings, "Index the folder again")
        _show_articles(articles)
        _show_skipped(skipped)
    watch_for_new_index(assistant, generation)
    chosen = st.query_params.get(panel.ARTICLE)
    for article in articles:
        if article.source == chosen:
            panel.show(article_payload(article))
    history.remember_address(PAGE)
    index_if_pressed()


def _show_articles(articles: Sequence[Article]) -> None:
    wanted = ""
    if len(articles) >= _FIND_FROM:
        wanted = st.text_input(
            "Find", placeholder="Title, publisher, author or file", key="find_article"
        )
    found = [article for article in articles if _mentions(article, wanted)]
    if not found:
        st.text("No article has these words in its title, publisher, author or file.")
        return
    components.library(
        library_payload(found),
        st.query_params.get(panel.ARTICLE),
        key="library",
        on_open=panel.open_article,
    )


def _mentions(article: Article, wanted: str) -> bool:
    fields = (article.title, article.publisher, article.author, article.published, article.source)
    words = fold(" ".join(field for field in fields if field))
    return all(word in words for word in fold(wanted).split())


def _show_skipped(skipped: Sequence[Skipped]) -> None:
    if not skipped:
        return
    st.subheader(f"{counted(len(skipped), 'file')} skipped", anchor=False)
    lines = (f"{file.source}: {file.reason}" for file in skipped)
    components.notice("\n".join(lines), kind="note")
