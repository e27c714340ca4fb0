"""The page's own pieces, each one Streamlit component. Untrusted words reach the browser only
through here, as data that the scripts write with textContent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import streamlit as st

from rag.faces.web.shared.payloads import Payload


def asset(page: str, name: str) -> str:
    """The words of a file that lies beside the modules of a page, or else of those that all share."""
    own = files(f"rag.faces.web.{page}") / name
    return (own if own.is_file() else files("rag.faces.web.shared") / name).read_text(encoding="utf-8")


def component(page: str, name: str, *parts: str) -> Any:
    """A component of our own, made of its stylesheet and its script, with the scripts of its parts.
    `page` is the folder that they lie in."""
    scripts = (asset(page, f"{part}.js") for part in ("common", *parts, name))
    return st.components.v2.component(
        f"sourceline_{name}",
        html='<div class="root"></div>',
        css=asset(page, "common.css") + asset(page, f"{name}.css"),
        js="".join(scripts),
    )


def when_said(key: str, name: str, act: Callable[[Any], object]) -> Callable[[], None]:
    """What calls `act` with what the browser said under a name.

    A run that was cut short while the page changed may have dropped the component's state: then there
    is nothing to hear, and the reader clicks again.
    """

    def hear() -> None:
        said = st.session_state.get(key)
        value = None if said is None else said.get(name)
        if value is not None:
            act(value)

    return hear


# Streamlit wants a component to be registered once, outside the script that mounts it.
_exchange = component("chat", "exchange", "chosen", "preview", "claims", "why", "conflicts", "feedback")
_article = component("shared", "article", "chosen")
_library = component("chat", "library")
_examples = component("chat", "examples")
_conversations = component("shared", "conversations")
_notice = component("shared", "notice")
_told = component("shared", "told")
_switch = component("shared", "switch")


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


def switch(
    label: str,
    choices: Sequence[tuple[str, str]],
    chosen: str,
    key: str,
    on_choose: Callable[[str], None],
) -> None:
    """One of several, each a value and its words; `on_choose` gets the value."""
    _switch(
        key=key,
        data={"label": label, "choices": [list(choice) for choice in choices], "chosen": chosen},
        on_chosen_change=when_said(key, "chosen", on_choose),
    )


def article(
    payload: Payload,
    visit: int,
    key: str,
    on_close: Callable[[], None],
    on_step: Callable[[str], None] | None = None,
) -> None:
    """The article beside the page, where one is open; what the page holds can be opened in it without
    a run. A new `visit` scrolls to the marked words again; `on_step` gets the address that the reader
    went on to."""
    _article(
        key=key,
        data=payload | {"visit": visit},
        on_closed_change=on_close,
        on_stepped_change=when_said(key, "stepped", lambda address: on_step and on_step(address)),
    )


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


def conversations(
    rows: Sequence[Payload], chosen: str | None, key: str, on_open: Callable[[str], None]
) -> None:
    _conversations(
        key=key,
        data={"rows": list(rows), "chosen": chosen},
        on_opened_change=when_said(key, "opened", on_open),
    )


def notice(text: str, *, kind: str = "error", key: str | None = None) -> None:
    """Words that need attention: `error`, `note` or `done`. Unlike st.error it reads no markup."""
    _notice(key=key, data={"text": text, "kind": kind})


def told(text: str, kind: str, number: int) -> None:
    """What came of a click, `done` or `error`, said over the page once for each number."""
    with st.container(key="sourceline-told"):
        _told(key="told", data={"text": text, "kind": kind, "number": number})


def page_frame() -> None:
    """What all pages share: the name at the top of the sidebar, and the page's style."""
    st.logo(asset("shared", "name.svg"), size="medium")
    st.html(f"<style>{asset('shared', 'page.css')}</style>")
