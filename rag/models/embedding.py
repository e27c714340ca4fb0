"""Texts to vectors of unit length. The door to sentence-transformers, which reads another model than the
bundled one once; it is run by the exported network."""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.core.errors import EmbeddingError, StorageError
from rag.core.settings import BUNDLED_MODEL
from rag.models.backbone import WEIGHTS, open_backbone
from rag.models.runtime import Network, batches, export, filled, unusable

EXPORT_VERSION = 4
TOKENIZED_TEXTS = 2048

Vectors = NDArray[np.float32]


class TextNetwork(Protocol):
    """What an encoder runs: numbers of tokens to one vector a text."""

    tokenizer: Tokenizer
    dimension: int
    window_tokens: int
    precision: str

    def pooled(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Vectors]]:
        """Rows and their vectors, (rows, dimension), of any length, a batch at a time."""
        ...


class Encoder:
    """An embedding model. `weights` changes with the model's files, also where its name stays."""

    def __init__(
        self, name: str, weights: str, network: TextNetwork, prompts: dict[str, str] | None = None
    ) -> None:
        """`prompts` are what goes before a "query" and a "document"."""
        self.name = name
        self.weights = weights
        self.dimension = network.dimension
        self.window_tokens = network.window_tokens
        self.precision = network.precision
        self._network = network
        self._prompts = prompts or {}

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
            encodings = self._network.tokenizer.encode_batch_fast([prompt + texts[row] for row in some])
            ids = [_fit(encoding.ids, self.window_tokens) for encoding in encodings]
            for places, pooled in self._network.pooled(ids):
                yield [some[place] for place in places], _unit(pooled)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes, without the model's own marks."""
        encodings = self._network.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]


class Exported:
    """A model of sentence-transformers that has been exported to a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises EmbeddingError when the folder holds no export that this machine can run."""
        self._network = Network(folder)
        card = self._network.card
        try:
            self.name: str = card["name"]
            self.dimension: int = card["dimension"]
            self.window_tokens: int = card["window_tokens"]
            self.prompts: dict[str, str] = card["prompts"]
            self._padding: int = card["padding"]
        except (KeyError, TypeError) as error:
            raise unusable(folder, error) from error
        self.precision = self._network.precision
        self.tokenizer = self._network.tokenizer

    def pooled(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Vectors]]:
        """Rows and their vectors, (rows, dimension), a batch at a time, longest first."""
        for rows, length in batches([len(row) for row in ids], self.window_tokens):
            tokens = filled([ids[row] for row in rows], length, self._padding)
            mask = filled([[1] * len(ids[row]) for row in rows], length)
            (pooled,) = self._network.infer({"input_ids": tokens, "attention_mask": mask})
            yield rows, pooled


def open_encoder(
    model: str, models_dir: Path, progress: Callable[[str], None] = lambda what: None
) -> Encoder:
    """The encoder of a model: the bundled one, a folder, or a name that sentence-transformers knows.

    Another than the bundled one is exported the first time to a folder of its own below `models_dir`,
    which takes some seconds. Raises EmbeddingError.
    """
    if not model:
        raise EmbeddingError("SOURCELINE_EMBEDDING_MODEL is ''; unset it for the bundled model.")
    if weights := packed_weights(model):
        backbone = open_backbone(weights)
        return Encoder(model, backbone.identity, backbone, backbone.card["prompts"])
    identity = f"{EXPORT_VERSION} {model} {_fingerprint(model)}"
    folder = models_dir / hashlib.sha256(identity.encode()).hexdigest()[:16]
    try:
        if not (folder / "card.json").exists():
            progress(f"Preparing the embedding model {Path(model).name} (once)")
            _export(model, folder)
    except OSError as error:
        raise StorageError(
            f"The embedding model cannot be kept in {models_dir}: {error.strerror or error}. Make "
            "room, or choose another folder with SOURCELINE_DATA."
        ) from error
    network = Exported(folder)
    return Encoder(network.name, folder.name, network, network.prompts)


def packed_weights(model: str) -> Path | None:
    """The file of weights that serve reading and judging as well as search: those that come with the
    installation, or a folder's that was taught as they were; None for any other model."""
    if model == BUNDLED_MODEL:
        return WEIGHTS
    own = Path(model) / WEIGHTS.name
    return own if own.exists() else None


def _fingerprint(source: str) -> str:
    """Changes when a model in a folder does; a name stands for itself."""
    folder = Path(source)
    if not folder.is_dir():
        return source
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.*"))]
    return repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])


def _export(model: str, folder: Path) -> None:
    """Writes model.xml, tokenizer.json and card.json, all or nothing."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            transformer = SentenceTransformer(model, device="cpu").eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise EmbeddingError(
            f"The embedding model {model!r} cannot be loaded: {error}. Set "
            "SOURCELINE_EMBEDDING_MODEL to a folder that holds one, or leave it unset."
        ) from error

    class Sentences(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            vectors: torch.Tensor = self.transformer(features)["sentence_embedding"]
            return vectors

    tokenizer = transformer.tokenizer
    example = tokenizer(["one", "two or three words"], return_tensors="pt", padding=True)
    example = {name: example[name] for name in ("input_ids", "attention_mask")}
    card = {
        "name": model,
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
