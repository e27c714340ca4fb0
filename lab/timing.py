"""How long work takes, and how much memory a command holds."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from rag.core.settings import Settings
from rag.index.passages import PassageRules, words_to_embed
from rag.index.store import Store
from rag.models.embedding import open_encoder
from rag.wiring import open_vectors

# A process begins with the peak of the one that started it: this one is small.
_MEASURE = (
    "import resource, subprocess, sys; "
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long some work takes by a clock; by `time.process_time` of all threads together."""
    started = clock()
    work()
    return clock() - started


def command(settings: Settings, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """A command of the program over a corpus, and the environment to run it in."""
    line = [sys.executable, "-m", "rag.faces.cli", *arguments, "--corpus", str(settings.corpus_dir)]
    return line, os.environ | {"SOURCELINE_DATA": str(settings.data_dir)}


def peak_of(settings: Settings, *arguments: str) -> float:
    """Runs a command of the program over a corpus; the most memory that it held, in MB."""
    line, environment = command(settings, *arguments)
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, *line],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(measured.stdout) / 1024


def embedded(settings: Settings) -> tuple[list[str], np.ndarray]:
    """What was embedded for each passage of an index, and its vectors: (passages, dimension)."""
    store = Store(settings.state_dir)
    generation = store.read()
    manifest = generation.manifest
    encoder = open_encoder(settings.embedding_model, settings.models_dir)
    rules = PassageRules(manifest.window_tokens, manifest.passage_tokens)
    texts = words_to_embed(
        list(generation.articles.values()),
        [item.passage for item in generation.passages],
        rules,
        encoder.count_tokens,
    )
    keys = [item.vector for item in generation.passages]
    return texts, open_vectors(settings).fetch(manifest.vectors, keys)
