"""Adding articles: files, pasted words or a web address are read first, shown, put right where need be,
and only then stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import streamlit as st

from rag.core.errors import RagError
from rag.core.records import Article
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.desk.corrections import check
from rag.desk.fetching import fetch_page
from rag.desk.gathering import Added, add_file, keep, page_file, preview, text_file
from rag.faces.web.corpus import article_fields
from rag.faces.web.corpus.article_fields import correction_of, fields_of
from rag.faces.web.corpus.components import candidate as draw_candidate
from rag.faces.web.corpus.payload import candidate_payload
from rag.faces.web.shared import components
from rag.loading.formats import MOST_BYTES, labels

_ROUND, _TOLD = "upload_round", "gathering_told"
# Each has its fields; the others wait below them.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be added: what would be read of it, or why it cannot be."""

    key: str
    name: str
    content: bytes
    article: Article | None
    problem: str | None = None
    url: str | None = None


def show(settings: Settings, articles: Sequence[Article], on_added: Callable[[], None]) -> None:
    """Draw the ways to add articles, and what was read of those that may be. `on_added` is called
    after something was stored."""
    files, paste, address = st.tabs(["Files", "Paste text", "Web address"])
    with files:
        _take_files(settings)
    with paste:
        _take_text(settings)
    with address:
        _take_page(settings)
    _show_told()
    candidates = _waiting(settings)
    if candidates:
        _show_candidates(settings, candidates, articles, on_added)


def is_waiting(settings: Settings) -> bool:
    """Whether something was read that is neither added to this corpus nor left out."""
    return bool(_waiting(settings))


def tell(kind: str, words: str) -> None:
    """Say this where articles are added, in the next run of the page."""
    st.session_state[_TOLD] = (*st.session_state.get(_TOLD, ()), (kind, words))


def _take_files(settings: Settings) -> None:
    turn = st.session_state.get(_ROUND, 0)
    uploaded = st.file_uploader(
        f"Drag files here: {labels()}, each under {MOST_BYTES // 2**20} MB",
        accept_multiple_files=True,
        key=f"upload-{turn}",
    )
    if uploaded:
        with st.spinner("Reading what was dropped …"):
            for file in uploaded:
                _offer(settings, file.name, file.getvalue())
        # An empty field: what was in it is below now.
        st.session_state[_ROUND] = turn + 1
        st.rerun()


def _take_text(settings: Settings) -> None:
    with st.form("paste", border=False, clear_on_submit=False):
        title = st.text_input("Title", key="paste-title")
        publisher, published = st.columns(2)
        outlet = publisher.text_input("Publisher", key="paste-publisher")
        day = published.text_input("Date", placeholder="2023-02-08, 2025-05 or 2024", key="paste-date")
        text = st.text_area("Text", height=220, key="paste-text")
        if not st.form_submit_button("Read it"):
            return
    try:
        name, content = text_file(title, text, outlet, day.strip())
        preview(name, content)
    except RagError as error:
        components.notice(str(error))
        return
    _offer(settings, name, content)
    st.rerun()


def _take_page(settings: Settings) -> None:
    with st.form("address", border=False):
        url = st.text_input("Address of the article", placeholder="https://", key="page-address")
        st.caption("The page is fetched once, now, and kept as it is.")
        if not st.form_submit_button("Fetch it"):
            return
    try:
        with st.spinner("Fetching the page …"):
            fetched = fetch_page(url, settings.fetch_private)
            name, content = page_file(fetched)
    except RagError as error:
        components.notice(str(error))
        return
    _offer(settings, name, content, fetched.url)
    st.rerun()


def _offer(settings: Settings, name: str, content: bytes, url: str | None = None) -> None:
    """Read a file, and hold it until it is added or left out."""
    article, problem = None, None
    try:
        article = preview(name, content)
    except RagError as error:
        problem, content = str(error), b""
    made = Candidate(uuid4().hex[:12], name, content, article, problem, url)
    _hold(settings, (*_waiting(settings), made))


def _waiting(settings: Settings) -> tuple[Candidate, ...]:
    """What waits for this corpus: what was read for another one waits there."""
    waiting: tuple[Candidate, ...] = st.session_state.get(_candidates_of(settings), ())
    return waiting


def _hold(settings: Settings, candidates: tuple[Candidate, ...]) -> None:
    st.session_state[_candidates_of(settings)] = candidates


def _candidates_of(settings: Settings) -> str:
    return f"candidates-{settings.state_dir.name}"


def _drop(settings: Settings, keys: set[str]) -> None:
    _hold(settings, tuple(c for c in _waiting(settings) if c.key not in keys))


def _show_told() -> None:
    for place, (kind, words) in enumerate(st.session_state.pop(_TOLD, ())):
        components.notice(words, kind=kind, key=f"gathering-told-{place}")


def _show_candidates(
    settings: Settings,
    candidates: Sequence[Candidate],
    articles: Sequence[Article],
    on_added: Callable[[], None],
) -> None:
    readable = [candidate for candidate in candidates if candidate.article]
    if len(candidates) > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            if readable and st.button(f"Add {len(readable):,}", type="primary", key="add-all"):
                _add(settings, readable, on_added)
            if st.button("Leave all out", key="leave-all"):
                _drop(settings, {candidate.key for candidate in candidates})
                st.rerun()
            st.text(_counted(candidates, readable))
    texts = {article.sha256: article for article in articles}
    for candidate in candidates[:_SHOWN]:
        with st.container(border=True, key=f"candidate-{candidate.key}"):
            _show_candidate(settings, candidate, texts, on_added)
    if len(candidates) > _SHOWN:
        st.caption(f"{len(candidates) - _SHOWN:,} more follow as these are added or left out.")


def _counted(candidates: Sequence[Candidate], readable: Sequence[Candidate]) -> str:
    lost = len(candidates) - len(readable)
    words = f"{counted(len(readable), 'file')} read"
    if lost:
        words += f"; {lost:,} cannot be added"
    unseen = sum(candidate.article is not None for candidate in candidates[_SHOWN:])
    if unseen:
        words += f". {unseen:,} of them not shown below: “Add {len(readable):,}” adds them too"
    return words


def _show_candidate(
    settings: Settings,
    candidate: Candidate,
    texts: dict[str, Article],
    on_added: Callable[[], None],
) -> None:
    article = candidate.article
    same = texts.get(article.sha256) if article else None
    note = f"The same text is there already, as {same.source}." if same else None
    name = article.source if article else candidate.name
    payload = candidate_payload(name, article, candidate.problem, note, candidate.url)
    draw_candidate(payload, key=f"card-{candidate.key}")
    if article is not None:
        with st.expander("Put right what was read"):
            article_fields.draw(candidate.key, fields_of(article), height=260)
    with st.container(horizontal=True):
        if article is not None and st.button("Add", type="primary", key=f"add-{candidate.key}"):
            _add(settings, [candidate], on_added)
        if st.button("Leave out", key=f"leave-{candidate.key}"):
            _drop(settings, {candidate.key})
            st.rerun()


def _add(settings: Settings, candidates: Sequence[Candidate], on_added: Callable[[], None]) -> None:
    """Store candidates; those that cannot be stay where they are, with the reason."""
    done: set[str] = set()
    new = 0
    failed: dict[str, str] = {}
    for candidate in candidates:
        assert candidate.article is not None
        try:
            # Before anything is written: a date that is none stops it.
            begun = fields_of(candidate.article)
            now = article_fields.typed(candidate.key, begun)
            correction = check(correction_of(now, begun, candidate.article))
            added = add_file(settings.corpus_dir, candidate.name, candidate.content)
            keep(settings, added, correction, candidate.url)
        except RagError as error:
            failed[candidate.key] = str(error)
            continue
        done.add(candidate.key)
        new += added.is_new
        if words := _odd(candidate.article.source, added):
            tell("note", words)
    _hold(
        settings,
        tuple(
            replace(candidate, problem=failed.get(candidate.key, candidate.problem))
            for candidate in _waiting(settings)
            if candidate.key not in done
        ),
    )
    if new:
        tell("done", f"{counted(new, 'article')} added.")
    if done:
        on_added()
    st.rerun()


def _odd(wanted: str, added: Added) -> str | None:
    """What is to be said of a file whose name was taken."""
    if not added.is_new:
        return f"{added.source} is there already, with the same words: it was not added again."
    if added.source != wanted:
        return f"There is another file named {wanted}, which stays: this one is {added.source}."
    return None
