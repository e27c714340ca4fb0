"""What is learned from, and how much of it."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lab.learned import is_for_learning
from lab.sets import all_examples, desks, training_examples
from lab.sets.newsdesk_search import spans_of
from lab.train.examples import Example
from lab.train.mining import chosen, mine
from lab.train.windows import windowed
from rag.models.embedding import Encoder


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of what is learned, in so many `rounds`, at these rates (`train` says of what). `ranking`
    is what it counts to come before what else was read for a question.

    The rest says how often each thing is learned from, on average: `questions` of the desks as the
    search finds passages for them; those `near`, that a sentence answers or only seems to; and the
    examples of each set in `shares`, claims of the desks among them. Of large sets a part says as much
    as the whole. `is_close`: also claims in the article's own words."""

    rounds: int
    rate: float
    head_rate: float
    ranking: float
    questions: float
    near: int
    is_close: bool
    shares: Mapping[str, float]


# First all that there is, then what keeps close to the words of an article and is told apart by one of
# them. Learned from the start, that goes three times as slowly: nothing easy shows the way.
STAGES = (
    Stage(
        rounds=8,
        rate=1e-4,
        head_rate=1e-3,
        ranking=0.0,
        questions=1.25,
        near=0,
        is_close=False,
        shares={
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
        },
    ),
    Stage(
        rounds=4,
        rate=8e-5,
        head_rate=3e-4,
        ranking=0.25,
        questions=0.45,
        near=2,
        is_close=True,
        shares={
            desks.KEY: 1.0,
            "qamr": 0.02,
            "selqa": 0.08,
            "foolmetwice": 0.2,
            "condaqa": 0.12,
            "conjnli": 0.08,
            "breaking_nli": 0.1,
            "med": 0.2,
            "xquad": 0.25,
            "counterfactual_nli": 0.15,
            "fever_symmetric": 0.4,
            "negation_nli": 0.25,
            "scone": 0.15,
            "squad2": 0.06,
            "clapnq": 0.2,
            "ramdocs": 0.08,
            "qacc": 0.1,
            "scifact": 0.15,
            "wice": 0.6,
        },
    ),
)


def mix(
    benchmarks: Path, training: Path, encoder: Encoder, seed: int, stage: Stage
) -> list[list[Example]]:
    """The rounds of a stage, each in an order left to chance. The same folders and seed give the same
    ones. `encoder` searches for what seems to answer. Raises BenchmarkUnusable."""
    chance = random.Random(seed)
    every = list(_asked(encoder, chance, stage))
    drawn = partial(_drawn, chance=chance, shares=stage.shares)
    every += drawn(_claims(chance, stage.is_close))
    every += drawn(training_examples(training, seed))
    every += drawn(e for e in all_examples(benchmarks, seed) if is_for_learning(e.source, e.group))
    return in_rounds(chance.sample(every, len(every)), stage.rounds)


def in_rounds(examples: Sequence[Example], count: int) -> list[list[Example]]:
    """Examples in so many parts; what is read for one question is in one of them."""
    rounds: list[list[Example]] = [[] for _ in range(count)]
    numbers: dict[tuple[str, str], int] = {}
    for example in examples:
        number = numbers.setdefault((example.source, example.asked), len(numbers))
        rounds[number % count].append(example)
    return rounds


def _drawn(
    examples: Iterable[Example], chance: random.Random, shares: Mapping[str, float]
) -> Iterator[Example]:
    for example in examples:
        share = shares[example.source]
        yield from [example] * (int(share) + (chance.random() < share % 1))


def _asked(encoder: Encoder, chance: random.Random, stage: Stage) -> Iterator[Example]:
    for letter in desks.LEARNED:
        mined = list(mine(desks.FOLDER, letter, encoder))
        for _ in range(int(stage.questions)):
            yield from chosen(mined, chance)
        yield from chosen(chance.sample(mined, round(len(mined) * (stage.questions % 1))), chance)
    # Each time over another window.
    for _ in range(stage.near):
        yield from desks.asked(desks.FOLDER, chance)


def _claims(chance: random.Random, is_close: bool) -> Iterator[Example]:
    """The claims of the desks over the words that they cite, and every other one also over more of the
    article.

    People write what is true in words of their own and what is false in the article's. So that words in
    common tell nothing, with `is_close` sentences of the cited words are claims as well, and so is what
    is true over other words of the article."""
    texts = {
        f"{letter}/{article.file}": desks.plain(article.text)
        for letter in desks.LEARNED
        for article in desks.articles(desks.FOLDER / letter)
    }
    every = list(desks.examples(desks.FOLDER, is_close=is_close))
    of_article: dict[str, list[Example]] = {}
    for example in every:
        of_article.setdefault(example.group, []).append(example)
    for example in every:
        yield example
        places = spans_of(texts[example.group], example.text)
        if chance.random() < 0.5 and places:
            yield from _wider(example, texts[example.group], places, chance)
        if not is_close:
            continue
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
