"""The sets of conflicting texts are read as their authors wrote them, and what is measured on them is
what tells an answer from another."""

import json
from pathlib import Path

import numpy as np
import pytest

from lab.conflicts import ConflictQuestion, f1, precision, recall
from lab.metrics import Half, half_of
from lab.scores import items_of
from lab.scratch import Document
from lab.sets import qacc, ramdocs, stages_in
from lab.short_answers import ShortAnswer, difference, likelihood, short_answer
from lab.stage import Context
from rag.asking.questions import QuestionReader
from rag.core.errors import RagError
from rag.core.settings import Settings
from rag.language.terms import Lexicon
from rag.language.text import plain
from rag.models.pairs import Calibration, PairReader, PairReading

TOWNS = ("Arlen", "Borrow", "Caldry", "Dunmere", "Eskdon", "Fenwold", "Gorsley", "Hartmoor")


def ambiguous(town: str, years: tuple[str, ...]) -> dict[str, object]:
    """A question whose texts give these years, and a text that gives none."""
    texts = [
        {
            "text": f"The lighthouse of {town} was opened in {year} and has forty steps.",
            "type": "correct",
            "answer": year,
        }
        for year in years
    ]
    noise = {"text": f"{town} has a market on Tuesdays.", "type": "noise", "answer": "unknown"}
    return {"question": f"When was the lighthouse of {town} opened?", "documents": [*texts, noise]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ramdocs").mkdir()
    (tmp_path / "qacc").mkdir()
    records = [
        ambiguous(town, ("1902", "1934") if place % 2 else ("1902", "1902"))
        for place, town in enumerate(TOWNS * 2)
    ]
    for number, record in enumerate(records):
        record["question"] = f"{str(record['question'])[:-1]} to visitors {number}?"
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "ramdocs" / "half.jsonl").write_text(lines, encoding="utf-8")
    snippets = [
        {
            "question": "Who built the granary?",
            "contexts": ["Mar 5, 2023 ... Ivo Karst built the granary.", "Nell Abara built it."],
            "firstAnswer": "Ivo Karst",
            "secondAnswerExist": "A",
            "secondAnswer": "Nell Abara",
        },
        {
            "question": "Who built the mill?",
            "contexts": ["Rosa Lindt built the mill."],
            "firstAnswer": "Rosa Lindt",
            "secondAnswerExist": "B",
            "secondAnswer": float("nan"),
        },
    ]
    (tmp_path / "qacc" / "dev.json").write_text(json.dumps(snippets), encoding="utf-8")
    return tmp_path


def test_texts_conflict_where_they_have_two_answers_and_noise_has_none(folder: Path) -> None:
    records = ramdocs.read(folder / "ramdocs" / "half.jsonl")
    agreeing, conflicts, *_ = map(ramdocs.as_question, records)
    assert (agreeing.is_conflict, agreeing.answers) == (False, ("1902",))
    assert (conflicts.is_conflict, conflicts.answers) == (True, ("1902", "1934"))


def test_snippets_conflict_where_people_found_a_second_answer(folder: Path) -> None:
    assert [qacc.as_question(record) for record in qacc.read(folder / "qacc" / "dev.json")] == [
        ConflictQuestion(
            "Who built the granary?",
            (Document("Ivo Karst built the granary."), Document("Nell Abara built it.")),
            True,
            ("Ivo Karst", "Nell Abara"),
        ),
        ConflictQuestion(
            "Who built the mill?",
            (Document("Rosa Lindt built the mill."),),
            False,
            ("Rosa Lindt",),
        ),
    ]


def test_a_file_of_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text('{"question": 1}', encoding="utf-8")
    with pytest.raises(RagError, match="Fetch the file again"):
        qacc.read(path)


def test_both_sets_are_stages_and_give_precision_recall_f1_and_auroc(
    folder: Path, models_dir: Path, tmp_path: Path
) -> None:
    context = Context(Settings(tmp_path / "corpus", models_dir.parent), resamples=10)
    stages = {stage.name: stage for stage in stages_in(folder)}
    assert {"ramdocs", "qacc"} <= stages.keys()
    result = stages["ramdocs"].measure(context, stages["ramdocs"].files)
    figures = {score.metric: score for score in result.scores}
    reported = sum(
        half_of(record.question) is Half.REPORT
        for record in ramdocs.read(folder / "ramdocs" / "half.jsonl")
    )
    assert {name: score.ours for name, score in figures.items() if name.startswith("texts")} == {
        "texts conflict, F1": 100.0,
        "texts conflict, precision": 100.0,
        "texts conflict, recall": 100.0,
        "texts conflict, AUROC": 100.0,
    }
    assert figures["texts conflict, AUROC"].count == reported
    assert len(figures["texts conflict, F1"].baselines) == 2


def test_precision_recall_and_f1_of_telling_a_conflict() -> None:
    items = items_of([1.0, 1.0, 0.0, 0.0], [True, False, True, False], list("abcd"))
    assert precision(items, 0.5) == recall(items, 0.5) == 0.5
    assert f1(items, 0.5) == 0.5
    untold = items_of([0.0], [True], ["a"])
    assert np.isnan(precision(untold, 0.5))
    assert (recall(untold, 0.5), f1(untold, 0.5)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("When was the lighthouse opened?", "It has 40 steps. The lighthouse opened in 1902.", "1902"),
        ("How many steps has the lighthouse?", "Since 1902 the lighthouse has 40 steps.", "40"),
        ("Who designed the lighthouse?", "The lighthouse was designed by Maud Tessier.", "Maud Tessier"),
        ("How many steps has the lighthouse?", "The lighthouse is tall.", None),
    ],
)
def test_a_text_answers_in_words_of_the_kind_asked_for(
    pairs: PairReader, lexicon: Lexicon, question: str, text: str, answer: str | None
) -> None:
    (reading,) = pairs.read([(plain(question), text)])
    found = short_answer(QuestionReader(lexicon).read_whole(question), text, reading, lexicon)
    assert (found.text if found else None) == answer


def test_words_of_no_kind_are_whole_and_few(lexicon: Lexicon) -> None:
    text = "The fee is $160,000.00 a year"
    starts, ends = np.array([0, 4, 8, 11, 13, 16]), np.array([3, 7, 10, 13, 16, 17])
    wording = np.array([-5, -5, -5, 0, 3, -4], dtype=np.float32)
    as_they_are = Calibration((1.0, 0.0), (1.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0))
    answers = float(1 / (1 + np.exp(-2.0)))
    reading = PairReading(answers, 0.0, 0.0, wording, wording, starts, ends, as_they_are)
    asked = QuestionReader(lexicon).read_whole("Tell me the fee of the governor")
    found = short_answer(asked, text, reading, lexicon)
    assert found is not None
    assert found.text == "$160,000.00"
    assert found.probability == pytest.approx(1 / (1 + np.exp(-2.5)))


@pytest.mark.parametrize(
    ("question", "one", "other", "differ"),
    [
        ("When was it opened?", "5 March 1902", "1902", 0.0),
        ("When was it opened?", "1902", "1934", 1.0),
        ("How many steps has it?", "about 2,000", "two thousand", 0.0),
        ("How many steps has it?", "2,000", "800", 1.0),
        ("Who built it?", "Maud Tessier", "Tessier", 0.0),
        ("Who built it?", "Maud Tessier", "Ivo Karst", 1.0),
    ],
)
def test_answers_differ_by_what_they_mean(
    lexicon: Lexicon, question: str, one: str, other: str, differ: float
) -> None:
    asked = QuestionReader(lexicon).read_whole(question)
    assert difference(asked, one, other, lexicon) == differ


def test_texts_conflict_as_likely_as_any_other_answer_is_one(lexicon: Lexicon) -> None:
    asked = QuestionReader(lexicon).read_whole("When was it opened?")
    same = [ShortAnswer("1902", 0.9), ShortAnswer("March 1902", 0.8)]
    assert likelihood(asked, same, lexicon) == 0.0
    assert likelihood(asked, [*same, ShortAnswer("1934", 0.25)], lexicon) == pytest.approx(0.25)
    two_more = [*same, ShortAnswer("1934", 0.25), ShortAnswer("1941", 0.2)]
    assert likelihood(asked, two_more, lexicon) == pytest.approx(1 - 0.75 * 0.8)
    assert likelihood(asked, [], lexicon) == 0.0
