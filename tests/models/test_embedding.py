"""Vectors: the network's own, in the order of the texts, from any thread; and those of another model,
which is exported once."""

import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from sentence_transformers import SentenceTransformer

from lab.train.unpack import unpack
from rag.core.errors import EmbeddingError, StorageError
from rag.core.settings import BUNDLED_MODEL
from rag.models.backbone import WEIGHTS, Backbone, open_backbone
from rag.models.embedding import Encoder, Exported, open_encoder, packed_weights
from rag.models.packed import read_packed, write_packed
from tests.models.test_packed import made
from tests.strategies import texts
from tests.tiny_models import WIDTH, WINDOW, save_embedding_model

SAMPLES = (
    "Ibrahim Kalin met the new rulers in Damascus.",
    "",
    "İbrahim Kalın Şam'da yeni yönetimle görüştü; ığdır, çığ, güneş.",
    "التقى الوزير بنظيره في دمشق.",
    "😀 👩‍👩‍👧 🇹🇷",
    "?",
    "Short.",
    "A sentence about ships and harbours, said again and again. " * 60,
    "word " * 506 + "last",
    "word " * 507 + "last",
    "word " * 800,
    "x" * 5000,
)


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths)


def test_every_vector_has_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(SAMPLES)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SAMPLES), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


@given(texts)
@settings(max_examples=25)
@example("İbrahim KALIN 😀 e\u0301te\u0301 Kalın’ın\r\n\tU.S. 東京 ﬁn")
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text, text], "query"), axis=1) == pytest.approx(1.0, abs=1e-5)


def test_vectors_are_those_of_the_network_as_sentence_transformers_runs_it(
    encoder: Encoder, tmp_path: Path
) -> None:
    unpack(read_packed(WEIGHTS), tmp_path)
    plain = SentenceTransformer(str(tmp_path), device="cpu")
    for kind in ("document", "query"):
        expected = plain.encode(list(SAMPLES), prompt_name=kind)
        # Steps of eight bits on both sides of a product leave that much.
        assert (cosines(encoder.encode(SAMPLES, kind), np.asarray(expected)) > 0.996).all()


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
    assert encoder.count_tokens([]) == []


def test_meaning_is_near_and_other_meaning_is_far(encoder: Encoder) -> None:
    asked = encoder.encode(["Who leads the spy agency?"], "query")[0]
    near, far = encoder.encode(["He heads the intelligence service.", "Bake it for an hour."])
    assert float(asked @ near) > float(asked @ far) + 0.05


def test_tokens_are_counted_without_the_models_marks(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "one", "one two, three", "the " * 399 + "the"]) == [0, 1, 4, 400]


def test_what_lies_beyond_the_window_changes_nothing(encoder: Encoder) -> None:
    long = "word " * encoder.window_tokens
    lions, towers = encoder.encode([f"{long} lions", f"{long} towers of stone"])
    assert float(lions @ towers) > 0.9999


def test_eight_threads_get_what_one_gets(encoder: Encoder) -> None:
    many = [f"{sample[:300]} {number}" for number in range(8) for sample in SAMPLES]
    alone = encoder.encode(many)
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda at: encoder.encode(many[at::8]), range(8)))
    for at, share in enumerate(shares):
        assert (cosines(share, alone[at::8]) > 0.9999).all()


def test_questions_and_documents_have_the_words_before_them_that_the_weights_name(
    encoder: Encoder,
) -> None:
    without = Encoder("without", "", open_backbone(WEIGHTS))
    asked, told = "Who sails?", "Ada sails."
    assert (
        cosines(encoder.encode([asked], "query"), without.encode([f"query: {asked}"])) > 0.9999
    ).all()
    assert (cosines(encoder.encode([told]), without.encode([f"passage: {told}"])) > 0.9999).all()
    assert (cosines(encoder.encode([asked], "query"), encoder.encode([asked])) < 0.9999).all()


def test_the_bundled_network_is_opened_as_it_ships(encoder: Encoder, tmp_path: Path) -> None:
    told: list[str] = []
    again = open_encoder(BUNDLED_MODEL, tmp_path / "models", told.append)
    assert (told, (tmp_path / "models").exists()) == ([], False)
    assert (again.name, again.weights) == (BUNDLED_MODEL, open_backbone(WEIGHTS).identity)
    np.testing.assert_array_equal(again.encode(["Ada sails."]), encoder.encode(["Ada sails."]))


def test_a_folder_of_packed_weights_is_opened_as_they_are(tmp_path: Path) -> None:
    own = tmp_path / "own"
    write_packed(own / WEIGHTS.name, made())
    assert packed_weights(str(own)) == own / WEIGHTS.name
    encoder = open_encoder(str(own), tmp_path / "models")
    assert (encoder.name, encoder.weights) == (str(own), Backbone(own / WEIGHTS.name).identity)
    asked, spelled = encoder.encode(["mill"], "query"), encoder.encode(["mill"])
    assert float(cosines(asked, spelled)[0]) < 0.9999
    assert not (tmp_path / "models").exists()


def test_what_has_no_packed_weights_has_none(tmp_path: Path) -> None:
    assert packed_weights(BUNDLED_MODEL) == WEIGHTS
    assert packed_weights(str(tmp_path)) is None
    assert packed_weights("another-model") is None


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of sentence-transformers."""
    folder = tmp_path_factory.mktemp("other") / "model"
    save_embedding_model(folder, {"query": "question: "})
    return folder


@pytest.fixture(scope="module")
def other_models(other_model: Path) -> Path:
    """Where that model lies exported."""
    models = other_model.parent / "models"
    open_encoder(str(other_model), models)
    return models


@pytest.fixture(scope="module")
def other(other_model: Path, other_models: Path) -> Encoder:
    return open_encoder(str(other_model), other_models)


@pytest.fixture
def copied(other: Encoder, other_models: Path, tmp_path: Path) -> Path:
    return shutil.copytree(other_models / other.weights, tmp_path / other.weights)


OTHER_SAMPLES = ("who sails?", "", "a ship in the harbour, seen again.", "東", "sail " * 100)


def test_another_models_vectors_are_its_own(other: Encoder, other_model: Path) -> None:
    plain = SentenceTransformer(str(other_model), device="cpu")
    assert (other.dimension, other.window_tokens) == (WIDTH, WINDOW)
    for kind, prompt in (("document", ""), ("query", "question: ")):
        expected = plain.encode([f"{prompt}{text}" for text in OTHER_SAMPLES])
        found = other.encode(OTHER_SAMPLES, kind)
        assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
        assert (cosines(found, np.asarray(expected)) > 0.999).all()


def test_another_model_that_tells_questions_from_documents_is_told(other: Encoder) -> None:
    asked = other.encode(["who sails?"], "query")
    assert float(cosines(asked, other.encode(["question: who sails?"]))[0]) > 0.9999
    assert float(cosines(asked, other.encode(["who sails?"]))[0]) < 0.99


@pytest.mark.parametrize("model", ["no-such-model", "nobody/nothing", "/nowhere/at/all", ""])
def test_an_unknown_model_is_named_with_its_setting(model: str, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="SOURCELINE_EMBEDDING_MODEL") as told:
        open_encoder(model, tmp_path / "models")
    assert repr(model) in str(told.value)
    assert not (tmp_path / "models").exists()


def test_another_model_is_exported_once(other_model: Path, tmp_path: Path, other: Encoder) -> None:
    told: list[str] = []
    for _ in range(2):
        again = open_encoder(str(other_model), tmp_path, told.append)
    assert told == ["Preparing the embedding model model (once)"]
    assert [folder.name for folder in tmp_path.iterdir()] == [again.weights] == [other.weights]
    np.testing.assert_array_equal(again.encode(["ada sails."]), other.encode(["ada sails."]))


def test_another_model_is_exported_again_when_its_files_change(
    tmp_path: Path, other_model: Path
) -> None:
    model = shutil.copytree(other_model, tmp_path / "model")
    before = open_encoder(str(model), tmp_path / "models").weights
    (model / "model.safetensors").touch()
    assert open_encoder(str(model), tmp_path / "models").weights != before


def test_half_an_export_is_made_again(copied: Path, other_model: Path, other: Encoder) -> None:
    (copied / "card.json").unlink()
    (copied / "model.bin").write_bytes(b"")
    told: list[str] = []
    again = open_encoder(str(other_model), copied.parent, told.append)
    assert len(told) == 1
    assert [folder.name for folder in copied.parent.iterdir()] == [copied.name]
    assert float(cosines(again.encode(["ada."]), other.encode(["ada."]))[0]) > 0.9999


def test_where_nothing_can_be_written_that_is_said(other_model: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(StorageError, match="choose another folder with SOURCELINE_DATA"):
        open_encoder(str(other_model), tmp_path / "models")


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
        Exported(copied)


def test_the_runtimes_telemetry_is_never_loaded(encoder: Encoder) -> None:
    assert "openvino" in sys.modules
    loaded = {name for name, module in sys.modules.items() if module is not None}
    assert {name for name in loaded if name.startswith("openvino_telemetry")} == set()
