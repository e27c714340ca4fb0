"""Makes of what was learned the file that ships, with probabilities calibrated on the desk that is held
out, and the list of what was learned from."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from lab.learned import LEARNED, is_for_learning, mark_of
from lab.train.examples import Example
from lab.train.network import as_pair
from rag.models.backbone import Backbone
from rag.models.packed import Packed, write_packed
from rag.models.pairs import Calibration, PairReader, PairReading, logit
from rag.models.runtime import Floats

NAME = "multilingual-e5-small, taught"
PROMPTS = {"query": "query: ", "document": "passage: "}
_REMARK = "# Marks of the records that the weights have learned from; no figure is taken on them.\n"
_UNCALIBRATED: Mapping[str, tuple[float, ...]] = {
    "answers": (1.0, 0.0),
    "bears": (1.0, 0.0, 0.0, 0.0),
    "stance": (1.0, 0.0, 0.0),
}


def pack(
    path: Path,
    base: Packed,
    learned: Mapping[str, torch.Tensor],
    asked: Sequence[Example],
    claimed: Sequence[Example],
) -> int:
    """Writes the network with calibrated probabilities; its size in bytes. `asked` and `claimed` are
    examples that nothing was learned from."""
    arrays: dict[str, Floats] = {name: tensor.float().numpy() for name, tensor in learned.items()}
    card = {**base.card, "name": NAME, "prompts": PROMPTS, "calibration": dict(_UNCALIBRATED)}
    write_packed(path, replace(base, card=card, arrays=arrays))
    reader = PairReader(Backbone(path))
    found = calibrated(reader, asked, claimed)
    calibration = {name: getattr(found, name) for name in Calibration.__slots__}
    return write_packed(path, replace(base, card={**card, "calibration": calibration}, arrays=arrays))


def calibrated(reader: PairReader, asked: Sequence[Example], claimed: Sequence[Example]) -> Calibration:
    """What makes probabilities of the logits of an uncalibrated reader."""
    asked = [example for example in asked if example.answers is not None]
    readings = read(reader, asked)
    truths = [example.answers for example in asked]
    ((factor,), shift) = _fitted([[logit(each.answers)] for each in readings], truths)
    rows, bearing = [], []
    for example, reading in zip(asked, readings, strict=True):
        offset = as_pair(example)[2]
        for (start, end), truth in zip(example.sentences, example.bearing or (), strict=True):
            inside = reading.within(start + offset, end + offset)
            if inside.any() and not math.isnan(truth):
                by_answers = factor * logit(reading.answers) + shift
                row = [reading.bearing[inside].mean(), by_answers, reading.wording[inside].max()]
                rows.append(row)
                bearing.append(truth)
    (by_bearing, by_answers, by_wording), rest = _fitted(rows, bearing)
    return Calibration(
        (factor, shift), (by_bearing, by_answers, by_wording, rest), _stance(reader, claimed)
    )


def read(reader: PairReader, examples: Sequence[Example]) -> list[PairReading]:
    return reader.read([as_pair(example)[:2] for example in examples])


def write_learned(examples: Iterable[Example], path: Path = LEARNED) -> int:
    """Lists what was learned from; how many groups that is."""
    groups = {(e.group, e.source) for e in examples if is_for_learning(e.source, e.group)}
    marks = sorted({mark_of(*group) for group in groups})
    path.write_text(_REMARK + "".join(f"{mark}\n" for mark in marks), encoding="utf-8")
    return len(marks)


def _fitted(
    rows: Sequence[Sequence[float]], truths: Sequence[float | None]
) -> tuple[tuple[float, ...], float]:
    model = LogisticRegression(C=100.0, max_iter=5000).fit(rows, [round(t or 0.0) for t in truths])
    return tuple(map(float, model.coef_[0])), float(model.intercept_[0])


def _stance(reader: PairReader, claimed: Sequence[Example]) -> tuple[float, float, float]:
    """One factor for the three logits, and what is added to the first two."""
    shares = np.array([[r.supports, r.contradicts] for r in read(reader, claimed)]).clip(1e-6, 1)
    logits = np.log(np.column_stack([shares, (1 - shares.sum(axis=1)).clip(1e-6)]))
    truths = [0 if e.supports else 1 if e.contradicts else 2 for e in claimed]

    def lost(parameters: Floats) -> float:
        steep, supports, contradicts = parameters
        weighed = steep * logits + np.array([supports, contradicts, 0.0])
        weighed -= np.logaddexp.reduce(weighed, axis=1, keepdims=True)
        return -float(weighed[np.arange(len(truths)), truths].mean())

    steep, supports, contradicts = minimize(lost, [1.0, 0.0, 0.0], method="Nelder-Mead").x
    return float(steep), float(supports), float(contradicts)
