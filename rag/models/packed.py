"""The weights of the bundled network as they ship: one file of arrays, small enough for a repository and
opened without PyTorch.

It is a BERT of 12 layers of 384 (multilingual-e5-small, MIT licence, further taught by lab/train). Word
pieces are kept in blocks of 32 numbers of 4 bits with a scale of 2 bytes, as they came; matrices in
whole steps of their own for each row; all else in 2 or 4 bytes."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from rag.core.errors import EmbeddingError

FORMAT = 1
# The marks that every sequence of tokens has, by their numbers.
OPENING, PADDING, CLOSING, UNKNOWN = range(4)
BLOCK = 32
# Matrices lie in so many steps to each side of zero.
STEPS = 63
# A few numbers of a row lie far out; they are cut off, for the sake of finer steps for all others.
_FURTHEST = 4.5

Array = NDArray[Any]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordPieces:
    """The vectors of a vocabulary, (pieces, width), packed: `codes` (pieces, width / 2) hold two numbers
    each, `scales` (pieces, width / 32)."""

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def of(self, ids: NDArray[np.int64]) -> Floats:
        """The vectors of some pieces: (…, width)."""
        codes = self.codes[ids].reshape(*ids.shape, -1, BLOCK // 2)
        numbers = np.concatenate([codes & 15, codes >> 4], axis=-1).astype(np.float32) - 8
        return (numbers * self.scales[ids][..., None].astype(np.float32)).reshape(*ids.shape, -1)


@dataclass(frozen=True, slots=True)
class Packed:
    """`card` says what the weights are; `pieces` and `scores` are the vocabulary; `arrays` all that
    is learned, by name, float32."""

    card: Mapping[str, Any]
    pieces: tuple[str, ...]
    scores: Floats
    words: WordPieces
    arrays: Mapping[str, Floats]

    def tokenizer(self) -> Tokenizer:
        """Texts to numbers of pieces, with the marks around."""
        made = Tokenizer(
            models.Unigram(list(zip(self.pieces, self.scores.tolist(), strict=True)), UNKNOWN)
        )
        made.normalizer = normalizers.Sequence(
            [
                normalizers.Nmt(),
                normalizers.NFKC(),
                normalizers.Replace(Regex(" {2,}"), " "),
            ]
        )
        made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
        opening, closing = self.pieces[OPENING], self.pieces[CLOSING]
        made.post_processor = processors.TemplateProcessing(
            single=f"{opening} $A {closing}",
            pair=f"{opening} $A {closing} {closing} $B:1 {closing}:1",
            special_tokens=[(opening, OPENING), (closing, CLOSING)],
        )
        return made


def write_packed(path: Path, packed: Packed) -> int:
    """Writes the file; its size in bytes."""
    kept: dict[str, Array] = {
        "card": np.array(json.dumps({**packed.card, "format": FORMAT})),
        "pieces": np.frombuffer("\n".join(packed.pieces).encode(), dtype=np.uint8),
        "scores": packed.scores,
        "words.codes": packed.words.codes,
        "words.scales": packed.words.scales,
    }
    for name, array in packed.arrays.items():
        if array.ndim < 2:
            kept[name] = array.astype(np.float32)
        else:
            kept[f"{name}:steps"], kept[f"{name}:step"] = _in_steps(array)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **kept)
    return path.stat().st_size


def read_packed(path: Path) -> Packed:
    """Raises EmbeddingError, which says what to do."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            card = json.loads(str(kept["card"]))
            if card["format"] != FORMAT:
                raise EmbeddingError(
                    f"The weights in {path} are of format {card['format']}; this version of the program "
                    f"reads format {FORMAT}. Install the program again, with its weights."
                )
            own = {"card", "pieces", "scores", "words.codes", "words.scales"}
            arrays = {
                name.removesuffix(":steps"): (
                    kept[name].astype(np.float32) * kept[name.removesuffix("s")][:, None]
                    if name.endswith(":steps")
                    else kept[name]
                )
                for name in kept.files
                if name not in own and not name.endswith(":step")
            }
            return Packed(
                card,
                tuple(kept["pieces"].tobytes().decode().split("\n")),
                kept["scores"],
                WordPieces(kept["words.codes"], kept["words.scales"]),
                arrays,
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise EmbeddingError(
            f"The weights in {path} are missing or damaged ({error}). Install again."
        ) from error


def _in_steps(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix in whole steps, and the step of each row."""
    widest = np.minimum(np.abs(matrix).max(axis=1), _FURTHEST * matrix.std(axis=1))
    step = np.maximum(widest / STEPS, 1e-12).astype(np.float32)
    steps = np.clip(np.round(matrix / step[:, None]), -STEPS, STEPS)
    return steps.astype(np.int8), step
