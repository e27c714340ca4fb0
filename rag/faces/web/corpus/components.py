"""The pieces of the page Corpus, each one Streamlit component, as those that all pages share."""

from collections.abc import Callable, Sequence

import streamlit as st

from rag.faces.web.shared.components import asset, component, when_said
from rag.faces.web.shared.payloads import Payload

_shelf = component("corpus", "shelf")
_candidate = component("corpus", "candidate")
_lines = component("corpus", "lines")
_select = component("corpus", "select")


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


def lines(rows: Sequence[Payload], key: str, on_act: Callable[[str], None] = lambda key: None) -> None:
    """A title and a detail on each line, with a button where the row has an `action`; `on_act` gets
    the row's key."""
    _lines(
        key=key,
        data={"rows": list(rows)},
        on_acted_change=when_said(key, "acted", on_act),
    )


def select(
    label: str,
    choices: Sequence[tuple[str, str]],
    chosen: str,
    key: str,
    on_choose: Callable[[str], None],
) -> None:
    """One of many, each a value and its words; `on_choose` gets the value. It always shows `chosen`,
    whatever the browser sends of an earlier choice."""
    _select(
        key=key,
        data={"label": label, "choices": [list(choice) for choice in choices], "chosen": chosen},
        on_chosen_change=when_said(key, "chosen", on_choose),
    )
