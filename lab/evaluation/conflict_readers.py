"""Public sets of questions whose texts conflict or do not, as records."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from lab.evaluation.readers import BenchmarkUnusable, read_records
from lab.evaluation.scratch import Document


@dataclass(frozen=True, slots=True)
class ConflictQuestion:
    """A question with texts that were found for it, and whether they give more than one answer."""

    key: str
    question: str
    documents: tuple[Document, ...]
    is_conflict: bool
    answers: tuple[str, ...] = ()


class _Text(BaseModel):
    text: str
    type: str
    answer: str = ""


class _Ambiguous(BaseModel):
    question: str
    documents: list[_Text]


def read_ramdocs(path: Path) -> Iterator[ConflictQuestion]:
    """RAMDocs: texts conflict where those that are right and those that mislead have more than one
    answer between them. Noise has none."""
    for _, record in read_records(path, _Ambiguous):
        answers = dict.fromkeys(text.answer for text in record.documents if text.type != "noise")
        documents = tuple(Document(text.text) for text in record.documents)
        question = record.question
        yield ConflictQuestion(question, question, documents, len(answers) > 1, tuple(answers))


class _Snippets(BaseModel):
    question: str
    contexts: list[str]
    sources: list[str] = []
    firstAnswer: str | float | None = None  # noqa: N815 - the set's own names
    secondAnswer: str | float | None = None  # noqa: N815
    secondAnswerExist: str | float | None = None  # noqa: N815


_snippets = TypeAdapter(list[_Snippets])
# A search engine puts the day before the snippet.
_DAY = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}\s*(?:\.\.\.|·|—)\s*")


def read_qacc(path: Path) -> Iterator[ConflictQuestion]:
    """QACC: snippets conflict where people found a second answer in them. Raises BenchmarkUnusable."""
    try:
        records = _snippets.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error}. Fetch the file again.") from error
    for record in records:
        given = (record.firstAnswer, record.secondAnswer)
        answers = tuple(answer.strip() for answer in given if isinstance(answer, str))
        texts = (_DAY.sub("", text.replace("\xa0", " "), count=1) for text in record.contexts)
        yield ConflictQuestion(
            record.question,
            record.question,
            tuple(Document(text) for text in texts),
            record.secondAnswerExist == "A",
            answers,
        )
