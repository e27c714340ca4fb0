"""What the browser is told: addresses, marks and plain words. No browser is needed here."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag.memory.conversations import Damaged, Kept
from rag.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Exchange,
    Filters,
    Method,
    Nearest,
    Opened,
    Standing,
    Usage,
    Verdict,
)
from rag.web.choice import Choice, find_citation, read_choice
from rag.web.payloads import (
    answer_as_text,
    chip_label,
    describe_filters,
    describe_library,
    exchange_payload,
    opened_payload,
    pending_payload,
)

TEXT = "İlk 🚢 sefer.\r\nThe ship sailed at noon. It came back."
QUOTE = "The ship sailed at noon."
START = TEXT.index(QUOTE)
ARTICLE = Article(
    "log.md", TEXT, hashlib.sha256(TEXT.encode()).hexdigest(), "Log", "Port", None, "2024-05"
)


def citation(start: int = START, source: str = "log.md", publisher: str | None = "Port") -> Citation:
    end = start + len(QUOTE)
    return Citation(source, ARTICLE.sha256, start, end, TEXT[start:end], "Log", publisher, "2024-05")


def answer() -> Answer:
    other = citation(2, "other.md", None)
    claims = (
        Claim("It sailed.", (citation(), other), Verdict.SUPPORTED),
        Claim("It sank.", (other,), Verdict.UNSUPPORTED, "The words say nothing of it."),
        Claim("It floats.", (), Verdict.UNSUPPORTED),
    )
    return Answer("Well?", AnswerKind.PARTIAL, "Nothing on why.", claims, (Nearest(other, 0.1),))


@pytest.mark.parametrize("address", ["1.1.1", "12.3.4", "1.n.2"])
def test_an_address_reads_back_as_it_was_written(address: str) -> None:
    choice = read_choice(address)
    assert choice is not None
    assert choice.address == address


@pytest.mark.parametrize("address", [None, "", "1", "1.1", "1.n", "-1.1.1", "1.1.1.1", "a.b.c", "١.1.x"])
def test_what_is_no_address_opens_nothing(address: str | None) -> None:
    assert read_choice(address) is None


def test_a_choice_finds_its_citation_or_nothing() -> None:
    kept = (
        Damaged(1, "?", "damaged"),
        Kept(2, Exchange("Well?", answer()), Filters(), datetime.now(UTC)),
    )
    assert find_citation(Choice(2, 1, 1), kept) == citation()
    assert find_citation(Choice(2, None, 1), kept) == citation(2, "other.md", None)
    for absent in ((1, 1, 1), (3, 1, 1), (2, 0, 1), (2, 9, 1), (2, 3, 1), (2, 1, 0), (2, 1, 3)):
        assert find_citation(Choice(*absent), kept) is None


def test_the_marked_words_are_the_quote_and_the_parts_are_the_whole_text() -> None:
    payload = opened_payload(Opened(citation(), Standing.SAME, ARTICLE), "1.1.1")
    assert payload["parts"][1] == QUOTE
    assert "".join(payload["parts"]) == TEXT
    assert payload["notice"] is None


@pytest.mark.parametrize(
    "opened",
    [
        Opened(citation(), Standing.CHANGED, ARTICLE),
        Opened(Citation("log.md", ARTICLE.sha256, 0, 5, "never there"), Standing.SAME, ARTICLE),
    ],
)
def test_words_that_are_not_the_quote_are_never_marked(opened: Opened) -> None:
    payload = opened_payload(opened, "1.1.1")
    assert payload["parts"] == [TEXT]
    assert payload["notice"] == "The source changed since this answer."
    assert payload["quote"] == opened.citation.quote


def test_a_source_that_is_gone_still_shows_what_it_said() -> None:
    payload = opened_payload(Opened(citation(), Standing.GONE, None), "1.1.1")
    assert (payload["parts"], payload["quote"], payload["title"]) == (None, QUOTE, "Log")


def test_the_copied_answer_names_doubts_and_numbers_each_source_once() -> None:
    assert answer_as_text(answer()) == (
        "Well?\n\nNothing on why.\n\n"
        "It sailed. [1][2]\nIt sank. (unsupported) [2]\nIt floats. (unsupported)\n\n"
        "Sources\n[1] Log, Port, May 2024 (log.md)\n[2] Log, May 2024 (other.md)\n"
    )


def test_a_chip_names_the_publisher_or_else_the_title_or_else_the_file() -> None:
    assert chip_label(citation()) == "Port · May 2024"
    assert chip_label(citation(publisher=None)) == "Log · May 2024"
    assert chip_label(Citation("notes/a.md", "", 0, 1, "x")) == "a.md"


def test_filters_and_articles_in_words() -> None:
    assert describe_filters(Filters()) is None
    chosen = Filters(frozenset({"a.md", "b.md"}), frozenset({"Port"}), "2024-05-01", "2024-06")
    assert describe_filters(chosen) == "2 articles · Port · from 1 May 2024 · until June 2024"
    assert describe_library([ARTICLE]) == "1 article from 1 publisher, May 2024"
    assert describe_library([]) == "0 articles"


def kept(answer: Answer) -> Kept:
    return Kept(2, Exchange(answer.question, answer), Filters(), datetime(2026, 1, 2, tzinfo=UTC))


def test_a_written_answer_says_so_and_what_it_took() -> None:
    written = replace(
        answer(),
        timings_ms={"retrieve": 40.4, "write": 1234.5, "weigh": 0.2},
        standalone="Is the ship well?",
        method=Method.WRITTEN,
        model="tiny:3b",
        notice="It was slow.",
        usage=Usage(1234, 1),
    )
    payload = exchange_payload(kept(written))
    assert (payload["standalone"], payload["answer"]["notice"]) == ("Is the ship well?", "It was slow.")
    assert payload["answer"]["footer"] == ["Written by tiny:3b", "2 sources"]
    assert payload["answer"]["took"] == {
        "seconds": "1.3 s",
        "rows": [
            ["Find passages", "40 ms"],
            ["Write", "1,234 ms"],
            ["Weigh", "0 ms"],
            ["Sent to the model", "1,234 tokens"],
            ["Received from the model", "1 token"],
        ],
    }
    copied = answer_as_text(written)
    assert copied.startswith("Well?\n\nNothing on why.\n\nIt was slow.\n\nIt sailed. [1][2]\n")
    assert copied.endswith("\n\nWritten by tiny:3b.\n")


def test_an_answer_without_claims_was_made_in_no_way() -> None:
    nothing = Answer("Well?", AnswerKind.NOT_FOUND, "The articles do not answer this.", ())
    payload = exchange_payload(kept(nothing))["answer"]
    assert (payload["footer"], payload["took"]) == ([], None)


def test_drafts_are_numbered_as_in_the_answer_that_follows() -> None:
    finished = exchange_payload(kept(answer()))["answer"]["claims"]
    drafts = pending_payload("Well?", Filters(), 2, None, answer().claims)["answer"]["claims"]
    assert drafts == finished
    assert (drafts[0]["chips"][1]["address"], drafts[2]["chips"]) == ("2.1.2", [])
