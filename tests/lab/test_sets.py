"""Questions of public sets are read as their authors write them, their texts become articles unharmed,
and sentences are compared whoever parted them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.has_answer import has_answer
from lab.plain import most_words, word_coverage
from lab.reading import BenchmarkUnusable
from lab.scratch import Document, as_markdown, write_documents
from lab.sets import clapnq, none_of_ten, realtimeqa, scifact, squad2
from lab.sets.clapnq import places_of, ranking, top_f1
from rag.core.records import Citation, Scored
from rag.loading.corpus import load
from tests.lab.files import write

TRICKY = (
    "`` Parens patriae '' is Latin ( lit. , `` parent '' ) .",
    "# No heading\n1. no list\n- no item\n    no code\n> no quote\n===\n| no | table |",
    "Two * stars * and _ lines _ and [a](b) and <b> and &amp; and \\ and ~~x~~ and ***",
    "One paragraph.\n\nAnother one,\nwith a line of its own.\n\n\n\nA third.",
    "--- and +++ and ``` and http://a.example/_b_?c=*d*",
)


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_becomes_an_article_word_for_word(text: str) -> None:
    article = load("a.md", as_markdown(Document(text, "A: title", "b.example", "2031-03-05")).encode())
    lines = [line.strip() for line in text.split("\n")]
    assert article.text == "\n".join(lines).replace("\n\n\n\n", "\n\n")
    assert (article.title, article.publisher, article.published) == (
        "A: title",
        "b.example",
        "2031-03-05",
    )
    assert article.cuts == ()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_no_text_loses_a_letter(text: str) -> None:
    if not any(map(str.isalnum, text)):
        return
    article = load("a.md", as_markdown(Document(text)).encode())
    assert "".join(article.text.split()) == "".join(text.split())


def test_a_folder_holds_the_documents_and_nothing_else(tmp_path: Path) -> None:
    first, second, empty = Document("One."), Document("Two."), Document(" -- ")
    write_documents(tmp_path, [first, second, first, empty])
    assert {path.name for path in tmp_path.iterdir()} == {first.source, second.source}
    before = (tmp_path / second.source).stat().st_mtime_ns
    write_documents(tmp_path, [second])
    assert [path.name for path in tmp_path.iterdir()] == [second.source]
    assert (tmp_path / second.source).stat().st_mtime_ns == before


def test_news_articles_are_read_and_those_without_text_passed_over(tmp_path: Path) -> None:
    path = write(
        tmp_path / "20310307_gcs.jsonl",
        {
            "question_id": "20310307_0",
            "search_result": [
                {
                    "url": "https://www.elva.example/a",
                    "title": "Bridge",
                    "text": " It is open.\n",
                    "publish_date": "2031/3/5",
                    "authors": "[]",
                },
                {"url": "https://elva.example/b", "text": "Closed.", "publish_date": "soon"},
                {"url": "https://elva.example/c", "title": "No text", "publish_date": None},
                {"title": "Empty", "text": " "},
            ],
        },
        {"question_id": "20310307_1", "search_result": None},
        {"question_id": "20310307_2"},
    )
    assert list(realtimeqa.read_articles(path)) == [
        Document("It is open.", "Bridge", "elva.example", "2031-03-05"),
        Document("Closed.", "", "elva.example"),
    ]


def test_news_questions_state_the_answer_in_several_ways(tmp_path: Path) -> None:
    choices = ["Moss", "Fern", "Oak"]
    path = write(
        tmp_path / "20310307_qa.jsonl",
        {
            "question_id": "a",
            "question_sentence": '<a href="x" id="y">Which</a>?',
            "choices": choices,
            "answer": ["1"],
        },
        {"question_id": "b", "question_sentence": "Which?", "choices": choices, "answer": 2},
        {"question_id": "c", "question_sentence": "Which?", "choices": choices, "answer": "Moss"},
        {"question_id": "d", "question_sentence": "Which?", "choices": choices, "answer": ["0", "2"]},
        {"question_id": "e", "question_sentence": "Which?", "choices": choices, "answer": []},
        {"question_id": "f", "question_sentence": "Which?", "choices": choices, "answer": "9"},
    )
    assert list(realtimeqa.read_questions(path)) == [
        realtimeqa.NewsQuestion(key, "Which?", tuple(choices), places)
        for key, places in (("a", (1,)), ("b", (2,)), ("c", (0,)), ("d", (0, 2)))
    ]


def test_clapnq_is_read_with_the_sentences_of_its_first_annotation(tmp_path: Path) -> None:
    sentences = ["Moss is green .", "It grows .", "So do ferns ."]
    passage = {"title": "Moss", "text": "Moss is green . It grows . So do ferns . "}
    record = {
        "id": "1",
        "input": "what colour is moss",
        "passages": [{**passage, "sentences": sentences}],
        "output": [
            {"answer": "Green.", "selected_sentences": [sentences[0]]},
            {"answer": "Green.", "selected_sentences": sentences},
        ],
    }
    silent = {**record, "id": "2", "output": [{"answer": "", "selected_sentences": []}]}
    document = Document(passage["text"], "Moss")
    found = list(clapnq.read(write(tmp_path / "clapnq_dev.jsonl", record, silent)))
    assert found == [
        clapnq.PassageQuestion(
            "1", "what colour is moss", document, tuple(sentences), (sentences[0],), "Green."
        ),
        clapnq.PassageQuestion("2", "what colour is moss", document, tuple(sentences)),
    ]
    assert [question.gold for question in found] == [{0}, frozenset()]


def test_squad_is_read_by_paragraph(tmp_path: Path) -> None:
    asked = {
        "question": " Who? ",
        "id": "1",
        "answers": [{"text": "Ann", "answer_start": 0}] * 2,
        "is_impossible": False,
    }
    data = {"data": [{"title": "The_moss", "paragraphs": [{"context": "Ann did.", "qas": [asked]}]}]}
    (tmp_path / "dev.json").write_text(json.dumps(data))
    assert list(squad2.questions_of(squad2.read(tmp_path / "dev.json"))) == [
        squad2.PassageQuestion("1", "The_moss", "Who?", Document("Ann did.", "The moss"), True, ("Ann",))
    ]
    (tmp_path / "cut.json").write_text('{"data": [')
    with pytest.raises(BenchmarkUnusable, match=r"cut\.json"):
        squad2.read(tmp_path / "cut.json")


@pytest.mark.parametrize(
    ("more", "name", "is_answerable"),
    [
        ({"positive_passages": [{"text": "Yes."}]}, "test.jsonl", True),
        ({"positive_passages": []}, "test.jsonl", False),
        ({"subset": "relevant"}, "test.jsonl", True),
        ({"subset": "non_relevant"}, "test.jsonl", False),
        ({"label": 1}, "test.jsonl", True),
        ({"label": "unanswerable"}, "test.jsonl", False),
        ({"answerable": False, "label": 1}, "test.relevant.jsonl", False),
        ({}, "dev.relevant.jsonl", True),
        ({}, "dev.non_relevant.jsonl", False),
    ],
)
def test_whether_any_passage_answers_is_told_in_several_ways(
    tmp_path: Path, more: dict[str, Any], name: str, is_answerable: bool
) -> None:
    negative = [{"docid": str(number), "title": "T", "text": f"No {number}."} for number in range(12)]
    record = {"query_id": 7, "query": "Who?", "negative_passages": negative, **more}
    (found,) = none_of_ten.read(write(tmp_path / name, record))
    assert (found.question, found.is_answerable, len(found.documents)) == ("Who?", is_answerable, 10)


def test_plain_passages_will_do(tmp_path: Path) -> None:
    record = {"query": "Who?", "passages": [{"text": "Ann."}], "answerable": True}
    assert list(none_of_ten.read(write(tmp_path / "a.jsonl", record))) == [
        none_of_ten.PoolQuestion("a-1", "Who?", (Document("Ann."),), True)
    ]


def test_ranked_queries_are_those_of_the_judgements(tmp_path: Path) -> None:
    write(tmp_path / "queries.jsonl", {"_id": "1", "text": "Moss."}, {"_id": "2", "text": "Fern."})
    path = tmp_path / "qrels_test.tsv"
    path.write_text("query-id\tcorpus-id\tscore\n2\t10\t1\n2\t11\t1\n")
    (query,) = scifact.read_queries(path)
    assert (query.key, query.text, query.relevant) == ("2", "Fern.", (("10", 1), ("11", 1)))
    path.write_text("query-id\tcorpus-id\tscore\n3\t10\t1\n")
    with pytest.raises(BenchmarkUnusable, match=r"qrels_test\.tsv"):
        scifact.read_queries(path)
    found = scifact.read_abstracts(
        write(tmp_path / "c.jsonl", {"_id": "10", "title": "A", "text": "B."})
    )
    assert found == {"10": scifact.Abstract(_id="10", title="A", text="B.")}


@pytest.mark.parametrize(
    ("text", "answer", "is_there"),
    [
        ("It was the Elva, in May.", "Elva", True),
        ("It was Elvaston.", "Elva", False),
        ("He said “a million” people", "The million people", True),
        ("On 5 May", "May 5", False),
        ("Anything", "the", False),
    ],
)
def test_an_answer_is_whole_words_without_case_articles_and_punctuation(
    text: str, answer: str, is_there: bool
) -> None:
    assert has_answer(text, answer) is is_there


def test_word_coverage_reads_words_as_they_are_spelled() -> None:
    assert word_coverage("The boats left.", ("The boat left", "at noon")) == pytest.approx(2 / 3)
    assert word_coverage("...", ("x",)) == 1.0


def test_the_choice_with_most_words_in_one_passage_is_chosen() -> None:
    passages = ["The mayor opened the bridge.", "A storm came.", "The mayor spoke."]
    assert most_words(passages, ["A storm in winter", "The mayor", "None of the above"]) == 1
    assert most_words(passages, ["Snow", "Hail in April", "None of the above"]) == 2
    assert most_words([], ["Snow", "Hail"]) == 0


def likely(start: int, end: int) -> Scored:
    return Scored(Citation("a.md", "", start, end, ""), 0.5)


def test_sentences_are_matched_whoever_parted_them() -> None:
    text = "Moss is green. It grows.\nSo do ferns."
    spans = places_of(text, ["Moss is green.", "It  grows.", "So do ferns.", "Beyond the end."])
    assert [text[start:end] for start, end in spans] == [
        "Moss is green.",
        "It grows.",
        "So do ferns.",
        "",
    ]
    # Ours hold the last; the first two as one; and a piece of the first.
    assert ranking([likely(25, 37), likely(0, 24), likely(0, 4)], spans) == (2, 0, 1)


def test_f1_is_of_the_first_three() -> None:
    assert top_f1((4, 1, 0, 2), frozenset({1, 2})) == pytest.approx(2 / 5)
    assert top_f1((), frozenset({1})) == 0.0
