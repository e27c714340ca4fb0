"""Fits what the signals of a sentence and of a claim weigh: `python -m lab.train.weigh BENCHMARKS`.

It reads records that the network has not learned from, of the half on which thresholds are chosen, and
those of our own questions that were tuned on; it prints the weights that rag/asking/evidence.py and
rag/judging/support.py hold."""

import hashlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from lab.learned import is_for_learning
from lab.metrics import Half, half_of
from lab.sets import all_examples
from lab.sets.clapnq import is_same_sentence
from lab.sets.own import read_questions
from lab.train.examples import Example
from rag.asking.evidence import Evidence, rarity
from rag.asking.evidence import Signals as SentenceSignals
from rag.asking.questions import QuestionReader
from rag.core.records import Article, Filters, Hit, Passage
from rag.core.settings import Settings, shipped
from rag.index.passages import PassageRules
from rag.index.search import Retriever
from rag.index.store import Store
from rag.judging.support import EncoderJudge
from rag.judging.support import Signals as ClaimSignals
from rag.language.terms import Lexicon, read_aliases
from rag.models.embedding import Encoder, open_encoder
from rag.models.pairs import PairReader, open_pair_reader
from rag.wiring import build_index, open_vectors

SEED = 1
# What the sets count for, whatever their size.
_ANSWERS = {"clapnq": 2.0, "squad2": 1.5, "qacc": 0.7, "ramdocs": 0.3, "own": 5.0}
_SUPPORTS = {"wice": 2.0, "scifact": 0.7, "clapnq": 1.0, "squad2": 0.5}
_MOST_OF_A_SET = 700


@dataclass(frozen=True, slots=True)
class Row:
    """The signals of one sentence or claim of a set, what is true of it, and what it was read for."""

    source: str
    unit: str
    signals: tuple[float, ...]
    truth: float
    is_for_report: bool


def sentence_rows(
    examples: Sequence[Example], encoder: Encoder, pairs: PairReader, lexicon: Lexicon
) -> Iterator[Row]:
    """The sentences of texts that were read for a question each."""
    holding: dict[str, int] = {}
    for example in examples:
        for term in lexicon.term_set(example.text):
            holding[term] = holding.get(term, 0) + 1
    evidence = Evidence(
        encoder,
        pairs,
        lexicon,
        PassageRules(256, 512),
        lambda term: rarity(len(examples), holding.get(term, 0)),
    )
    reader = QuestionReader(lexicon)
    for number, example in enumerate(track(examples, "Weighing sentences")):
        article = Article(f"{number}.md", example.text, "", example.title or None)
        hit = Hit(Passage("", article.source, 0, len(example.text)), article, 1.0)
        (question, *_) = reader.read(example.asked)
        truths = dict(zip(example.sentences, example.bearing or (), strict=True))
        for candidate in evidence.candidates(question, [hit]):
            yield Row(
                example.source,
                f"{example.source} {number}",
                tuple(candidate.signals.as_row()),
                max(
                    (
                        truth
                        for span, truth in truths.items()
                        if is_same_sentence((candidate.span.start, candidate.span.end), span)
                    ),
                    default=0.0,
                ),
                half_of(example.group) is Half.REPORT,
            )


def own_rows(encoder: Encoder, pairs: PairReader, settings: Settings) -> Iterator[Row]:
    """The sentences that are weighed for our own questions. Fresh ones are for the report."""
    build_index(settings)
    retriever = Retriever(
        Store(settings.state_dir), open_vectors(settings), encoder, (settings.aliases_path,), pairs
    )
    snapshot = retriever.snapshot()
    keywords, size = snapshot.keywords, len(snapshot.passages)
    evidence = Evidence(
        encoder,
        pairs,
        snapshot.lexicon,
        snapshot.rules,
        lambda term: rarity(size, keywords.document_frequency(term)),
    )
    reader = QuestionReader(snapshot.lexicon, snapshot.knows)
    for question in track(read_questions(shipped("tests/questions.jsonl")), "Weighing our own"):
        if question.history:
            continue
        quotes = {place.quote for gold in question.gold for place in gold.places}
        for part in reader.read(question.question):
            hits = retriever.find(part.text, Filters(), settings.hit_count)
            for candidate in evidence.candidates(part, hits):
                yield Row(
                    "own",
                    question.id,
                    tuple(candidate.signals.as_row()),
                    float(candidate.span.text in quotes),
                    question.part == "fresh",
                )


def claim_rows(examples: Sequence[Example], judge: EncoderJudge) -> Iterator[Row]:
    for number, example in enumerate(track(examples, "Weighing claims")):
        signals = judge.signals(example.asked, [example.text])
        if signals and example.supports is not None:
            yield Row(
                example.source,
                str(number),
                tuple(signals.as_row()),
                float(example.supports >= 0.5),
                half_of(example.group) is Half.REPORT,
            )


def fit(rows: Sequence[Row], counts: Mapping[str, float]) -> LogisticRegression:
    """Sets count as told, and in each set what is true as much as what is not."""
    sizes: dict[tuple[str, float], int] = {}
    for row in rows:
        sizes[row.source, row.truth] = sizes.get((row.source, row.truth), 0) + 1
    weights = [counts[row.source] / sizes[row.source, row.truth] for row in rows]
    scale = len(rows) / sum(weights)
    model = LogisticRegression(C=10.0, max_iter=5000)
    return model.fit(
        [row.signals for row in rows],
        [row.truth for row in rows],
        sample_weight=[weight * scale for weight in weights],
    )


def report(rows: Sequence[Row], model: LogisticRegression, names: Sequence[str]) -> None:
    """For each set: how well single rows are told apart, and units by their best row."""
    said = model.decision_function(np.array([row.signals for row in rows]))
    for source in sorted({row.source for row in rows}):
        mine = [n for n, row in enumerate(rows) if row.source == source]
        truths = [rows[n].truth for n in mine]
        line = f"  {source}: rows {len(mine)} AUROC {_auroc(truths, said[mine]):.3f}"
        units: dict[str, tuple[float, float]] = {}
        for n in mine:
            best, truth = units.get(rows[n].unit, (-math.inf, 0.0))
            units[rows[n].unit] = (max(best, said[n]), max(truth, rows[n].truth))
        if len(units) < len(mine):
            best, truth = np.array(list(units.values())).T
            cuts = np.quantile(best, np.linspace(0, 1, 200))
            right = [np.mean((best > cut) == (truth > 0)) for cut in cuts]
            balanced = [
                (np.mean(best[truth > 0] > cut) + np.mean(best[truth <= 0] <= cut)) / 2 for cut in cuts
            ]
            first = [
                rows[max((n for n in mine if rows[n].unit == unit), key=lambda n: said[n])].truth
                for unit, (_, has) in units.items()
                if has
            ]
            line += (
                f"; units {len(units)} AUROC {_auroc(truth, best):.3f}, best accuracy {max(right):.3f} "
                f"at {cuts[int(np.argmax(right))]:.2f}, balanced {max(balanced):.3f} at "
                f"{cuts[int(np.argmax(balanced))]:.2f}, P@1 {np.mean(first):.3f}"
            )
        print(line)
        single = [_auroc(truths, [rows[n].signals[k] for n in mine]) for k in range(len(names))]
        print(
            "     ", " ".join(f"{name} {value:.2f}" for name, value in zip(names, single, strict=True))
        )


def _auroc(truths: Sequence[float], said: Sequence[float]) -> float:
    return float(roc_auc_score(truths, said)) if len(set(truths)) == 2 else math.nan


def _some(examples: Sequence[Example]) -> list[Example]:
    """At most so many of each set, always the same ones."""
    ordered = sorted(
        examples,
        key=lambda e: hashlib.sha256(f"{e.group} {e.asked} {e.text}".encode(errors="replace")).digest(),
    )
    taken: dict[tuple[str, Half], list[Example]] = {}
    for example in ordered:
        mine = taken.setdefault((example.source, half_of(example.group)), [])
        if len(mine) < _MOST_OF_A_SET:
            mine.append(example)
    return [example for some in taken.values() for example in some]


def main(folder: Path) -> None:
    settings = Settings.from_environment()
    encoder = open_encoder(settings.embedding_model, settings.models_dir)
    pairs = open_pair_reader(settings.models_dir)
    lexicon = Lexicon(read_aliases(settings.aliases_path))
    unlearned = [e for e in all_examples(folder, SEED) if not is_for_learning(e.source, e.group)]
    asked = _some(
        [
            e
            for e in unlearned
            if e.answers is not None and e.bearing is not None and e.source in _ANSWERS
        ]
    )
    claimed = _some([e for e in unlearned if e.supports is not None and e.source in _SUPPORTS])
    judge = EncoderJudge(encoder, pairs, lexicon)
    own = Settings.from_environment(corpus_dir=shipped("corpus"))
    for what, rows, counts, names in (
        (
            "sentences",
            [*own_rows(encoder, pairs, own), *sentence_rows(asked, encoder, pairs, lexicon)],
            _ANSWERS,
            SentenceSignals.__slots__,
        ),
        ("claims", list(claim_rows(claimed, judge)), _SUPPORTS, ClaimSignals.__slots__),
    ):
        tuning = [row for row in rows if not row.is_for_report]
        model = fit(tuning, counts)
        weights = ", ".join(f"{weight:.3g}" for weight in model.coef_[0])
        print(f"{what}: WEIGHTS = ({weights}), INTERCEPT = {model.intercept_[0]:.3g}")
        print(" ", dict(zip(names, model.coef_[0].round(2), strict=True)))
        for part, some in (("tuning", tuning), ("report", [row for row in rows if row.is_for_report])):
            print(f" {part}:")
            report(some, model, names)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
