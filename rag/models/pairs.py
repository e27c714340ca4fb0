"""A question or a claim read together with a text, token by token: whether the text answers the one,
whether it supports or contradicts the other, and where. The network is the bundled one, with heads that
lab/train taught."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.core.memo import Memo
from rag.models.backbone import Backbone
from rag.models.packed import CLOSING, OPENING
from rag.models.runtime import Floats

WINDOW_TOKENS = 320
# What was asked takes this much of the window at most.
_ASKED_TOKENS = 96
# A question reads some tens of passages; those of a few questions are kept.
_KEPT_READINGS = 256


@dataclass(frozen=True, slots=True)
class Calibration:
    """From logits to probabilities, fitted on what the network has not learned from: what they are
    multiplied with, and at the end what is added.

    `answers` is for whether a text answers; `bears` for whether a sentence does: the mean of its
    tokens' bearing, whether its text answers, and the highest wording of its tokens. `stance` is for
    supports, contradicts and neither: one factor, and what is added to the first two."""

    answers: tuple[float, float]
    bears: tuple[float, float, float, float]
    stance: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PairReading:
    """A text read in the light of what was asked.

    Probabilities, 0..1: `answers`, that the text answers the question; `supports` and `contradicts`,
    that it says the claim, and that it says otherwise. For each token of the text, logits, (tokens,):
    `bearing`, whether its sentence bears on what was asked; `wording`, whether it is of the answer's
    very words; `starts` and `ends`, its span in characters of the text.
    """

    answers: float
    supports: float
    contradicts: float
    bearing: Floats
    wording: Floats
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    calibration: Calibration

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which tokens lie in a span: (tokens,)."""
        return (self.starts < end) & (self.ends > start)

    def bears(self, start: int, end: int) -> float | None:
        """The probability that the sentence in a span answers; None where it was not read."""
        inside = self.within(start, end)
        if not inside.any():
            return None
        by_bearing, by_answers, by_wording, rest = self.calibration.bears
        return _sigmoid(
            by_bearing * float(self.bearing[inside].mean())
            + by_answers * logit(self.answers)
            + by_wording * float(self.wording[inside].max())
            + rest
        )


class PairReader:
    """Reads pairs. Threads may share one."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._tokenizer = backbone.tokenizer
        self._calibration = Calibration(
            *(tuple(backbone.card["calibration"][name]) for name in Calibration.__slots__)
        )
        self._memo = Memo(self._read, _KEPT_READINGS)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """Each pair of what is asked and a text. What of a text lies beyond the window is not read.
        What was read lately is remembered: the search reads a passage, and so does the answer."""
        return self._memo(pairs)

    def _read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        asked = self._tokenizer.encode_batch([one for one, _ in pairs], add_special_tokens=False)
        texts = self._tokenizer.encode_batch([text for _, text in pairs], add_special_tokens=False)
        ids: list[list[int]] = []
        kept: list[tuple[int, int]] = []
        for question, text in zip(asked, texts, strict=True):
            mine = question.ids[:_ASKED_TOKENS]
            theirs = text.ids[: WINDOW_TOKENS - len(mine) - 4]
            ids.append([OPENING, *mine, CLOSING, CLOSING, *theirs, CLOSING])
            kept.append((len(mine) + 3, len(theirs)))
        readings: dict[int, PairReading] = {}
        for rows, states, _ in self._backbone.states(ids, WINDOW_TOKENS):
            for row, read in zip(rows, states, strict=True):
                before, count = kept[row]
                spans = np.array(texts[row].offsets[:count], dtype=np.intp).reshape(-1, 2)
                readings[row] = self._reading(
                    read[0], read[1 : before - 2], read[before : before + count], spans
                )
        return [readings[row] for row in range(len(pairs))]

    def _reading(
        self, first: Floats, asked: Floats, text: Floats, spans: NDArray[np.intp]
    ) -> PairReading:
        factor, shift = self._calibration.answers
        # A claim is supported as little as the least met of its words.
        unmet = self._head("claim", asked)[:, 0]
        worst = float(np.logaddexp.reduce(unmet)) if len(unmet) else 0.0
        stance = self._head("stance", first) - np.array([worst, 0.0, 0.0], dtype=np.float32)
        steep, supports, contradicts = self._calibration.stance
        weighed = steep * stance + np.array([supports, contradicts, 0.0])
        shares = np.exp(weighed - weighed.max())
        shares /= shares.sum()
        tokens = self._head("token", text)
        return PairReading(
            _sigmoid(factor * float(self._head("answers", first)[0]) + shift),
            float(shares[0]),
            float(shares[1]),
            tokens[:, 0],
            tokens[:, 1],
            spans[:, 0],
            spans[:, 1],
            self._calibration,
        )

    def _head(self, name: str, states: Floats) -> Floats:
        heads = self._backbone.heads
        figures: Floats = states @ heads[f"{name}.weight"].T + heads[f"{name}.bias"]
        return figures


def logit(probability: float) -> float:
    """The logit of a probability, kept within reach of numbers."""
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-min(max(logit, -30.0), 30.0))))
