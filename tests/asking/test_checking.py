"""Claims of others: a verdict for each line with its words, and a draft held against the articles."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.asking.assistant import Assistant, Bench
from rag.asking.checking import (
    LONGEST,
    NOT_SPOKEN_OF,
    Checked,
    CheckedSentence,
    Draft,
    Outcome,
    Summary,
    check_draft,
    check_lines,
    read_draft,
    source_in,
    sum_up,
    without_itself,
)
from rag.asking.questions import MAX_CHARACTERS
from rag.core.errors import ArticleError, CorpusError
from rag.core.records import Article, Citation, Filters, Hit, Passage, Span, Verdict
from rag.judging.attribution import Attributor
from rag.judging.gate import Gate, Kind
from rag.judging.support import ReaderJudge, Stance
from rag.judging.verification import Judgement, Verifier
from rag.language.terms import Lexicon


def share(claim: str, texts: Sequence[str]) -> float:
    """The share of a claim's words that stand in the texts."""
    asked = Lexicon().term_set(claim)
    return len(asked & Lexicon().term_set(" ".join(texts))) / max(len(asked), 1)


class Counting:
    """A judge that finds supported whatever it has all the words of; why the rest is not, is the
    gate's."""

    name = "counting"

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        return Stance(0.9 if share(claim, texts) == 1.0 else 0.1)


def check(*lines: str) -> list[Checked]:
    return list(check_lines(lines, Verifier(Gate(Lexicon()), Counting())))


def line(claim: str, quote: str, **more: str | None) -> str:
    return json.dumps({"claim": claim, "quote": quote, **more})


def test_each_line_has_a_verdict_in_its_order() -> None:
    found = check(
        line("Ada sailed in May.", "In May, Ada sailed."),
        "",
        line("Ada sailed in June.", "In May, Ada sailed."),
    )
    reason = "June is not in the cited words; they say May."
    assert found == [
        Checked(1, "Ada sailed in May.", Judgement(Verdict.SUPPORTED, None, 0.9)),
        Checked(3, "Ada sailed in June.", Judgement(Verdict.CONFLICTING, reason, 0.1 / (0.1 + 2 * 0.9))),
    ]


def test_the_day_of_publication_tells_what_a_weekday_was() -> None:
    found = check(
        *(
            line("Ada sailed on May 13.", "Ada sailed on Tuesday.", published=published)
            for published in ("2025-05-14", "2025-05-24")
        )
    )
    flaws = [checked.judgement.flaws for checked in found if checked.judgement]
    assert [[flaw.kind for flaw in each] for each in flaws] == [[], [Kind.DATE]]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("no json", "Invalid JSON"),
        ("[]", "object"),
        ("{}", "claim"),
        (json.dumps({"claim": "Ada sailed."}), "quote"),
        (line("", "Ada sailed."), "claim"),
        (line("Ada sailed.", "  "), "quote: .*it is empty"),
        (json.dumps({"claim": 5, "quote": "Ada sailed."}), "claim"),
        (line("Ada sailed.", "Ada sailed.", published="last week"), "published: .*no date"),
        (line("a" * (LONGEST + 1), "Ada sailed."), "claim: .*at most"),
    ],
)
def test_a_bad_line_is_told_and_stops_no_other(bad: str, said: str) -> None:
    first, second = check(bad, line("Ada sailed.", "Ada sailed."))
    assert (first.line, first.claim, first.judgement) == (1, None, None)
    assert re.search(said, first.error or "")
    assert second == Checked(2, "Ada sailed.", Judgement(Verdict.SUPPORTED))


def test_far_too_long_a_date_is_refused_before_it_is_read() -> None:
    date = "{" + "2001," * 20_000 + "2002}"
    (checked,) = check(line("Ada sailed.", "Ada sailed.", published=date))
    assert checked == Checked(1, None, None, "published: String should have at most 64 characters")


def test_a_line_that_is_not_utf_8_stops_no_other() -> None:
    verifier = Verifier(Gate(Lexicon()), Counting())
    good = line("Ada sailed.", "Ada sailed.").encode()
    first, second = check_lines([b'{"claim": "\xff", "quote": "a"}', good], verifier)
    assert (first.judgement, first.error is None) == (None, False)
    assert second == Checked(2, "Ada sailed.", Judgement(Verdict.SUPPORTED))


ARTICLE = Article(
    source="ada.md",
    text="Ada sailed to Lisbon in May. Her crew had forty sailors. Nobody in port expected her.",
    sha256="0" * 64,
    title="Ada at sea",
)


class SharedWords(ReaderJudge):
    """Ranks sentences by nothing but the share of a claim's words that they have."""

    def __init__(self) -> None:
        pass

    def share(self, claim: str, texts: Sequence[str]) -> float:
        return share(claim, texts)

    def rank(self, claim: str, sentences: Sequence[str]) -> list[float]:
        return [share(claim, [sentence]) for sentence in sentences]


class OneArticle(Assistant):
    """Finds the whole of one article for whatever is sought; keeps what was."""

    def __init__(self) -> None:
        self.sought: list[tuple[str, Filters]] = []

    def bench(self) -> Bench:
        gate = Gate(Lexicon())
        return Bench(Attributor(gate, SharedWords()), Verifier(gate, Counting()))

    def search(self, question: str, filters: Filters, count: int) -> tuple[Hit, ...]:
        self.sought.append((question, filters))
        passage = Passage("key", ARTICLE.source, 0, len(ARTICLE.text))
        return (Hit(passage, ARTICLE, 1.0),)

    def articles(self) -> tuple[Article, ...]:
        return (ARTICLE, replace(ARTICLE, source="other.md", text="Other.", sha256="1" * 64))


def checked_draft(text: str, assistant: OneArticle | None = None) -> list[CheckedSentence]:
    return list(check_draft(Draft(text), assistant or OneArticle(), Filters()))


def cited(start: int, end: int) -> tuple[Citation, ...]:
    return (Span(ARTICLE, start, end).citation,)


def test_each_sentence_of_a_draft_is_borne_out_or_off_or_not_spoken_of() -> None:
    text = "In May Ada sailed to Lisbon. Her crew had fifty sailors. Bananas are rich in potassium."
    checked = checked_draft(text)
    reason = "fifty is not in the cited words; they say forty."
    assert checked == [
        CheckedSentence(0, 28, text[0:28], Verdict.SUPPORTED, None, cited(0, 28)),
        CheckedSentence(29, 56, text[29:56], Verdict.CONFLICTING, reason, cited(29, 56)),
        CheckedSentence(57, len(text), text[57:], None, NOT_SPOKEN_OF, ()),
    ]
    assert [sentence.outcome for sentence in checked] == [
        Outcome.BORNE_OUT,
        Outcome.OFF,
        Outcome.NOT_SPOKEN_OF,
    ]
    assert sum_up(Draft(text), checked) == Summary(3, 1, 1, 1, 0, 0)


def test_headings_questions_and_what_says_too_little_are_passed_over() -> None:
    text = "The voyage of Ada\n\nWhy did Ada sail? See below. Ada sailed to Lisbon.\n\n***\n\nThank you."
    checked = checked_draft(text)
    assert [sentence.text for sentence in checked] == ["Ada sailed to Lisbon."]
    assert sum_up(Draft(text), checked) == Summary(1, 1, 0, 0, 1, 2)


def test_a_question_that_is_told_of_is_checked() -> None:
    (checked,) = checked_draft("The crew of Ada asked: “Why Lisbon?”")
    assert checked.text == "The crew of Ada asked: “Why Lisbon?”"


def test_list_numbers_and_footnotes_are_no_figures_of_a_claim() -> None:
    first, second = checked_draft(
        "1. Ada sailed to Lisbon [12][^3].\n2. Her crew had forty sailors. [4]"
    )
    assert (first.text, first.stated) == ("1. Ada sailed to Lisbon [12][^3].", "Ada sailed to Lisbon.")
    assert (first.verdict, second.verdict) == (Verdict.SUPPORTED, Verdict.SUPPORTED)


def test_of_far_too_long_a_sentence_the_beginning_is_sought() -> None:
    assistant = OneArticle()
    checked_draft("Ada sailed to Lisbon and " + "on and " * 1000 + "home.", assistant)
    ((sought, _),) = assistant.sought
    assert sought.startswith("Ada sailed to Lisbon")
    assert len(sought) == MAX_CHARACTERS


def test_a_draft_does_not_bear_itself_out() -> None:
    assistant, only_itself = OneArticle(), Filters(sources=frozenset({"ada.md"}))
    others = Filters(sources=frozenset({"other.md"}))
    assert without_itself(Draft("Mine."), "ada.md", assistant, Filters()) == others
    assert without_itself(Draft("Mine."), None, assistant, Filters()) == Filters()
    with pytest.raises(CorpusError, match="but the draft itself"):
        without_itself(Draft("Mine."), "ada.md", assistant, only_itself)


def test_a_copy_of_an_article_does_not_bear_itself_out() -> None:
    text = "Ada sailed to Lisbon."
    copied = replace(ARTICLE, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())
    assistant = OneArticle()
    assistant.articles = lambda: (copied, replace(ARTICLE, source="other.md"))  # type: ignore[method-assign]
    found = without_itself(Draft(text), None, assistant, Filters())
    assert found == Filters(sources=frozenset({"other.md"}))


def test_a_file_of_the_folder_has_its_source(tmp_path: Path) -> None:
    inside = tmp_path / "corpus" / "2024" / "ada.md"
    assert source_in(tmp_path / "corpus", inside) == "2024/ada.md"
    assert source_in(tmp_path / "corpus", tmp_path / "ada.md") is None


def test_a_plain_text_is_taken_whole(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_bytes(b"Share this article\r\n\r\nAda sailed.\r\nAll rights reserved.\r\n")
    assert read_draft(path) == Draft("Share this article\n\nAda sailed.\nAll rights reserved.")


def test_front_matter_is_no_part_of_a_draft(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("---\ntitle: Ada at sea\n---\n# Heading\n\nAda **sailed**.\n")
    assert read_draft(path) == Draft("Heading\n\nAda sailed.", "Ada at sea")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("draft.txt", b" \n", "no words"),
        ("draft.txt", b"%PDF-1.7", "under the name of a text file"),
        ("draft.docx", b"broken", "draft.docx cannot be checked: This Word file"),
        ("draft.xyz", b"Ada sailed.", "are not read"),
        ("none.md", None, "There is no file"),
        ("", None, "is not a file"),
    ],
)
def test_a_draft_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArticleError, match=said):
        read_draft(tmp_path / name)
