"""The training sets: a module each, which reads the files of one as examples. Those whose files are not
there have none. `SOURCELINE_TRAINING` names their folder; the desks lie in this project."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from lab.train.examples import Example
from lab.train.sets import (
    breaking_nli,
    condaqa,
    conjnli,
    counterfactual_nli,
    desk,
    fever_symmetric,
    foolmetwice,
    med,
    negation_nli,
    qamr,
    scone,
    selqa,
    xquad,
)


def _desk_examples(_: Path, chance: random.Random) -> Iterator[Example]:
    return desk.examples(desk.FOLDER, chance)


EXAMPLES: dict[str, Callable[[Path, random.Random], Iterator[Example]]] = {
    desk.KEY: _desk_examples,
    qamr.KEY: qamr.examples,
    selqa.KEY: selqa.examples,
    foolmetwice.KEY: foolmetwice.examples,
    condaqa.KEY: condaqa.examples,
    conjnli.KEY: conjnli.examples,
    breaking_nli.KEY: breaking_nli.examples,
    med.KEY: med.examples,
    xquad.KEY: xquad.examples,
    counterfactual_nli.KEY: counterfactual_nli.examples,
    fever_symmetric.KEY: fever_symmetric.examples,
    negation_nli.KEY: negation_nli.examples,
    scone.KEY: scone.examples,
}


def training_folder() -> Path | None:
    """The folder of the training sets, or None where none is named."""
    named = os.environ.get("SOURCELINE_TRAINING")
    return Path(named) if named else None


def training_examples(folder: Path, seed: int) -> Iterator[Example]:
    """The examples of every set in the folder, and of the desks. The same seed gives the same ones."""
    for name, examples in EXAMPLES.items():
        yield from examples(folder, random.Random(f"{seed} {name}"))
