"""A real OpenAI-compatible server, `transformers serve`, with a tiny model of random weights.

What it writes is noise; that it writes, and how it says so, is what a test can rely on.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import pytest

NAME = "sourceline/tiny"
READY_SECONDS = 60.0
LINES = ("The harbour opened again in spring.", "Boats went out at dawn and came back at noon.")
CHAT_TEMPLATE = "{% for turn in messages %}{{ turn['role'] }}: {{ turn['content'] }}\n{% endfor %}"


@dataclass(frozen=True, slots=True)
class Peer:
    """Where the server listens, and the name of its model."""

    url: str
    model: str


@pytest.fixture(scope="session")
def language_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The server on 127.0.0.1, ready, until the end of the tests."""
    home = tmp_path_factory.mktemp("language_peer")
    _make_model(_model_folder(home / "hub"))
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "server.log"
    words = ["serve", NAME, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    environment.pop("HF_HUB_CACHE", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("transformers")), *words],
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}/health", log)
        yield Peer(f"http://127.0.0.1:{port}/v1", NAME)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _model_folder(hub: Path) -> Path:
    """A folder where the server finds the model by its name, as if it had been downloaded."""
    revision = "0" * 40
    kept = hub / f"models--{NAME.replace('/', '--')}"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text(revision)
    folder = kept / "snapshots" / revision
    folder.mkdir(parents=True)
    return folder


def _make_model(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<end>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(LINES, trainer)
    with_chat = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, eos_token="<end>", pad_token="<end>"
    )
    with_chat.chat_template = CHAT_TEMPLATE
    with_chat.save_pretrained(folder)

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        eos_token_id=with_chat.eos_token_id,
        pad_token_id=with_chat.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with direct.open(url, timeout=1) as response:
                if json.load(response) == {"status": "ok"}:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(
        f"The language model's server does not start:\n{log.read_text(errors='replace')[-3000:]}"
    )
