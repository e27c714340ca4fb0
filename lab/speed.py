"""What the pipeline costs: time, memory, and both as ratios to plain encoding, measured side by side.

F is `SentenceTransformer.encode` in float32 of the bundled model, as anyone would call it."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median as middle
from typing import TYPE_CHECKING

from lab.asking import ask
from lab.metrics import interval, median
from lab.results import Result, Score
from lab.scores import items_of
from lab.sets import own, realtimeqa
from lab.stage import Context, Stage
from lab.timing import command, embedded, peak_of, seconds
from rag.asking.assistant import Assistant
from rag.core.errors import IndexUnusable
from rag.core.records import Filters
from rag.core.settings import Settings, shipped
from rag.index.search import Retriever
from rag.index.store import Store
from rag.models.backbone import WEIGHTS
from rag.models.embedding import open_encoder
from rag.models.packed import read_packed
from rag.wiring import build_index, open_assistant, open_vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

NAME = "Speed"
_NOTE = "hangs on the machine and on what else runs there"
_NO_NEWS = "measured where RealTimeQA is indexed"
_OURS = "our own articles"
_NEWS = "the articles of RealTimeQA"
# What is measured so many times: questions by themselves, commands, rounds of questions at once, builds.
_QUESTIONS = 30
_COMMANDS = 5
_ROUNDS = 3
_BUILDS = 3
_AT_ONCE = 20
_HITS = 10
_BLOCK_ARTICLES = 40


@dataclass(frozen=True, slots=True)
class _Corpus:
    """An indexed folder, and questions that are new to the process."""

    what: str
    settings: Settings
    assistant: Assistant
    questions: tuple[str, ...]


def stages(folder: Path) -> tuple[Stage, ...]:
    """The files are those of our own questions, then the questions of one year of news."""
    years = sorted(path for path in folder.glob("realtimeqa_*") if path.is_dir())
    news = tuple(sorted(years[-1].glob("*_qa.jsonl"))) if years else ()
    (ours,) = own.stages()
    files = (*ours.files, *news) if ours.files else ()
    return (Stage("speed", NAME, files, ours.origin, measure),)


def measure(context: Context, files: Sequence[Path]) -> Result:
    settings = replace(context.settings, corpus_dir=shipped("corpus"))
    build_index(settings)
    ours = _Corpus(_OURS, settings, open_assistant(settings), _alone(files[0]))
    news = _news(context.settings, [path for path in files if path.name.endswith("_qa.jsonl")])
    plain = _plain_model(context.settings.data_dir / "benchmarks" / "unpacked")
    scores: list[Score] = []
    tell = partial(_score, resamples=context.resamples)
    for corpus in (ours, news):
        what = f"CPU milliseconds of a warm question, {corpus.what if corpus else _NEWS}"
        scores.append(tell(what, _warm(corpus) if corpus else (), 1000, _NO_NEWS))
    scores.append(tell("milliseconds of a cold `sourceline ask`", _cold(ours), 1000))
    at_once = f"each of {_AT_ONCE} questions at once, in percent of one alone"
    scores.append(tell(at_once, _at_once(ours), 100))
    largest = news or ours
    builds = _builds(largest.settings, plain)
    scores.append(tell("first build, in percent of F over its passages", builds, 100))
    for what, find in _finds(largest):
        ratios = _hits(find, largest.questions, plain)
        metric = f"question to hits, {what}, in percent of F of the question, {largest.what}"
        scores.append(tell(metric, ratios, 100))
    peak = (peak_of(news.settings, "search", news.questions[0]),) if news else ()
    scores.append(tell(f"MB of memory to search, {_NEWS}", peak, 1, _NO_NEWS))
    return Result(tuple(scores))


def _alone(path: Path) -> tuple[str, ...]:
    return tuple(each.question for each in own.read_questions(path) if not each.history)


def _news(settings: Settings, files: Sequence[Path]) -> _Corpus | None:
    """Where it is indexed already: building it would take longer than all that is measured."""
    if not files:
        return None
    own_settings = replace(settings, corpus_dir=settings.data_dir / "benchmarks" / files[0].parent.name)
    try:
        Store(own_settings.state_dir).read()
    except IndexUnusable:
        return None
    questions = tuple(each.question for path in files for each in realtimeqa.read_questions(path))
    return _Corpus(_NEWS, own_settings, open_assistant(own_settings), questions) if questions else None


def _plain_model(folder: Path) -> "SentenceTransformer":
    """The bundled network in float32, as sentence-transformers runs it."""
    from sentence_transformers import SentenceTransformer

    from lab.train.unpack import unpack

    unpack(read_packed(WEIGHTS), folder)
    return SentenceTransformer(str(folder), device="cpu")


def _warm(corpus: _Corpus) -> list[float]:
    """CPU seconds of questions that are asked one after another."""
    asked = [partial(ask, corpus.assistant, each, None) for each in corpus.questions[: _QUESTIONS + 3]]
    return [seconds(work, time.process_time) for work in asked][3:]


def _cold(corpus: _Corpus) -> list[float]:
    """Seconds of commands, each a process of its own."""
    line, environment = command(corpus.settings, "ask", corpus.questions[0], "--extract")
    # A question that is not answered ends in a code of its own.
    run = partial(
        subprocess.run,
        line,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return [seconds(run) for _ in range(_COMMANDS + 1)][1:]


def _at_once(corpus: _Corpus) -> list[float]:
    """Rounds of questions one after another and then as many others at once: the median time of a
    question there over that here. No question is asked twice, for what was read is remembered."""
    questions = iter(corpus.questions[_QUESTIONS + 3 :])
    ratios = []
    for _ in range(_ROUNDS):
        some = [
            partial(ask, corpus.assistant, question, None)
            for question, _ in zip(questions, range(2 * _AT_ONCE), strict=False)
        ]
        alone, together = some[::2], some[1::2]
        if not together:
            break
        before = middle(map(seconds, alone))
        with ThreadPoolExecutor(len(together)) as threads:
            ratios.append(middle(threads.map(seconds, together)) / before)
    return ratios


def _builds(settings: Settings, plain: "SentenceTransformer") -> list[float]:
    """The first build of some articles over F of their passages, block by block; the first one warms
    both up."""
    articles = sorted(path for path in settings.corpus_dir.iterdir() if path.is_file())
    ratios = []
    with tempfile.TemporaryDirectory(prefix="sourceline-speed-") as scratch:
        data = Path(scratch) / "data"
        data.mkdir()
        (data / "models").symlink_to(settings.models_dir.resolve(), target_is_directory=True)
        for number, block in zip(range(_BUILDS + 1), _blocks(articles), strict=False):
            folder = Path(scratch) / f"block-{number}"
            folder.mkdir()
            for path in block:
                shutil.copy(path, folder)
            built = replace(settings, corpus_dir=folder, data_dir=data)
            ours = seconds(partial(build_index, built))
            texts, _ = embedded(built)
            ratios.append(ours / seconds(partial(plain.encode, texts)))
    return ratios[1:]


def _blocks(articles: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Some articles after the others, from the start again behind the last."""
    for number in count():
        start = number * _BLOCK_ARTICLES % len(articles)
        yield articles[start : start + _BLOCK_ARTICLES]


def _finds(corpus: _Corpus) -> tuple[tuple[str, Callable[[str], object]], ...]:
    """The search by itself, and as users get it."""
    settings = corpus.settings
    encoder = open_encoder(settings.embedding_model, settings.models_dir)
    aliases = (settings.aliases_path,)
    bare = Retriever(Store(settings.state_dir), open_vectors(settings), encoder, aliases)
    return (
        ("without reading them", lambda question: bare.find(question, Filters(), _HITS)),
        ("read", lambda question: corpus.assistant.search(question, Filters(), _HITS)),
    )


def _hits(
    find: Callable[[str], object], questions: Sequence[str], plain: "SentenceTransformer"
) -> list[float]:
    """From the end of the questions, which nobody has asked yet, in turns of ten: right behind the
    other model's call the processor's caches are full of that model's weights."""
    ratios: list[float] = []
    some = questions[-_QUESTIONS:]
    for start in range(0, len(some), 10):
        turn = some[start : start + 10]
        ours = [seconds(partial(find, question)) for question in turn]
        theirs = [seconds(partial(plain.encode, question)) for question in turn]
        # The first of a turn warms up.
        ratios += [one / other for one, other in zip(ours[1:], theirs[1:], strict=True)]
    return ratios


def _score(
    metric: str, values: Sequence[float], scale: float, lacking: str = "", *, resamples: int
) -> Score:
    """The median of what was measured, in the unit that `metric` names."""
    if not values:
        return Score(NAME, metric, 0, None, note=lacking or "no records")
    items = items_of(values, None, list(map(str, range(len(values)))))
    low, high = (round(scale * end, 1) for end in interval(median, items, 0.0, resamples))
    found = Score(NAME, metric, len(values), round(scale * median(items), 1), note=_NOTE)
    return found if len(values) == 1 else replace(found, low=low, high=high)
