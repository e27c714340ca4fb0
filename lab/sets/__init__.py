"""The data sets: a module each, which reads it, measures it and, where its licence allows, gives its
examples for learning."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from lab import speed
from lab.sets import (
    attributionbench,
    breaking_nli,
    clapnq,
    condaqa,
    conjnli,
    counterfactual_nli,
    fever_symmetric,
    foolmetwice,
    med,
    negation_nli,
    newsdesk,
    newsdesk_search,
    none_of_ten,
    own,
    qacc,
    qags,
    qamr,
    ragtruth,
    ramdocs,
    realtimeqa,
    scifact,
    scone,
    selqa,
    squad2,
    wice,
    xquad,
)
from lab.stage import Stage
from lab.train.examples import Example

Examples = Callable[[Path, random.Random], Iterator[Example]]

# By the names under which chance was drawn for the weights that ship.
_LEARNED: dict[str, Examples] = {
    "_squad": squad2.examples,
    "_clapnq": clapnq.examples,
    "_ramdocs": ramdocs.examples,
    "_qacc": qacc.examples,
    "_scifact": scifact.examples,
    "_wice": wice.examples,
}
# What the files in SOURCELINE_TRAINING teach; those that are not there teach nothing.
TRAINING: dict[str, Examples] = {
    module.KEY: module.examples
    for module in (
        qamr,
        selqa,
        foolmetwice,
        condaqa,
        conjnli,
        breaking_nli,
        med,
        xquad,
        counterfactual_nli,
        fever_symmetric,
        negation_nli,
        scone,
    )
}


def stages_in(
    folder: Path | None, desk: Path | None = None, training: Path | None = None
) -> tuple[Stage, ...]:
    """Every stage, in the order in which they run, for the benchmarks that lie in a folder, for a news
    desk and for a folder of sets to learn from. Those whose files are not there have none."""
    folder = folder or Path("no folder of benchmarks")
    found = [
        *own.stages(),
        *newsdesk.stages(desk, folder),
        *newsdesk_search.stages(desk, folder),
        *xquad.stages(training),
    ]
    for module in (
        clapnq,
        none_of_ten,
        squad2,
        wice,
        attributionbench,
        ragtruth,
        qags,
        scifact,
        ramdocs,
        qacc,
        realtimeqa,
    ):
        found += module.stages(folder)
    # Last, when what it asks of is indexed.
    return (*found, *speed.stages(folder))


def all_examples(folder: Path, seed: int) -> Iterator[Example]:
    """The examples of every set in the folder of benchmarks. The same seed gives the same ones."""
    for name, examples in _LEARNED.items():
        yield from examples(folder, random.Random(f"{seed} {name}"))


def training_examples(folder: Path, seed: int) -> Iterator[Example]:
    """The examples of every set in the folder of training sets. The same seed gives the same ones."""
    for name, examples in TRAINING.items():
        yield from examples(folder, random.Random(f"{seed} {name}"))
