"""The memory as a file: conversations, briefings, corrections and feedback, exported and imported."""

import json
from collections.abc import Sequence
from datetime import date

import streamlit as st

from rag.core.errors import CorpusError, RagError
from rag.core.settings import Settings
from rag.core.wording import counted
from rag.desk.desk import open_desk
from rag.desk.transfer import Imported
from rag.faces.web.shared import components
from rag.faces.web.shared.core import start_run
from rag.faces.web.shared.reindexing import runs_of
from rag.loading.corpus import find_files

_READ, _OPENED = "imported_files", "transfer_opened"
_MOST_NAMED = 10


def offer_transfer(settings: Settings) -> None:
    if st.button("Export and import", type="tertiary"):
        st.session_state[_OPENED] = settings.state_dir
    # Drawn in every run until it is closed: the page is drawn anew when what was imported is indexed.
    if st.session_state.get(_OPENED) == settings.state_dir:
        _transfer(settings)


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("Export and import", on_dismiss=_close)
def _transfer(settings: Settings) -> None:
    st.text(
        "One file holds all conversations, briefings, corrections and feedback of this corpus, with "
        "their citations. The articles stay in their folder."
    )
    try:
        document = open_desk(settings).export()
    except RagError as error:
        components.notice(str(error))
        return
    if document["left_out"]:
        damaged = counted(document["left_out"], "damaged record")
        components.notice(f"{damaged} cannot be read and will not be in the file.", kind="note")
    st.download_button(
        "Export",
        json.dumps(document, ensure_ascii=False, indent=1),
        file_name=f"sourceline-{date.today().isoformat()}.json",
        mime="application/json",
        on_click="ignore",
        type="primary",
    )
    file = st.file_uploader("Import a file that was exported here or elsewhere", type="json")
    if file is None:
        return
    done: dict[str, str] = st.session_state.setdefault(_READ, {})
    if file.file_id not in done:  # the dialog is drawn again for every click in it
        try:
            done[file.file_id] = take_in(settings, file.getvalue())
        except RagError as error:
            components.notice(str(error))
            return
    components.notice(done[file.file_id], kind="done")
    if st.button("Show it"):
        _close()
        st.rerun()


def take_in(settings: Settings, content: bytes) -> str:
    """Import a file, have the articles that it corrects indexed, and say what came of it.

    Raises TransferError, which says what is wrong with the file, and StorageError.
    """
    desk = open_desk(settings)
    before = desk.corrections.all().keys()
    imported = desk.take_in(content)
    new = desk.corrections.all().keys() - before
    corrected = sorted(new & _sources(settings))
    if corrected:
        start_run(runs_of(settings))
    return describe(imported, corrected)


def _sources(settings: Settings) -> set[str]:
    try:
        return {file.source for file in find_files(settings.corpus_dir)[0]}
    except CorpusError:  # a correction waits for its article
        return set()


def describe(imported: Imported, corrected: Sequence[str]) -> str:
    """What came of an import, in words; `corrected` are the articles here that are indexed again."""
    came = [
        counted(number, noun)
        for number, noun in (
            (imported.conversations, "conversation"),
            (imported.briefings, "briefing"),
            (imported.corrections, "correction"),
        )
        if number
    ]
    words = f"Imported: {', '.join(came)}." if came else "Nothing new came in."
    if corrected:
        more = len(corrected) - _MOST_NAMED
        names = ", ".join(corrected[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        words += f" Corrected, and being indexed again: {names}."
    if waiting := imported.corrections - len(corrected):
        words += f" {counted(waiting, 'correction')} of articles that are not here: kept for them."
    if imported.known:
        words += f" {imported.known} of the file are here already, just the same."
    if imported.renamed:
        words += f" {imported.renamed} came in besides another of that name, marked “imported”."
    if imported.kept_own:
        words += f" {counted(imported.kept_own, 'article')} had a correction here, which stays."
    return words
