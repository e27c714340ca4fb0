"""Do the texts that were found for a question give more than one answer to it?

Each text is read together with the question, as the pipeline reads a passage, and gives one short
answer. What is found that way is a likelihood; a conflict is told from a threshold on, which is chosen
on one half of the unlearned questions. All figures are on the other half."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from lab.failures import Failure
from lab.learned import is_learned
from lab.metrics import Half, Items, auroc, fit_threshold, half_of
from lab.results import Curve, CurveKind, Result
from lab.scores import calibration_series, items_of, score_of
from lab.scratch import Document
from lab.short_answers import ShortAnswer, likelihood, short_answer
from lab.stage import Context
from rag.asking.conflicts.find import find_conflicts
from rag.asking.evidence import Evidence
from rag.asking.questions import Question, QuestionReader
from rag.core.errors import QuestionError
from rag.core.records import Article, Hit, Passage
from rag.core.settings import BUNDLED_MODEL
from rag.index.passages import PassageRules
from rag.language.terms import Lexicon, read_aliases
from rag.language.text import plain
from rag.models.backbone import open_backbone
from rag.models.embedding import open_encoder
from rag.models.pairs import PairReader


@dataclass(frozen=True, slots=True)
class ConflictQuestion:
    """A question with texts that were found for it, and whether they give more than one answer."""

    question: str
    documents: tuple[Document, ...]
    is_conflict: bool
    answers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.question


@dataclass(frozen=True, slots=True)
class _Measured:
    """A question, how likely its texts conflict, how many different answers of the kind asked for they
    have, and the short answers."""

    question: ConflictQuestion
    likelihood: float
    kinds: int
    answers: tuple[ShortAnswer, ...]
    is_shown: bool


@dataclass(frozen=True, slots=True)
class _Tools:
    """What the pipeline reads and compares with."""

    questions: QuestionReader
    pairs: PairReader
    evidence: Evidence
    lexicon: Lexicon


def measure_conflicts(
    context: Context, key: str, name: str, questions: Sequence[ConflictQuestion]
) -> Result:
    """The figures of a set, by its `key` in the list of what was learned from."""
    unlearned = [question for question in questions if not is_learned(question.key, key)]
    chosen = context.sampled(unlearned)
    lexicon = Lexicon(read_aliases(context.settings.aliases_path))
    settings = context.settings
    pairs = PairReader(open_backbone())
    encoder = open_encoder(BUNDLED_MODEL, settings.models_dir)
    rules = PassageRules(encoder.window_tokens, settings.passage_tokens)
    evidence = Evidence(pairs, lexicon, rules, encoder.count_tokens)
    tools = _Tools(QuestionReader(lexicon), pairs, evidence, lexicon)
    found = []
    for question in context.each(chosen, f"{name}: reading"):
        try:
            asked = tools.questions.read_whole(question.question)
        except QuestionError:
            continue
        found.append(_judged(question, asked, tools))
    return _figures(name, found, context)


def _judged(question: ConflictQuestion, asked: Question, tools: _Tools) -> _Measured:
    texts = [document.text for document in question.documents]
    lexicon = tools.lexicon
    readings = tools.pairs.read([(plain(asked.text), plain(text)) for text in texts])
    answers = tuple(
        answer
        for text, reading in zip(texts, readings, strict=True)
        if (answer := short_answer(asked, text, reading, lexicon))
    )
    kinds = len({answer.text.lower() for answer in answers})
    hits = [_hit(document) for document in question.documents if document.has_words]
    shown = find_conflicts(asked, tools.evidence.candidates(asked, hits), lexicon)
    return _Measured(question, likelihood(asked, answers, lexicon), kinds, answers, bool(shown))


def _hit(document: Document) -> Hit:
    """A text as one passage of an article of its own."""
    digest = document.source.partition(".")[0]
    article = Article(document.source, document.text, digest, document.title or None)
    return Hit(Passage(digest, article.source, 0, len(article.text)), article, 1.0)


def _figures(name: str, found: Sequence[_Measured], context: Context) -> Result:
    ours = _items(found, [each.likelihood for each in found])
    by_kinds = _items(found, [1 - 1 / (1 + each.kinds) for each in found])
    by_texts = _items(found, [1 - 1 / (1 + len(each.question.documents)) for each in found])
    reported = [each for each in found if half_of(each.question.key) is Half.REPORT]
    thresholds = [_threshold(items) for items in (ours, by_kinds)]
    told = [
        _told(items.half(Half.REPORT), threshold)
        for items, threshold in zip((ours, by_kinds), thresholds, strict=True)
    ]
    always = _items(reported, [1.0] * len(reported))
    note = f"half of {len(found)} unlearned questions, the threshold chosen on the other"
    score = partial(score_of, name, resamples=context.resamples)
    scores = [
        score(
            f"texts conflict, {metric_name}",
            metric,
            told[0],
            (("always", always), ("different short answers, counted", told[1])),
            note=note,
        )
        for metric_name, metric in (("F1", f1), ("precision", precision), ("recall", recall))
    ]
    shown = _items(reported, [float(each.is_shown) for each in reported])
    scores += [
        score(
            "texts conflict, AUROC",
            auroc,
            ours.half(Half.REPORT),
            (
                ("different short answers, counted", by_kinds.half(Half.REPORT)),
                ("texts, counted", by_texts.half(Half.REPORT)),
            ),
            note=f"half of {len(found)} unlearned questions",
        ),
        score(
            "conflicts that an answer would show, precision",
            precision,
            shown,
            (("always", always),),
            note=f"{sum(each.is_shown for each in reported)} of {len(reported)} questions; the rules "
            "were mended in view of the other half",
        ),
    ]
    for each in reported:
        if (each.likelihood >= thresholds[0]) != each.question.is_conflict:
            context.failed(_failure(name, each))
    truths = [each.question.is_conflict for each in reported]
    series = calibration_series("ours", [each.likelihood for each in reported], truths)
    curve = Curve(
        name, CurveKind.CALIBRATION, "told likelihood of a conflict", "share that conflicts", (series,)
    )
    return Result(tuple(scores), (curve,))


def _items(found: Sequence[_Measured], values: Sequence[float]) -> Items:
    return items_of(
        values,
        [each.question.is_conflict for each in found],
        [each.question.key for each in found],
    )


def _threshold(items: Items) -> float:
    """The best on the tuning half; one half where that has too few questions."""
    try:
        return fit_threshold(f1, items.half(Half.TUNING))
    except ValueError:
        return 0.5


def _told(items: Items, threshold: float) -> Items:
    """What is told from a threshold on, as 0 and 1."""
    return Items((items.supports >= threshold).astype(float), items.truths, items.weights, items.groups)


def _failure(name: str, measured: _Measured) -> Failure:
    question = measured.question
    kind = "a conflict missed" if question.is_conflict else "a conflict that is none"
    answers = sorted(measured.answers, key=lambda answer: -answer.probability)
    came = " | ".join(f"{answer.text} ({answer.probability:.2f})" for answer in answers)
    expected = " | ".join(question.answers)
    return Failure(name, kind, question.key, question.question, expected, came)


def precision(items: Items, threshold: float) -> float:
    """Of what is told to conflict, the share that does; NaN where nothing is told."""
    is_told = items.supports >= threshold
    return float((items.truths[is_told] > 0.5).mean()) if is_told.any() else math.nan


def recall(items: Items, threshold: float) -> float:
    """Of what conflicts, the share that is told; NaN where nothing does."""
    conflicts = items.truths > 0.5
    return float((items.supports[conflicts] >= threshold).mean()) if conflicts.any() else math.nan


def f1(items: Items, threshold: float) -> float:
    """F1 of telling conflicts; NaN where there is none."""
    conflicts, is_told = items.truths > 0.5, items.supports >= threshold
    if not conflicts.any():
        return math.nan
    return float(2 * (conflicts & is_told).sum() / (conflicts.sum() + is_told.sum()))
