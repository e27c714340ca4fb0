"""What is learned from, and how much of it."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lab.learned import is_for_learning
from lab.sets import all_examples, desks, training_examples
from lab.sets.newsdesk_search import spans_of
from lab.train.examples import Example
from lab.train.mining import chosen, mine
from lab.train.windows import windowed
from rag.models.embedding import Encoder

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


def mix(benchmarks: Path, training: Path, encoder: Encoder, seed: int) -> list[Example]:
    """Examples in an order left to chance. The same folders and seed give the same ones. Raises
    BenchmarkUnusable."""
    chance = random.Random(seed)
    every = list(_asked(encoder, chance))
    every += _drawn(_claims(chance), chance)
    every += _drawn((e for e in training_examples(training, seed) if e.source != desks.KEY), chance)
    learned = (e for e in all_examples(benchmarks, seed) if is_for_learning(e.source, e.group))
    every += _drawn(learned, chance)
    return chance.sample(every, len(every))


def in_rounds(examples: Sequence[Example], count: int) -> list[list[Example]]:
    """Examples in so many parts; what is read for one question is in one of them."""
    rounds: list[list[Example]] = [[] for _ in range(count)]
    numbers: dict[tuple[str, str], int] = {}
    for example in examples:
        number = numbers.setdefault((example.source, example.asked), len(numbers))
        rounds[number % count].append(example)
    return rounds


def _drawn(examples: Iterable[Example], chance: random.Random) -> Iterator[Example]:
    for example in examples:
        share = SHARES[example.source]
        yield from [example] * (int(share) + (chance.random() < share % 1))


def _asked(encoder: Encoder, chance: random.Random) -> Iterator[Example]:
    for letter in desks.LEARNED:
        mined = list(mine(desks.FOLDER, letter, encoder))
        yield from chosen(mined, chance)
        yield from chosen(chance.sample(mined, round(len(mined) * (_DRAWS % 1))), chance)
    for _ in range(_NEAR_MISSES):
        yield from desks.asked(desks.FOLDER, chance)


def _claims(chance: random.Random) -> Iterator[Example]:
    """The claims of the desks over the words that they cite, and every other one also over more of the
    article.

    People write what is true in words of their own and what is false in the article's. So that words in
    common tell nothing, sentences of the cited words are claims as well, and so is what is true over
    other words of the article."""
    texts = {
        f"{letter}/{article.file}": desks.plain(article.text)
        for letter in desks.LEARNED
        for article in desks.articles(desks.FOLDER / letter)
    }
    every = list(desks.examples(desks.FOLDER, chance))
    of_article: dict[str, list[Example]] = {}
    for example in every:
        of_article.setdefault(example.group, []).append(example)
    for example in every:
        yield example
        places = spans_of(texts[example.group], example.text)
        if chance.random() < 0.5 and places:
            yield from _wider(example, texts[example.group], places, chance)
        said = [example.text[start:end] for start, end in example.sentences]
        asked = [chance.choice(said)] if said else []
        for sentence in asked:
            yield replace(example, asked=sentence, supports=1.0, contradicts=0.0)
        elsewhere = [
            other
            for other in of_article[example.group]
            if not _overlap(other.text, example.text, texts[example.group])
        ]
        if elsewhere and (example.supports or asked):
            other = chance.choice(elsewhere)
            claim = example.asked if example.supports else asked[0]
            yield replace(other, asked=claim, supports=0.0, contradicts=0.0)


def _overlap(one: str, other: str, text: str) -> bool:
    """Whether two stretches of a text share words, or do not stand in it."""
    mine, theirs = spans_of(text, one), spans_of(text, other)
    if not mine or not theirs:
        return True
    return any(a < d and c < b for a, b in mine for c, d in theirs)


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
