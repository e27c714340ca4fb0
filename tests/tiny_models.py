"""Other models than the bundled one, as folders: a few chance numbers in the files of real ones."""

from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizer

WIDTH, WINDOW = 32, 64
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz0123456789")
# Every word is read, letter by letter.
PIECES = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *(".", ",", "?", ":"),
)


def save_tokenizer(folder: Path) -> None:
    """Writes the tokenizer of a BERT."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "vocab.txt"
    listed.write_text("".join(f"{piece}\n" for piece in PIECES), encoding="utf-8")
    BertTokenizer(str(listed)).save_pretrained(folder)


def config_of(labels: Sequence[str] = ()) -> BertConfig:
    """With labels, that of a network that gives a figure for each."""
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=WIDTH,
        max_position_embeddings=WINDOW,
    )
    if labels:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: place for place, label in enumerate(labels)}
    return config


def save_embedding_model(folder: Path, prompts: dict[str, str] | None = None) -> SentenceTransformer:
    """Writes a model of sentence-transformers; gives it, open."""
    network = folder.with_name(f"{folder.name}-network")
    save_tokenizer(network)
    torch.manual_seed(0)
    BertModel(config_of()).save_pretrained(network)
    modules = [Transformer(str(network), max_seq_length=WINDOW), Pooling(WIDTH)]
    model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    model.save(str(folder), create_model_card=False)
    return model
