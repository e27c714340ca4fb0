"""SciFact as BEIR has it: which abstracts does the search put first for a scientific claim?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import ir_measures
from ir_measures import R, nDCG

from lab.evaluation.failures import Failure
from lab.evaluation.metrics import mean
from lab.evaluation.plain import Plain, PlainSearch
from lab.evaluation.question_readers import RankedQuery, read_papers, read_ranked_queries
from lab.evaluation.scores import Result, items_of, score_of
from lab.evaluation.stage import Context
from rag.core.errors import QuestionError
from rag.core.records import Filters, Hit

NAME = "SciFact abstracts"
ORIGIN = (
    "BEIR's SciFact: corpus.jsonl.gz, queries.jsonl and qrels/test.tsv, as scifact/qrels_test.tsv, "
    "from github.com/beir-cellar/beir"
)
# Passages that are looked at for each claim: enough that a hundred abstracts are among them.
_DEPTH = 300
_MEASURES = (
    (
        "nDCG@10",
        nDCG @ 10,
        "BM25 .679, all-MiniLM-L6-v2 .645, SPLADE-v3 .714, BGE-base .741",
    ),
    ("recall@100", R @ 100, "BM25 .925, SPLADE-v3 .936, BGE-base .967"),
)
_OURS = "ours"
_SHOWN = 5

# The score of each abstract that was found, by its name.
_Ranking = Mapping[str, float]


def files_of(folder: Path) -> tuple[Path, ...]:
    names = ("corpus.jsonl.gz", "queries.jsonl", "qrels_test.tsv")
    files = tuple(folder / "scifact" / name for name in names)
    return files if all(file.exists() for file in files) else ()


def measure_ranking(context: Context, files: Sequence[Path]) -> Result:
    """An abstract stands where its best passage does."""
    papers = {paper.key: paper.document for paper in read_papers(files[0])}
    names: dict[str, list[str]] = {}
    for key, document in papers.items():
        names.setdefault(document.source, []).append(key)
    scratch = context.scratch("scifact", papers.values())
    plain = PlainSearch(scratch.settings)
    queries = context.sampled(read_ranked_queries(files[2]))
    rankings: dict[str, dict[str, _Ranking]] = {way: {} for way in (_OURS, *Plain)}
    for number, query in enumerate(queries, start=1):
        try:
            hits = scratch.assistant.search(query.text, Filters(), _DEPTH)
        except QuestionError:
            hits = ()
        rankings[_OURS][query.key] = _ranking(hits, names)
        for way, found in plain.find(query.text, _DEPTH):
            rankings[way][query.key] = _ranking(found, names)
        context.progress(number, len(queries), f"{NAME}: searching")
        wanted = {key for key, _ in query.relevant}
        first = list(rankings[_OURS][query.key])[:_SHOWN]
        if not wanted & set(first):
            told = [
                " | ".join(papers[key].title for key in some if key in papers)
                for some in (wanted, first)
            ]
            context.failed(Failure(NAME, f"not in the first {_SHOWN}", query.key, query.text, *told))
    scores = []
    for metric, measure, published in _MEASURES:
        found_by = {
            way: items_of(_figures(measure, queries, found), None, [query.key for query in queries])
            for way, found in rankings.items()
        }
        scores.append(
            score_of(
                NAME,
                metric,
                mean,
                found_by.pop(_OURS),
                tuple(found_by.items()),
                published,
                resamples=context.resamples,
            )
        )
    return Result(tuple(scores))


def _ranking(hits: Sequence[Hit], names: Mapping[str, Sequence[str]]) -> _Ranking:
    ranking: dict[str, float] = {}
    for hit in hits:
        for name in names[hit.passage.source]:
            # Each stands behind the one found before it, whatever the scores were.
            ranking.setdefault(name, -float(len(ranking)))
    return ranking


def _figures(
    measure: ir_measures.Measure, queries: Sequence[RankedQuery], rankings: Mapping[str, _Ranking]
) -> list[float]:
    """The figure of each query, 0..1."""
    relevant = {query.key: dict(query.relevant) for query in queries}
    found = {
        entry.query_id: float(entry.value)
        for entry in ir_measures.iter_calc([measure], relevant, rankings)
    }
    return [found.get(query.key, 0.0) for query in queries]
