"""What the readers of training sets make of files in their authors' formats, and whether the desks are
whole. All records here are our own inventions."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lab.learned import is_for_learning
from lab.sets import desks, foolmetwice, qamr, selqa, squad2, training_examples, xquad
from lab.sets.newsdesk import read_questions
from lab.train.examples import Example
from lab.train.pairs import pair
from lab.train.tokens import runs, together

LETTERS = desks.LEARNED + desks.HELD_OUT
MILL = "Ada Okoye opened the mill. It stood in Elva."


@pytest.mark.parametrize("letter", LETTERS)
def test_every_quote_of_a_desk_occurs_in_its_article(letter: str) -> None:
    folder = desks.FOLDER / letter
    texts = {article.file: article.text for article in desks.articles(folder)}
    cited = [(claim.file, claim.quote) for claim in desks.claims(folder)]
    for question in read_questions(folder / "questions.jsonl"):
        quotes = [quote for group in question.groups for quote in group.any]
        cited += [(each.file, each.quote) for each in (*quotes, *question.acceptable, *question.near)]
    assert len(cited) > 500
    assert [each for each in cited if each[1] not in texts[each[0]]] == []


@pytest.mark.parametrize("letter", LETTERS)
def test_questions_of_a_desk_say_what_answers_them_or_what_seems_to(letter: str) -> None:
    questions = read_questions(desks.FOLDER / letter / "questions.jsonl")
    assert len({question.key for question in questions}) == len(questions)
    assert [each.key for each in questions if each.answerable != bool(each.groups)] == []


def test_claims_of_the_desk_that_is_held_out_are_not_learned_from() -> None:
    made = list(desks.examples(desks.FOLDER))
    assert {example.group[0] for example in made} == set(desks.LEARNED)
    assert {(example.supports, example.contradicts) for example in made} == {(1, 0), (0, 1), (0, 0)}


def test_what_a_sentence_answers_bears_in_its_window_and_what_it_only_seems_to_does_not() -> None:
    made = list(desks.asked(desks.FOLDER, random.Random(0)))
    assert {example.group[0] for example in made} == set(desks.LEARNED)
    written = [line for path in desks.FOLDER.glob("*/near.jsonl") for line in path.open()]
    assert len(made) == len(written)
    assert all(any(example.bearing or ()) is bool(example.answers) for example in made)
    assert all(example.words is None for example in made)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("`` No , '' she said -LRB- twice -RRB- .", '"No," she said (twice).'),
        ("The workers ' union has n't paid US$ 5 .", "The workers' union hasn't paid US$5."),
        ("He moved to the U.S. .", "He moved to the U.S."),
        ('It was called " Dawn " then : 40 % came .', 'It was called "Dawn" then: 40% came.'),
        ("on time '' , he said .", 'on time", he said.'),
    ],
)
def test_tokens_are_put_together_as_people_write(tokens: str, text: str) -> None:
    assert together(tokens.split())[0] == text


def test_tokens_are_found_again_in_the_text() -> None:
    text, spans = together("`` Ada Okoye '' sold 40 % .".split())
    assert [text[slice(*span)] for span in runs([5, 1, 2], spans)] == ["Ada Okoye", "40"]


def test_sets_that_are_not_there_have_no_examples(tmp_path: Path) -> None:
    assert list(training_examples(tmp_path, 0)) == []


def test_what_the_first_of_a_pair_says_of_the_second() -> None:
    meant = [
        (made.supports, made.contradicts)
        for label in ("entailment", "contradiction", "neutral")
        for made in [pair("made", "1", MILL, "The mill was opened.", label)]
    ]
    assert meant == [(1, 0), (0, 1), (0, 0)]


def test_who_did_what_is_answered_by_words_of_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "qamr"
    folder.mkdir()
    lines = [
        f"made:news:1:{n}:0\tIn {year} , the mill ground rye ."
        for n, year in enumerate(range(1900, 1909))
    ]
    lines.append("made:news:1:9:0\tAda Okoye -LRB- 40 -RRB- opened it .")
    (folder / "wiki-sentences.tsv").write_text("\n".join(lines), encoding="utf-8")
    row = "made:news:1:9:0\t1\t7\t0\t5\tWho opened it?\t0 1\t1:0 1\t2:1\n"
    (folder / "dev.tsv").write_text(row, encoding="utf-8")
    (folder / "test.tsv").write_text("", encoding="utf-8")
    for seed in range(20):
        for made in qamr.examples(tmp_path, random.Random(seed)):
            assert made.words is not None
            assert made.bearing is not None
            assert sum(made.bearing) == made.answers
            assert [made.text[slice(*span)] for span in made.words] == ["Ada Okoye"] * bool(made.answers)
            bears = [made.text[slice(*made.sentences[n])] for n, it in enumerate(made.bearing) if it]
            assert bears == ["Ada Okoye (40) opened it."] * bool(made.answers)


def test_sections_that_have_the_answers_numbers_are_no_near_misses(tmp_path: Path) -> None:
    asked = {"article": "Elva", "question": "When was the mill opened?", "answers": [0]}
    record = {**asked, "section": "Mill", "candidates": ["Okoye opened it in 1902.", "", "It burned."]}
    again = {**asked, "section": "History", "candidates": ["The mill dates from 1902."]}
    write(tmp_path / "selqa/dev.json", [record, again])
    made = [e for seed in range(9) for e in selqa.examples(tmp_path, random.Random(seed))]
    assert {(e.text, e.answers) for e in made} == {
        ("Okoye opened it in 1902. It burned.", 1.0),
        ("The mill dates from 1902.", 1.0),
    }


def test_what_decides_a_claim_is_marked_among_the_others(tmp_path: Path) -> None:
    gold, other = {"text": "Okoye opened it."}, {"text": ", It stood in Elva."}
    record = {
        "text": "A woman opened the mill.",
        "label": "SUPPORTS",
        "wikipedia_page": "Mill",
        "gold_evidence": [gold],
        "retrieved_evidence": [gold, other],
    }
    write(tmp_path / "foolmetwice/dev.jsonl", record)
    made = [e for seed in range(30) for e in foolmetwice.examples(tmp_path, random.Random(seed))]
    assert {(e.text, e.supports, e.contradicts, e.bearing) for e in made} == {
        ("Okoye opened it.", 1.0, 0.0, (1.0,)),
        ("Okoye opened it. It stood in Elva.", 1.0, 0.0, (1.0, 0.0)),
        ("It stood in Elva. Okoye opened it.", 1.0, 0.0, (0.0, 1.0)),
        ("It stood in Elva.", 0.0, 0.0, (0.0,)),
    }


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    """Forty-eight articles in two languages, of one paragraph each."""
    for language, text, answer in (
        ("en", "\ufeffThe mill was opened by Ada Okoye.", "Ada Okoye"),
        ("tr", "Değirmeni Ada Okoye açtı.", "Ada Okoye"),
    ):
        told = {"text": answer, "answer_start": text.index(answer)}
        asked = {"id": "q", "question": f"Who? {language}", "answers": [told]}
        articles = [
            {"title": f"Mill_{n}", "paragraphs": [{"context": text, "qas": [asked]}]} for n in range(48)
        ]
        write(tmp_path / f"xquad/xquad.{language}.json", {"data": articles})
    return tmp_path


def test_half_of_the_articles_in_many_languages_are_kept_for_measuring(languages: Path) -> None:
    made = list(xquad.examples(languages, random.Random(0)))
    kept = [
        paragraph
        for path in languages.glob("xquad/*")
        for paragraph in xquad.read_paragraphs(path)
        if not paragraph.is_for_learning
    ]
    learned = {f"Mill_{n}" for n in range(24)}
    # The other questions on these articles are measured in English.
    elsewhere = {title for title in learned if not is_for_learning(squad2.KEY, title)}
    assert {example.group for example in made} == learned - elsewhere
    assert elsewhere
    assert {paragraph.article for paragraph in kept} == {f"Mill_{n}" for n in range(24, 48)}
    assert {paragraph.text[slice(*paragraph.questions[0].answer)] for paragraph in kept} == {"Ada Okoye"}


def test_questions_are_asked_of_other_languages_too(languages: Path) -> None:
    made = list(xquad.examples(languages, random.Random(0)))
    assert {said(example) for example in made} == {"Ada Okoye"}
    seen = {(example.language, "mill" in example.text) for example in made}
    assert seen == {("en", True), ("en", False), ("tr", True), ("tr", False)}


def said(example: Example) -> str:
    return " ".join(example.text[slice(*span)] for span in example.words or ())


def write(path: Path, record: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")
