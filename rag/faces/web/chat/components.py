"""The pieces of the page Chat, each one Streamlit component, as those that all pages share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from rag.faces.web.shared.components import component, when_said
from rag.faces.web.shared.payloads import Payload

_exchange = component("chat", "exchange", "chosen", "preview", "claims", "why", "conflicts", "feedback")
_library = component("chat", "library")
_examples = component("chat", "examples")
_told = component("chat", "told")


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the page does when the reader acts on an answer. `choose` gets the address of what is to be
    opened, `rewrite` the question in the reader's own words, `judge` what was said of the answer, `keep`
    the number of a claim to take into the briefing, or None for all of them."""

    choose: Callable[[str], None]
    rewrite: Callable[[str], None]
    judge: Callable[[Payload], None]
    keep: Callable[[int | None], None] | None = None


def exchange(payload: Payload, chosen: str | None, key: str, deeds: Deeds, latest: bool = False) -> None:
    """A question with its answer. The latest answer comes into view from its beginning."""
    keep = deeds.keep

    _exchange(
        key=key,
        data=payload | {"key": key, "chosen": chosen, "latest": latest, "keeps": keep is not None},
        on_chosen_change=when_said(key, "chosen", deeds.choose),
        on_rewritten_change=when_said(key, "rewritten", deeds.rewrite),
        on_judged_change=when_said(key, "judged", deeds.judge),
        on_kept_change=when_said(key, "kept", lambda said: keep and keep(said["claim"])),
    )


def pending(payload: Payload, doing: str, key: str, seconds: float | None = None) -> None:
    """An exchange that is still being written, and for how long: nothing in it can be chosen.

    The finished exchange takes its place when it has the same key.
    """
    working = {"words": doing, "seconds": seconds}
    _exchange(key=key, data=payload | {"key": key, "chosen": None, "working": working})


def library(
    rows: Sequence[Payload],
    chosen: str | None,
    key: str,
    on_open: Callable[[str], None],
    on_only: Callable[[str], None] | None = None,
) -> None:
    """Articles as a table, each to be opened, and to be asked alone where `on_only` is given."""
    _library(
        key=key,
        data={"rows": list(rows), "chosen": chosen, "short": on_only is not None},
        on_opened_change=when_said(key, "opened", on_open),
        on_only_change=when_said(key, "only", lambda source: on_only and on_only(source)),
    )


def examples(questions: Sequence[str] | None, key: str, on_ask: Callable[[str], None]) -> None:
    """Questions to begin with, each to be asked at once; None while they are being looked for."""
    _examples(
        key=key,
        data={"questions": None if questions is None else list(questions)},
        on_asked_change=when_said(key, "asked", on_ask),
    )


def told(text: str, kind: str, number: int) -> None:
    """What came of a click, `done` or `error`, said over the page once for each number."""
    with st.container(key="sourceline-told"):
        _told(key="told", data={"text": text, "kind": kind, "number": number})
