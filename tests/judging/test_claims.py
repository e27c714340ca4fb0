"""A table of claims over the shipped articles, each with the words it cites: what the gate alone must
catch, what it must let pass, and the verdicts."""

import json
from collections import Counter
from typing import Any

import pytest

from rag.core.records import Citation, Verdict
from rag.core.settings import PACKAGE, shipped
from rag.judging.gate import Gate, Kind
from rag.judging.support import ReaderJudge
from rag.judging.verification import Verifier
from rag.language.terms import Lexicon, read_aliases
from rag.loading.corpus import load
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader

TABLE = [
    json.loads(line) for line in shipped("tests/claims.jsonl").read_text(encoding="utf-8").splitlines()
]
LEXICON = Lexicon(read_aliases(PACKAGE / "language" / "aliases.txt"))
GATE = Gate(LEXICON)
OF_THE_GATE = {Kind.NUMBER, Kind.DATE, Kind.NAME, Kind.QUOTATION, Kind.NEGATION}
# What each kind of claim has reached: as many of the table's verdicts as these are acceptable.
REACHED = {
    "supported": 54,
    "number changed": 11,
    "name swapped": 10,
    "date shifted": 11,
    "negation dropped": 9,
    "negation added": 7,
    "speaker swapped": 5,
    "said-as-fact": 2,
    "quotation altered": 8,
    "true halves joined wrongly": 4,
    "true but cited to the wrong words": 7,
}


def cited(case: dict[str, Any]) -> tuple[Citation, ...]:
    quote = case["quote"]
    credits = case["title"], case["publisher"], case["published"]
    return (Citation(case["source"], "0" * 64, 0, len(quote), quote, *credits),)


def named(case: dict[str, Any]) -> str:
    return str(case["id"])


@pytest.mark.parametrize("source", sorted({case["source"] for case in TABLE}))
def test_every_quote_stands_in_its_article(source: str) -> None:
    text = load(source, (shipped("corpus") / source).read_bytes()).text
    assert [c["id"] for c in TABLE if c["source"] == source and c["quote"] not in text] == []


@pytest.mark.parametrize("case", [case for case in TABLE if case["gate"] is True], ids=named)
def test_the_gate_alone_catches(case: dict[str, Any]) -> None:
    """Every changed number, name, date, quotation and negation."""
    flaws = GATE.check(case["claim"], cited(case))
    assert {flaw.kind for flaw in flaws} & OF_THE_GATE, case["why"]


@pytest.mark.parametrize("case", [case for case in TABLE if case["gate"] is False], ids=named)
def test_the_gate_lets_pass_what_is_supported(case: dict[str, Any]) -> None:
    assert GATE.check(case["claim"], cited(case)) == ()


@pytest.mark.parametrize("case", TABLE, ids=named)
def test_the_very_words_cited_have_no_flaw(case: dict[str, Any]) -> None:
    assert GATE.check(case["quote"], cited(case)) == ()


def test_verdicts_stay_as_good_as_they_have_been(encoder: Encoder, pairs: PairReader) -> None:
    verifier = Verifier(GATE, ReaderJudge(encoder, pairs, LEXICON))
    verdicts = {case["id"]: verifier.judge(case["claim"], cited(case)).verdict for case in TABLE}
    acceptable = Counter(c["case"] for c in TABLE if verdicts[c["id"]] in map(Verdict, c["verdicts"]))
    worse = {case: acceptable[case] for case, least in REACHED.items() if acceptable[case] < least}
    assert worse == {}
