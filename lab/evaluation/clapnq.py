"""CLAPNQ: which sentences of a passage answer a question, and does the passage answer it at all?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.evaluation.asking import Asked, ask, stands
from lab.evaluation.failures import Failure
from lab.evaluation.floors import word_coverage
from lab.evaluation.metrics import accuracy, auroc, mean
from lab.evaluation.plain import Cosines
from lab.evaluation.question_readers import PassageQuestion, read_clapnq
from lab.evaluation.scores import (
    Curve,
    CurveKind,
    Result,
    calibration_series,
    items_of,
    risk_series,
    sample_note,
    score_of,
)
from lab.evaluation.splits import is_learned
from lab.evaluation.stage import Context
from rag.core.records import Scored

NAME = "CLAPNQ"
KEY = "clapnq"
ORIGIN = "github.com/primeqa/clapnq: clapnq_dev_*answerable.jsonl, in clapnq/"
_TOP = 3
_PUBLISHED_F1 = "all-MiniLM-L6-v2 cosine .595"
_PUBLISHED_AUROC = "all-MiniLM-L6-v2 cosine .874 by the best sentence, .880 by the passage"


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question with what came of it. Rankings are places of the passage's sentences, best first."""

    question: PassageQuestion
    asked: Asked
    ranking: tuple[int, ...]
    by_cosine: tuple[int, ...]
    by_words: tuple[int, ...]
    best_cosine: float
    passage_cosine: float
    standing: tuple[bool, ...]


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.glob("clapnq/*.jsonl")) if "train" not in path.name)


def read_unlearned(files: Sequence[Path]) -> list[PassageQuestion]:
    """The questions that the shipped weights have not learned from."""
    questions = [question for path in files for question in read_clapnq(path)]
    return [question for question in questions if not is_learned(question.group, KEY)]


def measure_passages(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its passage alone."""
    every = [question for path in files for question in read_clapnq(path)]
    unlearned = read_unlearned(files)
    scratch = context.scratch(KEY, (question.document for question in every))
    cosines = Cosines(context.settings)
    chosen = context.sampled(unlearned)
    found = []
    for number, question in enumerate(chosen, start=1):
        source = question.document.source
        article = scratch.articles.get(source)
        asked = ask(scratch.assistant, question.question, [source] if article else [])
        spans = sentence_spans(article.text if article else "", question.sentences)
        near = cosines.of(question.question, question.sentences)
        worded = [
            word_coverage([(question.question, (sentence,))])[0] for sentence in question.sentences
        ]
        (whole,) = cosines.of(question.question, [question.document.text])
        found.append(
            _Measured(
                question,
                asked,
                ranking(asked.sentences, spans),
                _best_first(near),
                _best_first(worded),
                max(near, default=0.0),
                whole,
                tuple(stands(scratch.assistant, citation) for citation in asked.citations),
            )
        )
        context.progress(number, len(chosen), f"{NAME}: asking")
    for each in found:
        if failure := _failure(each):
            context.failed(failure)
    note = sample_note(len(chosen), len(unlearned))
    return _figures(found, note, context.resamples)


def _failure(measured: _Measured) -> Failure | None:
    question, asked = measured.question, measured.asked
    gold = [question.sentences[place] for place in sorted(question.gold)]
    if asked.is_answered != bool(gold):
        kind = "refused though it answers" if gold else "answered though it does not"
    elif gold and not _is_first_right(measured.ranking, question.gold):
        kind = "another sentence first"
    else:
        return None
    best = asked.sentences[0].citation.quote if asked.sentences else "nothing"
    expected = " | ".join(gold) or "no answer"
    came = f"{asked.confidence:.2f}: {best}"
    return Failure(NAME, kind, question.key, question.question, expected, came)


def _figures(found: Sequence[_Measured], note: str, resamples: int) -> Result:
    answerable = [each for each in found if each.question.gold]
    keys = [each.question.key for each in answerable]
    rankings = (
        ("ours", [each.ranking for each in answerable]),
        ("MiniLM cosine alone", [each.by_cosine for each in answerable]),
        ("word coverage", [each.by_words for each in answerable]),
    )
    gold = [each.question.gold for each in answerable]
    scores = []
    for metric, published, figure in (
        ("sentence F1@3", _PUBLISHED_F1, top_f1),
        ("sentence P@1", "all-MiniLM-L6-v2 cosine .713", _is_first_right),
    ):
        ours, *others = (
            (name, items_of(list(map(figure, ranked, gold)), None, keys)) for name, ranked in rankings
        )
        scores.append(score_of(NAME, metric, mean, ours[1], others, published, note, resamples))
    truths = [bool(each.question.gold) for each in found]
    groups = [each.question.key for each in found]
    confidences = [each.asked.confidence for each in found]
    scores.append(
        score_of(
            NAME,
            "answerable or not, AUROC",
            auroc,
            items_of(confidences, truths, groups),
            (
                ("best sentence's cosine", items_of([e.best_cosine for e in found], truths, groups)),
                ("passage's cosine", items_of([e.passage_cosine for e in found], truths, groups)),
                (
                    "both cosines",
                    items_of([(e.best_cosine + e.passage_cosine) / 2 for e in found], truths, groups),
                ),
            ),
            _PUBLISHED_AUROC,
            note,
            resamples,
        )
    )
    scores.append(
        score_of(
            NAME,
            "answerable or not, accuracy",
            accuracy,
            items_of([float(each.asked.is_answered) for each in found], truths, groups),
            (("always abstain", items_of([0.0] * len(found), truths, groups)),),
            note=note,
            resamples=resamples,
        )
    )
    cited = [(each.question.key, float(good)) for each in found for good in each.standing]
    scores.append(
        score_of(
            NAME,
            "citations whose words stand at their span",
            mean,
            items_of([good for _, good in cited], None, [key for key, _ in cited]),
            note=note,
            resamples=resamples,
        )
    )
    right = [_is_first_right(each.ranking, each.question.gold) > 0 for each in found]
    right_by_cosine = [_is_first_right(each.by_cosine, each.question.gold) > 0 for each in found]
    curves = (
        Curve(
            NAME,
            CurveKind.RISK,
            "questions answered",
            "best sentence does not answer",
            (
                risk_series("ours", confidences, right),
                risk_series("cosine", [each.best_cosine for each in found], right_by_cosine),
            ),
        ),
        Curve(
            NAME,
            CurveKind.CALIBRATION,
            "told probability of an answer",
            "share with an answer",
            (calibration_series("ours", confidences, truths),),
        ),
    )
    return Result(tuple(scores), curves)


def sentence_spans(text: str, sentences: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where a passage's sentences stand in an article made of it. They are counted out by their
    letters: white space may have changed on the way, nothing else has."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    spans, at = [], 0
    for sentence in sentences:
        size = sum(not letter.isspace() for letter in sentence)
        if not size or at + size > len(places):
            spans.append((0, 0))
            continue
        spans.append((places[at], places[at + size - 1] + 1))
        at += size
    return tuple(spans)


def ranking(found: Sequence[Scored], spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The set's sentences in the order in which ours name them."""
    ranked: dict[int, None] = {}
    for likely in found:
        ours = likely.citation.start, likely.citation.end
        for place, theirs in enumerate(spans):
            if is_same_sentence(ours, theirs):
                ranked.setdefault(place)
    return tuple(ranked)


def is_same_sentence(ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """Whether two spans of a text are one sentence, each parted by rules of its own: they share half of
    the shorter one."""
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0])
    return shared > 0 and 2 * shared >= min(ours[1] - ours[0], theirs[1] - theirs[0])


def top_f1(ranked: Sequence[int], gold: frozenset[int]) -> float:
    """F1 of the first three sentences against those that answer."""
    top = set(ranked[:_TOP])
    return 2 * len(top & gold) / (len(top) + len(gold))


def _is_first_right(ranked: Sequence[int], gold: frozenset[int]) -> float:
    return float(bool(ranked) and ranked[0] in gold)


def _best_first(figures: Sequence[float]) -> tuple[int, ...]:
    return tuple(sorted(range(len(figures)), key=lambda place: -figures[place]))
