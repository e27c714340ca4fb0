"""What is learned from, and how much of it."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lab.learned import is_for_learning
from lab.sets import all_examples, desks, training_examples
from lab.sets.newsdesk_search import spans_of
from lab.train.examples import Example
from lab.train.mining import Searcher, chosen, mine
from lab.train.windows import windowed

# How often the questions of the desks are drawn.
_DRAWS = 1.25
# And how often those that a sentence answers or only seems to, each time over another window.
_NEAR_MISSES = 3
# How often each example of a set is learned from, on average. The desks are what users ask; of large
# sets a part says as much as the whole.
SHARES = {
    desks.KEY: 1.0,
    "qamr": 0.08,
    "selqa": 0.25,
    "foolmetwice": 0.5,
    "condaqa": 0.35,
    "conjnli": 0.3,
    "breaking_nli": 0.25,
    "med": 0.5,
    "xquad": 0.5,
    "counterfactual_nli": 0.3,
    "fever_symmetric": 1.0,
    "negation_nli": 0.4,
    "scone": 0.3,
    "squad2": 0.2,
    "clapnq": 0.5,
    "ramdocs": 0.25,
    "qacc": 0.4,
    "scifact": 0.35,
    "wice": 1.2,
}


def mix(benchmarks: Path, training: Path, searcher: Searcher, seed: int) -> list[Example]:
    """Examples in an order left to chance. The same folders and seed give the same ones. Raises
    BenchmarkUnusable."""
    chance = random.Random(seed)
    every = list(_asked(searcher, chance))
    every += _drawn(_claims(chance), chance)
    every += _drawn((e for e in training_examples(training, seed) if e.source != desks.KEY), chance)
    learned = (e for e in all_examples(benchmarks, seed) if is_for_learning(e.source, e.group))
    every += _drawn(learned, chance)
    return chance.sample(every, len(every))


def _drawn(examples: Iterable[Example], chance: random.Random) -> Iterator[Example]:
    for example in examples:
        share = SHARES[example.source]
        yield from [example] * (int(share) + (chance.random() < share % 1))


def _asked(searcher: Searcher, chance: random.Random) -> Iterator[Example]:
    for letter in desks.LEARNED:
        mined = list(mine(desks.FOLDER, letter, searcher))
        yield from chosen(mined, chance)
        yield from chosen(chance.sample(mined, round(len(mined) * (_DRAWS % 1))), chance)
    for _ in range(_NEAR_MISSES):
        yield from desks.asked(desks.FOLDER, chance)


def _claims(chance: random.Random) -> Iterator[Example]:
    """The claims of the desks over the words that they cite, and every other one also over more of the
    article."""
    texts = {
        f"{letter}/{article.file}": desks.plain(article.text)
        for letter in desks.LEARNED
        for article in desks.articles(desks.FOLDER / letter)
    }
    for example in desks.examples(desks.FOLDER, chance):
        yield example
        places = spans_of(texts[example.group], example.text)
        if chance.random() < 0.5 and places:
            yield from _wider(example, texts[example.group], places, chance)


def _wider(
    example: Example, text: str, places: Sequence[tuple[int, int]], chance: random.Random
) -> Iterator[Example]:
    wide = windowed(
        *(example.source, example.group, example.asked, example.title, text),
        places,
        places[0][0],
        chance,
        example.language,
    )
    if wide:
        yield replace(
            wide,
            answers=None,
            words=None,
            bearing=wide.bearing if example.supports else None,
            supports=example.supports,
            contradicts=example.contradicts,
        )
