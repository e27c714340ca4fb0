"""The weights of the bundled network as they ship: two files of arrays, small enough for a repository
and opened without PyTorch.

It is a BERT of 12 layers of 384 (multilingual-e5-small, MIT licence, further taught by lab/train). Word
pieces are kept in blocks of 32 numbers of 4 bits with a scale of 2 bytes, as they came; matrices in
whole steps of their own for each row; all else in 2 or 4 bytes."""

import hashlib
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
from rag.models.steps import in_steps

FORMAT = 1
# Beside the file of what is learned: word pieces are large, and stay as they are.
PIECES = "pieces.npz"
# The marks that every sequence of tokens has, by their numbers.
OPENING, PADDING, CLOSING, UNKNOWN = range(4)
BLOCK = 32

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
    is learned, by name, float32. `identity` changes with all that makes a vector, so not with the card
    and the heads; "" before it is written."""

    card: Mapping[str, Any]
    pieces: tuple[str, ...]
    scores: Floats
    words: WordPieces
    arrays: Mapping[str, Floats]
    identity: str = ""

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
    """Writes the file, and beside it the one of its word pieces; the size of both in bytes."""
    pieces: dict[str, Array] = {
        "pieces": np.frombuffer("\n".join(packed.pieces).encode(), dtype=np.uint8),
        "scores": packed.scores,
        "codes": packed.words.codes,
        "scales": packed.words.scales,
    }
    learned: dict[str, Array] = {"card": np.array(json.dumps({**packed.card, "format": FORMAT}))}
    for name, array in packed.arrays.items():
        if array.ndim < 2:
            learned[name] = array.astype(np.float32)
        else:
            learned[f"{name}:steps"], learned[f"{name}:step"] = in_steps(array)
    digest = hashlib.sha256()
    for name, array in (pieces | learned).items():
        if not name.startswith(("card", "heads.")):
            digest.update(name.encode() + array.tobytes())
    learned["identity"] = np.array(digest.hexdigest()[:16])
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(PIECES)
    # Codes of four bits hardly get smaller, and open twice as fast as they are.
    np.savez(beside, allow_pickle=False, **pieces)
    np.savez_compressed(path, allow_pickle=False, **learned)
    return path.stat().st_size + beside.stat().st_size


def read_packed(path: Path) -> Packed:
    """Raises EmbeddingError, which says what to do."""
    file = path
    try:
        with np.load(file, allow_pickle=False) as kept:
            card = json.loads(str(kept["card"]))
            if card["format"] != FORMAT:
                raise EmbeddingError(
                    f"The weights in {path} are of format {card['format']}; this version of the program "
                    f"reads format {FORMAT}. Install the program again, with its weights."
                )
            arrays = {
                name.removesuffix(":steps"): (
                    kept[name].astype(np.float32) * kept[name.removesuffix("s")][:, None]
                    if name.endswith(":steps")
                    else kept[name]
                )
                for name in kept.files
                if name not in ("card", "identity") and not name.endswith(":step")
            }
            identity = str(kept["identity"])
        file = path.with_name(PIECES)
        with np.load(file, allow_pickle=False) as kept:
            return Packed(
                card,
                tuple(kept["pieces"].tobytes().decode().split("\n")),
                kept["scores"],
                WordPieces(kept["codes"], kept["scales"]),
                arrays,
                identity,
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise EmbeddingError(
            f"The weights in {file} are missing or damaged ({error}). Install again."
        ) from error
