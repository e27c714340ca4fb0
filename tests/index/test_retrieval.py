"""A question to hits: both searches, fused and filtered."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.core.errors import IndexMissing, SettingsError
from rag.core.records import Filters
from rag.core.settings import BUNDLED_MODEL, Settings, shipped
from rag.index.build import build_index
from rag.index.chroma import ChromaVectors
from rag.index.search import READ_TOGETHER, Retriever
from rag.index.store import Store
from rag.language.terms import Lexicon, read_aliases
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader, PairReading
from tests.hash_encoder import HashEncoder

ALIASES = Settings(Path("corpus"), Path("data")).aliases_path
SIX_SPELLINGS = ("Kalin", "Kalın", "KALIN", "kalın'ın", "Kalin's", "kalin")


def vectors_of(store: Store) -> ChromaVectors:
    return ChromaVectors(store.folder / "vectors")


@pytest.fixture(scope="module")
def shipped_store(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Store:
    store = Store(tmp_path_factory.mktemp("shipped"))
    build_index(
        shipped("corpus"), store, vectors_of(store), encoder, Lexicon(read_aliases(ALIASES)), 160
    )
    return store


@pytest.fixture(scope="module")
def retriever(shipped_store: Store, encoder: Encoder) -> Retriever:
    return Retriever(shipped_store, vectors_of(shipped_store), encoder, (ALIASES,))


def small(folder: Path, encoder: Encoder, **texts: str) -> Retriever:
    """A retriever over articles given as `name=text`; their names end in .md."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for name, text in texts.items():
        (corpus / f"{name}.md").write_text(text, encoding="utf-8")
    store = Store(folder / "state")
    build_index(corpus, store, vectors_of(store), encoder, Lexicon(read_aliases(ALIASES)), 160)
    return Retriever(store, vectors_of(store), encoder, (ALIASES,))


def sources(retriever: Retriever, question: str, filters: Filters | None = None) -> list[str]:
    return [hit.article.source for hit in retriever.find(question, filters or Filters(), 10)]


def test_six_spellings_find_the_same_passage_first(retriever: Retriever) -> None:
    for question in ("What did {} discuss in Damascus?", "{}"):
        asked = [question.format(spelling) for spelling in SIX_SPELLINGS]
        assert len({retriever.find(each, Filters(), 1)[0].passage for each in asked}) == 1


def test_the_exact_spelling_comes_first(tmp_path: Path, encoder: Encoder) -> None:
    opened = "{} opened the library in the old town on Monday morning."
    found = small(tmp_path, encoder, a=opened.format("Kalin"), b=opened.format("Kalın"))
    assert sources(found, "Kalın library")[0] == "b.md"
    assert sources(found, "Kalin library")[0] == "a.md"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Daesh prisons", "Guards keep thousands of Islamic State fighters in the camp."),
        ("Turkey grain deal", "Türkiye brokered an agreement on wheat exports."),
        ("National Intelligence Organization", "The exchange was arranged by MIT in the summer."),
        ("Sharaa", "Ahmed al-Sharaa received the envoys."),
        ("ceasefire", "Both armies kept to the cease-fire."),
    ],
)
def test_names_and_spellings_of_one_thing_find_each_other(
    tmp_path: Path, asked: str, written: str
) -> None:
    # An encoder without meaning: only the keywords can find anything.
    others = {f"other{n}": f"Report {n} is about the harvest of field {n}." for n in range(8)}
    found = small(tmp_path, HashEncoder(), wanted=written, **others)
    hits = found.find(asked, Filters(), 20)
    terms = found.snapshot().lexicon.terms(asked)
    assert [hit.article.source for hit in hits if found.snapshot().keywords.search(terms, 1)] != []
    rows = found.snapshot().keywords.search(terms, 5)
    assert [found.snapshot().passages[row].source for row, _ in rows] == ["wanted.md"]


def test_near_copies_do_not_crowd_out_the_rest(tmp_path: Path, encoder: Encoder) -> None:
    wire = "The minister {} that the bridge over the river will be closed for repairs until May."
    copies = {f"copy{n}": wire.format(verb) for n, verb in enumerate(("said", "told", "added"))}
    other = "Engineers expect the repairs of the bridge to last longer than the minister told reporters."
    found = sources(small(tmp_path, encoder, other=other, **copies), "When will the bridge be closed?")
    assert len(found) == 2
    assert "other.md" in found


def test_copies_that_differ_in_a_number_are_two_statements(tmp_path: Path, encoder: Encoder) -> None:
    wire = "An official said that {} soldiers are stationed in the northern valley near the border."
    found = small(tmp_path, encoder, a=wire.format("800"), b=wire.format("2,000"))
    assert set(sources(found, "How many soldiers are stationed in the valley?")) == {"a.md", "b.md"}


def test_a_filter_that_names_nothing_is_told(retriever: Retriever) -> None:
    for filters, said in (
        (Filters(sources=frozenset({"typo.md"})), "There is no article 'typo.md'"),
        (Filters(publishers=frozenset({"Nobody"})), "No article is from 'Nobody'"),
        (Filters(published_from="2025", published_to="2023"), "No day is after 2025 and before 2023"),
    ):
        with pytest.raises(SettingsError, match=said):
            sources(retriever, "What did Kalin discuss?", filters)


def test_filters_by_source_publisher_and_date(retriever: Retriever) -> None:
    question = "What did Kalin discuss?"
    damascus = "kalin-damascus-visit.md"
    assert set(sources(retriever, question, Filters(sources=frozenset({damascus})))) == {damascus}
    inss = Filters(publishers=frozenset({"inss"}))
    assert set(sources(retriever, question, inss)) == {"turkey-syria-normalization.md"}
    dated = set(sources(retriever, question, Filters(published_from="2024-09-10", published_to="2024")))
    assert dated == {"kalin-hamas-ankara.md", "kalin-intelligence-diplomacy.md"}
    assert sources(retriever, question, Filters(published_to="1990")) == []


def test_a_date_that_is_none_is_told(retriever: Retriever) -> None:
    with pytest.raises(SettingsError, match="last May"):
        sources(retriever, "What did Kalin discuss?", Filters(published_from="last May"))


def test_an_article_without_a_date_passes_only_when_none_is_asked_for(
    tmp_path: Path, encoder: Encoder
) -> None:
    found = small(tmp_path, encoder, undated="The bridge over the river is closed.")
    assert sources(found, "bridge") == ["undated.md"]
    assert sources(found, "bridge", Filters(published_from="1900")) == []


def test_scores_lie_between_zero_and_one_and_fall(retriever: Retriever) -> None:
    scores = [hit.score for hit in retriever.find("sanctions on Syria", Filters(), 10)]
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_a_new_generation_is_seen_without_reopening(tmp_path: Path, encoder: Encoder) -> None:
    retriever = small(tmp_path, encoder, first="The bridge over the river is closed.")
    assert sources(retriever, "bridge") == ["first.md"]
    small(tmp_path, encoder, second="A new bridge will be built upstream.")
    assert set(sources(retriever, "bridge")) == {"first.md", "second.md"}
    (tmp_path / "corpus" / "first.md").unlink()
    small(tmp_path, encoder)
    assert sources(retriever, "bridge") == ["second.md"]


def test_without_an_index_the_reader_is_told_how_to_make_one(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexMissing, match="sourceline index"):
        Retriever(Store(tmp_path), ChromaVectors(tmp_path), encoder).find("bridge", Filters(), 10)


def test_another_model_than_the_index_has_is_told(shipped_store: Store) -> None:
    with pytest.raises(SettingsError, match=f"made with the embedding model {BUNDLED_MODEL}, "):
        Retriever(shipped_store, vectors_of(shipped_store), HashEncoder("other")).snapshot()


def test_the_best_passages_are_read_together_with_the_question(
    shipped_store: Store, encoder: Encoder, pairs: PairReader
) -> None:
    found = Retriever(shipped_store, vectors_of(shipped_store), encoder, (ALIASES,), pairs)
    plain = Retriever(shipped_store, vectors_of(shipped_store), encoder, (ALIASES,))
    question = "How many people are believed to be held in the camps run by the SDF?"
    hits = found.find(question, Filters(), 40)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert {hit.passage for hit in hits} == {hit.passage for hit in plain.find(question, Filters(), 40)}
    assert "15,000" in hits[0].text
    assert len(hits) > READ_TOGETHER


class CountedReader(PairReader):
    """Counts what it reads."""

    def __init__(self, pairs: PairReader) -> None:
        self._reads, self.count = pairs, 0

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        self.count += len(pairs)
        return self._reads.read(pairs)


def test_no_more_passages_are_read_than_it_takes_to_find_one_that_answers(
    shipped_store: Store, encoder: Encoder, pairs: PairReader
) -> None:
    def read_for(question: str) -> int:
        counted = CountedReader(pairs)
        store = shipped_store
        Retriever(store, vectors_of(store), encoder, (ALIASES,), counted).find(question, Filters(), 10)
        return counted.count

    assert read_for("How many people are believed to be held in the camps run by the SDF?") == 8
    assert read_for("Who won the chess tournament in Oslo?") == READ_TOGETHER
