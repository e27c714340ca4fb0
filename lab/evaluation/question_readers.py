"""Public data sets of questions as records. The files are read in their authors' own formats."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from lab.evaluation.readers import BenchmarkUnusable, read_records
from lab.evaluation.scratch import Document


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question with choices, of which those at the places `answers` are right."""

    key: str
    question: str
    choices: tuple[str, ...]
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question asked of one passage. `sentences` are the passage's in order, where the set parts it;
    `gold` are the places of those that answer; `answers` are the words that do. Questions of one
    `group` were learned from together or not at all."""

    key: str
    group: str
    question: str
    document: Document
    is_answerable: bool
    sentences: tuple[str, ...] = ()
    gold: frozenset[int] = frozenset()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """A question asked of several passages, which answer it or do not."""

    key: str
    question: str
    documents: tuple[Document, ...]
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """A query and the abstracts that bear on it, each with how much."""

    key: str
    text: str
    relevant: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document under the name that its set gives it."""

    key: str
    document: Document


class _Result(BaseModel):
    url: str | None = None
    title: str | None = None
    text: str | None = None
    publish_date: Any = None


class _Search(BaseModel):
    search_result: list[_Result] | None = None


_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def read_news_articles(path: Path) -> Iterator[Document]:
    """RealTimeQA, `DATE_gcs.jsonl`: the articles that a search found for each question. What has no
    text is passed over."""
    for _, record in read_records(path, _Search):
        for result in record.search_result or ():
            if not (text := (result.text or "").strip()):
                continue
            yield Document(
                text,
                result.title or "",
                urlsplit(result.url or "").netloc.removeprefix("www."),
                _day(result.publish_date),
            )


def _day(stated: object) -> str | None:
    found = _DAY.match(str(stated or ""))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class _NewsQuestion(BaseModel):
    question_id: str
    question_sentence: str = ""
    question: str = ""
    choices: list[str] = Field(min_length=1)
    answer: list[int | str] | int | str | None = None


def read_news_questions(path: Path) -> Iterator[NewsQuestion]:
    """RealTimeQA, `DATE_qa.jsonl` and `DATE_qa_nota.jsonl`. Questions without an answer are passed
    over; links that were copied along with a question are its words alone."""
    for _, record in read_records(path, _NewsQuestion):
        stated = record.answer if isinstance(record.answer, list) else [record.answer]
        places = tuple(place for given in stated if (place := _place(given, record.choices)) is not None)
        question = _TAG.sub("", record.question_sentence or record.question)
        if places and question:
            yield NewsQuestion(record.question_id, question, tuple(record.choices), places)


def _place(given: int | str | None, choices: Sequence[str]) -> int | None:
    """The place of an answer among the choices: it is stated as the place, or in words."""
    if str(given).strip().isdecimal() and int(str(given)) < len(choices):
        return int(str(given))
    return choices.index(given) if given in choices and isinstance(given, str) else None


class _Paper(BaseModel):
    id: str = Field(alias="_id")
    title: str = ""
    text: str


class _Query(BaseModel):
    id: str = Field(alias="_id")
    text: str


def read_papers(path: Path) -> Iterator[NamedDocument]:
    """SciFact as BEIR has it, `corpus.jsonl`: abstracts."""
    for _, record in read_records(path, _Paper):
        yield NamedDocument(record.id, Document(record.text, record.title))


def read_ranked_queries(path: Path) -> Iterator[RankedQuery]:
    """SciFact as BEIR has it: the queries of `qrels_test.tsv`, their words from `queries.jsonl` beside
    it."""
    words = {r.id: r.text for _, r in read_records(path.with_name("queries.jsonl"), _Query)}
    relevant: dict[str, list[tuple[str, int]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                pair = (row["corpus-id"], int(row["score"]))
                relevant.setdefault(row["query-id"], []).append(pair)
        return iter([RankedQuery(key, words[key], tuple(found)) for key, found in relevant.items()])
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error!r}. Fetch the file again.") from error


class _ClapPassage(BaseModel):
    title: str = ""
    text: str
    sentences: list[str]


class _ClapOutput(BaseModel):
    answer: str = ""
    selected_sentences: list[str] = []


class _Clap(BaseModel):
    id: str
    input: str
    passages: list[_ClapPassage] = Field(min_length=1)
    output: list[_ClapOutput] = []


def read_clapnq(path: Path) -> Iterator[PassageQuestion]:
    """CLAPNQ: a question, a passage of Wikipedia, and the sentences that the first person to annotate
    it made the answer of. The published figures count by that one."""
    for _, record in read_records(path, _Clap):
        passage = record.passages[0]
        chosen = set(record.output[0].selected_sentences) if record.output else set()
        yield PassageQuestion(
            record.id,
            record.id,
            record.input,
            Document(passage.text, passage.title),
            bool(chosen),
            tuple(passage.sentences),
            frozenset(n for n, sentence in enumerate(passage.sentences) if sentence in chosen),
        )


class _SquadAnswer(BaseModel):
    text: str


class _SquadQuestion(BaseModel):
    id: str
    question: str
    answers: list[_SquadAnswer] = []
    is_impossible: bool = False


class _SquadParagraph(BaseModel):
    context: str
    qas: list[_SquadQuestion]


class _SquadArticle(BaseModel):
    title: str
    paragraphs: list[_SquadParagraph]


class _Squad(BaseModel):
    data: list[_SquadArticle]


def read_squad(path: Path) -> Iterator[PassageQuestion]:
    """SQuAD 2: questions about a paragraph of Wikipedia; half of them it does not answer."""
    try:
        articles = _Squad.model_validate_json(path.read_bytes()).data
    except (OSError, ValidationError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error
    for article in articles:
        for paragraph in article.paragraphs:
            document = Document(paragraph.context, article.title.replace("_", " "))
            for asked in paragraph.qas:
                yield PassageQuestion(
                    asked.id,
                    article.title,
                    asked.question.strip(),
                    document,
                    not asked.is_impossible,
                    answers=tuple(dict.fromkeys(answer.text for answer in asked.answers)),
                )


class _PoolPassage(BaseModel):
    title: str | None = None
    text: str


class _Pool(BaseModel):
    query: str
    query_id: str | int | None = None
    positive_passages: list[_PoolPassage] = []
    negative_passages: list[_PoolPassage] = []
    passages: list[_PoolPassage] = []
    subset: str | None = None
    label: bool | int | str | None = None
    answerable: bool | None = None


_PASSAGES = 10


def read_pools(path: Path) -> Iterator[PoolQuestion]:
    """Questions with ten passages, lines of {"query", "passages"} or, as NoMIRACL has them,
    {"query", "positive_passages", "negative_passages"}; a passage has "text", and "title" if it likes.

    Whether any passage answers is told by "answerable", by "label" (true, 1, "relevant" or
    "answerable"), by "subset" ("relevant" or "non_relevant"), by those words in the file's name, or by
    there being positive passages: by the first of these that is there. Passages beyond ten are left
    out, negative ones first."""
    for number, record in read_records(path, _Pool):
        found = (record.positive_passages + record.negative_passages + record.passages)[:_PASSAGES]
        documents = tuple(Document(passage.text, passage.title or "") for passage in found)
        key = f"{path.stem}-{record.query_id if record.query_id is not None else number}"
        yield PoolQuestion(key, record.query, documents, _is_answerable(record, path.name))


def _is_answerable(record: _Pool, file_name: str) -> bool:
    if record.answerable is not None:
        return record.answerable
    for told in (record.label, record.subset, file_name):
        if isinstance(told, bool | int):
            return bool(told)
        if isinstance(told, str) and (kind := _kind(told)) is not None:
            return kind
    return bool(record.positive_passages)


def _kind(told: str) -> bool | None:
    words = re.sub(r"[^a-z]", "", told.lower())
    if any(no in words for no in ("nonrelevant", "notrelevant", "irrelevant", "unanswerable", "false")):
        return False
    return True if any(yes in words for yes in ("relevant", "answerable", "true")) else None
