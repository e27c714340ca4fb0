"""QAGS over CNN/DM: how far does a news article bear out the sentences of a machine's summary?"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from lab.claims import Measure, Values, Worth, measure_claims
from lab.metrics import Items, spearman
from lab.reading import read_records, untrained
from lab.results import Result
from lab.scores import items_of
from lab.stage import Context, Stage

NAME = "QAGS CNN/DM"
KEY = "qags"
ORIGIN = "github.com/W4ngatang/qags, as qags/mturk_cnndm.jsonl"
# The articles were taken apart into tokens: "1, 600", "2. 4"; behind four digits a sentence ends.
_TAKEN_APART = re.compile(r"(?<=\d)(?:(,) (?=\d{3}\b)|(?<!\d{4})(\.) (?=\d))")


class _Vote(BaseModel):
    response: Literal["yes", "no"]


class _Sentence(BaseModel):
    sentence: str
    responses: list[_Vote] = Field(min_length=1)


class _Record(BaseModel):
    article: str
    summary_sentences: list[_Sentence] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of one article; `truths` is for each claim the share of people who found it supported,
    0..1."""

    key: str
    group: str
    claims: tuple[str, ...]
    truths: Values
    evidence: tuple[str, ...]


def read(path: Path) -> Iterator[Summary]:
    """Numbers that the file has taken apart are put together. Raises BenchmarkUnusable."""
    for _, record in read_records(path, _Record):
        claims = tuple(sentence.sentence for sentence in record.summary_sentences)
        yield Summary(
            key=_digest("\n".join((record.article, *claims))),
            group=_digest(record.article),
            claims=claims,
            truths=tuple(
                sum(vote.response == "yes" for vote in sentence.responses) / len(sentence.responses)
                for sentence in record.summary_sentences
            ),
            evidence=(_TAKEN_APART.sub(r"\1\2", record.article),),
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _means(summaries: Sequence[Summary], values: Sequence[Values]) -> Items:
    """People's score of a summary is the mean over its sentences, and so is ours."""
    return items_of(
        [sum(own) / len(own) for own in values],
        [sum(summary.truths) / len(summary.truths) for summary in summaries],
        [summary.group for summary in summaries],
    )


_PUBLISHED = "word coverage 40.2, ChatGPT 52.7, AlignScore 73.9"
MEASURE = Measure("Spearman", spearman, _means, _PUBLISHED, Worth.GRADE)
_BY_PROBABILITY = Measure(
    "Spearman of the probability behind the verdict", spearman, _means, _PUBLISHED, Worth.PROBABILITY
)


def stages(folder: Path) -> tuple[Stage, ...]:
    return (Stage(KEY, NAME, untrained(folder, "qags/mturk_cnndm*.jsonl"), ORIGIN, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    every = [each for path in files for each in read(path)]
    return measure_claims(context, NAME, every, (MEASURE, _BY_PROBABILITY))
