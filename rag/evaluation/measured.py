"""What was measured, and the scoreboard's JSON of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.errors import RagError
from rag.evaluation.scores import Result

SCHEMA = "sourceline.scoreboard/1"


@dataclass(frozen=True, slots=True)
class Measured:
    """A stage's result. `fingerprint` is of all that it hangs on; of a set that is not there it is
    empty."""

    stage: str
    fingerprint: str
    result: Result


def to_json(measured: Sequence[Measured]) -> dict[str, Any]:
    """The scoreboard in plain JSON types. Nothing in it changes where no figure does."""
    return {
        "schema": SCHEMA,
        "stages": [{"stage": each.stage, **asdict(each.result)} for each in measured],
    }


def from_json(data: dict[str, Any]) -> tuple[Measured, ...]:
    """The inverse. Raises RagError for what is no scoreboard."""
    try:
        return tuple(
            Measured(stage["stage"], "", TypeAdapter(Result).validate_python(_without_name(stage)))
            for stage in data["stages"]
        )
    except (KeyError, TypeError, ValidationError) as error:
        raise RagError(f"This is no scoreboard: {error}") from error


def _without_name(stage: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stage.items() if key != "stage"}
