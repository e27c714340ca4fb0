"""The asking pipeline over the articles that ship: claims, citations, and what is not in them."""

from pathlib import Path

import pytest

from rag.asking.assistant import Assistant
from rag.core.errors import QuestionError
from rag.core.records import Answer, AnswerKind, Drafted, Filters, Retrieved, Standing, Verdict, Weighed
from rag.core.settings import Settings, shipped
from rag.index.build import build_index
from rag.index.chroma import ChromaVectors
from rag.index.search import Retriever
from rag.index.store import Store
from rag.language.terms import Lexicon, read_aliases
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader

DAMASCUS = "kalin-damascus-visit.md"


def assistant_over(corpus: Path, state: Path, encoder: Encoder, pairs: PairReader) -> Assistant:
    aliases = Settings(corpus, state).aliases_path
    store, vectors = Store(state), ChromaVectors(state / "vectors")
    build_index(corpus, store, vectors, encoder, Lexicon(read_aliases(aliases)), 160)
    retriever = Retriever(store, vectors, encoder, (aliases,))
    return Assistant(corpus, retriever, encoder, pairs, 10, 6)


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, pairs: PairReader
) -> Assistant:
    return assistant_over(shipped("corpus"), tmp_path_factory.mktemp("state"), encoder, pairs)


def answer(assistant: Assistant, question: str, filters: Filters | None = None) -> Answer:
    *_, last = assistant.ask(question, filters=filters or Filters())
    assert isinstance(last, Answer)
    return last


def test_what_kalin_discussed_in_damascus(assistant: Assistant) -> None:
    found = answer(assistant, "What did Kalin discuss in Damascus?")
    assert found.kind is AnswerKind.ANSWERED
    assert found.message is None
    assert 2 <= len(found.claims) <= 6
    said = " ".join(claim.text for claim in found.claims)
    for part in ("sanctions", "Islamic State (ISIS)", "detention camps", "SDF"):
        assert part in said
    assert {citation.source for claim in found.claims for citation in claim.citations} == {DAMASCUS}


ANSWERABLE = (
    ("What did Kalin discuss in Damascus?", DAMASCUS),
    ("Which Syrian officials did Kalin meet in Damascus?", DAMASCUS),
    ("How many people are believed to be held in the camps run by the SDF?", DAMASCUS),
    ("When and where did Trump press Sharaa to take over the ISIS camps?", DAMASCUS),
    ("Who led the Turkish diplomatic team that travelled to Washington?", DAMASCUS),
    ("Who was exchanged for Brittney Griner?", "kalin-intelligence-diplomacy.md"),
    ("What was the theme of the Baku Security Conference?", "kalin-intelligence-diplomacy.md"),
    ("What did Fidan urge Washington to do about Kurdish forces in Syria?", "fidan-blinken-call.md"),
    ("What happened to the Turkish drone in Syrian airspace?", "fidan-blinken-call.md"),
    ("Why does the UAE want to strengthen Assad?", "turkey-syria-normalization.md"),
    (
        "What share of the Turkish public supported a meeting between Erdogan and Assad?",
        "turkey-syria-normalization.md",
    ),
    ("Whom did senior Hamas members meet in Doha?", "kalin-hamas-ankara.md"),
    ("Why were the negotiations held up, according to senior US officials?", "kalin-hamas-ankara.md"),
)


@pytest.mark.parametrize(("question", "source"), ANSWERABLE)
def test_an_answerable_question_is_answered_from_the_right_file(
    assistant: Assistant, question: str, source: str
) -> None:
    found = answer(assistant, question)
    assert found.kind is AnswerKind.ANSWERED
    assert found.claims[0].citations[0].source == source


UNANSWERABLE = (
    "Who won the 2022 World Cup?",
    "What did Kalin discuss in Cairo?",
    "what did kalin discuss in cairo",
    "What is the boiling point of ethanol?",
    "How do I reset the password of my router?",
    "Which composer wrote The Magic Flute?",
    "What is the population of Brazil?",
    "How long should sourdough bread be baked?",
    "When was the Eiffel Tower completed?",
    "What did Kalin say to Vladimir Putin in Moscow?",
    pytest.param(
        "What did Hakan Fidan say at the Baku Security Conference?",
        marks=pytest.mark.xfail(strict=True, reason="another person at the same event is taken for him"),
    ),
    "How many minutes did the call between Fidan and Blinken last?",
    "How many people were killed in the earthquakes of February 6?",
    "Where was Ibrahim Kalin born?",
)


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_what_the_articles_do_not_say_is_told_so(assistant: Assistant, question: str) -> None:
    found = answer(assistant, question)
    assert found.kind is AnswerKind.NOT_FOUND
    assert found.claims == ()
    assert found.message is not None
    assert found.message.startswith("The articles do not answer this.")
    assert 1 <= len(found.nearest) <= 3


def test_an_unknown_name_is_named(assistant: Assistant) -> None:
    assert "They do not mention “Cairo”." in (
        answer(assistant, "What did Kalin discuss in Cairo?").message or ""
    )


def test_a_question_answered_by_half_says_which_half(assistant: Assistant) -> None:
    found = answer(assistant, "What did Kalin discuss in Damascus and who won the 2022 World Cup?")
    assert found.kind is AnswerKind.PARTIAL
    assert found.claims
    assert found.message == (
        "The articles do not answer: who won the 2022 World Cup? They do not mention “World Cup”."
    )


def test_of_two_places_the_one_without_words_is_named(assistant: Assistant) -> None:
    found = answer(assistant, "What did Kalin discuss in Damascus and Cairo?")
    assert found.kind is AnswerKind.PARTIAL
    assert found.message == "On this the articles say nothing of “Cairo”."


def test_every_quote_is_the_words_at_its_span(assistant: Assistant) -> None:
    articles = {article.source: article for article in assistant.articles()}
    for question, _ in ANSWERABLE:
        for claim in answer(assistant, question).claims:
            assert claim.verdict is Verdict.SUPPORTED
            for citation in claim.citations:
                article = articles[citation.source]
                assert article.text[citation.start : citation.end] == citation.quote == claim.text
                assert citation.sha256 == article.sha256


def test_claims_do_not_repeat_and_stand_in_reading_order(assistant: Assistant) -> None:
    for question, _ in ANSWERABLE:
        claims = answer(assistant, question).claims
        places = [(claim.citations[0].source, claim.citations[0].start) for claim in claims]
        assert len(set(places)) == len(places)
        for source in {source for source, _ in places}:
            starts = [start for each, start in places if each == source]
            assert starts == sorted(starts)


def test_the_events_are_hits_then_sentences_then_drafts_then_the_answer(assistant: Assistant) -> None:
    events = list(assistant.ask("What did Kalin discuss in Damascus?"))
    found = events[-1]
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[1], Weighed)
    assert isinstance(found, Answer)
    assert events[2:-1] == [Drafted(claim) for claim in found.claims]
    scores = [sentence.score for sentence in events[1].sentences]
    assert scores == sorted(scores, reverse=True)
    quoted = {sentence.citation.quote for sentence in events[1].sentences}
    assert {claim.text for claim in found.claims} <= quoted
    assert [*found.timings_ms] == ["read", "understand", "retrieve", "judge", "compare"]


def test_filters_that_exclude_everything_are_told(assistant: Assistant) -> None:
    found = answer(assistant, "What did Kalin discuss in Damascus?", Filters(published_to="1990"))
    assert found.kind is AnswerKind.NOT_FOUND
    assert found.message == "The articles do not answer this. No article passes the filters."


@pytest.mark.parametrize("question", ["", "   ", "?!", "why " * 5000])
def test_a_question_of_no_words_or_too_many_is_an_error_in_words(
    assistant: Assistant, question: str
) -> None:
    with pytest.raises(QuestionError):
        answer(assistant, question)


def test_a_sentence_that_leans_on_the_one_before_is_found_and_read_with_it(
    tmp_path: Path, encoder: Encoder, pairs: PairReader
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "visit.md").write_text(
        "---\ntitle: Energy minister Okoye in Oslo\n---\n"
        "Energy minister Ada Okoye flew to Oslo on Monday.\n\n"
        "She met the Norwegian prime minister. The discussions reportedly covered gas prices and a new "
        "undersea cable.\n\nBread prices rose in the capital in the same week.\n"
    )
    found = answer(
        assistant_over(corpus, tmp_path / "state", encoder, pairs), "What did Okoye discuss in Oslo?"
    )
    said = [claim.text for claim in found.claims]
    assert any("gas prices and a new undersea cable" in text for text in said)
    assert not any("Bread" in text for text in said)


def test_a_citation_opens_the_file_as_it_is_now(
    tmp_path: Path, encoder: Encoder, pairs: PairReader
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    file = corpus / "bridge.txt"
    file.write_text(
        "The bridge over the Elva closes in May. Repairs take four months, the mayor said.\n"
    )
    assistant = assistant_over(corpus, tmp_path / "state", encoder, pairs)
    citation = answer(assistant, "How long do the repairs of the bridge take?").claims[0].citations[0]
    same = assistant.open(citation)
    assert same.standing is Standing.SAME
    assert same.article is not None
    assert same.article.text[citation.start : citation.end] == citation.quote
    file.write_text("The bridge stays open.\n")
    changed = assistant.open(citation)
    assert (changed.standing, changed.article and changed.article.text) == (
        Standing.CHANGED,
        "The bridge stays open.",
    )
    file.unlink()
    assert assistant.open(citation).standing is Standing.GONE


def test_a_citation_that_points_outside_the_corpus_opens_nothing(
    assistant: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("Not for the page.")
    citation = answer(assistant, "What did Kalin discuss in Damascus?").claims[0].citations[0]
    outside = type(citation)(str(tmp_path / "secret.txt"), "", 0, 3, "Not")
    assert assistant.open(outside).standing is Standing.GONE
