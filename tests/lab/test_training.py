"""What the network learns from: true statements made false, examples from files in their authors'
formats, and a network that learns. All records here are our own inventions."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import torch

from lab.learned import is_for_learning, learned_marks, mark_of
from lab.sets import all_examples
from lab.train.altering import altered
from lab.train.examples import Example
from lab.train.network import (
    lengths,
    loss_of,
    make_batch,
    pair_tokenizer,
    sentence_logits,
    trainable,
)
from lab.train.pack import pack, write_learned
from lab.train.statements import as_claim
from rag.models.pairs import open_pair_reader

TEXT = (
    "Ada Okoye opened the mill in Elva on 3 May 1902. Forty people came, and Ben Ruiz sold 120 loaves."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The mill was opened in 1902.",
        "Ben Ruiz sold 120 loaves.",
        "Ada Okoye met Ben Ruiz in Elva.",
        "It was opened in May.",
        "The mill was not shut.",
        "More people came after the war.",
        "It was built by two brothers.",
    ],
)
def test_a_statement_is_altered_into_another_each_time(claim: str) -> None:
    made = [altered(claim, TEXT, random.Random(seed)) for seed in range(20)]
    assert None not in made
    assert claim not in made


def test_the_same_chance_alters_alike() -> None:
    made = {altered("Ada Okoye opened 3 mills in May.", TEXT, random.Random(5)) for _ in range(3)}
    assert len(made) == 1


def test_what_has_nothing_to_alter_stays() -> None:
    assert altered("good bread", TEXT, random.Random(0)) is None


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("Who built the mill?", "Ada Okoye", "Ada Okoye built the mill."),
        ("Which team won the cup?", "the Reds", "the Reds won the cup."),
        ("The mill was built by which man?", "Ben", "The mill was built by Ben."),
        ("Who is the mayor of Elva?", "Ada", "Ada is the mayor of Elva."),
        ("When was the mill built?", "1902", "When was the mill built? 1902."),
        ("how many people live in elva", "40", "40 live in elva."),
    ],
)
def test_a_question_and_its_answer_are_one_statement(question: str, answer: str, claim: str) -> None:
    assert as_claim(question, answer) == claim


def write(path: Path, *records: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answer = {"text": "Ada Okoye", "answer_start": 0}
    asked = [
        {"question": "Who opened the mill?", "id": "1", "answers": [answer], "is_impossible": False},
        {
            "question": "Who opened the bakery?",
            "id": "2",
            "answers": [],
            "plausible_answers": [answer],
            "is_impossible": True,
        },
    ]
    article = {"title": "Elva", "paragraphs": [{"context": TEXT, "qas": asked}]}
    write(tmp_path / "squad2" / "dev.json", {"data": [article]})
    sentences = ["The ferry carries 40 people .", "It is blue ."]
    passage = {"title": "Ferry", "text": " ".join(sentences), "sentences": sentences}
    said = "The ferry carries 40 people."
    for name, answered, chosen in (("a", said, sentences[:1]), ("b", "", [])):
        record = {"id": name, "input": "how many people fit on the ferry", "passages": [passage]}
        output = [{"answer": answered, "selected_sentences": chosen}]
        write(tmp_path / "clapnq" / f"{name}.jsonl", {**record, "output": output})
    return tmp_path


def test_examples_know_what_answers_and_where(folder: Path) -> None:
    examples = list(all_examples(folder, 0))
    assert {example.source for example in examples} == {"squad2", "clapnq"}
    for example in examples:
        for start, end in (*example.sentences, *(example.words or ())):
            assert example.text[start:end] == example.text[start:end].strip() != ""
        assert example.bearing is None or len(example.bearing) == len(example.sentences)
    asked = {(e.asked, e.answers): e for e in examples if e.answers is not None}
    found = asked["Who opened the mill?", 1.0]
    assert [found.text[start:end] for start, end in found.words or ()] == ["Ada Okoye"]
    assert found.bearing == (1.0, 0.0)
    assert asked["Who opened the bakery?", 0.0].words == ()
    assert asked["how many people fit on the ferry", 1.0].bearing == (1.0, 0.0)
    false = [e for e in examples if e.source == "clapnq" and e.supports == 0.0]
    assert false
    assert all(e.asked != "The ferry carries 40 people." for e in false)


def test_the_same_seed_gives_the_same_examples(folder: Path) -> None:
    assert list(all_examples(folder, 3)) == list(all_examples(folder, 3))


def test_an_empty_folder_has_no_examples(tmp_path: Path) -> None:
    assert list(all_examples(tmp_path, 0)) == []


def test_two_thirds_of_the_groups_are_learned_from() -> None:
    share = sum(is_for_learning("squad2", f"article {number}") for number in range(3000)) / 3000
    assert share == pytest.approx(2 / 3, abs=0.03)


EXAMPLES = [
    Example(
        "made", "1", "Who opened the mill?", TEXT, "Elva", answers=1.0, sentences=((0, 48), (49, 97)),
        bearing=(1.0, 0.0), words=((0, 9),),
    ),
    Example(
        "made", "2", "Who shut the mill?", TEXT, answers=0.0, sentences=((0, 48), (49, 97)),
        bearing=(0.0, 0.0), words=(),
    ),
    Example("made", "3", "Ada Okoye opened the mill.", TEXT, supports=1.0),
]  # fmt: skip


def test_the_network_learns_and_what_it_learned_ships(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network, tokenizer = trainable(), pair_tokenizer()
    batch = make_batch(tokenizer, EXAMPLES, max(lengths(tokenizer, EXAMPLES)))
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=3e-4)
    losses = []
    for _ in range(12):
        whole, tokens = network(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        loss = loss_of(whole, tokens, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    said = sentence_logits(tokens, batch)
    assert said[0] > said[1]
    checkpoint, weights = tmp_path / "learned.pt", tmp_path / "weights" / "pairs.npz"
    torch.save(network.state_dict(), checkpoint)
    assert pack(checkpoint, weights) == weights.stat().st_size
    reader = open_pair_reader(tmp_path / "models", weights=weights)
    first, second = reader.read([(EXAMPLES[0].asked, f"Elva\n{TEXT}"), (EXAMPLES[1].asked, TEXT)])
    assert first.answers > 0 > second.answers


def test_what_was_learned_from_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "learned.txt"
    groups = [Example("made", f"group {number}", "", "") for number in range(30)]
    count = write_learned(groups, path)
    expected = {mark_of(e.group, "made") for e in groups if is_for_learning("made", e.group)}
    assert learned_marks(path) == expected
    assert count == len(expected) > 0
