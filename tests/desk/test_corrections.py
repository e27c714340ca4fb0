"""What people put right in an article: laid over the file, never written into it."""

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from rag.asking.assistant import Assistant
from rag.asking.standing import open_citation
from rag.core.errors import CorrectionError, StorageError
from rag.core.records import Article, Correction, Opened, Span, Standing
from rag.core.settings import Settings
from rag.desk.corrections import Corrections
from rag.desk.desk import Desk, open_desk
from rag.index.build import Report, build_index
from rag.index.chroma import ChromaVectors
from rag.index.search import Retriever
from rag.index.store import Store
from rag.language.terms import Lexicon
from rag.loading.corpus import applies, corrected, load, stamped
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader
from tests.hash_encoder import HashEncoder

FERRY = """---
title: The ferry
publisher: Lake Gazette
published: 2024
---

The ferry Alba carried 2,400 passengers across the lake in April.
"""
ARTICLE = load("ferry.md", FERRY.encode())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "ferry.md").write_text(FERRY)
    (folder / "mill.txt").write_text("The mill at the lake burned down in the year 1911.\n")
    return folder


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Desk(tmp_path / "memory" / "conversations.db").corrections


def vectors_of(store: Store) -> ChromaVectors:
    return ChromaVectors(store.folder / "vectors")


def run(corpus: Path, store: Store, corrections: Corrections, encoder: Encoder | None = None) -> Report:
    encoder = encoder or HashEncoder()
    return build_index(
        corpus, store, vectors_of(store), encoder, Lexicon(), 64, corrections=corrections.all()
    )


def of_text(article: Article, text: str) -> Correction:
    return Correction(text=text, text_of=article.sha256)


def test_none_leaves_what_was_read_and_empty_says_there_is_none() -> None:
    correction = Correction(title="The ferry Alba", publisher="", published="2024-05-03")
    assert corrected(ARTICLE, correction) == replace(
        ARTICLE, title="The ferry Alba", publisher=None, published="2024-05-03"
    )
    assert corrected(ARTICLE, Correction()) == ARTICLE
    assert corrected(ARTICLE, None) is ARTICLE


def test_a_corrected_text_has_its_own_hash() -> None:
    text = "The ferry Alba carried 2,700 passengers.\r\nShe was full.\n\n"
    article = corrected(ARTICLE, of_text(ARTICLE, text))
    assert article.text == "The ferry Alba carried 2,700 passengers.\nShe was full."
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()


def test_a_corrected_text_is_left_out_once_the_file_reads_otherwise() -> None:
    correction = Correction(title="The ferry Alba", text="Nobody came.", text_of=ARTICLE.sha256)
    changed = load("ferry.md", FERRY.replace("April", "May").encode())
    assert applies(ARTICLE, correction)
    assert not applies(changed, correction)
    assert corrected(changed, correction) == replace(changed, title="The ferry Alba")


def test_a_stamp_changes_with_the_file_and_with_the_correction() -> None:
    stamps = {
        stamped(sha256, correction)
        for sha256 in ("a", "b")
        for correction in (None, Correction(title="x"), Correction(title=""), Correction(author="x"))
    }
    assert len(stamps) == 8
    assert stamped("a", None) == "a"


def test_what_is_stored_comes_back_on_one_line(corrections: Corrections) -> None:
    assert corrections.all() == {}
    title = " The ferry \n <script>alert(1)</script> "
    corrections.put("ferry.md", Correction(title=title, author="", published="2024-05"))
    corrections.put("mill.txt", Correction(title="The mill"))
    corrections.put("mill.txt", Correction(publisher="Lake Gazette"))
    assert corrections.all() == {
        "ferry.md": Correction(
            title="The ferry <script>alert(1)</script>", author="", published="2024-05"
        ),
        "mill.txt": Correction(publisher="Lake Gazette"),
    }
    corrections.withdraw("ferry.md")
    corrections.put("mill.txt", Correction())
    assert corrections.all() == {}


@pytest.mark.parametrize("published", ["yesterday", "2024-13", "3 May 2024", "2024-02-30"])
def test_a_date_that_is_none_is_refused_with_how_to_write_it(
    corrections: Corrections, published: str
) -> None:
    with pytest.raises(CorrectionError, match="is not a date like 2023-02-08, 2025-05 or 2024"):
        corrections.put("ferry.md", Correction(published=published))
    assert corrections.all() == {}


@pytest.mark.parametrize("text", ["", " \n", "* * *"])
def test_a_text_without_words_is_refused(corrections: Corrections, text: str) -> None:
    with pytest.raises(CorrectionError, match="has no words"):
        corrections.put("ferry.md", of_text(ARTICLE, text))


@pytest.mark.parametrize("record", ["", "{", '{"title": 3}', '{"published": "soon"}', "[]"])
def test_a_damaged_correction_corrects_nothing(
    corrections: Corrections, tmp_path: Path, record: str
) -> None:
    corrections.put("ferry.md", Correction(title="The ferry Alba"))
    corrections.put("mill.txt", Correction(title="The mill"))
    database = sqlite3.connect(tmp_path / "memory" / "conversations.db")
    with database:
        database.execute("UPDATE corrections SET record = ? WHERE source = 'ferry.md'", (record,))
    database.close()
    assert corrections.all() == {"mill.txt": Correction(title="The mill")}


def test_a_memory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="Make room on the disk"):
        Desk(tmp_path / "file" / "conversations.db").corrections.put("ferry.md", Correction(title="x"))


def test_reading_corrections_makes_no_file(tmp_path: Path) -> None:
    assert Desk(tmp_path / "state" / "conversations.db").corrections.all() == {}
    assert list(tmp_path.iterdir()) == []


def test_the_index_notices_a_correction_like_a_changed_file(
    corpus: Path, tmp_path: Path, corrections: Corrections
) -> None:
    store = Store(tmp_path / "state")
    run(corpus, store, corrections)
    corrections.put("ferry.md", Correction(title="The ferry Alba"))
    report = run(corpus, store, corrections)
    assert (report.changed, report.unchanged) == (1, 1)
    assert store.read().articles["ferry.md"] == replace(ARTICLE, title="The ferry Alba")
    encoder = HashEncoder()
    assert run(corpus, store, corrections, encoder).changed == 0
    assert encoder.encoded == []
    corrections.withdraw("ferry.md")
    assert run(corpus, store, corrections).changed == 1
    assert store.read().articles["ferry.md"] == ARTICLE


def test_passages_of_a_corrected_text_stand_where_they_say(
    corpus: Path, tmp_path: Path, corrections: Corrections
) -> None:
    store = Store(tmp_path / "state")
    text = "İskele’de 2.700 yolcu vardı. The ferry Alba carried 2,700 passengers, not 2,400."
    corrections.put("ferry.md", of_text(ARTICLE, text))
    run(corpus, store, corrections)
    generation = store.read()
    article = generation.articles["ferry.md"]
    assert article.text == text
    assert article.sha256 == hashlib.sha256(text.encode()).hexdigest()
    spans = [p.passage for p in generation.passages if p.passage.source == "ferry.md"]
    assert [text[span.start : span.end] for span in spans] == [text]


def test_what_a_person_wrote_is_not_cut_again(tmp_path: Path, corrections: Corrections) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    box = "Follow our reporters on every lake of the country for the news of the day."
    for name in ("anchor", "harbour", "lantern", "rudder"):
        own = f"The {name} was painted green by its old owner.\n\nEverybody admired the {name} in May."
        (corpus / f"{name}.md").write_text(f"{own}\n\nWhat the {name} costs is unknown.\n\n{box}\n")
    store = Store(tmp_path / "state")
    run(corpus, store, corrections)
    assert all(box not in article.text for article in store.read().articles.values())
    read = load("anchor.md", (corpus / "anchor.md").read_bytes())
    text = f"The anchor was painted blue.\n\n{box}"
    corrections.put("anchor.md", of_text(read, text))
    run(corpus, store, corrections)
    articles = store.read().articles
    assert articles["anchor.md"].text == text
    assert articles["rudder.md"].text.endswith("What the rudder costs is unknown.")


@pytest.fixture
def opener(
    corpus: Path, tmp_path: Path, corrections: Corrections, encoder: Encoder, pairs: PairReader
) -> Assistant:
    store = Store(tmp_path / "state")
    run(corpus, store, corrections, encoder)
    retriever = Retriever(store, vectors_of(store), encoder, (), pairs)
    return Assistant(corpus, retriever, encoder, pairs, 10, 6, corrections=corrections.all)


def test_a_citation_of_a_text_corrected_since_is_not_marked(
    opener: Assistant, corpus: Path, tmp_path: Path, corrections: Corrections, encoder: Encoder
) -> None:
    citation = Span(ARTICLE, 0, 14).citation
    assert opener.open(citation) == Opened(citation, Standing.SAME, ARTICLE)
    corrections.put("ferry.md", of_text(ARTICLE, "The ferry Alba carried 2,700 passengers."))
    after = corrected(ARTICLE, corrections.all()["ferry.md"])
    assert opener.open(citation) == Opened(citation, Standing.CHANGED, after)  # before indexing
    run(corpus, Store(tmp_path / "state"), corrections, encoder)
    assert opener.open(citation) == Opened(citation, Standing.CHANGED, after)
    newer = Span(after, 0, 14).citation
    assert opener.open(newer) == Opened(newer, Standing.SAME, after)


def test_a_citation_opens_with_the_title_as_corrected(
    opener: Assistant, corrections: Corrections
) -> None:
    citation = Span(ARTICLE, 0, 14).citation
    corrections.put("ferry.md", Correction(title="The ferry Alba"))
    opened = Opened(citation, Standing.SAME, replace(ARTICLE, title="The ferry Alba"))
    assert opener.open(citation) == opened


def test_a_file_that_cannot_be_read_is_gone_whatever_was_corrected(
    opener: Assistant, corpus: Path
) -> None:
    citation = Span(ARTICLE, 0, 14).citation
    (corpus / "ferry.md").write_bytes(b"\x00" * 100)
    snapshot = opener._retriever.snapshot()
    correction = of_text(ARTICLE, "Nobody came.")
    assert open_citation(corpus, snapshot, citation, correction).standing is Standing.GONE


def test_the_corrections_of_a_corpus_stand_in_its_memory(tmp_path: Path) -> None:
    one, other = (Settings(tmp_path / name, tmp_path / "data") for name in ("one", "other"))
    open_desk(one).corrections.put("ferry.md", Correction(title="The ferry Alba"))
    assert open_desk(other).corrections.all() == {}
