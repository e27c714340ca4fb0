"""SQuAD 2: does the pipeline know when a paragraph does not answer a question?"""

from collections.abc import Sequence
from pathlib import Path

from lab.evaluation.asking import Asked, ask
from lab.evaluation.failures import Failure
from lab.evaluation.has_answer import has_answer
from lab.evaluation.metrics import accuracy, auroc, mean
from lab.evaluation.plain import Cosines
from lab.evaluation.question_readers import PassageQuestion, read_squad
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

NAME = "SQuAD 2"
KEY = "squad2"
ORIGIN = "github.com/rajpurkar/SQuAD-explorer: dataset/dev-v2.0.json, as squad2/dev-v2.0.json"
# As many questions as keep the whole scoreboard within its time; the interval is about a point wide.
MOST_QUESTIONS = 3000
_PUBLISHED = "BiDAF + ELMo 70.5, BERT-large 84.4"


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.glob("squad2/*.json")) if "train" not in path.name)


def measure_abstention(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its paragraph alone. Intervals draw whole articles."""
    every = [question for path in files for question in read_squad(path)]
    unlearned = [question for question in every if not is_learned(question.group, KEY)]
    scratch = context.scratch(KEY, (question.document for question in every))
    cosines = Cosines(context.settings)
    chosen = context.sampled(unlearned, MOST_QUESTIONS)
    found, near = [], []
    for number, question in enumerate(chosen, start=1):
        source = question.document.source
        sources = [source] if source in scratch.articles else []
        found.append(ask(scratch.assistant, question.question, sources))
        near += cosines.of(question.question, [question.document.text])
        context.progress(number, len(chosen), f"{NAME}: asking")
    for question, asked in zip(chosen, found, strict=True):
        if failure := _failure(question, asked):
            context.failed(failure)
    articles = len({question.group for question in unlearned})
    told = [f"{articles} articles", sample_note(len(chosen), len(unlearned))]
    return _figures(chosen, found, near, ", ".join(filter(None, told)), context.resamples)


def _figures(
    questions: Sequence[PassageQuestion],
    found: Sequence[Asked],
    near: Sequence[float],
    note: str,
    resamples: int,
) -> Result:
    truths = [question.is_answerable for question in questions]
    groups = [question.group for question in questions]
    confidences = [asked.confidence for asked in found]
    decided = [float(asked.is_answered) for asked in found]
    answerable = [place for place, truth in enumerate(truths) if truth]
    held = [float(_claims_answer(questions[place], found[place])) for place in answerable]
    right = [
        truth and _best_has_answer(question, asked)
        for truth, question, asked in zip(truths, questions, found, strict=True)
    ]
    return Result(
        (
            score_of(
                NAME,
                "answer or not, accuracy",
                accuracy,
                items_of(decided, truths, groups),
                (("always abstain", items_of([0.0] * len(truths), truths, groups)),),
                _PUBLISHED,
                note,
                resamples,
            ),
            score_of(
                NAME,
                "answer or not, AUROC",
                auroc,
                items_of(confidences, truths, groups),
                (("paragraph's cosine", items_of(near, truths, groups)),),
                note=note,
                resamples=resamples,
            ),
            score_of(
                NAME,
                "answer among the claims, of answerable ones",
                mean,
                items_of(held, None, [groups[place] for place in answerable]),
                note=note,
                resamples=resamples,
            ),
        ),
        (
            Curve(
                NAME,
                CurveKind.RISK,
                "questions answered",
                "best sentence has no answer",
                (risk_series("ours", confidences, right),),
            ),
            Curve(
                NAME,
                CurveKind.CALIBRATION,
                "told probability of an answer",
                "share with an answer",
                (calibration_series("ours", confidences, truths),),
            ),
        ),
    )


def _failure(question: PassageQuestion, asked: Asked) -> Failure | None:
    if asked.is_answered != question.is_answerable:
        answers = question.is_answerable
        kind = "refused though it answers" if answers else "answered though it does not"
    elif question.is_answerable and not _claims_answer(question, asked):
        kind = "answer not among the claims"
    else:
        return None
    best = asked.sentences[0].citation.quote if asked.sentences else "nothing"
    expected = " | ".join(question.answers) or "no answer"
    came = f"{asked.confidence:.2f}: {best}"
    return Failure(NAME, kind, question.key, question.question, expected, came)


def _claims_answer(question: PassageQuestion, asked: Asked) -> bool:
    quotes = [citation.quote for citation in asked.citations]
    return any(has_answer(quote, answer) for quote in quotes for answer in question.answers)


def _best_has_answer(question: PassageQuestion, asked: Asked) -> bool:
    return any(
        has_answer(likely.citation.quote, answer)
        for likely in asked.sentences[:1]
        for answer in question.answers
    )
