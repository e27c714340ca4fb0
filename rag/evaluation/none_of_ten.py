"""Ten passages that a search found for a question: does any of them answer it?

Where no set of such is there, one is made of CLAPNQ: to the passage that answers a question come the
nine passages of other questions that share most words with it; and without its own there are ten."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.embedding import open_encoder
from rag.evaluation import clapnq
from rag.evaluation.asking import ask
from rag.evaluation.metrics import auroc, balanced_accuracy, fit_threshold
from rag.evaluation.plain import PlainSearch, cosines
from rag.evaluation.question_readers import PassageQuestion, PoolQuestion, read_clapnq, read_pools
from rag.evaluation.scores import (
    Baseline,
    Curve,
    CurveKind,
    Result,
    Score,
    calibration_series,
    items_of,
    percent,
    risk_series,
    sample_note,
    score_of,
)
from rag.evaluation.scratch import Scratch
from rag.evaluation.stage import Context

NAME = "None of ten passages"
MADE_NAME = "None of ten passages, made of CLAPNQ"
KEY = "none_of_ten"
ORIGIN = (
    "lines of {query, positive_passages, negative_passages} as github.com/project-miracl/nomiracl has "
    "them, in none_of_ten/*.jsonl"
)
_PASSAGES = 10
# As many questions as keep the whole scoreboard within its time.
MOST_QUESTIONS = 600
_PUBLISHED = "cosine at its best threshold 64.6, GPT-4 75.8"


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(f"{KEY}/*.jsonl*")))


def measure_pools(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its ten passages. Only those are indexed: a whole set may have a
    hundred thousand."""
    questions = [question for path in files for question in read_pools(path)]
    chosen = context.sampled(questions, MOST_QUESTIONS)
    documents = (document for question in chosen for document in question.documents)
    scratch = context.scratch(KEY, documents)
    note = sample_note(len(chosen), len(questions))
    return _measure(context, scratch, NAME, chosen, note, _PUBLISHED)


def measure_made_pools(context: Context, files: Sequence[Path]) -> Result:
    """The same of a set that is made of CLAPNQ's files."""
    every = [question for path in files for question in read_clapnq(path)]
    scratch = context.scratch(clapnq.KEY, (question.document for question in every))
    answerable = [question for question in clapnq.read_unlearned(files) if question.gold]
    chosen = context.sampled(answerable)
    pools = list(_made(chosen, every, PlainSearch(scratch.settings)))
    note = sample_note(len(chosen), len(answerable))
    return _measure(context, scratch, MADE_NAME, pools, note, "")


def _made(
    questions: Sequence[PassageQuestion], every: Sequence[PassageQuestion], plain: PlainSearch
) -> Iterator[PoolQuestion]:
    documents = {question.document.source: question.document for question in every}
    for question in questions:
        own = question.document.source
        near = [
            documents[source]
            for source in plain.nearest_sources(question.question, _PASSAGES + 1)
            if source != own
        ]
        with_own = (question.document, *near[: _PASSAGES - 1])
        yield PoolQuestion(question.key, question.question, with_own, True)
        yield PoolQuestion(question.key, question.question, tuple(near[:_PASSAGES]), False)


def _measure(
    context: Context,
    scratch: Scratch,
    name: str,
    questions: Sequence[PoolQuestion],
    note: str,
    published: str,
) -> Result:
    encoder = open_encoder(context.settings.embedding_model, context.settings.models_dir)
    confidences, decided, nearest = [], [], []
    for number, question in enumerate(questions, start=1):
        sources = [d.source for d in question.documents if d.source in scratch.articles]
        asked = ask(scratch.assistant, question.question, sources)
        confidences.append(asked.confidence)
        decided.append(float(asked.is_answered))
        texts = [document.text for document in question.documents]
        nearest.append(max(cosines(encoder, question.question, texts), default=0.0))
        context.progress(number, len(questions), f"{name}: asking")
    truths = [question.is_answerable for question in questions]
    groups = [question.key for question in questions]
    by_cosine = items_of(nearest, truths, groups)
    scores = (
        score_of(
            name,
            "balanced accuracy",
            balanced_accuracy,
            items_of(decided, truths, groups),
            (("always abstain", items_of([0.0] * len(truths), truths, groups)),),
            published,
            note,
            context.resamples,
        ),
        score_of(
            name,
            "AUROC",
            auroc,
            items_of(confidences, truths, groups),
            (("best passage's cosine", by_cosine),),
            note=note,
            resamples=context.resamples,
        ),
    )
    if len(set(truths)) == 2:
        best = fit_threshold(balanced_accuracy, by_cosine)
        reached = percent(balanced_accuracy(by_cosine, best))
        scores = (_with(scores[0], Baseline("cosine, best threshold for these", reached)), scores[1])
    return Result(
        scores,
        (
            Curve(
                name,
                CurveKind.RISK,
                "questions answered",
                "no passage answers",
                (risk_series("ours", confidences, truths), risk_series("cosine", nearest, truths)),
            ),
            Curve(
                name,
                CurveKind.CALIBRATION,
                "told probability of an answer",
                "share with an answer",
                (calibration_series("ours", confidences, truths),),
            ),
        ),
    )


def _with(score: Score, baseline: Baseline) -> Score:
    return replace(score, baselines=(*score.baselines, baseline))
