import hashlib
from dataclasses import replace
from time import perf_counter

from rag.core.records import Article, Cut
from rag.loading.repeats import cut_repeats

BOX = "Harbour Post is an independent paper that belongs to its readers."


def article(source: str, *paragraphs: str, publisher: str | None = None) -> Article:
    text = "\n\n".join(paragraphs)
    return Article(source, text, hashlib.sha256(text.encode()).hexdigest(), publisher=publisher)


def own(name: str, count: int = 4) -> list[str]:
    return [f"Paragraph {number} of {name} says something nobody else says." for number in range(count)]


def test_a_paragraph_under_three_articles_of_a_folder_goes_with_its_reason() -> None:
    before = [article(f"post/{name}.txt", *own(name), BOX) for name in "abc"]
    after = cut_repeats(before)
    for was, now, name in zip(before, after, "abc", strict=True):
        text = "\n\n".join(own(name))
        assert now == replace(
            was,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            cuts=(Cut("repeated in 3 files of its folder", BOX),),
        )


def test_two_articles_may_share_a_paragraph() -> None:
    before = tuple(article(f"{name}.txt", *own(name), BOX) for name in "ab")
    assert cut_repeats(before) == before


def test_other_folders_do_not_count_but_one_publisher_in_them_does() -> None:
    apart = tuple(article(f"{name}/x.txt", *own(name), BOX) for name in "abc")
    assert cut_repeats(apart) == apart
    one = [article(f"{name}/x.txt", *own(name), BOX, publisher="Post") for name in "abc"]
    assert all(BOX not in now.text for now in cut_repeats(one))


def test_copies_stay_whole() -> None:
    before = tuple(article(f"{number}.txt", *own("one"), BOX) for number in range(40))
    assert cut_repeats(before) == before


def test_versions_of_one_article_stay_whole() -> None:
    before = tuple(
        article(f"{number}.txt", *own("one", 6), f"Update {number}: more is known about it by now.")
        for number in range(5)
    )
    assert cut_repeats(before) == before


def test_versions_count_once_and_lose_the_box_as_well() -> None:
    before = [
        article(f"{name}{version}.txt", *own(name, 6), f"Version {version} of {name}.", BOX)
        for name in "abc"
        for version in (1, 2)
    ]
    after = cut_repeats(before)
    assert all(BOX not in now.text for now in after)
    assert all(own(name, 6)[5] in now.text for name, now in zip("aabbcc", after, strict=True))
    two = tuple(before[:4])
    assert cut_repeats(two) == two


def test_a_short_heading_that_many_articles_have_stays() -> None:
    before = tuple(
        article(f"{name}.txt", *own(name)[:2], "Background", *own(name)[2:]) for name in "abcd"
    )
    assert cut_repeats(before) == before


def test_short_lines_go_with_the_box_they_stand_in() -> None:
    before = [article(f"{name}.txt", "Head", *own(name), BOX, "Join us") for name in "abc"]
    assert [now.text for now in cut_repeats(before)] == ["\n\n".join(own(name)) for name in "abc"]


def test_no_article_loses_most_of_its_text() -> None:
    short = article("d.txt", BOX, "Brief.")
    after = cut_repeats([*(article(f"{name}.txt", *own(name), BOX) for name in "abc"), short])
    assert after[3] == short


def test_a_large_corpus_takes_seconds() -> None:
    articles = [
        article(f"post/{number}.txt", f"Title {number}", *own(str(number), 20), BOX)
        for number in range(3000)
    ]
    start = perf_counter()
    after = cut_repeats(articles)
    assert perf_counter() - start < 10
    assert all(BOX not in now.text for now in after)
