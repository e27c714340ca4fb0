"""The places that a good answer must cite are looked for among the passages found. The articles and
questions here are our own inventions."""

from pathlib import Path

import pytest

from lab.sets import newsdesk_search
from lab.sets.newsdesk import Question, Quote
from lab.sets.newsdesk_search import overlaps, ranks_of
from lab.stage import Context
from rag.asking.assistant import Assistant
from rag.core.records import Article, Hit, Passage
from rag.core.settings import Settings
from tests.lab.files import write

COST = "The harbour of Elva cost 40 million crowns."
FERRY = "The ferry to Borrow carries 120 passengers."


def hit(source: str, text: str, start: int, end: int) -> Hit:
    return Hit(Passage("", source, start, end), Article(source, text, ""), 0.5)


@pytest.mark.parametrize(
    ("source", "start", "end", "is_overlapped"),
    [
        ("harbour.md", 0, 40, True),
        ("a/harbour.md", 30, 90, True),
        ("harbour.md", 50, 90, False),
        ("ferry.md", 0, 40, False),
    ],
)
def test_a_place_is_found_where_its_words_are_those_of_the_passage(
    source: str, start: int, end: int, is_overlapped: bool
) -> None:
    text = f"{COST.replace(' cost', chr(10) + '  cost')} {FERRY}"
    quote = Quote(file="harbour.md", quote=COST)
    assert overlaps(hit(source, text, start, end), quote) is is_overlapped


def test_a_group_has_the_rank_of_the_first_passage_with_one_of_its_places() -> None:
    groups = [
        {"any": [{"file": "ferry.md", "quote": FERRY}, {"file": "harbour.md", "quote": COST}]},
        {"any": [{"file": "ferry.md", "quote": "Nobody says this."}]},
    ]
    fields = {"id": "1", "kind": "fact", "question": "What?", "answerable": True, "groups": groups}
    hits = [hit("mill.md", "A mill.", 0, 7), hit("harbour.md", COST, 0, len(COST))]
    found, missed = ranks_of(Question.model_validate(fields), hits)
    assert found == 2
    assert missed > newsdesk_search.DEPTHS[-1]
    assert min(ranks_of(Question.model_validate(fields), [])) > newsdesk_search.DEPTHS[-1]


def test_the_figures_are_of_the_questions_asked_alone_and_fall_with_the_search(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    (desk / "articles").mkdir(parents=True)
    for name, text in (("harbour.md", COST), ("ferry.md", FERRY)):
        (desk / "articles" / name).write_text(text)
    cost = {"any": [{"file": "harbour.md", "quote": COST}]}
    shared = {"answerable": True, "groups": [cost]}
    write(
        desk / "questions.jsonl",
        {"id": "1", "kind": "fact", "question": "What did the harbour of Elva cost?", **shared},
        {"id": "2", "kind": "language", "question": "Wie teuer war der Hafen von Elva?", **shared},
        {"id": "3", "kind": "follow-up", "question": "And what?", "history": ["Who?"], **shared},
        {"id": "4", "kind": "unanswerable", "question": "Who sang in Gossau?", "answerable": False},
    )
    (tmp_path / "models").symlink_to(models_dir)
    (stage,) = newsdesk_search.stages(desk, tmp_path)
    context = Context(Settings(tmp_path, tmp_path), resamples=10)

    def figures() -> dict[str, tuple[float | None, int]]:
        return {s.metric: (s.ours, s.count) for s in stage.measure(context, stage.files).scores}

    whole = figures()
    assert whole["places among the first 5 passages"] == (100.0, 2)
    assert whole["places among the first 5 passages, other languages"] == (100.0, 1)
    assert whole["answerable or near miss, AUROC"] == (100.0, 3)
    monkeypatch.setattr(Assistant, "search", lambda *_: ())
    assert figures()["places among the first 24 passages"] == (0.0, 2)
