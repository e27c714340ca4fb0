"""WiCE: does a web page bear out the sentence of Wikipedia that cites it? ODC-BY."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from lab.claims import BY_PROBABILITY, Case, Measure, measure_claims, only_claims, places_are_there
from lab.learned import is_learned
from lab.metrics import balanced_accuracy
from lab.reading import read_records, untrained
from lab.results import Result
from lab.stage import Context, Stage
from lab.train.altering import altered
from lab.train.examples import Example
from lab.train.windows import WINDOW, joined
from rag.core.records import Verdict
from rag.language.terms import Lexicon

NAME = "WiCE"
KEY = "wice"
ORIGIN = "github.com/ryokamoi/wice, the claims, as wice/claim_dev.jsonl"
_VERDICTS = {
    "supported": Verdict.SUPPORTED,
    "partially_supported": Verdict.PARTLY,
    "not_supported": Verdict.UNSUPPORTED,
}
_MEASURE = Measure(
    "balanced accuracy",
    balanced_accuracy,
    only_claims,
    "word coverage 63.3, SummaC-ZS 63.9, AlignScore 66.2, MiniCheck-770M 76.0, GPT-4o 78.5, "
    "FactCG 80.9 (test split, threshold tuned on dev)",
)


class _Meta(BaseModel):
    id: str
    claim_title: str


class _Record(BaseModel):
    claim: str
    evidence: list[str]
    label: Literal["supported", "partially_supported", "not_supported"]
    supporting_sentences: list[list[int]]
    meta: _Meta


def read(path: Path) -> Iterator[Case]:
    """A sentence of Wikipedia against the sentences of the web page that it cites. Raises
    BenchmarkUnusable."""
    for number, record in read_records(path, _Record):
        ways = tuple(tuple(way) for way in record.supporting_sentences if way)
        places_are_there(ways, len(record.evidence), path, number)
        yield Case(
            key=record.meta.id,
            group=record.meta.claim_title,
            claim=record.claim,
            evidence=tuple(record.evidence),
            verdict=_VERDICTS[record.label],
            supporting=ways,
        )


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, untrained(folder, "wice/claim_*.jsonl"), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    every = [case for path in files for case in read(path)]
    unlearned = [case for case in every if not is_learned(case.group, KEY)]
    return measure_claims(
        context, NAME, unlearned, (_MEASURE, BY_PROBABILITY), lambda case: case.verdict.value
    )


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    lexicon = Lexicon()
    for path in sorted(folder.glob("wice/claim_*.jsonl")):
        for case in read(path):
            yield from _examples_of(case, lexicon, chance)


def _examples_of(case: Case, lexicon: Lexicon, chance: random.Random) -> Iterator[Example]:
    terms = lexicon.term_set(case.claim)
    shares = [len(terms & lexicon.term_set(sentence)) for sentence in case.evidence]
    supported = float(case.verdict is Verdict.SUPPORTED)
    soft = supported if case.verdict is not Verdict.PARTLY else 0.2
    ways = [*dict.fromkeys(frozenset(way) for way in case.supporting)] or [frozenset[int]()]
    for way in ways[:2]:
        kept = _kept(case.evidence, way, shares)
        text, spans = joined([case.evidence[n] for n in kept])
        yield Example(
            KEY,
            case.group,
            case.claim,
            text,
            supports=soft,
            sentences=spans,
            bearing=tuple(float(n in way) for n in kept) if way else None,
            weight=2.0 / len(ways[:2]),
        )
        if not supported:
            continue
        for _ in range(2):
            if false := altered(case.claim, text, chance):
                yield Example(KEY, case.group, false, text, supports=0.0)
        # Without what supports it, it is not supported.
        rest = [n for n in kept if not any(n in each for each in ways)]
        if len(rest) > 1:
            text, spans = joined([case.evidence[n] for n in rest])
            yield Example(
                KEY,
                case.group,
                case.claim,
                text,
                supports=0.0,
                sentences=spans,
                bearing=(0.0,) * len(rest),
                weight=0.7,
            )


def _kept(evidence: Sequence[str], way: frozenset[int], shares: Sequence[int]) -> list[int]:
    """The sentences that support the claim and those with most of its words, as many as fit a window."""
    kept: list[int] = []
    size = 0
    for place in sorted(range(len(shares)), key=lambda n: (n not in way, -shares[n], n)):
        if size + len(evidence[place]) > WINDOW * 1.25 and kept:
            break
        kept.append(place)
        size += len(evidence[place])
    return sorted(kept)
