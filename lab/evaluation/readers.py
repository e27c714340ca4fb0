"""Public data sets of judged claims as records. The files are read in their authors' own formats.

What a record keeps is what a judge may see (claim, evidence, question) and what people found.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from pydantic import BaseModel, Field, ValidationError

from rag.core.errors import RagError
from rag.core.records import Sentence, Verdict
from rag.language.sentences import split_sentences


class BenchmarkUnusable(RagError):
    """A file of a benchmark is not what it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One claim and the texts it is judged against.

    `key` is stable and unique within its set. Cases of one `group` share a question, an article or
    an abstract, and are never parted into different halves. `supporting` are the ways to support the
    claim that people found, each as places in `evidence`. A contradicted claim is UNSUPPORTED too.
    """

    key: str
    group: str
    claim: str
    evidence: tuple[str, ...]
    verdict: Verdict
    supporting: tuple[tuple[int, ...], ...] = ()
    is_contradicted: bool = False
    question: str | None = None

    @property
    def text(self) -> str:
        return self.claim

    @property
    def claims(self) -> tuple[str, ...]:
        return (self.claim,)


@dataclass(frozen=True, slots=True)
class Response:
    """A language model's answer; each of its sentences is a claim.

    `unsupported` are the spans (start, end, in characters of `text`) that people marked.
    """

    key: str
    group: str
    question: str
    text: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[str, ...]
    unsupported: tuple[tuple[int, int], ...]

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(self.text[sentence.start : sentence.end] for sentence in self.sentences)

    @property
    def characters(self) -> tuple[tuple[int, int], ...]:
        """For each sentence how many of its characters are marked and how many are not; at the end
        the same for what lies between sentences."""
        marked = np.zeros(len(self.text), dtype=bool)
        for start, end in self.unsupported:
            marked[start:end] = True
        counts = []
        for sentence in self.sentences:
            own = marked[sentence.start : sentence.end]
            counts.append((int(own.sum()), int((~own).sum())))
            own[:] = False
        between = len(self.text) - sum(sum(count) for count in counts)
        left = int(marked.sum())
        return (*counts, (left, between - left))


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of one article; `votes` is for each claim the share of people who found it
    supported, 0..1."""

    key: str
    group: str
    claims: tuple[str, ...]
    votes: tuple[float, ...]
    evidence: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.claims)


class _WiceMeta(BaseModel):
    id: str
    claim_title: str


class _Wice(BaseModel):
    claim: str
    evidence: list[str]
    label: Literal["supported", "partially_supported", "not_supported"]
    supporting_sentences: list[list[int]]
    meta: _WiceMeta


def read_wice(path: Path) -> Iterator[Case]:
    """WiCE: a sentence of Wikipedia against the sentences of the web page that it cites."""
    verdicts = {
        "supported": Verdict.SUPPORTED,
        "partially_supported": Verdict.PARTLY,
        "not_supported": Verdict.UNSUPPORTED,
    }
    for number, record in read_records(path, _Wice):
        ways = tuple(tuple(way) for way in record.supporting_sentences if way)
        _check_places(ways, len(record.evidence), path, number)
        yield Case(
            key=record.meta.id,
            group=record.meta.claim_title,
            claim=record.claim,
            evidence=tuple(record.evidence),
            verdict=verdicts[record.label],
            supporting=ways,
        )


class _Attribution(BaseModel):
    id: str
    question: str
    claim: str
    references: list[str]
    attribution_label: Literal["attributable", "not attributable"]


def read_attributionbench(path: Path) -> Iterator[Case]:
    """AttributionBench: a sentence of an answer against the passages that it refers to."""
    for _, record in read_records(path, _Attribution):
        is_supported = record.attribution_label == "attributable"
        yield Case(
            key=record.id,
            group=record.question,
            claim=record.claim,
            evidence=tuple(record.references),
            verdict=Verdict.SUPPORTED if is_supported else Verdict.UNSUPPORTED,
            question=record.question,
        )


class _Span(BaseModel):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class _RagTruth(BaseModel):
    id: str
    source_id: str
    query: str
    d1: str
    d2: str
    labels: list[_Span]


_NEXT_PASSAGE = re.compile(r"\n\s*(?=passage \d+:)")


def read_ragtruth(path: Path) -> Iterator[Response]:
    """RAGTruth, the questions: `d2` is a model's answer from the passages in `d1`. Every marked span
    counts, as in the published figures: those that are true elsewhere, too."""
    for number, record in read_records(path, _RagTruth):
        for span in record.labels:
            if record.d2[span.start : span.end] != span.text:
                raise BenchmarkUnusable(
                    f"{path}, line {number}: the words of a marked span do not stand where it says. "
                    "Fetch the file again."
                )
        passages = (passage.strip() for passage in _NEXT_PASSAGE.split(record.d1))
        yield Response(
            key=record.id,
            group=record.source_id,
            question=record.query,
            text=record.d2,
            sentences=split_sentences(record.d2),
            evidence=tuple(passage for passage in passages if passage),
            unsupported=tuple((span.start, span.end) for span in record.labels),
        )


class _Vote(BaseModel):
    response: Literal["yes", "no"]


class _SummarySentence(BaseModel):
    sentence: str
    responses: list[_Vote] = Field(min_length=1)


class _Qags(BaseModel):
    article: str
    summary_sentences: list[_SummarySentence] = Field(min_length=1)


# The articles were taken apart into tokens: "1, 600", "2. 4"; behind four digits a sentence ends.
_TAKEN_APART = re.compile(r"(?<=\d)(?:(,) (?=\d{3}\b)|(?<!\d{4})(\.) (?=\d))")


def read_qags(path: Path) -> Iterator[Summary]:
    """QAGS: the sentences of a machine's summary of a news article, each with people's votes. Numbers
    that the file has taken apart are put together."""
    for _, record in read_records(path, _Qags):
        claims = tuple(sentence.sentence for sentence in record.summary_sentences)
        yield Summary(
            key=_digest("\n".join((record.article, *claims))),
            group=_digest(record.article),
            claims=claims,
            votes=tuple(
                sum(vote.response == "yes" for vote in sentence.responses) / len(sentence.responses)
                for sentence in record.summary_sentences
            ),
            evidence=(_TAKEN_APART.sub(r"\1\2", record.article),),
        )


class _Rationale(BaseModel):
    doc_id: int | str
    label: Literal["SUPPORT", "CONTRADICT"]
    sentences: list[int]


class _SciFactClaim(BaseModel):
    id: int | str
    claim: str
    cited_doc_ids: list[int | str]
    evidence: list[_Rationale]


class _Abstract(BaseModel):
    id: str = Field(alias="_id")
    sentences: list[str]


def read_scifact(path: Path) -> Iterator[Case]:
    """SciFact: a claim against the sentences of each abstract that it cites, which `corpus.jsonl.gz`
    beside the claims holds. An abstract without a rationale says too little: UNSUPPORTED."""
    abstracts = {
        record.id: tuple(record.sentences)
        for _, record in read_records(path.with_name("corpus.jsonl.gz"), _Abstract)
    }
    for number, record in read_records(path, _SciFactClaim):
        for abstract in dict.fromkeys(map(str, record.cited_doc_ids)):
            if abstract not in abstracts:
                raise BenchmarkUnusable(
                    f"{path}, line {number}: abstract {abstract} is not in corpus.jsonl.gz. "
                    "Fetch both files again."
                )
            found = [entry for entry in record.evidence if str(entry.doc_id) == abstract]
            is_contradicted = any(entry.label == "CONTRADICT" for entry in found)
            is_supported = bool(found) and not is_contradicted
            ways = tuple(tuple(entry.sentences) for entry in found)
            _check_places(ways, len(abstracts[abstract]), path, number)
            yield Case(
                key=f"{record.id}-{abstract}",
                group=abstract,
                claim=record.claim,
                evidence=abstracts[abstract],
                verdict=Verdict.SUPPORTED if is_supported else Verdict.UNSUPPORTED,
                supporting=ways,
                is_contradicted=is_contradicted,
            )


_Record = TypeVar("_Record", bound=BaseModel)


def read_records(path: Path, kind: type[_Record]) -> Iterator[tuple[int, _Record]]:
    """The lines of a file of JSON lines, packed or not, with their numbers. Raises BenchmarkUnusable."""
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    yield number, kind.model_validate_json(line)
                except ValidationError as error:
                    first = error.errors()[0]
                    place = ".".join(map(str, first["loc"])) or "the line"
                    raise BenchmarkUnusable(
                        f"{path}, line {number}: {place}: {first['msg']}. "
                        "Fetch the file again, in the format of its authors."
                    ) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error


def _check_places(ways: tuple[tuple[int, ...], ...], count: int, path: Path, number: int) -> None:
    if any(not 0 <= place < count for way in ways for place in way):
        raise BenchmarkUnusable(
            f"{path}, line {number}: a supporting sentence is named that is not there. "
            "Fetch the file again."
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
