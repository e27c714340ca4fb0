"""What the pages do to briefings: keeping from answers, and acts that the browser sends again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from rag.core.records import Answer, AnswerKind, Citation, Claim, Exchange, Filters, Verdict
from rag.desk.briefings import Briefings
from rag.desk.conversations import Stored
from rag.desk.desk import Desk
from rag.desk.entries import Briefing, Entry, EntryKind, note, sentence
from rag.faces.web.briefing import actions as briefing_actions
from rag.faces.web.briefing.payload import address_of, briefing_payload, find_citation
from rag.judging.verification import Verifier

QUOTE = Citation("log.md", "0" * 64, 3, 13, "Ada sails.", "Log", "Port", "2024-05")
QUESTION = "Who sails?"


@pytest.fixture(autouse=True)
def visit(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What one visit remembers."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


@pytest.fixture
def briefings(tmp_path: Path) -> Briefings:
    return Desk(tmp_path / "conversations.db").briefings


def kept(*texts: str, message: str | None = None, question: str = QUESTION) -> Stored:
    claims = tuple(Claim(text, (QUOTE,), Verdict.SUPPORTED) for text in texts)
    answer = Answer(question, AnswerKind.ANSWERED, message, claims)
    return Stored(1, Exchange(question, answer), Filters(), datetime(2025, 5, 1, tzinfo=UTC))


def current(briefings: Briefings) -> Briefing:
    briefing = briefing_actions.current(briefings)
    assert briefing is not None
    return briefing


def texts(briefing: Briefing) -> list[str]:
    return [entry.text for entry in briefing.entries if isinstance(entry, Entry)]


def no_verifier() -> Verifier:
    raise AssertionError("nothing is to be judged")


def test_the_first_claim_that_is_kept_makes_a_briefing_named_after_the_question(
    briefings: Briefings,
) -> None:
    told = briefing_actions.keep_claim(briefings, kept("Ada sails.", "Bo sails."), 2)
    assert told == "Kept in a new briefing, “Who sails?”."
    assert (current(briefings).title, texts(current(briefings))) == (QUESTION, ["Bo sails."])


def test_what_is_kept_again_is_told_and_not_doubled(briefings: Briefings) -> None:
    briefings.create("Syria, May")
    answer = kept("Ada sails.", "Bo sails.", message="They do not say when.")
    assert briefing_actions.keep_claim(briefings, answer, 1) == "Kept in “Syria, May”."
    assert briefing_actions.keep_claim(briefings, answer, 1) == "It is in “Syria, May” already."
    assert briefing_actions.keep_answer(briefings, answer) == (
        "2 entries kept in “Syria, May”; the others are in it already."
    )
    assert briefing_actions.keep_answer(briefings, answer) == "It is in “Syria, May” already."
    assert texts(current(briefings)) == ["Ada sails.", "Bo sails.", "They do not say when."]
    assert current(briefings).keeper()(answer.exchange.answer.claims[0])


def test_a_visit_keeps_into_the_briefing_it_opened_last_even_when_another_changed_since(
    briefings: Briefings,
) -> None:
    mine, other = briefings.create("Mine"), briefings.create("Other")
    briefing_actions.choose(mine)
    briefings.keep(other, [note("n")])
    assert briefing_actions.keep_claim(briefings, kept("Ada sails."), 1) == "Kept in “Mine”."


def test_a_deleted_briefing_is_not_kept_into(briefings: Briefings) -> None:
    mine, _ = briefings.create("Mine"), briefings.create("Other")
    briefing_actions.choose(mine)
    briefings.delete(mine)
    assert briefing_actions.keep_claim(briefings, kept("Ada sails."), 1) == "Kept in “Other”."


def act(number: int, what: str, **details: object) -> dict[str, object]:
    return {"number": number, "what": what, **details}


def test_acts_that_are_sent_again_are_done_once(briefings: Briefings) -> None:
    key = briefings.create("B")
    first = act(1, "add", kind="note", text=" one\x00 ", before=None, key="0123456789abcdef")
    second = act(2, "add", kind="heading", text="two", before=None, key="not a key")
    for acts in ([first], [first, second], [first, second]):
        said = {"visit": "v", "acts": acts}
        briefing_actions.perform(briefings, no_verifier, key, said)
    read = briefings.read(key)
    assert read is not None
    assert [(e.kind, e.text) for e in read.entries if isinstance(e, Entry)] == [
        (EntryKind.NOTE, "one"),
        (EntryKind.HEADING, "two"),
    ]
    assert briefing_actions.heard() == {"visit": "v", "done": 2, "failures": []}


def test_acts_that_two_runs_do_at_once_are_done_once(briefings: Briefings) -> None:
    key = briefings.create("B")
    acts = [act(n, "add", kind="note", text=str(n), before=None, key="") for n in range(1, 9)]
    said = {"visit": "v", "acts": acts}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: briefing_actions.perform(briefings, no_verifier, key, said), range(8)))
    read = briefings.read(key)
    assert read is not None
    assert texts(read) == [str(number) for number in range(1, 9)]


def test_what_a_page_said_before_it_was_drawn_anew_is_not_done_again(briefings: Briefings) -> None:
    one, two = note("one"), note("two")
    key = briefings.create("B", [one, two])
    before = {"visit": "v", "acts": [act(1, "move", entry=two.key, before=one.key)]}
    after = {"visit": "w", "acts": [act(1, "move", entry=one.key, before=two.key)]}
    for said in (before, after, before):
        briefing_actions.perform(briefings, no_verifier, key, said)
    read = briefings.read(key)
    assert read is not None
    assert texts(read) == ["one", "two"]
    assert briefing_actions.heard()["visit"] == "v"


def test_an_act_that_fails_is_told_with_its_words_and_the_others_are_done(
    briefings: Briefings,
) -> None:
    seen = note("seen")
    key = briefings.create("B", [seen])
    newer = briefings.edit(key, Entry(seen.key, EntryKind.NOTE, "newer"))
    acts = [
        act(1, "edit", entry=seen.key, version=1, text="mine"),
        act(2, "edit", entry="nowhere", version=1, text="lost?"),
        act(3, "add", kind="note", text=" ", before=None, key=""),
        act(4, "add", kind="note", text="kept", before=seen.key, key=""),
    ]
    briefing_actions.perform(briefings, no_verifier, key, {"visit": "v", "acts": acts})
    heard = briefing_actions.heard()
    assert heard["done"] == 4
    told = [(failure["number"], failure["text"], failure["newer"]) for failure in heard["failures"]]
    assert told == [
        (1, "mine", {"text": "newer", "version": newer.version}),
        (2, "lost?", None),
        (3, " ", None),
    ]
    read = briefings.read(key)
    assert read is not None
    assert texts(read) == ["kept", "newer"]


def test_an_edit_that_came_through_before_the_connection_was_lost_is_no_clash(
    briefings: Briefings, visit: dict[str, Any]
) -> None:
    seen = note("seen")
    key = briefings.create("B", [seen])
    said = {"visit": "v", "acts": [act(1, "edit", entry=seen.key, version=1, text="mine")]}
    briefing_actions.perform(briefings, no_verifier, key, said)
    visit.clear()
    briefing_actions.perform(briefings, no_verifier, key, said)
    assert briefing_actions.heard()["failures"] == []


def test_a_payload_has_an_address_for_every_citation_of_what_stands_in_it(briefings: Briefings) -> None:
    claim = Claim("Ada sails.", (QUOTE, QUOTE), Verdict.PARTLY, "In part.")
    kept_here, gone = sentence(claim, QUESTION), note("gone")
    key = briefings.create("B", [kept_here, gone])
    briefings.remove(key, gone.key)
    read = briefings.read(key)
    assert read is not None
    payload = briefing_payload(read)
    addresses = [address_of(kept_here, place) for place in (1, 2)]
    chip = {"number": 1, "label": "Port · May 2024", "title": "Log"}
    assert payload["entries"] == [
        {
            "key": kept_here.key,
            "version": 1,
            "kind": "sentence",
            "text": "Ada sails.",
            "verdict": "partly",
            "word": "Partly supported",
            "reason": "In part.",
            "question": QUESTION,
            "kept_text": None,
            "chips": [chip | {"address": address} for address in addresses],
        }
    ]
    assert payload["removed"] == [{"key": gone.key, "text": "gone"}]
    assert [find_citation(read, address) for address in (*addresses, "2.1.1", None)] == [
        QUOTE,
        QUOTE,
        None,
        None,
    ]
