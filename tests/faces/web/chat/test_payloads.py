"""What the browser is told: addresses, marks and plain words. No browser is needed here."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.core.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Exchange,
    Filters,
    Method,
    Opened,
    Scored,
    Side,
    Standing,
    Usage,
    Verdict,
)
from rag.core.wording import credit, describe_reports
from rag.desk.conversations import Damaged, Stored
from rag.faces.web.chat.answer_payload import exchange_payload, pending_payload
from rag.faces.web.chat.answer_words import answer_as_text, describe_age
from rag.faces.web.shared.choice import Choice, find_citation, read_choice
from rag.faces.web.shared.payloads import describe_filters, describe_library
from rag.faces.web.shared.viewer_payload import held_payload, opened_payload, with_opened

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
    return Answer(
        "Well?",
        AnswerKind.PARTIAL,
        "Nothing on why.",
        claims,
        (Scored(other, 0.1),),
        considered=(Scored(other, 0.5, 1, None, 0.25), Scored(citation(9, "third.md"), 0.1)),
        passed_over=(Scored(other, 0.4),),
        conflicts=(
            Conflict(
                ConflictKind.CHANGE,
                "the ship",
                (Side("afloat", (other,), "2023"), Side("sunk", (citation(),))),
            ),
        ),
        reports=(("log.md", "other.md"),),
    )


@pytest.mark.parametrize("address", ["1.1.1", "12.3.4", "1.n.2", "1.p.10", "1.s.1", "3.c2.1"])
def test_an_address_reads_back_as_it_was_written(address: str) -> None:
    choice = read_choice(address)
    assert choice is not None
    assert choice.address == address


@pytest.mark.parametrize(
    "address", [None, "", "1", "1.1", "1.n", "-1.1.1", "1.1.1.1", "a.b.c", "1.c.1", "1.x.1", "١.1.1"]
)
def test_what_is_no_address_opens_nothing(address: str | None) -> None:
    assert read_choice(address) is None


def test_a_choice_finds_its_citation_or_nothing() -> None:
    kept = (
        Damaged(1, "?", "damaged"),
        Stored(2, Exchange("Well?", answer()), Filters(), datetime.now(UTC)),
    )
    other = citation(2, "other.md", None)
    for group, found in (("1", citation()), ("n", other), ("c1", other), ("p", other), ("s", other)):
        assert find_citation(Choice(2, group, 1), kept) == found
    for absent in ((1, "1", 1), (3, "1", 1), (2, "0", 1), (2, "9", 1), (2, "3", 1), (2, "1", 0)):
        assert find_citation(Choice(*absent), kept) is None
    assert find_citation(Choice(2, "c2", 1), kept) is None
    assert find_citation(Choice(2, "1", 3), kept) is None


def browser_slice(text: str, start: int, end: int) -> str:
    """What a browser takes to stand from `start` to `end`: it counts in UTF-16."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_the_marked_words_are_the_quote_as_a_browser_counts() -> None:
    payload = opened_payload(Opened(citation(), Standing.SAME, ARTICLE), "1.1.1")
    shown = payload["open"]
    (place,) = payload["trails"][0]
    text = payload["articles"][shown["article"]]["text"]
    assert text == TEXT
    assert (shown["notice"], place["address"], place["article"]) == (None, "1.1.1", shown["article"])
    assert browser_slice(text, place["start"], place["end"]) == QUOTE


@pytest.mark.parametrize(
    "opened",
    [
        Opened(citation(), Standing.CHANGED, ARTICLE),
        Opened(Citation("log.md", ARTICLE.sha256, 0, 5, "never there"), Standing.SAME, ARTICLE),
    ],
)
def test_words_that_are_not_the_quote_are_never_marked(opened: Opened) -> None:
    payload = opened_payload(opened, "1.1.1")
    shown = payload["open"]
    assert payload["articles"][shown["article"]]["text"] == TEXT
    assert (shown["notice"], shown["quote"], payload["trails"]) == (
        "The source changed since this answer.",
        opened.citation.quote,
        [],
    )


def test_a_source_that_is_gone_still_shows_what_it_said() -> None:
    payload = opened_payload(Opened(citation(), Standing.GONE, None), "1.1.1")
    article = payload["articles"][payload["open"]["article"]]
    assert (article["text"], article["title"], payload["open"]["quote"]) == (None, "Log", QUOTE)


def test_the_browser_holds_what_an_answer_cites_and_only_as_it_was_cited() -> None:
    changed = replace(ARTICLE, source="other.md", sha256="1" * 64)
    held = held_payload([kept(answer())], {"log.md": ARTICLE, "other.md": changed})
    ((claimed, compared),) = held["trails"]
    assert (claimed["address"], compared["address"]) == ("2.1.1", "2.c1.2")
    assert [text["file"] for text in held["articles"].values()] == ["log.md"]
    assert claimed["article"] in held["articles"]
    both = with_opened(held, opened_payload(Opened(citation(), Standing.SAME, ARTICLE), "2.1.1"))
    assert (both["open"]["address"], len(both["articles"])) == ("2.1.1", 1)


def test_a_place_whose_words_are_not_the_quote_is_not_held() -> None:
    moved = replace(citation(), start=START + 1, end=START + 1 + len(QUOTE))
    tampered = replace(
        answer(), claims=(Claim("It sailed.", (moved,), Verdict.SUPPORTED),), conflicts=()
    )
    held = held_payload([kept(tampered)], {"log.md": ARTICLE})
    assert (held["articles"], held["trails"]) == ({}, [[]])


def test_texts_too_long_to_hold_wait_until_they_are_opened() -> None:
    long = replace(ARTICLE, text=TEXT + "x" * 400_000)
    held = held_payload([kept(answer())], {"log.md": long})
    assert (held["articles"], held["trails"][0][0]["address"]) == ({}, "2.1.1")


def test_the_copied_answer_names_doubts_and_numbers_each_source_once() -> None:
    assert answer_as_text(answer()) == (
        "Well?\n\nNothing on why.\n\n"
        "It sailed. [1][2]\nIt sank. (unsupported) [2]\nIt floats. (unsupported)\n\n"
        "Changed over time: the ship. afloat (Log · May 2024); sunk (Port · May 2024).\n\n"
        "Sources\n[1] Log, Port, May 2024 (log.md)\n[2] Log, May 2024 (other.md)\n"
    )


def test_a_chip_names_the_publisher_or_else_the_title_or_else_the_file() -> None:
    assert credit(citation()) == "Port · May 2024"
    assert credit(citation(publisher=None)) == "Log · May 2024"
    assert credit(Citation("notes/a.md", "", 0, 1, "x")) == "a.md"


def test_filters_and_articles_in_words() -> None:
    assert describe_filters(Filters()) is None
    chosen = Filters(frozenset({"a.md", "b.md"}), frozenset({"Port"}), "2024-05-01", "2024-06")
    assert describe_filters(chosen) == "2 articles · Port · from 1 May 2024 · until June 2024"
    assert describe_library([ARTICLE]) == "1 article from 1 publisher, May 2024"
    assert describe_library([]) == "0 articles"
    undated = replace(ARTICLE, published=None)
    assert describe_library([ARTICLE, undated]).endswith("publisher, May 2024; 1 without a date")


def kept(answer: Answer) -> Stored:
    return Stored(2, Exchange(answer.question, answer), Filters(), datetime(2026, 1, 2, tzinfo=UTC))


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
    assert payload["answer"]["footer"] == ["Written by tiny:3b", "2 articles, 1 independent", "1.3 s"]
    why = payload["answer"]["why"]
    assert why["searched"] == "Is the ship well?"
    assert why["took"] == {
        "stages": [
            ["Find passages", "40 ms", 40.4],
            ["Write", "1,234 ms", 1234.5],
            ["Weigh", "0 ms", 0.2],
        ],
        "tokens": ["Sent to the model: 1,234 tokens", "received: 1 token"],
    }
    used = [(line["used"], line["by_meaning"], line["reading"]) for line in why["passages"]]
    assert used == [(True, 1, "25%"), (False, None, None)]
    copied = answer_as_text(written)
    assert copied.startswith("Well?\n\nNothing on why.\n\nIt was slow.\n\nIt sailed. [1][2]\n")
    assert copied.endswith("\n\nWritten by tiny:3b.\n")


def test_an_answer_without_claims_was_made_in_no_way() -> None:
    nothing = Answer("Well?", AnswerKind.NOT_FOUND, "The articles do not answer this.", ())
    payload = exchange_payload(kept(nothing))["answer"]
    assert (payload["footer"], payload["why"]["took"]) == ([], None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (date(2024, 9, 1), None),
        (date(2025, 1, 15), "The newest article here is of May 2024, 7 months old."),
        (date(2027, 6, 1), "The newest article here is of May 2024, over 3 years old."),
    ],
)
def test_an_answer_of_old_articles_says_how_old(asked: date, said: str | None) -> None:
    newer, older = citation(), replace(citation(), published="2021")
    made = replace(answer(), claims=(Claim("It sailed.", (newer, older), Verdict.SUPPORTED),))
    age = describe_age(made, asked)
    assert age == (said and f"{said} Things may have changed since.")
    assert describe_age(replace(made, as_of="2024"), asked) is None
    undated = replace(
        made, claims=(Claim("It.", (newer, replace(older, published=None)), Verdict.PARTLY),)
    )
    assert describe_age(undated, asked) == (
        age and age.replace("newest article", "newest dated article")
    )


def test_copies_count_once() -> None:
    assert describe_reports([("log.md", "other.md")]) == "2 articles, 1 independent"
    assert describe_reports([("log.md",), ("other.md",)]) == "2 articles, 2 independent"
    assert describe_reports([("log.md",)]) == "1 article"


def test_sentences_of_one_article_share_a_paragraph() -> None:
    claims = exchange_payload(kept(answer()))["answer"]["claims"]
    assert [claim["paragraph"] for claim in claims] == [0, 1, 1]


def test_drafts_are_numbered_as_in_the_answer_that_follows() -> None:
    finished = exchange_payload(kept(answer()))["answer"]["claims"]
    drafts = pending_payload("Well?", Filters(), 2, None, answer().claims)["answer"]["claims"]
    assert drafts == finished
    assert (drafts[0]["chips"][1]["address"], drafts[2]["chips"]) == ("2.1.2", [])
