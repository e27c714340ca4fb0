"""Ten passages that a search found for a question: does any of them answer it?

Where no set of such is there, two are made of CLAPNQ, each of a question's own passage and the nine
passages of other questions that share most words with it. Against those with an answer stand, in the
easy set, the same questions without their own passage, and in the hard one questions that their own
passage does not answer, near as it comes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lab.evaluation import clapnq
from lab.evaluation.asking import ask
from lab.evaluation.failures import Failure
from lab.evaluation.metrics import auroc, balanced_accuracy, fit_threshold
from lab.evaluation.plain import Cosines, PlainSearch
from lab.evaluation.question_readers import PassageQuestion, PoolQuestion, read_clapnq, read_pools
from lab.evaluation.scores import (
    Baseline,
    Curve,
    CurveKind,
    Result,
    calibration_series,
    items_of,
    percent,
    risk_series,
    sample_note,
    score_of,
)
from lab.evaluation.scratch import Scratch
from lab.evaluation.stage import Context

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


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question with what came of it, and the cosine of its nearest passage."""

    question: PoolQuestion
    confidence: float
    is_answered: bool
    cosine: float


def files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(f"{KEY}/*.jsonl*")))


def measure_pools(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its ten passages. Only those are indexed: a whole set may have a
    hundred thousand."""
    questions = [question for path in files for question in read_pools(path)]
    chosen = context.sampled(questions, MOST_QUESTIONS)
    documents = (document for question in chosen for document in question.documents)
    scratch = context.scratch(KEY, documents)
    found = _ask_each(context, scratch, NAME, chosen)
    note = sample_note(len(chosen), len(questions))
    return _figures(NAME, found, note, _PUBLISHED, context.resamples)


def measure_made_pools(context: Context, files: Sequence[Path]) -> Result:
    """The same of the sets that are made of CLAPNQ's files."""
    every = [question for path in files for question in read_clapnq(path)]
    scratch = context.scratch(clapnq.KEY, (question.document for question in every))
    unlearned = clapnq.read_unlearned(files)
    chosen = context.sampled(unlearned)
    plain = PlainSearch(scratch.settings)
    pools = [_made(question, every, plain) for question in chosen]
    answered, lacking, near = (
        _ask_each(context, scratch, f"{MADE_NAME}, {what}", asked)
        for what, asked in (
            ("answered", [own for own, _ in pools if own.is_answerable]),
            ("easy", [other for own, other in pools if own.is_answerable]),
            ("hard", [own for own, _ in pools if not own.is_answerable]),
        )
    )
    note = sample_note(len(chosen), len(unlearned))
    easy = _figures(f"{MADE_NAME}, easy", answered + lacking, note, "", context.resamples)
    hard = _figures(f"{MADE_NAME}, hard", answered + near, note, "", context.resamples)
    return Result((*easy.scores, *hard.scores), (*easy.curves, *hard.curves))


def _made(
    question: PassageQuestion, every: Sequence[PassageQuestion], plain: PlainSearch
) -> tuple[PoolQuestion, PoolQuestion]:
    """A question with its own passage among ten, and without."""
    documents = {other.document.source: other.document for other in every}
    own = question.document.source
    sources = plain.nearest_sources(question.question, _PASSAGES + 1)
    near = tuple(documents[source] for source in sources if source != own)
    with_own = (question.document, *near[: _PASSAGES - 1])
    return (
        PoolQuestion(question.key, question.question, with_own, bool(question.gold)),
        PoolQuestion(question.key, question.question, near[:_PASSAGES], False),
    )


def _ask_each(
    context: Context, scratch: Scratch, name: str, questions: Sequence[PoolQuestion]
) -> list[_Measured]:
    cosines = Cosines(context.settings)
    found = []
    for number, question in enumerate(questions, start=1):
        sources = [d.source for d in question.documents if d.source in scratch.articles]
        asked = ask(scratch.assistant, question.question, sources)
        texts = [document.text for document in question.documents]
        nearest = max(cosines.of(question.question, texts), default=0.0)
        found.append(_Measured(question, asked.confidence, asked.is_answered, nearest))
        if asked.is_answered != question.is_answerable:
            kind = "refused" if question.is_answerable else "answered"
            best = asked.sentences[0].citation.quote if asked.sentences else "nothing"
            expected = "an answer" if question.is_answerable else "no answer"
            came = f"{asked.confidence:.2f}: {best}"
            context.failed(Failure(name, kind, question.key, question.question, expected, came))
        context.progress(number, len(questions), f"{name}: asking")
    return found


def _figures(name: str, found: Sequence[_Measured], note: str, published: str, resamples: int) -> Result:
    truths = [each.question.is_answerable for each in found]
    groups = [each.question.key for each in found]
    confidences = [each.confidence for each in found]
    nearest = [each.cosine for each in found]
    by_cosine = items_of(nearest, truths, groups)
    decision = score_of(
        name,
        "balanced accuracy",
        balanced_accuracy,
        items_of([float(each.is_answered) for each in found], truths, groups),
        (("always abstain", items_of([0.0] * len(found), truths, groups)),),
        published,
        note,
        resamples,
    )
    if len(set(truths)) == 2:
        best = fit_threshold(balanced_accuracy, by_cosine)
        reached = percent(balanced_accuracy(by_cosine, best))
        cosine = Baseline("cosine, best threshold for these", reached)
        decision = replace(decision, baselines=(*decision.baselines, cosine))
    order = score_of(
        name,
        "AUROC",
        auroc,
        items_of(confidences, truths, groups),
        (("best passage's cosine", by_cosine),),
        note=note,
        resamples=resamples,
    )
    return Result(
        (decision, order),
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
