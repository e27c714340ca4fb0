"""What the network learns from: true statements made false, examples from files in their authors'
formats, and a network that learns. All records here are our own inventions."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from lab.learned import is_for_learning, learned_marks, mark_of
from lab.sets import all_examples
from lab.train.altering import altered
from lab.train.examples import Example
from lab.train.network import (
    FIXED_LAYERS,
    Batch,
    Reader,
    lengths,
    loss_of,
    make_batch,
    sentence_logits,
)
from lab.train.pack import pack, write_learned
from lab.train.statements import as_claim
from lab.train.train import Recall, train
from lab.train.unpack import unpack
from rag.models.backbone import Backbone
from rag.models.packed import PIECES as PIECES_FILE
from rag.models.packed import Packed
from rag.models.pairs import PairReader
from tests.models.test_packed import PIECES, made

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


SPANS = ((0, 48), (49, 97))
EXAMPLES = [
    Example(
        "made", "1", "Who opened the mill?", TEXT, "Elva", answers=1.0, sentences=SPANS,
        bearing=(1.0, 0.0), words=((0, 9),),
    ),
    Example(
        "made", "2", "Who shut the mill?", TEXT, answers=0.0, sentences=SPANS,
        bearing=(0.0, 0.0), words=(),
    ),
    Example("made", "3", "Ada Okoye opened the mill.", TEXT, supports=1.0, contradicts=0.0),
    Example("made", "4", "Ben Ruiz shut the mill.", TEXT, supports=0.0, contradicts=1.0),
    Example("made", "5", "Ben Ruiz met Ada Okoye.", TEXT, supports=0.0, contradicts=0.0),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Sums as small as these wait longer for a second thread than they take."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def small() -> Packed:
    """A network of chance that knows the words of the examples."""
    said = " ".join([TEXT, *(f"{e.asked} {e.title}" for e in EXAMPLES)])
    words = dict.fromkeys(f"▁{word.strip('.,?')}" for word in said.split())
    return made((*PIECES[:5], *words, ".", ",", "?"), FIXED_LAYERS + 2)


def batch_of(tokenizer: Tokenizer, examples: list[Example]) -> Batch:
    return make_batch(tokenizer, examples, max(lengths(tokenizer, examples)))


def loss(network: Reader, tokenizer: Tokenizer) -> float:
    with torch.no_grad():
        batch = batch_of(tokenizer, EXAMPLES)
        return float(loss_of(network.read(batch), batch, 0.5))


taught = partial(train, rate=3e-3, head_rate=1e-3, ranking=0.5, told=lambda _: None)


@pytest.fixture(scope="module")
def learned(small: Packed) -> dict[str, torch.Tensor]:
    """What that network has learned of the examples."""
    return taught(Reader(small), small.tokenizer(), [EXAMPLES] * 120)


def learned_network(small: Packed, learned: dict[str, torch.Tensor]) -> Reader:
    network = Reader(small)
    network.load_state_dict(learned)
    return network.eval()


def test_a_batch_knows_which_tokens_are_of_what(small: Packed) -> None:
    tokenizer = small.tokenizer()
    batch = batch_of(tokenizer, EXAMPLES[:1])
    encoding = tokenizer.encode("Who opened the mill?", f"Elva\n{TEXT}")
    assert batch.ids[0].tolist() == encoding.ids
    tokens = np.array(encoding.tokens)
    assert [*tokens[batch.asked[0].numpy()]] == ["▁Who", "▁opened", "▁the", "▁mill", "?"]
    assert [*tokens[(batch.sentence_of[0] == 1).numpy()]][:3] == ["▁Forty", "▁people", "▁came"]
    assert [*tokens[(batch.words[0] == 1).numpy()]] == ["▁Ada", "▁Okoye"]
    assert "▁Elva" not in tokens[(batch.sentence_of[0] >= 0).numpy()][:6]
    assert (batch.answers.item(), batch.bearing.tolist()) == (1.0, [1.0, 0.0])
    assert batch.supports.isnan().all()


def test_the_network_learns(small: Packed, learned: dict[str, torch.Tensor]) -> None:
    tokenizer = small.tokenizer()
    network = learned_network(small, learned)
    assert loss(network, tokenizer) < loss(Reader(small), tokenizer) / 2
    batch = batch_of(tokenizer, EXAMPLES)
    with torch.no_grad():
        figures = network.read(batch)
    said = sentence_logits(figures.tokens, batch)
    assert said[0] > said[1]
    assert figures.answers[0] > figures.answers[1]
    assert figures.stance[2:].argmax(dim=1).tolist() == [0, 1, 2]


def test_the_lowest_layers_and_the_positions_stay(
    small: Packed, learned: dict[str, torch.Tensor]
) -> None:
    for name, tensor in Reader(small).state_dict().items():
        layer = int(name.split(".")[1]) if name.startswith("layers.") else None
        stays = name in ("positions", "norm.weight", "norm.bias") or (
            layer is not None and layer < FIXED_LAYERS
        )
        assert torch.equal(tensor, learned[name]) is stays, name


def test_what_a_round_has_learned_is_kept(small: Packed) -> None:
    kept: list[float] = []
    told: list[str] = []
    found = taught(
        Reader(small),
        small.tokenizer(),
        [EXAMPLES] * 50,
        told=told.append,
        kept=lambda average: kept.append(float(average["heads.answers.bias"])),
    )
    assert len(kept) == 50
    assert kept[-1] == float(found["heads.answers.bias"]) != kept[0]
    assert len(told) == 1
    assert told[0].startswith("round 50: 100.0%, loss ")


def test_vectors_of_a_search_stay_nearer_where_they_are_called_to_mind(small: Packed) -> None:
    tokenizer = small.tokenizer()
    texts = (TEXT, "the mill in Elva", "Ada Okoye sold 120 loaves.", "Who came?")

    def vectors(network: Reader) -> torch.Tensor:
        with torch.no_grad():
            rows = [torch.tensor([tokenizer.encode(text).ids]) for text in texts]
            return torch.cat([network.vectors(ids, torch.ones(ids.shape)) for ids in rows])

    before = vectors(Reader(small))
    left = []
    for recall in (None, Recall(texts, before)):
        network = Reader(small)
        rounds = [EXAMPLES] * 40
        taught(network, tokenizer, rounds, recall=recall, recall_share=40.0)
        left.append(float((vectors(network) * before).sum(dim=1).mean()))
    forgotten, remembered = left
    assert remembered > forgotten


def test_what_was_learned_ships_with_probabilities(
    small: Packed, learned: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    weights = tmp_path / "weights" / "reader.npz"
    asked, claimed = EXAMPLES[:2], EXAMPLES[2:]
    size = pack(weights, small, learned, asked, claimed)
    assert size == weights.stat().st_size + weights.with_name(PIECES_FILE).stat().st_size
    backbone = Backbone(weights)
    assert backbone.card["prompts"] == {"query": "query: ", "document": "passage: "}
    reader = PairReader(backbone)
    first, second = reader.read([(EXAMPLES[0].asked, f"Elva\n{TEXT}"), (EXAMPLES[1].asked, TEXT)])
    assert first.answers > 0.5 > second.answers
    of_first, of_second = (first.bears(start + 5, end + 5) for start, end in SPANS)
    assert (of_first or 0) > 0.5 > (of_second or 1)
    said, otherwise, neither = reader.read([(example.asked, TEXT) for example in claimed])
    assert said.supports > 0.5
    assert otherwise.contradicts > 0.5
    assert max(neither.supports, neither.contradicts) < 0.5


def test_on_average_things_are_as_likely_as_they_are_often(small: Packed, tmp_path: Path) -> None:
    chance = random.Random(0)
    asked, claimed = [], []
    for number in range(200):
        said = chance.sample(TEXT.split(), 10)
        example = Example("made", str(number), " ".join(said[:2]), " ".join(said[2:]))
        truth = float(chance.random() < 0.2)
        span = (0, len(example.text))
        asked.append(
            replace(example, answers=float(number % 4 == 0), sentences=(span,), bearing=(truth,))
        )
        claimed.append(
            replace(example, supports=float(number % 10 < 5), contradicts=float(number % 10 > 6))
        )
    weights = tmp_path / "reader.npz"
    pack(weights, small, Reader(small).state_dict(), asked, claimed)
    readings = PairReader(Backbone(weights)).read([(e.asked, e.text) for e in asked])
    bearing = [reading.bears(0, len(e.text)) for e, reading in zip(asked, readings, strict=True)]
    for found, often in (
        ([reading.answers for reading in readings], 0.25),
        (bearing, np.mean([e.bearing for e in asked])),
        ([reading.supports for reading in readings], 0.5),
        ([reading.contradicts for reading in readings], 0.3),
    ):
        assert np.mean(np.array(found, dtype=float)) == pytest.approx(often, abs=0.02)


def test_the_network_can_be_handed_on_as_one_of_sentence_transformers(
    small: Packed, tmp_path: Path
) -> None:
    unpack(small, tmp_path)
    model = SentenceTransformer(str(tmp_path), device="cpu")
    network, tokenizer = Reader(small), small.tokenizer()
    assert model.prompts == small.card["prompts"]
    for text in (TEXT, "Who opened the mill?"):
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.no_grad():
            expected = network.vectors(ids, torch.ones(ids.shape))[0].numpy()
        assert float(np.asarray(model.encode(text)) @ expected) > 0.9999


def test_what_was_learned_from_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "learned.txt"
    groups = [Example("made", f"group {number}", "", "") for number in range(30)]
    count = write_learned(groups, path)
    expected = {mark_of(e.group, "made") for e in groups if is_for_learning("made", e.group)}
    assert learned_marks(path) == expected
    assert count == len(expected) > 0
