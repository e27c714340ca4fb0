"""Speed, as ratios measured side by side in one run.

F is `SentenceTransformer.encode` of the bundled network in float32, as anyone would call it. Measured
are the first build of an index against F over the same passages, a question to its hits against F of
that question (with few passages and with many), a question to its answer against F of it and of the
pairs that are read for it, and indexing an unchanged corpus again against its first build. Each figure
is the median of ratios taken in turn; absolute times are for orientation only.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from rich.progress import track
from sentence_transformers import SentenceTransformer

from lab.sets.own import read_questions
from lab.timing import embedded, peak_of, seconds
from lab.train.unpack import unpack
from rag.asking.assistant import Assistant
from rag.core.records import Filters, Method
from rag.core.settings import BUNDLED_MODEL, Settings, shipped
from rag.index.search import READ_TOGETHER, Retriever
from rag.index.store import Store
from rag.models.backbone import WEIGHTS
from rag.models.embedding import open_encoder
from rag.models.packed import read_packed
from rag.wiring import build_index, open_assistant, open_vectors

QUESTION_FILE = Path(__file__).parent / "questions.jsonl"
BLOCKS = 5
BLOCK_ARTICLES = 60
QUESTIONS = 100
TURN = 10
ANSWERS = 40


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="sourceline-benchmark-") as scratch:
        files = _articles(arguments, Path(scratch))
        unpack(read_packed(WEIGHTS), Path(scratch) / "plain")
        plain = SentenceTransformer(str(Path(scratch) / "plain"), device="cpu")
        encoder = open_encoder(BUNDLED_MODEL, Path(scratch) / "data" / "models")
        print(f"{len(files)} articles; passages computed in {encoder.precision}")
        questions = _questions(arguments, files)
        build_ratios(files, Path(scratch), plain)
        few = Settings(corpus_dir=shipped("corpus"), data_dir=Path(scratch) / "data")
        build_index(few)
        question_ratios("the shipped articles", few, questions, plain)
        many = Settings(corpus_dir=_folder(Path(scratch) / "many", files), data_dir=few.data_dir)
        rebuild_ratio(many)
        question_ratios(f"{len(files)} articles", many, questions, plain)
        answer_ratios(f"{len(files)} articles", many, questions[:ANSWERS], plain)


def build_ratios(files: Sequence[Path], scratch: Path, plain: SentenceTransformer) -> None:
    """The first build of some articles against F over their passages, block by block."""
    ratios, cosines = [], []
    for number in track(range(BLOCKS), description="First builds"):
        block = files[number * BLOCK_ARTICLES : (number + 1) * BLOCK_ARTICLES]
        if not block:
            break
        settings = Settings(
            corpus_dir=_folder(scratch / f"block-{number}", block), data_dir=scratch / "data"
        )
        ours = seconds(partial(build_index, settings))
        texts, vectors = embedded(settings)
        started = time.perf_counter()
        encoded = np.asarray(plain.encode(texts, prompt_name="document"))
        ratios.append(ours / (time.perf_counter() - started))
        cosines.append(float((encoded * vectors).sum(axis=1).min()))
    print(
        f"first build / F over the same passages: median {statistics.median(ratios):.2f} "
        f"(of {', '.join(f'{ratio:.2f}' for ratio in ratios)}); "
        f"least cosine of a passage to F's {min(cosines):.5f}"
    )


def rebuild_ratio(settings: Settings) -> None:
    """An unchanged corpus indexed again, against its first build; each a process of its own."""
    started = time.perf_counter()
    peak = peak_of(settings, "index")
    first = time.perf_counter() - started
    again = [seconds(partial(peak_of, settings, "index")) for _ in range(3)]
    size = len(Store(settings.state_dir).read().passages)
    print(
        f"{size} passages indexed in {first:.0f} s, peak memory {peak:.0f} MB; "
        f"unchanged again / first build: median {statistics.median(again) / first:.4f}"
    )


def question_ratios(
    what: str, settings: Settings, questions: Sequence[str], plain: SentenceTransformer
) -> None:
    """A question to its hits (both searches, fused, filtered) against F of that question, in turn."""
    encoder = open_encoder(settings.embedding_model, settings.models_dir)
    retriever = Retriever(
        Store(settings.state_dir), open_vectors(settings), encoder, (settings.aliases_path,)
    )
    passages = len(retriever.snapshot().passages)
    sources = sorted(retriever.snapshot().articles)
    for label, filters in (
        ("unfiltered", Filters()),
        ("half of the articles allowed", Filters(sources=frozenset(sources[::2]))),
        ("a fifth allowed", Filters(sources=frozenset(sources[::5]))),
    ):
        # In turns of a few questions each: every call right after the other model's would find the
        # processor's caches full of that model's weights, which no user's question does.
        pairs = []
        for turn in range(0, len(questions), TURN):
            some = questions[turn : turn + TURN]
            ours = [seconds(partial(retriever.find, q, filters, 10)) for q in some]
            theirs = [seconds(partial(plain.encode, q)) for q in some]
            pairs += list(zip(ours, theirs, strict=True))[1:]  # the first of a turn warms up
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        ours, theirs = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
        print(
            f"question to hits / F of the question, {what}, {passages} passages, {label}: "
            f"median {ratio:.2f} ({ours:.1f} ms against {theirs:.1f} ms)"
        )


def answer_ratios(
    what: str, settings: Settings, questions: Sequence[str], plain: SentenceTransformer
) -> None:
    """A question to its answer against F of the question and of the pairs that are read for it."""
    encoder = open_encoder(settings.embedding_model, settings.models_dir)
    retriever = Retriever(
        Store(settings.state_dir), open_vectors(settings), encoder, (settings.aliases_path,)
    )
    snapshot = retriever.snapshot()
    assistant = open_assistant(settings)
    ratios = []
    for question in questions:
        hits = retriever.find(question, Filters(), READ_TOGETHER)
        texts = [f"{question} {hit.text}" for hit in hits]
        ours = seconds(partial(_answer, assistant, question))
        bare = seconds(partial(plain.encode, question)) + seconds(partial(plain.encode, texts))
        ratios.append(ours / bare)
    print(
        f"answer / F of the question and its pairs, {what}, {len(snapshot.passages)} passages: median "
        f"{statistics.median(ratios[1:]):.2f}"
    )
    print(
        f"peak memory of `sourceline ask`, {what}: {_peak_of_answers(settings, questions[:10]):.0f} MB"
    )


def _peak_of_answers(settings: Settings, questions: Sequence[str]) -> float:
    """The most memory that a command holds that answers these questions, in MB."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(questions))
        file.flush()
        return peak_of(settings, "ask", "--questions", file.name, "--extract")


def _answer(assistant: Assistant, question: str) -> None:
    for _ in assistant.ask(question, method=Method.EXTRACTED):
        pass


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    benchmarks = os.environ.get("SOURCELINE_BENCHMARKS")
    parser.add_argument("--articles", type=Path, help="a folder of articles")
    parser.add_argument(
        "--realtimeqa",
        type=Path,
        default=Path(benchmarks) / "realtimeqa_2025" if benchmarks else None,
        help="RealTimeQA's DATE_gcs.jsonl.gz [default: $SOURCELINE_BENCHMARKS/realtimeqa_2025]",
    )
    parser.add_argument("--sample", type=int, help="only this many articles")
    return parser.parse_args()


def _articles(arguments: argparse.Namespace, scratch: Path) -> list[Path]:
    """The files to index, in an order that is the same in each run."""
    if arguments.articles:
        files = sorted(path for path in arguments.articles.rglob("*") if path.is_file())
    elif arguments.realtimeqa:
        files = list(_realtimeqa(arguments.realtimeqa, scratch / "realtimeqa"))
    else:
        print("No --articles and no SOURCELINE_BENCHMARKS: measuring on the shipped articles only.")
        files = sorted(shipped("corpus").glob("*.md"))
    return files[: arguments.sample]


def _realtimeqa(folder: Path, target: Path) -> Iterator[Path]:
    """Each different article of the result lists as a text file."""
    target.mkdir()
    seen: set[str] = set()
    for path in sorted(folder.glob("*_gcs.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for result in json.loads(line)["search_result"]:
                    text = result.get("text", "").strip()
                    if not text or text in seen:
                        continue
                    seen.add(text)
                    file = target / f"{len(seen):05}.txt"
                    file.write_text(f"{result['title']}\n\n{text}\n", encoding="utf-8")
                    yield file


def _questions(arguments: argparse.Namespace, files: Sequence[Path]) -> list[str]:
    if arguments.realtimeqa and not arguments.articles:
        asked: list[str] = [
            json.loads(line)["question_sentence"]
            for path in sorted(arguments.realtimeqa.glob("*_qa.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        return asked[:QUESTIONS]
    return [question.question for question in read_questions(QUESTION_FILE)][:QUESTIONS]


def _folder(folder: Path, files: Sequence[Path]) -> Path:
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


if __name__ == "__main__":
    main()
