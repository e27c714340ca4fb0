"""The rows of an exported desk: each is looked through before it is let in."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from rag.core.errors import RagError, TransferError
from rag.core.records import Correction, Filters
from rag.core.schema import answer_from_json, encoded, from_json
from rag.desk.corrections import check
from rag.desk.entries import Entry

NAME, VERSION = "sourceline.memory", 1
EXPORT_SCHEMA = f"{NAME}/{VERSION}"


def _checked(look: Callable[[Any], object]) -> AfterValidator:
    """Lets a record in that `look` does not raise at."""

    def check_record(record: dict[str, Any]) -> dict[str, Any]:
        try:
            look(record)
        except RagError as error:
            raise ValueError(str(error)) from error
        return record

    return AfterValidator(check_record)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()


# Far more than anybody counts to, and room to count on.
Count = Annotated[int, Field(ge=0, lt=2**31)]
Moment = Annotated[str, AfterValidator(_moment)]
Record = dict[str, Any]


class Row(BaseModel):
    """A row as it travels. Fields of later versions are passed over."""

    model_config = ConfigDict(extra="ignore")


class Named(Row):
    key: str
    title: str
    changed_at: Moment


class ExchangeRow(Row):
    conversation: str
    number: Count
    question: str
    filters: Annotated[Record, _checked(lambda record: from_json(Filters, record))]
    answer: Annotated[Record, _checked(answer_from_json)]
    asked_at: Moment


class FeedbackRow(Row):
    conversation: str
    number: Count
    is_good: bool
    fault: str | None
    words: str
    is_case: bool
    given_at: Moment


class EntryRow(Row):
    briefing: str
    key: str
    place: Count
    version: Count
    is_removed: bool
    record: Annotated[Record, _checked(lambda record: from_json(Entry, record))]


class CorrectionRow(Row):
    source: str
    record: Annotated[Record, _checked(lambda record: check(from_json(Correction, record)))]
    changed_at: Moment


class OriginRow(Row):
    source: str
    url: str
    fetched_at: Moment


class Exported(Row):
    """All rows, by table."""

    conversations: list[Named] = []
    exchanges: list[ExchangeRow] = []
    feedback: list[FeedbackRow] = []
    briefings: list[Named] = []
    entries: list[EntryRow] = []
    corrections: list[CorrectionRow] = []
    origins: list[OriginRow] = []


TABLES: Mapping[str, type[Row]] = {
    name: get_args(field.annotation)[0] for name, field in Exported.model_fields.items()
}
JSON_COLUMNS = ("filters", "answer", "record")


def read_export(content: bytes) -> Exported:
    """What was exported. Raises TransferError, which says what is wrong with the file."""
    try:
        data = json.loads(content)
        name, _, version = str(data["schema"]).rpartition("/")
        number = int(version)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TransferError(
            "This file was not exported from Sourceline: choose one that “Export” has written."
        ) from error
    if name != NAME:
        raise TransferError(f"This file holds {name or 'something else'}, not an exported memory.")
    if number > VERSION:
        raise TransferError(
            f"A newer version of Sourceline wrote this file ({data['schema']}). Update Sourceline, then "
            "import it again; nothing was changed."
        )
    try:
        encoded(data)
        return Exported.model_validate(data)
    except (ValueError, RecursionError) as error:
        place = ""
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            place = f" ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        elif isinstance(error, ValueError):
            place = f" ({error})"
        raise TransferError(
            f"This file is damaged{place}. Export it anew; nothing was changed."
        ) from error
