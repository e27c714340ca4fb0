"""The scoreboard measures the pipeline that users run: break a part of it, and the row that measures the
part drops. All records are our own, in the formats of the sets' authors."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from lab.results import Result
from lab.sets import clapnq, none_of_ten, realtimeqa, scifact, squad2
from lab.stage import Context
from rag.asking.evidence import Candidate, Evidence
from rag.asking.questions import Question
from rag.core.records import Citation, Filters, Hit, Span
from rag.core.settings import Settings
from rag.index.search import Retriever
from tests.lab.files import write

# A place, what was built there, when and by whom.
WORKS = (
    ("Arlen", "lighthouse", "1902", "Maud Tessier"),
    ("Borrow", "granary", "1911", "Ivo Karst"),
    ("Caldry", "footbridge", "1923", "Nell Abara"),
    ("Dunmere", "observatory", "1934", "Otto Vance"),
    ("Eskdon", "windmill", "1941", "Rosa Lindt"),
    ("Fenwold", "tannery", "1952", "Karim Sule"),
    ("Gorsley", "theatre", "1963", "Ada Pruett"),
    ("Hartmoor", "reservoir", "1974", "Jonas Weil"),
    ("Ilvane", "brewery", "1985", "Mina Okoro"),
    ("Jorvale", "railway station", "1996", "Pavel Dusk"),
    ("Kestrow", "hospital", "2003", "Lena Moritz"),
    ("Lowick", "library", "2014", "Sam Achterberg"),
)


def sentences_of(place: str, work: str, year: str, builder: str) -> tuple[str, ...]:
    return (
        f"{place} is a quiet town whose market opens twice a week .",
        f"The {work} of {place} was designed by {builder} and opened in {year} .",
        "Visitors like to walk along the river when the weather allows it .",
        "A small museum shows old maps , tools and photographs .",
    )


@pytest.fixture
def context(models_dir: Path, tmp_path: Path) -> Context:
    (tmp_path / "models").symlink_to(models_dir)
    return Context(Settings(tmp_path / "corpus", tmp_path), resamples=10)


@pytest.fixture
def news(tmp_path: Path) -> tuple[Path, ...]:
    folder = tmp_path / "realtimeqa_2031"
    articles = [
        {
            "url": f"https://www.{place.lower()}-post.example/{place}",
            "title": f"News from {place}",
            "text": " ".join(sentences_of(place, *rest)),
            "publish_date": "2031/03/05",
        }
        for place, *rest in WORKS
    ]
    write(
        folder / "20310307_gcs.jsonl.gz",
        {"question_id": "20310307_0", "search_time": "2031/03/07", "search_result": articles[:7]},
        {"question_id": "20310307_1", "search_result": [*articles[6:], {"url": None, "title": "Empty"}]},
    )
    names = [builder for *_, builder in WORKS]
    questions = [
        {
            "question_id": f"20310307_{number}",
            "question_sentence": f"Who designed the {work} of {place}?",
            "choices": [names[number], *(name for name in names[:3] if name != names[number])][:3],
            "answer": ["0"],
        }
        for number, (place, work, _, _) in enumerate(WORKS)
    ]
    write(folder / "20310307_qa.jsonl", *questions)
    without = [
        {
            **question,
            "question_id": f"{question['question_id']}_nota",
            "choices": ["A clerk of Brno", "Zeno Quill", "None of the above"],
            "answer": ["2"],
        }
        for question in questions
    ]
    write(folder / "20310307_qa_nota.jsonl", *without)
    return realtimeqa.files_of(folder)


@pytest.fixture
def passages(tmp_path: Path) -> tuple[Path, ...]:
    """Twelve questions that their passage answers, and twelve that it does not."""
    answerable, others = [], []
    for number, (place, work, year, builder) in enumerate(WORKS):
        sentences = sentences_of(place, work, year, builder)
        passage = {"title": place, "text": " ".join(sentences) + " ", "sentences": list(sentences)}
        silent = tuple(s.replace("old maps", f"maps of {place}") for s in sentences if s != sentences[1])
        answerable.append(
            {
                "id": f"yes {number}",
                "input": f"who designed the {work} of {place.lower()}",
                "passages": [passage],
                "output": [{"answer": builder, "selected_sentences": [sentences[1]]}],
            }
        )
        others.append(
            {
                "id": f"no {number}",
                "input": "how many people play chess when it rains",
                "passages": [{"title": place, "text": " ".join(silent), "sentences": list(silent)}],
                "output": [{"answer": "", "selected_sentences": []}],
            }
        )
    write(tmp_path / "clapnq" / "clapnq_dev_answerable.jsonl", *answerable)
    write(tmp_path / "clapnq" / "clapnq_dev_unanswerable.jsonl", *others)
    return clapnq.files_of(tmp_path)


def figure(result: Result, metric: str, benchmark: str = "") -> float:
    found = [
        score.ours
        for score in result.scores
        if score.metric == metric and benchmark in score.benchmark and score.ours is not None
    ]
    assert len(found) == 1, [score.metric for score in result.scores]
    return found[0]


def test_a_broken_retriever_drops_the_rows_of_retrieval(
    context: Context, news: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = realtimeqa.measure_recall(context, news)
    choices = realtimeqa.measure_choices(context, news)
    find = Retriever.find

    def find_the_worst(self: Retriever, question: str, filters: Filters, count: int) -> tuple[Hit, ...]:
        return find(self, question, filters, 50)[::-1][:count]

    monkeypatch.setattr(Retriever, "find", find_the_worst)
    broken = realtimeqa.measure_recall(context, news)

    first_five = "answer in the first 5 passages"
    assert figure(whole, first_five) == 100.0
    assert figure(broken, first_five) < 60
    assert whole.scores[0].baselines == broken.scores[0].baselines
    assert figure(choices, "multiple choice") > 90
    assert figure(choices, "none of the above") > 90


def test_a_broken_judge_drops_the_rows_of_sentences_and_of_abstention(
    context: Context, passages: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = clapnq.measure(context, passages)
    pools = none_of_ten.measure_made_pools(context, passages)
    candidates = Evidence.candidates

    def judge_upside_down(self: Evidence, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        found = candidates(self, question, hits)
        return sorted(
            (replace(each, score=1.0 - each.score) for each in found), key=lambda each: -each.score
        )

    monkeypatch.setattr(Evidence, "candidates", judge_upside_down)
    broken = clapnq.measure(context, passages)
    broken_pools = none_of_ten.measure_made_pools(context, passages)

    for metric, at_least in (
        ("sentence P@1", 90),
        ("answerable or not, AUROC", 95),
        ("answerable or not, accuracy", 80),
    ):
        assert figure(whole, metric) >= at_least, metric
        assert figure(broken, metric) <= 50, metric
    assert figure(broken, "sentence F1@3") < figure(whole, "sentence F1@3")
    assert figure(pools, "AUROC", "easy") > 80 > figure(broken_pools, "AUROC", "easy")


def test_a_broken_citation_drops_the_row_of_citations(
    context: Context, passages: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = clapnq.measure(context, passages)
    cited = cast(Callable[[Span], Citation], vars(Span)["citation"].fget)

    def cite_beside_it(span: Span) -> Citation:
        return replace(cited(span), start=span.start + 3, end=span.end + 3)

    monkeypatch.setattr(Span, "citation", property(cite_beside_it))
    broken = clapnq.measure(context, passages)

    metric = "citations whose words stand at their span"
    assert (figure(whole, metric), figure(broken, metric)) == (100.0, 0.0)


def test_abstracts_are_ranked_by_their_best_passage(context: Context, tmp_path: Path) -> None:
    folder = tmp_path / "scifact"
    papers = [
        {"_id": str(number), "title": f"On {place}", "text": " ".join(sentences_of(place, *rest))}
        for number, (place, *rest) in enumerate(WORKS)
    ]
    write(folder / "corpus.jsonl.gz", *papers)
    queries = [
        {"_id": f"q{number}", "text": f"The {work} of {place} opened in {year}."}
        for number, (place, work, year, _) in enumerate(WORKS)
    ]
    write(folder / "queries.jsonl", *queries, {"_id": "of the training set", "text": "Not asked."})
    lines = [f"q{number}\t{number}\t1" for number in range(len(WORKS))]
    (folder / "qrels_test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(lines) + "\n")

    claims, ranking = scifact.stages(tmp_path)
    assert claims.files == ()
    result = ranking.measure(context, ranking.files)

    assert [(score.metric, score.count, score.ours) for score in result.scores] == [
        ("nDCG@10", 12, 100.0),
        ("recall@100", 12, 100.0),
    ]


def test_a_paragraph_is_asked_about_alone(context: Context, tmp_path: Path) -> None:
    """The other paragraphs answer the second question; this one does not."""
    articles = [
        {
            "title": f"{place}_(town)",
            "paragraphs": [
                {
                    "context": " ".join(sentences_of(place, work, year, builder)).replace(" .", "."),
                    "qas": [
                        {
                            "id": f"{place} 1",
                            "question": f"Who designed the {work} of {place}?",
                            "answers": [{"text": builder, "answer_start": 0}],
                            "is_impossible": False,
                        },
                        {
                            "id": f"{place} 2",
                            "question": "Who designed the power station of Morwen?",
                            "answers": [],
                            "is_impossible": True,
                        },
                    ],
                }
            ],
        }
        for place, work, year, builder in WORKS
    ]
    path = tmp_path / "squad2" / "dev-v2.0.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": "v2.0", "data": articles}))

    (stage,) = squad2.stages(tmp_path)
    result = stage.measure(context, stage.files)

    assert figure(result, "answer or not, accuracy") > 85
    assert figure(result, "answer among the claims, of answerable ones") > 85
    assert result.scores[0].count == 24
    assert [plain.figure for plain in result.scores[0].baselines] == [50.0]
