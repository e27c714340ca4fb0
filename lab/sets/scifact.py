"""SciFact: which abstracts does the search put first for a scientific claim, as BEIR has it; and does an
abstract bear a claim out? CC BY 4.0, ODC-BY."""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import bm25s
import ir_measures
from ir_measures import R, nDCG
from pydantic import BaseModel, Field

from lab.claims import BY_PROBABILITY, Case, Measure, measure_claims, only_claims, places_are_there
from lab.failures import Failure
from lab.learned import is_learned
from lab.metrics import balanced_accuracy, mean
from lab.plain import Plain, PlainSearch
from lab.reading import BenchmarkUnusable, read_records, untrained
from lab.results import Result
from lab.scores import items_of, score_of
from lab.scratch import Document
from lab.stage import Context, Stage
from lab.train.altering import altered
from lab.train.examples import Example
from lab.train.windows import cut
from rag.core.errors import QuestionError
from rag.core.records import Filters, Hit, Verdict
from rag.language.terms import Lexicon

KEY = "scifact"
NAME = "SciFact abstracts"
CLAIMS = "SciFact claims"
ORIGIN = (
    "BEIR's SciFact: corpus.jsonl.gz, queries.jsonl and qrels/test.tsv, as scifact/qrels_test.tsv, "
    "from github.com/beir-cellar/beir"
)
CLAIMS_ORIGIN = "github.com/allenai/scifact, as scifact/claims_dev.jsonl and scifact/corpus.jsonl.gz"
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


class Abstract(BaseModel):
    """`text` is the abstract whole, `sentences` the same in its sentences, where the set has them."""

    id: str = Field(alias="_id")
    title: str = ""
    text: str
    sentences: list[str] = []


class _Query(BaseModel):
    id: str = Field(alias="_id")
    text: str


class _Rationale(BaseModel):
    doc_id: int | str
    label: Literal["SUPPORT", "CONTRADICT"]
    sentences: list[int]


class _Claim(BaseModel):
    id: int | str
    claim: str
    cited_doc_ids: list[int | str]
    evidence: list[_Rationale]


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """A query and the abstracts that bear on it, each with how much."""

    key: str
    text: str
    relevant: tuple[tuple[str, int], ...]


def read_abstracts(path: Path) -> dict[str, Abstract]:
    """By their names. Raises BenchmarkUnusable."""
    return {record.id: record for _, record in read_records(path, Abstract)}


def read_queries(path: Path) -> list[RankedQuery]:
    """The queries of `qrels_test.tsv`, their words from `queries.jsonl` beside it. Raises
    BenchmarkUnusable."""
    words = {r.id: r.text for _, r in read_records(path.with_name("queries.jsonl"), _Query)}
    relevant: dict[str, list[tuple[str, int]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                pair = (row["corpus-id"], int(row["score"]))
                relevant.setdefault(row["query-id"], []).append(pair)
        return [RankedQuery(key, words[key], tuple(found)) for key, found in relevant.items()]
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as error:
        raise BenchmarkUnusable(f"{path} cannot be read: {error!r}. Fetch the file again.") from error


def read_claims(path: Path, abstracts: Mapping[str, Abstract]) -> Iterator[Case]:
    """A claim against the sentences of each abstract that it cites. An abstract without a rationale says
    too little: UNSUPPORTED. A case's key ends in the abstract's name, which is its group. Raises
    BenchmarkUnusable."""
    for number, record in read_records(path, _Claim):
        for cited in dict.fromkeys(map(str, record.cited_doc_ids)):
            if cited not in abstracts:
                told = f"abstract {cited} is not in corpus.jsonl.gz, which belongs with this file"
                raise BenchmarkUnusable.at(path, number, told)
            found = [entry for entry in record.evidence if str(entry.doc_id) == cited]
            is_supported = bool(found) and all(entry.label == "SUPPORT" for entry in found)
            ways = tuple(tuple(entry.sentences) for entry in found)
            places_are_there(ways, len(abstracts[cited].sentences), path, number)
            yield Case(
                key=f"{record.id}-{cited}",
                group=cited,
                claim=record.claim,
                evidence=tuple(abstracts[cited].sentences),
                verdict=Verdict.SUPPORTED if is_supported else Verdict.UNSUPPORTED,
                supporting=ways,
            )


def stages(folder: Path) -> tuple[Stage, ...]:
    corpus = folder / KEY / "corpus.jsonl.gz"
    ranked = (corpus, folder / KEY / "queries.jsonl", folder / KEY / "qrels_test.tsv")
    claims = untrained(folder, "scifact/claims_*.jsonl") if corpus.exists() else ()
    return (
        Stage(
            "scifact_claims",
            CLAIMS,
            (corpus, *claims) if claims else (),
            CLAIMS_ORIGIN,
            measure_verdicts,
        ),
        Stage(KEY, NAME, ranked if all(map(Path.exists, ranked)) else (), ORIGIN, measure_ranking),
    )


def measure_verdicts(context: Context, files: Sequence[Path]) -> Result:
    abstracts = read_abstracts(files[0])
    every = [case for path in files[1:] for case in read_claims(path, abstracts)]
    unlearned = [case for case in every if not is_learned(case.key, KEY)]
    verdict = Measure("balanced accuracy", balanced_accuracy, only_claims)
    return measure_claims(context, CLAIMS, unlearned, (verdict, BY_PROBABILITY))


def measure_ranking(context: Context, files: Sequence[Path]) -> Result:
    """An abstract stands where its best passage does."""
    abstracts = read_abstracts(files[0])
    documents = {key: Document(abstract.text, abstract.title) for key, abstract in abstracts.items()}
    names: dict[str, list[str]] = {}
    for key, document in documents.items():
        names.setdefault(document.source, []).append(key)
    scratch = context.scratch(KEY, documents.values())
    plain = PlainSearch(scratch.settings)
    queries = context.sampled(read_queries(files[2]))
    rankings: dict[str, dict[str, _Ranking]] = {way: {} for way in (_OURS, *Plain)}
    for query in context.each(queries, f"{NAME}: searching"):
        try:
            hits = scratch.assistant.search(query.text, Filters(), _DEPTH)
        except QuestionError:
            hits = ()
        rankings[_OURS][query.key] = _ranking(hits, names)
        for way, found in plain.find(query.text, _DEPTH):
            rankings[way][query.key] = _ranking(found, names)
        wanted = {key for key, _ in query.relevant}
        first = list(rankings[_OURS][query.key])[:_SHOWN]
        if not wanted & set(first):
            told = [
                " | ".join(abstracts[key].title for key in some if key in abstracts)
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


def examples(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Claims are learned from the training file alone, whatever abstract they cite."""
    path = folder / KEY / "claims_train.jsonl"
    if not path.exists():
        return
    abstracts = read_abstracts(path.with_name("corpus.jsonl.gz"))
    keys = list(abstracts)
    lexicon = Lexicon()
    searched = bm25s.BM25()
    searched.index(
        [lexicon.terms(f"{each.title} {each.text}") for each in abstracts.values()], show_progress=False
    )
    for case in read_claims(path, abstracts):
        title = abstracts[case.group].title
        places = {place for way in case.supporting for place in way}
        bears = bool(case.supporting)
        supported = float(case.verdict is Verdict.SUPPORTED)
        text, spans, bearing = cut(
            case.evidence, [float(place in places) for place in range(len(case.evidence))], chance
        )
        yield Example(
            KEY,
            case.key,
            case.claim,
            text,
            title,
            answers=float(bears),
            supports=supported,
            sentences=spans,
            bearing=bearing,
            weight=1.5,
        )
        if not bears:
            continue
        if supported and (false := altered(case.claim, text, chance)):
            yield Example(KEY, case.key, false, text, title, supports=0.0)
        rows, _ = searched.retrieve([lexicon.terms(case.claim)], k=12, show_progress=False)
        offered = [keys[row] for row in rows[0] if keys[row] != case.group]
        for key in chance.sample(offered, 2):
            other = abstracts[key]
            text, spans, bearing = cut(other.sentences, [0.0] * len(other.sentences), chance)
            yield Example(
                KEY,
                case.key,
                case.claim,
                text,
                other.title,
                answers=0.0,
                supports=0.0,
                sentences=spans,
                bearing=bearing,
            )
