"""A question or a claim read together with a text, token by token: whether the text answers the one or
supports the other, and where. The network is the bundled encoder with trained differences to its
weights, which come with the project (lab/train made them) and say which weights they are differences
to."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.core.errors import EmbeddingError, StorageError
from rag.core.memo import Memo
from rag.models.embedding import BUNDLED_PACKAGE, bundled_model, digest_of
from rag.models.runtime import Floats, Network, batches, export, filled

WEIGHTS = Path(__file__).parent / "weights" / "pairs.npz"
EXPORT_VERSION = 1
WINDOW_TOKENS = 320
# The marks of the bundled encoder's vocabulary: [CLS] and [SEP].
_OPENING, _PARTING = 101, 102
# What was asked takes this much of the window at most.
_ASKED_TOKENS = 96
# A question reads some tens of passages; those of a few questions are kept.
_KEPT_READINGS = 256


@dataclass(frozen=True, slots=True)
class PairReading:
    """A text read in the light of what was asked. All figures are logits.

    `answers`: whether the text answers the question; `supports`: whether it supports the claim. For
    each token of the text, (tokens,): `bearing`, whether its sentence bears on what was asked;
    `wording`, whether it is of the answer's very words; `starts` and `ends`, its span in characters
    of the text.
    """

    answers: float
    supports: float
    bearing: Floats
    wording: Floats
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which tokens lie in a span: (tokens,)."""
        return (self.starts < end) & (self.ends > start)


class PairReader:
    """Reads pairs. Threads may share one. `weights` changes with what the network has learned."""

    def __init__(self, folder: Path) -> None:
        """Raises EmbeddingError when the folder holds no export that this machine can run."""
        self._network = Network(folder)
        self.weights: str = self._network.card["weights"]
        self._tokenizer = self._network.tokenizer
        self._memo = Memo(self._read, _KEPT_READINGS)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """Each pair of what is asked and a text. What of a text lies beyond the window is not read.
        What was read lately is remembered: the search reads a passage, and so does the answer."""
        return self._memo(pairs)

    def _read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        asked = self._tokenizer.encode_batch([one for one, _ in pairs], add_special_tokens=False)
        texts = self._tokenizer.encode_batch([text for _, text in pairs], add_special_tokens=False)
        ids: list[list[int]] = []
        kinds: list[list[int]] = []
        kept: list[tuple[int, int]] = []
        for question, text in zip(asked, texts, strict=True):
            mine = question.ids[:_ASKED_TOKENS]
            theirs = text.ids[: WINDOW_TOKENS - len(mine) - 3]
            ids.append([_OPENING, *mine, _PARTING, *theirs, _PARTING])
            kinds.append([0] * (len(mine) + 2) + [1] * (len(theirs) + 1))
            kept.append((len(mine) + 2, len(theirs)))
        readings: dict[int, PairReading] = {}
        for rows, length in batches([len(row) for row in ids], WINDOW_TOKENS):
            whole, tokens = self._network.infer(
                {
                    "input_ids": filled([ids[row] for row in rows], length),
                    "attention_mask": filled([[1] * len(ids[row]) for row in rows], length),
                    "token_type_ids": filled([kinds[row] for row in rows], length),
                }
            )
            for place, row in enumerate(rows):
                begin, count = kept[row]
                spans = np.array(texts[row].offsets[:count], dtype=np.intp).reshape(-1, 2)
                read = tokens[place, begin : begin + count]
                readings[row] = PairReading(
                    float(whole[place, 0]),
                    float(whole[place, 1]),
                    read[:, 0],
                    read[:, 1],
                    spans[:, 0],
                    spans[:, 1],
                )
        return [readings[row] for row in range(len(pairs))]


def open_pair_reader(
    models_dir: Path, progress: Callable[[str], None] = lambda what: None, weights: Path = WEIGHTS
) -> PairReader:
    """The reader of the weights that come with the project. The first time, it is exported to a folder
    of its own below `models_dir`, which takes some seconds. Raises EmbeddingError, StorageError."""
    try:
        learned = weights.read_bytes()
    except OSError as error:
        raise EmbeddingError(f"The judge's weights cannot be read: {error}. Install again.") from error
    identity = hashlib.sha256(f"pairs {EXPORT_VERSION} ".encode() + learned).hexdigest()[:16]
    folder = models_dir / identity
    if not (folder / "card.json").exists():
        progress("Preparing the judge (once)")
        try:
            _export(folder, weights)
        except OSError as error:
            raise StorageError(
                f"The judge cannot be kept in {models_dir}: {error.strerror or error}. Make "
                "room, or choose another folder with SOURCELINE_DATA."
            ) from error
    return PairReader(folder)


def make_network() -> Any:
    """The network before it has learned: a PyTorch module that gives for a batch of pairs whether
    the text answers and whether it supports, (pairs, 2), and for each token `bearing` and
    `wording`, (pairs, tokens, 2). All are logits."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]

    class PairNetwork(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                bundled_model(), add_pooling_layer=False, attn_implementation="eager"
            )
            width = self.encoder.config.hidden_size
            self.whole = torch.nn.Linear(width, 2)
            self.token = torch.nn.Linear(width, 2)
            for head in (self.whole, self.token):
                torch.nn.init.normal_(head.weight, std=0.02)
                torch.nn.init.zeros_(head.bias)

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor,
        ) -> tuple[torch.Tensor, torch.Tensor]:
            read = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            return self.whole(read[:, 0]), self.token(read)

    return PairNetwork()


# Differences to the encoder's weights are kept in so many steps to each side of zero.
_STEPS = 7


# The array that holds the digest of the encoder's own weights.
_FITTED_TO = "fitted_to"


def packed(differences: Mapping[str, NDArray[np.float32]], fitted_to: str) -> dict[str, NDArray[Any]]:
    """Differences to the weights of an encoder with this digest, small enough to ship: matrices in
    steps of their own for each row."""
    arrays: dict[str, NDArray[Any]] = {_FITTED_TO: np.array(fitted_to)}
    for name, difference in differences.items():
        if difference.ndim < 2 or name.split(".")[0] != "encoder":
            arrays[name] = difference.astype(np.float32)
            continue
        # The few that lie far out are cut off, for the sake of finer steps for all others.
        widest = np.minimum(np.abs(difference).max(axis=1), 4.0 * difference.std(axis=1))
        step = np.maximum(widest / _STEPS, 1e-12).astype(np.float32)
        steps = np.clip(np.round(difference / step[:, None]), -_STEPS, _STEPS)
        arrays[f"{name}:step"] = step
        arrays[f"{name}:steps"] = steps.astype(np.int8)
    return arrays


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """What `packed` was given, nearly."""
    differences: dict[str, NDArray[np.float32]] = {}
    for name, array in arrays.items():
        if name.endswith(":steps"):
            step = arrays[name.removesuffix("s")]
            differences[name.removesuffix(":steps")] = array.astype(np.float32) * step[:, None]
        elif not name.endswith(":step") and name != _FITTED_TO:
            differences[name] = array.astype(np.float32)
    return differences


def read_weights(weights: Path = WEIGHTS) -> tuple[str, dict[str, NDArray[np.float32]]]:
    """The digest of the encoder that packed weights were fitted to, "" where they do not say, and their
    differences to it. Raises EmbeddingError."""
    try:
        with np.load(weights, allow_pickle=False) as arrays:
            fitted_to = str(arrays[_FITTED_TO]) if _FITTED_TO in arrays else ""
            return fitted_to, unpacked(dict(arrays))
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EmbeddingError(f"The judge's weights in {weights} are damaged ({error}).") from error


def _export(folder: Path, weights: Path) -> None:
    import torch
    from tokenizers import Tokenizer

    fitted_to, differences = read_weights(weights)
    if fitted_to != (digest := digest_of(bundled_model())):
        raise EmbeddingError(
            f"The judge's weights in {weights} were fitted to another embedding model (sha256 "
            f"{fitted_to[:12] or 'unknown'}) than {BUNDLED_PACKAGE} holds that is installed (sha256 "
            f"{digest[:12] or 'unknown'}). Install both again; or fit them to this model with lab/train."
        )
    network = make_network()
    state = network.state_dict()
    with torch.no_grad():
        for name, difference in differences.items():
            base = state[name] if name.startswith("encoder.") else 0
            state[name].copy_(base + torch.from_numpy(difference))
    tokenizer = Tokenizer.from_file(str(Path(bundled_model()) / "tokenizer.json"))
    tokens = torch.tensor([[101, 2029, 102, 2023, 102], [101, 102, 2023, 102, 0]])
    example = {
        "input_ids": tokens,
        "attention_mask": (tokens > 0).long(),
        "token_type_ids": torch.tensor([[0, 0, 0, 1, 1], [0, 0, 1, 1, 0]]),
    }
    try:
        export(folder, {"weights": folder.name}, tokenizer, network, example)
    except RuntimeError as error:
        raise EmbeddingError(f"The judge cannot be converted: {error}") from error
