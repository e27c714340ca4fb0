"""Asks our own questions of the articles that ship, and prints the figures and what went wrong.

`python -m tests.own_questions --accept` also writes the figures of the half that the tests ask, which
they then demand."""

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from lab.results import Score
from lab.sets.own import (
    NAME,
    PARTS,
    Figure,
    Outcome,
    OwnQuestion,
    ask_questions,
    failures,
    figures,
    read_questions,
)
from rag.core.settings import Settings, shipped
from rag.wiring import build_index, open_assistant

QUESTIONS = Path(__file__).parent / "questions.jsonl"
SCORE = Path(__file__).parent / "questions_score.json"
# Processors round differently, with and without bfloat16: so many questions of a part may come out
# otherwise.
ROOM = 1


def half(questions: tuple[OwnQuestion, ...]) -> tuple[OwnQuestion, ...]:
    """Every second question of each part and kind; `make evaluate` asks all."""
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for question in questions:
        seen[question.part, question.kind] += 1
        if seen[question.part, question.kind] % 2:
            chosen.append(question)
    return tuple(chosen)


def ask_all(data_dir: Path, questions: tuple[OwnQuestion, ...]) -> tuple[Outcome, ...]:
    """What the articles that ship answer, in the pipeline and at the settings that users get."""
    settings = Settings(shipped("corpus"), data_dir)
    build_index(settings)
    return ask_questions(open_assistant(settings), questions)


def read_score() -> tuple[Score, ...]:
    """The figures that must not fall; those of a kind, which few questions give, may."""
    return tuple(Score(NAME, **fields) for fields in json.loads(SCORE.read_text(encoding="utf-8")))


def with_room(score: Score) -> float | None:
    """A figure less the room for rounding; that quotes equal their spans hangs on none."""
    if score.ours is None or score.metric == Figure.QUOTES:
        return score.ours
    room = 100 * ROOM / score.count * (1 if score.metric == Figure.REFUSED else -1)
    return round(score.ours + room, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help=f"write the figures to {SCORE.name}")
    is_accepted = parser.parse_args().accept
    with tempfile.TemporaryDirectory(prefix="sourceline-questions-") as data:
        questions = read_questions(QUESTIONS)
        outcomes = ask_all(Path(data), questions)
    for failure in failures(outcomes):
        print(f"\n{failure.key}: {failure.kind}\n  {failure.asked}")
        print(f"  expected  {failure.expected}\n  came      {failure.came}")
    scores = figures(outcomes)
    print()
    for one in scores:
        print(f"{one.metric}, {one.part or 'all'} ({one.count}): {one.ours} ({one.low}–{one.high})")
    claims = [len(outcome.answer.claims) for outcome in outcomes if outcome.answer.claims]
    print(f"claims to an answer that has any: {sum(claims) / max(len(claims), 1):.1f}")
    if is_accepted:
        asked = half(questions)
        held = [
            {"metric": one.metric, "part": one.part, "count": one.count, "ours": with_room(one)}
            for one in figures(tuple(outcome for outcome in outcomes if outcome.question in asked))
            if one.part in PARTS
        ]
        text = json.dumps(held, ensure_ascii=False, indent=1)
        SCORE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
