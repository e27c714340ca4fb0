"""What was measured, and the scoreboard's JSON of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lab.evaluation.records import Result

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
