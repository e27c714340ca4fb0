"""Passages: together they are the article, each fits the window, a heading goes with its text."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.core.records import Article, Passage, Sentence
from rag.index.passages import PassageRules, split_passages, words_to_embed
from rag.language.sentences import split_sentences
from rag.models.embedding import Encoder
from tests.strategies import texts

MARKS = 2  # the model puts one before and one behind what it reads


def article_of(text: str, title: str | None = None) -> Article:
    return Article("a.md", text, hashlib.sha256(text.encode()).hexdigest(), title)


def count_words(texts: Sequence[str]) -> list[int]:
    """A model that reads words, a token for each three letters of one."""
    return [sum(-(-len(word) // 3) for word in text.split()) for text in texts]


def split(article: Article, rules: PassageRules) -> tuple[Passage, ...]:
    return split_passages(article, split_sentences(article.text, article.title), rules, count_words)


def words_of(article: Article, rules: PassageRules) -> list[str]:
    return [article.text[p.start : p.end] for p in split(article, rules)]


articles = st.builds(
    article_of,
    st.lists(texts, max_size=12).map("\n\n".join),
    st.none() | st.text(max_size=30) | texts,
)
rules_of_any_size = st.builds(PassageRules, st.integers(24, 80), st.integers(8, 120))


@given(articles, rules_of_any_size)
def test_passages_tile_the_visible_text_in_order(article: Article, rules: PassageRules) -> None:
    passages = split(article, rules)
    assert all(before.end <= after.start for before, after in pairwise(passages))
    covered = {place for p in passages for place in range(p.start, p.end)}
    left = [place for place in range(len(article.text)) if place not in covered]
    assert "".join(article.text[place] for place in left).strip() == ""


@given(articles, rules_of_any_size)
def test_passages_begin_and_end_with_sentences(article: Article, rules: PassageRules) -> None:
    sentences = split_sentences(article.text, article.title)
    sizes = count_words([article.text[s.start : s.end] for s in sentences])
    for passage in split(article, rules):
        inside = [
            place for place, s in enumerate(sentences) if s.start < passage.end and passage.start < s.end
        ]
        whole = (sentences[inside[0]].start, sentences[inside[-1]].end)
        shared = len(inside) == 1 and sizes[inside[0]] > rules.limit
        assert shared or (passage.start, passage.end) == whole


@given(articles, rules_of_any_size)
@example(
    # Headings that would fit, and a sentence under them that would fit, but not both.
    article_of("One goes.\n\n" + "Head word\n\n" * 3 + "Long " * 13 + "end.", "So " * 12),
    PassageRules(48, 32),
)
def test_every_passage_fits_the_window_with_title_and_marks(
    article: Article, rules: PassageRules
) -> None:
    embedded = words_to_embed([article], split(article, rules), rules, count_words)
    sizes = [size + MARKS for size in count_words(embedded)]
    assert [size for size in sizes if size > rules.window_tokens] == []


@given(articles, rules_of_any_size)
def test_keys_are_unique_and_the_same_each_time(article: Article, rules: PassageRules) -> None:
    passages = split(article, rules)
    assert len({passage.key for passage in passages}) == len(passages)
    assert split(article, rules) == passages


@given(articles)
@settings(max_examples=25)
@example(article_of("\n\n".join(f"A heading of number {n} in a row" for n in range(40)) + "\n\nEnd."))
@example(
    # Headings that would fit, and a sentence under them that would fit, but not both.
    article_of("A.\n\n" + "Short line here\n\n" * 30 + "Word after word " * 50 + "ends.", "So " * 70)
)
@example(article_of("https://example.org/" + "abc0Xyz-" * 300, "T" * 900))
@example(article_of("한국어" * 120 + ". " + "각하" * 200, "제목"))
@example(article_of("ab" * 400 + "." + "😀" * 400 + "ạ̈" * 500 + "½" * 300))
def test_the_real_model_reads_every_passage_whole(encoder: Encoder, article: Article) -> None:
    count, rules = encoder.count_tokens, PassageRules(encoder.window_tokens, 160)
    sentences = split_sentences(article.text, article.title)
    passages = split_passages(article, sentences, rules, count)
    sizes = [size + MARKS for size in count(words_to_embed([article], passages, rules, count))]
    assert [size for size in sizes if size > rules.window_tokens] == []


def test_sentences_fill_a_passage_and_the_next_begins_where_it_is_full() -> None:
    article = article_of("Aaa bbb ccc. Ddd eee fff. Ggg hhh iii. Jjj kkk lll.")
    # Each sentence takes four tokens.
    assert words_of(article, PassageRules(100, 8)) == [
        "Aaa bbb ccc. Ddd eee fff.",
        "Ggg hhh iii. Jjj kkk lll.",
    ]


def test_a_passage_that_is_full_enough_ends_with_its_paragraph() -> None:
    one, two = "Aaa bbb ccc. Ddd eee fff.", "Ggg hhh iii."
    assert words_of(article_of(f"{one}\n\n{two}"), PassageRules(100, 13)) == [one, two]
    assert words_of(article_of(f"{one} {two}"), PassageRules(100, 13)) == [f"{one} {two}"]


@pytest.mark.parametrize("limit", [10, 13])
def test_a_heading_goes_with_what_stands_under_it(limit: int) -> None:
    article = article_of("Aaa bbb ccc ddd. Eee fff.\n\nOur head\n\nGgg hhh iii jjj. Kkk lll mmm.")
    passages = words_of(article, PassageRules(100, limit))
    assert [passage for passage in passages if passage.endswith("Our head")] == []
    assert any(passage.startswith("Our head\n\nGgg hhh iii jjj.") for passage in passages)


def test_headings_at_the_end_of_an_article_are_kept() -> None:
    article = article_of("Aaa bbb ccc ddd.\n\nOur head\n\nMore head")
    assert words_of(article, PassageRules(100, 8)) == ["Aaa bbb ccc ddd.", "Our head\n\nMore head"]


@given(articles, rules_of_any_size)
@example(article_of("Head\n\nAnother\n\nEnds."), PassageRules(24, 8))
def test_only_text_too_long_to_follow_leaves_a_heading_behind(
    article: Article, rules: PassageRules
) -> None:
    sentences = split_sentences(article.text, article.title)
    sizes = count_words([article.text[s.start : s.end] for s in sentences])
    passages = split(article, rules)
    for passage in passages[:-1]:
        last = max(place for place, s in enumerate(sentences) if s.start < passage.end)
        if sentences[last].is_heading and sentences[last].end == passage.end:
            assert sentences[last + 1].is_heading or sum(sizes[last : last + 2]) > rules.limit


def test_a_sentence_longer_than_the_window_is_shared_out_between_words() -> None:
    words = [f"Word{n:02}" for n in range(30)]
    article = article_of(f"Start. {' '.join(words)}. The end.")
    parts = words_of(article, PassageRules(100, 16))
    assert parts[0] == "Start."
    assert parts[-1] == "The end."
    assert " ".join(parts[1:-1]).split() == f"{' '.join(words)}.".split()
    assert all(sum(count_words([part])) <= 16 for part in parts)


def test_a_word_longer_than_the_window_is_shared_out_too() -> None:
    article = article_of("x" * 1000)
    parts = words_of(article, PassageRules(100, 16))
    assert "".join(parts) == article.text
    assert all(sum(count_words([part])) <= 16 for part in parts)


def test_an_article_without_words_has_no_passages() -> None:
    assert split(article_of(" \r\n\n "), PassageRules(256, 160)) == ()


def test_a_key_changes_with_source_words_and_place() -> None:
    def key(source: str, text: str, start: int) -> str:
        sentences = [Sentence(start, len(text))]
        article = Article(source, text, "")
        (passage,) = split_passages(article, sentences, PassageRules(99, 50), count_words)
        return passage.key

    keys = [key("a", "One.", 0), key("b", "One.", 0), key("a", "Two.", 0), key("a", " One.", 1)]
    assert len(set(keys)) == 4
    assert key("a", "One.", 0) == keys[0]


def embedded(text: str, title: str | None, window: int = 64) -> list[str]:
    article, rules = article_of(text, title), PassageRules(window, 40)
    return words_to_embed([article], split(article, rules), rules, count_words)


def test_the_model_reads_the_title_first_and_plain_letters() -> None:
    assert embedded("Kalın'ın evi.", "Işık") == ["Işik\nKalin    evi."]


def test_a_title_that_begins_the_passage_is_read_once() -> None:
    assert embedded("Our title\n\nAaa bbb.", "Our title") == ["Our title\n\nAaa bbb."]


def test_an_article_without_a_title_is_read_alone() -> None:
    assert embedded("Aaa bbb.", None) == embedded("Aaa bbb.", "") == ["Aaa bbb."]


def test_a_long_title_is_cut_between_words() -> None:
    # A quarter of the window: sixteen tokens.
    title = " ".join(f"t{n:02}" for n in range(30))
    assert embedded("Aaa bbb.", title) == [f"{title[: 16 * 4 - 1]}\nAaa bbb."]


def test_each_passage_is_read_with_the_title_of_its_own_article() -> None:
    rules = PassageRules(64, 40)
    first = Article("a.md", "Aaa.", "", "First")
    second = Article("b.md", "Bbb.", "", "Second")
    passages = [*split(second, rules), *split(first, rules)]
    read = words_to_embed([first, second], passages, rules, count_words)
    assert read == ["Second\nBbb.", "First\nAaa."]
