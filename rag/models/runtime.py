"""Networks exported to a folder, and OpenVINO, which runs them: the same figures in about half the time
of PyTorch, and no seconds of imports. The door to OpenVINO."""

import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.core.errors import EmbeddingError
from rag.models.steps import in_steps

# OpenVINO reports its use over the network unless this package is missing; it has a stub for that.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

# Short texts are read many at a time, long ones few: this many tokens together keep two cores busy
# without leaving the cache.
BATCH_TOKENS = 1024
# The runtime prepares itself anew for each new length, and keeps what it prepared.
LENGTH_STEP = 4

# Where matrices come in whole steps, what they are multiplied with is put in steps too, so many numbers
# at a time: 1.5 times as fast as bfloat16, 2.2 times as float32, and a cosine of .997 to its figures.
_STEPPED_NUMBERS = 384

# What is added to the attention that filled places get.
_UNSEEN = 1e4

Floats = NDArray[np.float32]
# By name, or in order.
Inputs = Mapping[str, NDArray[Any]] | Sequence[NDArray[Any]]


class Compiled:
    """A model that the processor is ready for."""

    def __init__(self, model: Any) -> None:
        import openvino

        core = openvino.Core()
        self.precision = _fast_precision(core)
        self._model = core.compile_model(
            model,
            "CPU",
            {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_PRECISION_HINT": self.precision,
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(_STEPPED_NUMBERS),
            },
        )
        self._requests = [self._model.create_infer_request()]

    def infer(self, inputs: Inputs) -> tuple[Floats, ...]:
        """The outputs of one batch. Any thread may call."""
        try:
            request = self._requests.pop()
        except IndexError:  # every request is with another thread
            request = self._model.create_infer_request()
        try:
            outputs = request.infer(inputs)
            return tuple(outputs[place].copy() for place in range(len(outputs)))
        finally:
            self._requests.append(request)


class Network:
    """A network in a folder: model.xml, tokenizer.json and card.json, which says what it is."""

    def __init__(self, folder: Path) -> None:
        """Raises EmbeddingError when the folder holds no export that this machine can run."""
        try:
            self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            self._compiled = Compiled(folder / "model.xml")
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises nothing narrower
            raise unusable(folder, error) from error
        self.precision = self._compiled.precision
        self.infer = self._compiled.infer
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()


def unusable(folder: Path, error: Exception) -> EmbeddingError:
    """What to say of a folder whose export cannot be used."""
    return EmbeddingError(
        f"The embedding model in {folder} cannot be loaded ({error}). Delete that folder; it is made "
        "again."
    )


def batches(lengths: Sequence[int], window: int) -> Iterator[tuple[list[int], int]]:
    """Rows that are read together and the length that they are filled up to, longest first."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    at = 0
    while at < len(order):
        length = min(_rounded_up(lengths[order[at]]), window)
        rows = order[at : at + max(1, BATCH_TOKENS // length)]
        at += len(rows)
        yield rows, length


def filled(rows: Sequence[Sequence[int]], length: int, filler: int = 0) -> NDArray[np.int64]:
    """Rows of different lengths as one array, (rows, length)."""
    array = np.full((len(rows), length), filler, dtype=np.int64)
    for place, row in enumerate(rows):
        array[place, : len(row)] = row
    return array


def bert(arrays: Mapping[str, Floats], layers: int, heads: int, epsilon: float, width: int) -> Any:
    """The layers of a BERT as a model for `Compiled`: the sum of the vectors of pieces and positions,
    (rows, tokens, width), and a mask of ones and zeros, (rows, tokens), to hidden states. `arrays` are
    named as lab/train/network.py names its parameters."""
    from openvino import Model, opset13

    def axes(*numbers: int) -> Any:
        return opset13.constant(np.array(numbers, dtype=np.int64))

    def norm(states: Any, name: str) -> Any:
        even = opset13.mvn(states, axes(-1), True, epsilon, "inside_sqrt")
        return opset13.add(
            opset13.multiply(even, opset13.constant(arrays[f"{name}.weight"])),
            opset13.constant(arrays[f"{name}.bias"]),
        )

    def linear(states: Any, name: str) -> Any:
        steps, step = in_steps(arrays[f"{name}.weight"])
        matrix = opset13.multiply(
            opset13.convert(opset13.constant(steps), np.float32), opset13.constant(step[:, None])
        )
        product = opset13.matmul(states, matrix, False, True)
        return opset13.add(product, opset13.constant(arrays[f"{name}.bias"]))

    def by_head(states: Any) -> Any:
        split = opset13.reshape(states, axes(0, 0, heads, width // heads), True)
        return opset13.transpose(split, axes(0, 2, 1, 3))

    embedded = opset13.parameter([-1, -1, width], np.float32, "embedded")
    mask = opset13.parameter([-1, -1], np.float32, "mask")
    hidden = opset13.multiply(
        opset13.subtract(opset13.unsqueeze(mask, axes(1, 2)), opset13.constant(np.float32(1))),
        opset13.constant(np.float32(_UNSEEN)),
    )
    states = norm(embedded, "norm")
    for number in range(layers):
        name = f"layers.{number}"
        attended = opset13.scaled_dot_product_attention(
            *(by_head(linear(states, f"{name}.{part}")) for part in ("query", "key", "value")), hidden
        )
        joined = opset13.reshape(opset13.transpose(attended, axes(0, 2, 1, 3)), axes(0, 0, width), True)
        states = norm(opset13.add(states, linear(joined, f"{name}.attended")), f"{name}.attended_norm")
        inner = opset13.gelu(linear(states, f"{name}.inner"), "erf")
        states = norm(opset13.add(states, linear(inner, f"{name}.outer")), f"{name}.outer_norm")
    return Model([states], [embedded, mask], "bert")


def export(
    folder: Path, card: Mapping[str, Any], tokenizer: Any, module: Any, example: dict[str, Any]
) -> None:
    """Writes a PyTorch module as a folder that Network opens, all or nothing. `example` is one batch of
    its inputs. Raises OSError, and RuntimeError for a module that cannot be converted."""
    from openvino import convert_model, save_model

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        converted = convert_model(module.eval(), example_input=example)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        made = Path(scratch) / "model"
        made.mkdir()
        save_model(converted, made / "model.xml", compress_to_fp16=False)
        tokenizer.save(str(made / "tokenizer.json"))
        (made / "card.json").write_text(json.dumps(card, indent=1), encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            # Another process was as fast; or what lies there is half an export.
            if not (folder / "card.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
                made.rename(folder)


def _fast_precision(core: Any) -> str:
    """bfloat16 where the processor computes in it (AMX, AVX512-BF16), else float32: the runtime's own
    probe of the processor says which. Its vectors keep a cosine above .9999 to float32's."""
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capabilities else "f32"


def _rounded_up(length: int) -> int:
    return max(-(-length // LENGTH_STEP) * LENGTH_STEP, LENGTH_STEP)
