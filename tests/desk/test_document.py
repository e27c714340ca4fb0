"""A briefing as a document, and the edit of a sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.core.errors import IndexMissing, RagError
from rag.core.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Opened,
    Side,
    Standing,
    Verdict,
)
from rag.core.settings import Settings
from rag.desk.document import (
    Document,
    Footnote,
    Line,
    Source,
    edited,
    entries_of,
    entries_of_questions,
    make_document,
)
from rag.desk.entries import Entry, EntryKind, Unreadable, heading, missing, note
from rag.judging.verification import Verifier
from rag.wiring import open_verifier
from tests import briefings
from tests.briefings import ARABIC, DAY, HOSTILE, LATER, QUESTION, TALKS, TWO_PARAGRAPHS, said
from tests.briefings import IN_ARABIC as ARABIC_WORDS


def test_a_document_numbers_each_reference_and_lists_each_article_once() -> None:
    entries = (
        heading(" The\n visit "),
        said("They talked about the border.", TALKS, TWO_PARAGRAPHS, verdict=Verdict.SUPPORTED),
        note("Mine."),
        said("Again the border.", TALKS, verdict=Verdict.SUPPORTED),
    )
    first = Footnote(1, TALKS.quote, "The visit", "PA", "May 2025", "visit.md")
    second = Footnote(2, TWO_PARAGRAPHS.quote, "İğdır günlüğü", None, "2024", "notes/log.md")
    assert briefings.document(entries, "Syria") == Document(
        "Syria",
        "Made on 9 May 2025 from the articles in “articles”.",
        DAY,
        (
            Line(EntryKind.HEADING, "The visit"),
            Line(EntryKind.SENTENCE, "They talked about the border.", None, (first, second)),
            Line(EntryKind.NOTE, "Mine.", "Note by the author"),
            Line(EntryKind.SENTENCE, "Again the border.", None, (replace(first, number=3, same_as=1),)),
        ),
        (
            Source("The visit", "PA", "May 2025", "visit.md", "A digest in our own words.", None),
            Source(
                "İğdır günlüğü",
                None,
                "2024",
                "notes/log.md",
                None,
                "The file has changed since; the quotes stand here as they were.",
            ),
        ),
        "2 sentences: 2 supported. A verdict judges a sentence against the words it cites, and nothing "
        "else.",
    )


def test_a_footnote_tells_the_quote_and_where_it_stands_and_a_repeated_one_where_that_was_told() -> None:
    lines = briefings.document().lines
    words = [footnote.words for line in lines[1:3] for footnote in line.footnotes]
    assert words == [
        "“The talks focused on the border.” The visit, PA, May 2025, visit.md",
        "“He came late.\n\nShe “waited”.” İğdır günlüğü, 2024, notes/log.md",
        "As in note 1.",
    ]


def test_every_sentence_that_is_not_supported_and_every_edited_one_is_marked() -> None:
    lines = briefings.document().lines
    assert {line.text: line.marks for line in lines if line.marks} == {
        "They talked for days.": ("unsupported: No days are named.",),
        "It was about trade.": ("partly supported: Only in part.", "edited"),
        HOSTILE: (f"conflicting: 1 is not in {HOSTILE}",),
        "Nobody said so.": ("no source", "unsupported: No source is cited."),
    }
    unjudged = replace(said("So it was.", TALKS, verdict=Verdict.SUPPORTED), verdict=None)
    assert briefings.document((unjudged,)).lines[0].marks == ("not judged",)


@pytest.mark.parametrize("verdict", [Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONFLICTING, None])
def test_a_sentence_without_a_source_says_so_and_keeps_no_verdict(verdict: Verdict | None) -> None:
    bare = replace(said("So it was.", verdict=Verdict.SUPPORTED), verdict=verdict)
    made = briefings.document((bare,))
    assert made.lines == (Line(EntryKind.SENTENCE, "So it was.", marks=("no source",)),)
    assert made.verdicts.startswith("1 sentence: 1 not judged.")


def test_ones_own_and_what_is_missing_and_what_is_damaged_are_labelled() -> None:
    lines = briefings.document().lines
    assert [(line.label, line.text) for line in lines if line.label] == [
        ("Note by the author", "Call the ministry.\n1. Ask *again*."),
        ("Missing", "The articles do not say who paid."),
        ("Sources differ", f"Sources disagree: {HOSTILE}. 800 (PA); 2,000 (Log)."),
        ("Unreadable", "An entry that stood here is damaged and cannot be read."),
    ]


def test_the_line_on_verdicts_counts_sentences_edits_and_damage() -> None:
    assert briefings.document().verdicts == (
        "6 sentences: 2 supported, 1 partly supported, 2 unsupported, 1 conflicting. 1 was edited after "
        "being taken from an answer. A verdict judges a sentence against the words it cites, and "
        "nothing else. 1 entry could not be read."
    )
    assert (
        briefings.document((note("Mine."),)).verdicts
        == "No sentence of an answer stands in this briefing."
    )


def test_a_deleted_article_keeps_its_quote_and_the_list_says_that_it_is_gone() -> None:
    made = briefings.document()
    (gone,) = (source for source in made.sources if source.file == "odd.md")
    assert gone.standing == "The file is no longer in the folder; the quotes stand here as they were."
    quotes = [footnote.quote for line in made.lines for footnote in line.footnotes]
    assert quotes == [
        TALKS.quote,
        TWO_PARAGRAPHS.quote,
        TALKS.quote,
        TALKS.quote,
        HOSTILE,
        TALKS.quote,
        LATER.quote,
        ARABIC,
    ]


def test_one_changed_citation_makes_its_article_changed() -> None:
    other = replace(TALKS, sha256="e" * 64)

    def opened(citation: Citation) -> Opened:
        standing = Standing.SAME if citation.sha256 == TALKS.sha256 else Standing.CHANGED
        return Opened(citation, standing, Article("visit.md", TALKS.quote, TALKS.sha256))

    def standing(order: tuple[Citation, ...]) -> str | None:
        entries = (said("Late.", *order, verdict=Verdict.SUPPORTED),)
        (source,) = make_document("B", entries, "articles", DAY, opened).sources
        return source.standing

    changed = "The file has changed since; the quotes stand here as they were."
    assert standing((other, TALKS)) == standing((TALKS, other)) == changed


def test_without_an_index_the_document_is_made_all_the_same() -> None:
    def refuse(citation: Citation) -> Opened:
        raise IndexMissing("There is none.")

    entries = (said("The border.", TALKS, verdict=Verdict.SUPPORTED),)
    made = make_document("B", entries, "articles", DAY, refuse)
    assert made.lines[0].footnotes[0].quote == TALKS.quote
    assert made.sources[0].standing == "Whether the file is still the same could not be checked."


def test_control_characters_and_turned_words_are_left_out() -> None:
    odd = replace(TALKS, title="A\x00\u202eB", publisher="\ufffe", source="a\x1b[2J.md")
    made = briefings.document((said("x\x07\r\ny", odd, verdict=Verdict.SUPPORTED),), "\x00\n")
    assert made.title == "Briefing"
    assert made.lines[0].text == "x\ny"
    assert made.lines[0].footnotes[0].credits == "AB, May 2025, a[2J.md"


def test_an_entry_without_words_is_left_out_unless_it_is_a_sentence() -> None:
    entries = (heading(" "), note("\x00"), said("\x00", TALKS, verdict=Verdict.SUPPORTED))
    assert [line.kind for line in briefings.document(entries).lines] == [EntryKind.SENTENCE]


def test_where_the_sources_of_an_answer_differ_is_kept_with_the_words_of_every_side() -> None:
    conflict = Conflict(
        ConflictKind.DISAGREEMENT,
        "Length of the talks",
        (Side("two days", (TALKS,), "2025-05"), Side("a week", (TWO_PARAGRAPHS, ARABIC_WORDS))),
    )
    claim = Claim("The border.", (TALKS,), Verdict.SUPPORTED)
    answer = Answer(QUESTION, AnswerKind.PARTIAL, "Who paid?", (claim,), conflicts=(conflict,))
    kept = [replace(entry, key="") for entry in entries_of(answer)]
    assert kept[1:] == [
        Entry(
            "",
            EntryKind.DIFFERENCE,
            "Sources disagree: Length of the talks. two days (PA · May 2025); "
            "a week (İğdır günlüğü · 2024, وكالة · 8 May 2025).",
            (TALKS, TWO_PARAGRAPHS, ARABIC_WORDS),
            question=QUESTION,
        ),
        Entry("", EntryKind.MISSING, "Who paid?", question=QUESTION),
    ]
    assert (kept[0].kind, kept[0].text) == (EntryKind.SENTENCE, "The border.")
    (line,) = briefings.document((kept[1],)).lines
    assert (line.kind, line.label, line.marks) == (EntryKind.DIFFERENCE, "Sources differ", ())
    quotes = [footnote.quote for footnote in line.footnotes]
    assert quotes == [TALKS.quote, TWO_PARAGRAPHS.quote, ARABIC]


def test_the_entries_of_an_answer_are_its_sentences_and_what_it_misses() -> None:
    claim = Claim("The border.", (TALKS,), Verdict.SUPPORTED)
    answer = Answer(QUESTION, AnswerKind.PARTIAL, "They do not say who paid.", (claim,))
    assert [(entry.kind, entry.text, entry.question) for entry in entries_of(answer)] == [
        (EntryKind.SENTENCE, "The border.", QUESTION),
        (EntryKind.MISSING, "They do not say who paid.", QUESTION),
    ]


@pytest.fixture(scope="module")
def verifier(models_dir: Path) -> Verifier:
    return open_verifier(Settings(Path("corpus"), models_dir.parent))


def test_an_edited_sentence_is_judged_anew_and_its_verdict_turns_both_ways(verifier: Verifier) -> None:
    citation = replace(TALKS, quote="The ferry carried 2,400 passengers in April.")
    kept = said(citation.quote, citation, verdict=Verdict.SUPPORTED)
    wrong = edited(kept, " The ferry carried 900 passengers in April. ", lambda: verifier)
    assert (wrong.text, wrong.kept_text, wrong.citations) == (
        "The ferry carried 900 passengers in April.",
        citation.quote,
        (citation,),
    )
    assert wrong.verdict in (Verdict.CONFLICTING, Verdict.UNSUPPORTED)
    assert wrong.reason is not None
    assert "900" in wrong.reason
    assert edited(wrong, citation.quote, lambda: verifier) == kept


def no_verifier() -> Verifier:
    raise AssertionError("nothing is to be judged")


def test_ones_own_words_are_never_judged_and_a_reworded_finding_becomes_a_note() -> None:
    mine = note("Mine.")
    assert edited(mine, "Mine still.", no_verifier) == replace(mine, text="Mine still.")
    finding = missing("They do not say.", QUESTION)
    assert edited(finding, "They do not say.", no_verifier) == finding
    same = said("The border.", TALKS, verdict=Verdict.PARTLY)
    assert edited(same, "The border. ", no_verifier) == same
    assert edited(finding, "I asked.", no_verifier) == replace(
        finding, kind=EntryKind.NOTE, text="I asked."
    )


@pytest.mark.parametrize("blank", ["", " \n", "\x00"])
def test_an_entry_cannot_lose_all_its_words(blank: str) -> None:
    with pytest.raises(RagError, match="needs words"):
        edited(note("Mine."), blank, no_verifier)


def test_a_damaged_entry_alone_still_makes_a_document() -> None:
    made = briefings.document((Unreadable("k", "?"),))
    assert [line.label for line in made.lines] == ["Unreadable"]
    assert made.verdicts.endswith("1 entry could not be read.")


def test_questions_become_headings_with_their_answers_or_why_there_is_none() -> None:
    claim = Claim("The border.", (TALKS,), Verdict.SUPPORTED)
    answer = Answer(QUESTION, AnswerKind.ANSWERED, None, (claim,))
    entries = entries_of_questions([(QUESTION, answer), ("???", "Ask a question in words.")])
    assert [(entry.kind, entry.text) for entry in entries] == [
        (EntryKind.HEADING, QUESTION),
        (EntryKind.SENTENCE, "The border."),
        (EntryKind.HEADING, "???"),
        (EntryKind.MISSING, "Ask a question in words."),
    ]
