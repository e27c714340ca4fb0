"""The pieces of the page Corpus, each one Streamlit component, as those that all pages share."""

from collections.abc import Callable

import streamlit as st

from rag.faces.web.shared.components import asset, component, when_said
from rag.faces.web.shared.payloads import Payload

_shelf = component("corpus", "shelf")
_candidate = component("corpus", "candidate")


def style() -> None:
    """What only this page looks like."""
    st.html(f"<style>{asset('corpus', 'corpus.css')}</style>")


def shelf(payload: Payload, key: str, acts: dict[str, Callable[[str], None]]) -> None:
    """A page of the table of articles. `acts` says what is done with a source when it is `opened`,
    `corrected` or `removed`, with a column when the table is `sorted` by it, and with the number of a
    page when it is `turned` to."""

    def on(act: str) -> Callable[[], None]:
        return when_said(key, act, acts[act])

    _shelf(
        key=key,
        data=payload,
        on_opened_change=on("opened"),
        on_corrected_change=on("corrected"),
        on_removed_change=on("removed"),
        on_sorted_change=on("sorted"),
        on_turned_change=on("turned"),
    )


def candidate(payload: Payload, key: str) -> None:
    """What was read of a file that may be added: its heads, its first words, and what was cut."""
    _candidate(key=key, data=payload)
