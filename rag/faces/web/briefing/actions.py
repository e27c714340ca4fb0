"""What is done to briefings from the pages: which one is open, what is kept in it, what is changed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Lock
from typing import Any

import streamlit as st

from rag.core.errors import RagError
from rag.desk.briefings import Briefings, StaleEntry
from rag.desk.conversations import Stored, title_from
from rag.desk.database import new_key
from rag.desk.document import FINDINGS, difference_of, edited, entries_of
from rag.desk.entries import Briefing, Entry, EntryKind, heading, note, sentence
from rag.faces.web.shared import panel
from rag.faces.web.shared.payloads import Payload
from rag.judging.verification import Verifier

BRIEFING = "briefing"
_CURRENT, _ACTS, _WORKING = "current_briefing", "briefing_acts", "briefing_at_work"
_MAKING = Lock()
_MOST_FAILURES = 20
_KEY = re.compile(r"[0-9a-f]{16}")


def current(briefings: Briefings) -> Briefing | None:
    """The briefing that sentences are kept in: the one opened last in this visit, or else the one that
    was changed last. Raises StorageError."""
    chosen = st.session_state.get(_CURRENT)
    if chosen and (briefing := briefings.read(chosen)):
        return briefing
    listed = briefings.list()
    return briefings.read(listed[0].key) if listed else None


def choose(key: str) -> None:
    """What is kept from now on in this visit goes into this briefing."""
    st.session_state[_CURRENT] = key


def keep_claim(briefings: Briefings, stored: Stored, number: int) -> str:
    """Keep a claim of an answer, counted from 1, in the briefing of this visit, which is made where
    there is none. Returns what to tell the reader. Raises StorageError."""
    answer = stored.exchange.answer
    claim = answer.claims[number - 1]
    # What other articles say otherwise goes along: a sentence alone would hide it.
    differences = (
        conflict
        for conflict in answer.conflicts
        if any(
            cited.meets(other)
            for side in conflict.sides
            for other in side.citations
            for cited in claim.citations
        )
    )
    entries = (
        sentence(claim, stored.exchange.question),
        *(difference_of(conflict, stored.exchange.question) for conflict in differences),
    )
    return _keep(briefings, stored, entries)


def keep_answer(briefings: Briefings, stored: Stored) -> str:
    """Keep every claim of an answer, and what it says that the articles do not tell."""
    return _keep(briefings, stored, entries_of(stored.exchange.answer))


def _keep(briefings: Briefings, stored: Stored, entries: tuple[Entry, ...]) -> str:
    briefing = current(briefings)
    if briefing is None:
        title = title_from(stored.exchange.question)
        choose(briefings.create(title, entries))
        return f"Kept in a new briefing, “{title}”."
    choose(briefing.key)
    said_already = {
        (entry.text, entry.question)
        for entry in briefing.entries
        if isinstance(entry, Entry) and entry.kind in FINDINGS
    }
    wanted = [entry for entry in entries if (entry.text, entry.question) not in said_already]
    added = briefings.keep(briefing.key, wanted)
    if not added:
        return f"It is in “{briefing.title}” already."
    if len(added) < len(entries):
        count = "1 entry" if len(added) == 1 else f"{len(added):,} entries"
        return f"{count} kept in “{briefing.title}”; the others are in it already."
    return f"Kept in “{briefing.title}”."


def perform(briefings: Briefings, judge: Callable[[], Verifier], key: str, said: dict[str, Any]) -> None:
    """Do what the browser asks for, in its order and each once: it sends again what it has not heard
    back of. What fails is told with the words that it was about."""
    # Streamlit starts the next run of a visit while the last one is still at work.
    with _at_work():
        heard = _heard(str(said["visit"]))
        for act in said["acts"]:
            if int(act["number"]) <= heard["done"]:
                continue
            try:
                _do(briefings, judge, key, act)
            except StaleEntry as error:
                newer = {"text": error.newer.text, "version": error.newer.version}
                _fail(heard, act, str(error), newer)
            except RagError as error:
                _fail(heard, act, str(error))
            heard["done"] = int(act["number"])


def _at_work() -> AbstractContextManager[bool]:
    """One lock for each visit."""
    with _MAKING:
        if _WORKING not in st.session_state:
            st.session_state[_WORKING] = Lock()
        lock: AbstractContextManager[bool] = st.session_state[_WORKING]
    return lock


def heard() -> Payload:
    """What the browser is told of its acts: up to which they are done, and which failed."""
    visits: dict[str, Payload] = st.session_state.get(_ACTS, {})
    return next(reversed(visits.values()), _heard_of(""))


def _heard(visit: str) -> Payload:
    """Of each time that the page was drawn: where it is drawn anew, Streamlit may say once more what the
    page before said, and that is done already."""
    visits: dict[str, Payload] = st.session_state.setdefault(_ACTS, {})
    # The one that was heard of last stands last.
    heard = visits.pop(visit) if visit in visits else _heard_of(visit)
    visits[visit] = heard
    return heard


def _heard_of(visit: str) -> Payload:
    return {"visit": visit, "done": 0, "failures": []}


def _fail(heard: Payload, act: Payload, message: str, newer: Payload | None = None) -> None:
    failure = {"number": act["number"], "message": message, "newer": newer, "text": act.get("text")}
    heard["failures"] = [*heard["failures"], failure][-_MOST_FAILURES:]


def _do(briefings: Briefings, judge: Callable[[], Verifier], key: str, act: dict[str, Any]) -> None:
    before = str(act["before"]) if act.get("before") else None
    match act["what"]:
        case "open":
            panel.open_claim(str(act["address"]))
        case "rename":
            briefings.rename(key, str(act["text"]))
        case "add":
            make = heading if act["kind"] == EntryKind.HEADING else note
            # Cleaned as edited words are, and refused when there are none. The browser gives the key:
            # what it sends once more after the connection was lost is added once.
            added = replace(make(""), key=_key_from(act["key"]))
            briefings.keep(key, [edited(added, str(act["text"]), judge)], before)
        case "edit":
            _edit(briefings, judge, key, act)
        case "move":
            briefings.move(key, str(act["entry"]), before)
        case "remove":
            briefings.remove(key, str(act["entry"]))
        case "restore":
            briefings.restore(key, str(act["entry"]))


def _edit(briefings: Briefings, judge: Callable[[], Verifier], key: str, act: dict[str, Any]) -> None:
    """Judge and store new words. They are judged before they are stored: a verdict never stands beside
    words that it was not given for."""
    entry = briefings.find(key, str(act["entry"]))
    if entry.version != int(act["version"]) and entry.text != str(act["text"]).strip():
        raise StaleEntry(entry)
    changed = edited(entry, str(act["text"]), judge)
    if changed != entry:
        briefings.edit(key, changed)


def _key_from(given: object) -> str:
    return given if isinstance(given, str) and _KEY.fullmatch(given) else new_key()
