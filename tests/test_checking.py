"""Claims of others with the words they are held against: a verdict for each line."""

import json
import re
from collections.abc import Sequence

import pytest

from rag.checking import LONGEST, Checked, check_lines
from rag.gate import Gate
from rag.records import Verdict
from rag.terms import Lexicon
from rag.verification import Judgement, Verifier


class Agreeing:
    """A judge that finds everything supported: what is left is the gate's."""

    name = "agreeing"

    def support(self, claim: str, texts: Sequence[str]) -> float:
        return 0.9


def check(*lines: str) -> list[Checked]:
    return list(check_lines(lines, Verifier(Gate(Lexicon()), Agreeing())))


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
        Checked(3, "Ada sailed in June.", Judgement(Verdict.CONFLICTING, reason)),
    ]


def test_the_day_of_publication_tells_what_a_weekday_was() -> None:
    quoted = line("Ada sailed on May 13.", "Ada sailed on Tuesday.", published="2025-05-14")
    (checked,) = check(quoted)
    assert checked.judgement == Judgement(Verdict.SUPPORTED, None, 0.9)


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
