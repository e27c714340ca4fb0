"""The packed network as a folder that SentenceTransformer opens, with all its weights in float32:
`python -m lab.train.unpack FOLDER`."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from rag.models.backbone import WEIGHTS, WINDOW_TOKENS
from rag.models.packed import CLOSING, OPENING, PADDING, UNKNOWN, Packed, read_packed

_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


def unpack(packed: Packed, folder: Path) -> None:
    """Writes the folder. Raises OSError."""
    network = _network(packed)
    network.save_pretrained(folder)
    special = {
        "bos_token": OPENING,
        "cls_token": OPENING,
        "pad_token": PADDING,
        "eos_token": CLOSING,
        "sep_token": CLOSING,
        "unk_token": UNKNOWN,
    }
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=packed.tokenizer(),
        model_max_length=WINDOW_TOKENS,
        **{name: packed.pieces[number] for name, number in special.items()},
    ).save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=WINDOW_TOKENS)
    width = network.config.hidden_size
    model = SentenceTransformer(
        modules=[transformer, Pooling(width, "mean"), Normalize()],
        prompts=dict(packed.card["prompts"]),
        device="cpu",
    )
    model.save(str(folder), create_model_card=False)


def _network(packed: Packed) -> BertModel:
    card, arrays = packed.card, packed.arrays
    inner, width = arrays["layers.0.inner.weight"].shape
    config = BertConfig(
        vocab_size=len(packed.pieces),
        hidden_size=width,
        num_hidden_layers=card["layers"],
        num_attention_heads=card["heads"],
        intermediate_size=inner,
        max_position_embeddings=len(arrays["positions"]),
        # The one type that all tokens are of is a part of the positions.
        type_vocab_size=1,
        layer_norm_eps=card["epsilon"],
        pad_token_id=PADDING,
    )
    network = BertModel(config, add_pooling_layer=False)
    state = {
        "embeddings.word_embeddings.weight": packed.words.of(np.arange(len(packed.pieces))),
        "embeddings.position_embeddings.weight": arrays["positions"],
        "embeddings.token_type_embeddings.weight": np.zeros((1, width), dtype=np.float32),
        "embeddings.LayerNorm.weight": arrays["norm.weight"],
        "embeddings.LayerNorm.bias": arrays["norm.bias"],
    }
    for name, array in arrays.items():
        if name.startswith("layers."):
            _, layer, part, kind = name.split(".")
            state[f"encoder.layer.{layer}.{_PARTS[part]}.{kind}"] = array
    network.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in state.items()})
    return network


if __name__ == "__main__":
    target = Path(sys.argv[1])
    unpack(read_packed(WEIGHTS), target)
    print(json.dumps({"folder": str(target)}))
