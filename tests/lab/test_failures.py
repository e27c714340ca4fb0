"""What came out wrong is kept to be read: the first of each kind, a record a line."""

import json
from pathlib import Path

from lab.failures import MOST, Failure, write_failures


def test_the_first_of_each_kind_are_kept_in_order(tmp_path: Path) -> None:
    many = [Failure("A", "refused", str(place), "Who?", "Ada", "nothing") for place in range(MOST + 5)]
    other = Failure("B", "refused", "x", "Où \udcff?", "Ben", "nothing")
    path = tmp_path / "stage.failures.jsonl"
    write_failures(path, [*many, other])
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["key"] for line in lines] == [*(str(place) for place in range(MOST)), "x"]
    assert lines[-1] == {
        "benchmark": "B",
        "kind": "refused",
        "key": "x",
        "asked": "Où ??",
        "expected": "Ben",
        "came": "nothing",
    }
