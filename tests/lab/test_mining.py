"""What is mined of a desk: passages with what answers a question, with what may be said besides, and
with what only seems to answer. The desk and its search are our own inventions."""

import json
import math
import random
from pathlib import Path

import pytest

from lab.train.mining import Mined, chosen, mine
from tests.hash_encoder import HashEncoder

ANSWER = "Ada Okoye opened the old mill in May."
BESIDES = "The mayor watched her."
SEEMS = "The new mill was opened by Ben Ruiz."


@pytest.fixture
def mined(tmp_path: Path) -> list[Mined]:
    articles = tmp_path / "a" / "articles"
    articles.mkdir(parents=True)
    (articles / "old.md").write_text(f"---\ntitle: Old\n---\n\n{ANSWER} {BESIDES} It was cold.\n")
    (articles / "new.md").write_text(f"---\ntitle: New\n---\n\n{SEEMS} It was warm.\n")
    asked = [
        {
            "id": "1",
            "kind": "fact",
            "question": "Who opened the old mill?",
            "answerable": True,
            "groups": [{"any": [{"file": "old.md", "quote": ANSWER}]}],
            "acceptable": [{"file": "old.md", "quote": BESIDES}],
        },
        {
            "id": "2",
            "kind": "unanswerable",
            "question": "When was the new mill opened?",
            "answerable": False,
            "near": [{"file": "new.md", "quote": SEEMS}],
        },
        {"id": "3", "kind": "followup", "question": "When?", "answerable": True, "history": ["Who?"]},
    ]
    (tmp_path / "a" / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    return list(mine(tmp_path, "a", HashEncoder()))


def test_a_question_that_hangs_on_another_is_left_out(mined: list[Mined]) -> None:
    assert [each.question.id for each in mined] == ["1", "2"]


def test_the_sentence_that_answers_bears_and_of_what_may_be_said_nothing_is_known(
    mined: list[Mined],
) -> None:
    (answering,) = [each for each in mined[0].found if each.answers == 1]
    said = [answering.text[start:end] for start, end in answering.sentences]
    bearing = dict(zip(said, answering.bearing or (), strict=True))
    assert (bearing[ANSWER], bearing["It was cold."]) == (1.0, 0.0)
    assert math.isnan(bearing[BESIDES])


def test_what_only_seems_to_answer_comes_first_and_does_not(mined: list[Mined]) -> None:
    first, *_ = mined[1].found
    assert SEEMS in first.text
    assert {each.answers for each in mined[1].found} == {0.0}


def test_each_question_gives_passages_that_answer_and_others(mined: list[Mined]) -> None:
    drawn = list(chosen(mined, random.Random(1)))
    assert [(each.asked, each.answers) for each in drawn if each.answers] == [
        ("Who opened the old mill?", 1.0)
    ]
    assert {each.asked for each in drawn if not each.answers} == {
        "Who opened the old mill?",
        "When was the new mill opened?",
    }
