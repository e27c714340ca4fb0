"""Which corpus the page is of: the switch in the sidebar. The choice stands in the address, so that a
reload keeps it, and goes along to the other pages.
"""

from collections.abc import Callable

import streamlit as st

from rag.core.errors import RagError
from rag.core.settings import Settings
from rag.desk.corpora import Corpora, Corpus
from rag.faces.web.shared import components, method
from rag.faces.web.shared.components import lines, select
from rag.faces.web.shared.core import errors_shown

_CHOSEN, _PAGE, _MANAGING = "corpus_chosen", "corpus_page", "corpora_managed"


def choose_corpus(settings: Settings, page: str, manages: bool = False) -> Settings:
    """Draw the switch at the top of the sidebar, where there is more than one corpus or they can be
    managed here; returns the settings of the corpus that is chosen.

    To be called once a run, after `history.restore_address(page)`. `settings` are those that the
    program was started with, `page` names the page.
    """
    with errors_shown():
        corpora = Corpora(settings)
        known = corpora.list()
    chosen = _chosen(known, page)
    with st.sidebar:
        if len(known) > 1 or manages:
            choices = [(corpus.key, corpus.name) for corpus in known]
            select("Corpus", choices, chosen.key, key="corpus-choice", on_choose=switch_to)
        if manages:
            st.button("Manage corpora", type="tertiary", on_click=_set_managing, args=(True,))
    # Drawn in every run until it is closed: the page is drawn anew whenever an index is.
    if manages and st.session_state.get(_MANAGING):
        _manage(corpora)
    return corpora.settings_of(chosen)


def switch_to(key: str) -> None:
    """Another corpus has other conversations and articles: what was open is left."""
    st.session_state[_CHOSEN] = key
    st.query_params.from_dict(method.kept_choice() | {method.CORPUS: key})


def _chosen(known: tuple[Corpus, ...], page: str) -> Corpus:
    state = st.session_state
    keys = {corpus.key: corpus for corpus in known}
    asked, before = st.query_params.get(method.CORPUS), state.get(_CHOSEN)
    if before in keys and (asked is None or state.get(_PAGE) not in (None, page)):
        if asked != before and not (asked is None and before == known[0].key):
            # The address that this page was left at may be of another corpus.
            kept = method.kept_choice() if asked is not None else st.query_params.to_dict()
            st.query_params.from_dict(kept | {method.CORPUS: before})
        asked = before
    if asked is not None and asked not in keys:
        components.notice(
            "The corpus of this address is not listed any more. These are the articles that the "
            "program was started with; a folder can be opened again under Manage corpora.",
            kind="note",
        )
    chosen = keys.get(asked or "", known[0])
    state[_CHOSEN], state[_PAGE] = chosen.key, page
    return chosen


def _set_managing(is_open: bool) -> None:
    st.session_state[_MANAGING] = is_open


@st.dialog("Corpora", on_dismiss=lambda: _set_managing(False))
def _manage(corpora: Corpora) -> None:
    place = st.container()
    with st.form("new-corpus", border=False):
        name = st.text_input("Make a new one", placeholder="Its name", max_chars=60)
        if st.form_submit_button("Make it"):
            _go(lambda: corpora.create(name))
    with st.form("open-corpus", border=False):
        path = st.text_input("Open a folder of articles", placeholder="/home/me/articles")
        if st.form_submit_button("Open it"):
            _go(lambda: corpora.open(path))
    with place, errors_shown():
        lines(
            [
                {
                    "key": corpus.key,
                    "title": corpus.name,
                    "detail": str(corpus.folder),
                    "action": None if corpus.is_first else "Forget",
                }
                for corpus in corpora.list()
            ],
            key="corpora",
            on_act=lambda key: _forget(corpora, key),
        )
        st.caption("Forgetting one takes it off this list. Its articles stay in their folder.")


def _go(make: Callable[[], Corpus]) -> None:
    try:
        corpus = make()
    except RagError as error:
        components.notice(str(error))
    else:
        switch_to(corpus.key)
        _set_managing(False)
        st.rerun()


def _forget(corpora: Corpora, key: str) -> None:
    with errors_shown():
        corpora.forget(key)
    if st.session_state.get(_CHOSEN) == key:
        switch_to(corpora.list()[0].key)
