"""Questions in other languages are asked of all paragraphs of their language, and count only where
nothing was learned from. The paragraphs here are our own inventions."""

import json
from pathlib import Path
from typing import Any

import pytest

from lab.sets import xquad
from lab.stage import Context
from rag.asking.assistant import Assistant
from rag.core.settings import Settings

HARBOUR = "\ufeffAda Okoye opened the harbour of Elva. The harbour cost 40 million crowns."
FERRY = "The ferry to Borrow sails at noon. It carries 120 passengers."


def article(title: str, text: str, question: str, answer: str) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": text.index(answer)}]
    asked = {"id": title, "question": question, "answers": answers}
    return {"title": title, "paragraphs": [{"context": text, "qas": [asked]}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of which nothing was learned from the last two articles."""
    learned = [
        article(f"Mill {n}", f"Mill {n} stands in village {n}.", "Where is it?", f"village {n}")
        for n in range(xquad.LEARNED_ARTICLES)
    ]
    kept = [
        article("Harbour", HARBOUR, "How much did the harbour of Elva cost?", "40 million crowns"),
        article("Ferry", FERRY, "When does the ferry to Borrow sail?", "noon"),
    ]
    path = tmp_path / "training" / "xquad" / "xquad.en.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"data": learned + kept}))
    return path


def test_all_paragraphs_are_read_and_the_questions_of_those_that_were_set_aside(file: Path) -> None:
    paragraphs = list(xquad.read_paragraphs(file))
    assert len(paragraphs) == xquad.LEARNED_ARTICLES + 2
    kept = [paragraph for paragraph in paragraphs if not paragraph.is_for_learning]
    assert [paragraph.article for paragraph in kept] == ["Harbour", "Ferry"]
    (asked,) = kept[0].questions
    assert kept[0].text[slice(*asked.answer)] == "40 million crowns"
    assert kept[0].text == HARBOUR.replace("\ufeff", "")


def test_the_figures_are_told_of_each_language_and_fall_with_the_search(
    file: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").symlink_to(models_dir)
    (stage,) = xquad.stages(tmp_path / "training")
    context = Context(Settings(tmp_path, tmp_path), resamples=10)

    def figures() -> dict[tuple[str, str], tuple[float | None, int]]:
        scores = stage.measure(context, stage.files).scores
        return {(score.part, score.metric): (score.ours, score.count) for score in scores}

    assert figures() == {
        ("", xquad.PARAGRAPH): (None, 0),
        ("English", xquad.PARAGRAPH): (100.0, 2),
        ("", xquad.SENTENCE): (None, 0),
        ("English", xquad.SENTENCE): (100.0, 2),
    }
    monkeypatch.setattr(Assistant, "search", lambda *_: ())
    assert figures()["English", xquad.PARAGRAPH] == (0.0, 2)
