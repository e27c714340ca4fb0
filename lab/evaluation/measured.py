"""What was measured, and the scoreboard's JSON of it, to be written and to be read."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lab.evaluation.records import Result
from rag.core.errors import RagError

SCHEMA = "sourceline.scoreboard/1"
_SINCE = "figures_since"


class _NoScoreboard(RagError):
    """The JSON does not have the fields of a scoreboard."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A stage's result. `fingerprint` is of all that it hangs on; of a set that is not there it is
    empty."""

    stage: str
    fingerprint: str
    result: Result


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """A scoreboard as it was read. `since` is the day from which on it has had these figures."""

    measured: tuple[Measured, ...]
    since: str | None = None


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
        raise _NoScoreboard(f"This is no scoreboard: {error}") from error


def _without_name(stage: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stage.items() if key != "stage"}


def with_day(data: dict[str, Any], path: Path, today: str) -> dict[str, Any]:
    """The JSON with the day since which its figures stand: the day of the scoreboard at `path` where
    that one has the very same, else today."""
    try:
        before = json.loads(path.read_bytes())
    except (OSError, ValueError):
        before = None
    if isinstance(before, dict) and _SINCE in before:
        day = before.pop(_SINCE)
        # In plain JSON types: tuples are lists there.
        if before == json.loads(json.dumps(data)):
            return data | {_SINCE: day}
    return data | {_SINCE: today}


def read_scoreboard(path: Path) -> Scoreboard | None:
    """The scoreboard of a file; None where there is no file.

    Raises RagError for a file of a newer schema, and for one that is damaged."""
    try:
        data = json.loads(path.read_bytes(), parse_float=_finite, parse_constant=_finite)
        newer = re.fullmatch(r"sourceline\.scoreboard/(\d{1,4})", str(data["schema"]))
        if newer and int(newer[1]) > int(SCHEMA.rpartition("/")[2]):
            raise RagError(
                f"{path.name} was written by a newer Sourceline: its schema is {newer[0]}, and this one "
                f"reads {SCHEMA}. Update Sourceline, or run `make evaluate` to measure anew."
            )
        if data["schema"] != SCHEMA:
            raise ValueError("another schema")
        measured = from_json(data)
        since = data.get(_SINCE)
        if not all(_is_whole(each.result) for each in measured):
            raise ValueError("a confusion whose rows are not all there")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RagError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError, _NoScoreboard) as error:
        raise RagError(
            f"{path.name} is damaged, or it is no scoreboard. Run `make evaluate` to write it anew."
        ) from error
    return Scoreboard(measured, since if isinstance(since, str) else None)


def _finite(number: str) -> float:
    if not math.isfinite(float(number)):
        raise ValueError(f"{number} is no figure")
    return float(number)


def _is_whole(result: Result) -> bool:
    return all(
        len(each.counts) == len(each.truths)
        and all(len(counts) == len(each.verdicts) for counts in each.counts)
        for each in result.confusions
    )
