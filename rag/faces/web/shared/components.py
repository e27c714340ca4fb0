"""The page's own pieces, each one Streamlit component. Untrusted words reach the browser only
through here, as data that the scripts write with textContent.
"""

from collections.abc import Callable, Sequence
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
_article = component("shared", "article", "chosen")
_conversations = component("shared", "conversations")
_notice = component("shared", "notice")
_switch = component("shared", "switch")
_select = component("shared", "select")
_lines = component("shared", "lines")


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


def lines(rows: Sequence[Payload], key: str, on_act: Callable[[str], None] = lambda key: None) -> None:
    """A title and a detail on each line, with a button where the row has an `action`; `on_act` gets
    the row's key."""
    _lines(
        key=key,
        data={"rows": list(rows)},
        on_acted_change=when_said(key, "acted", on_act),
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


def page_frame() -> None:
    """What all pages share: the name at the top of the sidebar, and the page's style."""
    st.logo(asset("shared", "name.svg"), size="medium")
    st.html(f"<style>{asset('shared', 'page.css')}</style>")
