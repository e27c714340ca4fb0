"""Asks our own questions of the articles that ship, and prints the figures and what went wrong.

`python -m tests.own_questions --accept` also writes the figures, which the tests then demand."""

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from lab.evaluation.own_questions import (
    Figure,
    Outcome,
    OwnQuestion,
    ask_questions,
    failures,
    measure,
    read_questions,
)
from lab.evaluation.verification import Row, rows_to_json
from rag.core.settings import Settings, shipped
from rag.wiring import build_index, open_assistant

QUESTIONS = Path(__file__).parent / "questions.jsonl"
SCORE = Path(__file__).parent / "questions_score.json"
# The figures that must not fall; those of a kind, which few questions give, may.
HELD_PARTS = ("tuned", "fresh")
# Processors round differently, with and without bfloat16: so many questions may come out otherwise.
ROOM = 2


def ask_all(data_dir: Path, questions: tuple[OwnQuestion, ...]) -> tuple[Outcome, ...]:
    """What the articles that ship answer, in the pipeline and at the settings that users get."""
    settings = Settings(shipped("corpus"), data_dir)
    build_index(settings)
    return ask_questions(open_assistant(settings), questions)


def read_score() -> tuple[Row, ...]:
    return tuple(Row(**fields) for fields in json.loads(SCORE.read_text(encoding="utf-8")))


def with_room(row: Row) -> Row:
    """A figure less the room for rounding; that quotes equal their spans hangs on none."""
    if row.ours is None or row.metric == Figure.QUOTES:
        return row
    room = 100 * ROOM / row.count * (1 if row.metric == Figure.REFUSED else -1)
    return replace(row, ours=round(row.ours + room, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help=f"write the figures to {SCORE.name}")
    is_accepted = parser.parse_args().accept
    with tempfile.TemporaryDirectory(prefix="sourceline-questions-") as data:
        outcomes = ask_all(Path(data), read_questions(QUESTIONS))
    for failure in failures(outcomes):
        print(f"\n{failure.key}: {failure.kind}\n  {failure.asked}")
        print(f"  expected  {failure.expected}\n  came      {failure.came}")
    rows = measure(outcomes)
    print()
    for row in rows:
        print(f"{row.metric}, {row.part} ({row.count}): {row.ours} ({row.low}–{row.high})")
    claims = [len(outcome.answer.claims) for outcome in outcomes if outcome.answer.claims]
    print(f"claims to an answer that has any: {sum(claims) / max(len(claims), 1):.1f}")
    if is_accepted:
        held = [with_room(row) for row in rows if row.part in HELD_PARTS]
        text = json.dumps(rows_to_json(held), ensure_ascii=False, indent=1)
        SCORE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
