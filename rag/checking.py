"""Claims that others made, each with the words it is held against, to verdicts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, field_validator

from rag.dates import is_edtf
from rag.records import Citation
from rag.verification import Judgement, Verifier

# No sentence, and no quotation of one, is longer than this many characters.
LONGEST = 20_000

_Words = Annotated[str, Strict(), Field(min_length=1, max_length=LONGEST)]


class _Line(BaseModel):
    """A line of the file: untrusted."""

    model_config = ConfigDict(extra="ignore")

    claim: _Words
    quote: _Words
    title: Annotated[str, Strict()] | None = None
    publisher: Annotated[str, Strict()] | None = None
    published: Annotated[str, Strict()] | None = None

    @field_validator("claim", "quote")
    @classmethod
    def _says_something(cls, words: str) -> str:
        if not words.strip():
            raise ValueError("it is empty")
        return words

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, published: str | None) -> str | None:
        if published is not None and not is_edtf(published):
            raise ValueError("it is no date like 2023-02-08, 2025-05 or 2024")
        return published


@dataclass(frozen=True, slots=True)
class Checked:
    """A line, counted from 1, with its claim and judgement, or with what is wrong with the line."""

    line: int
    claim: str | None
    judgement: Judgement | None
    error: str | None = None


def check_lines(lines: Iterable[str], verifier: Verifier) -> Iterator[Checked]:
    """A verdict for each line of {"claim", "quote", optional "title", "publisher", "published"}; one bad
    line stops no other. Empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = _Line.model_validate_json(line)
        except ValidationError as error:
            yield Checked(number, None, None, _in_words(error))
            continue
        credits = read.title, read.publisher, read.published
        cited = Citation("", "", 0, len(read.quote), read.quote, *credits)
        yield Checked(number, read.claim, verifier.judge(read.claim, [cited]))


def _in_words(error: ValidationError) -> str:
    """The first thing that is wrong, without the words themselves."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]
