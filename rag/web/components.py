"""The page's own pieces, each one Streamlit component. Untrusted words reach the browser only
through here, as data that the scripts write with textContent.
"""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import streamlit as st

from rag.web.payloads import Payload


def _asset(name: str) -> str:
    return (files("rag.web") / "assets" / name).read_text(encoding="utf-8")


def _component(name: str) -> Any:
    return st.components.v2.component(
        f"sourceline_{name}",
        html='<div class="root"></div>',
        css=_asset("common.css") + _asset(f"{name}.css"),
        js=_asset("common.js") + _asset(f"{name}.js"),
    )


# Streamlit wants a component to be registered once, outside the script that mounts it.
_exchange = _component("exchange")
_article = _component("article")
_library = _component("library")
_conversations = _component("conversations")
_notice = _component("notice")
_switch = _component("switch")
_scoreboard = _component("scoreboard")
_charts = _component("charts")


def exchange(
    payload: Payload,
    chosen: str | None,
    key: str,
    on_choose: Callable[[str], None],
    on_rewrite: Callable[[str], None],
    latest: bool = False,
) -> None:
    """A question with its answer; `on_choose` gets the address of what is to be opened,
    `on_rewrite` the question in the reader's own words where it was understood in others.

    The latest answer comes into view from its beginning.
    """
    _exchange(
        key=key,
        data=payload | {"key": key, "chosen": chosen, "latest": latest},
        on_chosen_change=lambda: on_choose(st.session_state[key]["chosen"]),
        on_rewritten_change=lambda: on_rewrite(st.session_state[key]["rewritten"]),
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
        on_chosen_change=lambda: on_choose(st.session_state[key]["chosen"]),
    )


def article(payload: Payload, visit: int, key: str, on_close: Callable[[], None]) -> None:
    """The article beside the page. A new `visit` scrolls to the marked words again."""
    _article(key=key, data=payload | {"visit": visit}, on_closed_change=on_close)


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
        on_opened_change=lambda: on_open(st.session_state[key]["opened"]),
        on_only_change=lambda: on_only and on_only(st.session_state[key]["only"]),
    )


def conversations(
    rows: Sequence[Payload], chosen: str | None, key: str, on_open: Callable[[str], None]
) -> None:
    _conversations(
        key=key,
        data={"rows": list(rows), "chosen": chosen},
        on_opened_change=lambda: on_open(st.session_state[key]["opened"]),
    )


def scoreboard(payload: Payload, key: str) -> None:
    """Figures by benchmark as a table, each with its picture on one scale."""
    _scoreboard(key=key, data=payload)


def charts(payload: Payload, key: str) -> None:
    """Curves and tables of confusion, each with its points in words."""
    _charts(key=key, data=payload)


def notice(text: str, *, kind: str = "error", key: str | None = None) -> None:
    """Words that need attention: `error`, `note` or `done`. Unlike st.error it reads no markup."""
    _notice(key=key, data={"text": text, "kind": kind})


def page_frame() -> None:
    """What all pages share: the name at the top of the sidebar, and the page's style."""
    st.logo(_asset("name.svg"), size="medium")
    st.html(f"<style>{_asset('page.css')}</style>")
