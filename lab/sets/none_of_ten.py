"""Ten passages that a search found for a question: does any of them answer it?

Where no set of such is there, two are made of CLAPNQ, each of a question's own passage and the nine
passages of other questions that share most words with it. Against those with an answer stand, in the
easy set, the same questions without their own passage, and in the hard one questions that their own
passage does not answer, near as it comes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from lab.asking import ask
from lab.failures import Failure
from lab.metrics import auroc, balanced_accuracy
from lab.plain import Cosines, PlainSearch
from lab.reading import read_records
from lab.results import Result
from lab.scores import answer_curves, at_best, items_of, sample_note, score_of
from lab.scratch import Document, Scratch
from lab.sets import clapnq
from lab.stage import Context, Stage

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


class _Passage(BaseModel):
    title: str | None = None
    text: str


class _Pool(BaseModel):
    query: str
    query_id: str | int | None = None
    positive_passages: list[_Passage] = []
    negative_passages: list[_Passage] = []
    passages: list[_Passage] = []
    subset: str | None = None
    label: bool | int | str | None = None
    answerable: bool | None = None


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """A question asked of several passages, which answer it or do not."""

    key: str
    question: str
    documents: tuple[Document, ...]
    is_answerable: bool


def read(path: Path) -> Iterator[PoolQuestion]:
    """Questions with ten passages, lines of {"query", "passages"} or, as NoMIRACL has them,
    {"query", "positive_passages", "negative_passages"}; a passage has "text", and "title" if it likes.

    Whether any passage answers is told by "answerable", by "label" (true, 1, "relevant" or
    "answerable"), by "subset" ("relevant" or "non_relevant"), by those words in the file's name, or by
    there being positive passages: by the first of these that is there. Passages beyond ten are left
    out, negative ones first. Raises BenchmarkUnusable."""
    for number, record in read_records(path, _Pool):
        found = (record.positive_passages + record.negative_passages + record.passages)[:_PASSAGES]
        documents = tuple(Document(passage.text, passage.title or "") for passage in found)
        key = f"{path.stem}-{record.query_id if record.query_id is not None else number}"
        yield PoolQuestion(key, record.query, documents, _is_answerable(record, path.name))


def _is_answerable(record: _Pool, file_name: str) -> bool:
    if record.answerable is not None:
        return record.answerable
    for told in (record.label, record.subset, file_name):
        if isinstance(told, bool | int):
            return bool(told)
        if isinstance(told, str) and (kind := _kind(told)) is not None:
            return kind
    return bool(record.positive_passages)


def _kind(told: str) -> bool | None:
    words = re.sub(r"[^a-z]", "", told.lower())
    if any(no in words for no in ("nonrelevant", "notrelevant", "irrelevant", "unanswerable", "false")):
        return False
    return True if any(yes in words for yes in ("relevant", "answerable", "true")) else None


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question with what came of it, and the cosine of its nearest passage."""

    question: PoolQuestion
    confidence: float
    is_answered: bool
    cosine: float


def stages(folder: Path) -> tuple[Stage, ...]:
    pools = tuple(sorted(folder.glob(f"{KEY}/*.jsonl*")))
    files = pools or clapnq.files_of(folder)
    return (Stage(KEY, NAME, files, ORIGIN, measure_pools if pools else measure_made_pools),)


def measure_pools(context: Context, files: Sequence[Path]) -> Result:
    """Each question is asked of its ten passages. Only those are indexed: a whole set may have a
    hundred thousand."""
    questions = [question for path in files for question in read(path)]
    chosen = context.sampled(questions, MOST_QUESTIONS)
    documents = (document for question in chosen for document in question.documents)
    scratch = context.scratch(KEY, documents)
    found = _ask_each(context, scratch, NAME, chosen)
    note = sample_note(len(chosen), len(questions))
    return _figures(NAME, found, note, _PUBLISHED, context.resamples)


def measure_made_pools(context: Context, files: Sequence[Path]) -> Result:
    """The same of the sets that are made of CLAPNQ's files."""
    every = [question for path in files for question in clapnq.read(path)]
    scratch = context.scratch(clapnq.KEY, (question.document for question in every))
    unlearned = clapnq.unlearned(every)
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
    question: clapnq.PassageQuestion, every: Sequence[clapnq.PassageQuestion], plain: PlainSearch
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
    for question in context.each(questions, f"{name}: asking"):
        sources = [d.source for d in question.documents if d.source in scratch.articles]
        asked = ask(scratch.assistant, question.question, sources)
        texts = [document.text for document in question.documents]
        nearest = max(cosines.of(question.question, texts), default=0.0)
        found.append(_Measured(question, asked.confidence, asked.is_answered, nearest))
        if asked.is_answered != question.is_answerable:
            kind = "refused" if question.is_answerable else "answered"
            expected = "an answer" if question.is_answerable else "no answer"
            context.failed(Failure(name, kind, question.key, question.question, expected, asked.told))
    return found


def _figures(name: str, found: Sequence[_Measured], note: str, published: str, resamples: int) -> Result:
    score = partial(score_of, name, note=note, resamples=resamples)
    truths = [each.question.is_answerable for each in found]
    groups = [each.question.key for each in found]
    confidences = [each.confidence for each in found]
    nearest = [each.cosine for each in found]
    by_cosine = items_of(nearest, truths, groups)
    decision = score(
        "balanced accuracy",
        balanced_accuracy,
        items_of([float(each.is_answered) for each in found], truths, groups),
        (("always abstain", items_of([0.0] * len(found), truths, groups)),),
        published,
    )
    cosine = at_best("cosine", balanced_accuracy, by_cosine)
    order = score(
        "AUROC",
        auroc,
        items_of(confidences, truths, groups),
        (("best passage's cosine", by_cosine),),
    )
    risks = [("ours", confidences, truths), ("cosine", nearest, truths)]
    return Result(
        (replace(decision, baselines=(*decision.baselines, *cosine)), order),
        answer_curves(name, "no passage answers", risks, confidences, truths),
    )
