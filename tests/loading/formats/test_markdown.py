import pytest

from rag.core.records import Cut
from rag.loading.formats.markdown import read_markdown


def test_a_reader_sees_words_and_not_marks() -> None:
    found = read_markdown(
        """\
# Crews end *ferry* strike

The crews of [four ferries](https://boats.example) went **back**
to work.

## What was agreed

- More pay
- Fewer hours
  - in winter
  - in spring

3. Sign
4. Sail

> We are glad &amp; tired.

<b>Bold</b> words

    code  stays
      as it is

| Boat | Crew |
|------|------|
| Alba | 12   |

![A ferry](ferry.jpg)

---
The end."""
    )
    assert found.text == (
        """\
Crews end ferry strike

The crews of four ferries went back to work.

What was agreed

- More pay
- Fewer hours
  - in winter
  - in spring

3. Sign
4. Sail

We are glad & tired.

<b>Bold</b> words

code  stays
  as it is

Boat | Crew
Alba | 12

A ferry

The end."""
    )
    assert found.title == "Crews end ferry strike"


def test_front_matter_states_what_the_file_does() -> None:
    found = read_markdown(
        """\
---
title: Crews end strike
publisher: Harbour Post
author: [Mina Oz, Halim Ak]
published: 2024-03-12
original_title: Grev bitti
colour: blue
---

# Another heading

They went back."""
    )
    assert (found.title, found.publisher, found.author, found.published) == (
        "Crews end strike",
        "Harbour Post",
        "Mina Oz, Halim Ak",
        "2024-03-12",
    )
    assert found.text == "Another heading\n\nThey went back."
    assert found.cuts == ()


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2024-03-12", "2024-03-12"),
        ("2024-03-12 10:30:00", "2024-03-12"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        ('"2024-05"', "2024-05"),
    ],
)
def test_a_date_may_be_written_as_yaml_likes(written: str, published: str) -> None:
    assert read_markdown(f"---\npublished: {written}\n---\nWords.").published == published


def test_front_matter_that_is_not_yaml_does_not_lose_the_article() -> None:
    found = read_markdown('---\ntitle: "open\npublisher: x\n---\nThe crews went back.')
    assert found.text == "The crews went back."
    assert found.title is None
    (cut,) = found.cuts
    assert cut.reason.startswith("front matter is not YAML: ")
    assert cut.text == 'title: "open\npublisher: x'


def test_values_of_the_wrong_kind_are_ignored_and_said_so() -> None:
    found = read_markdown(
        "---\ntitle: [a]\nauthor: 7\npublisher: Post\npublished: last spring\n---\nWords."
    )
    assert (found.title, found.author, found.publisher, found.published) == (
        None,
        None,
        "Post",
        None,
    )
    assert found.cuts == (
        Cut("front matter's title is not text: ignored", "title: ['a']"),
        Cut("front matter's author is not text: ignored", "author: 7"),
        Cut(
            "front matter's published is not a date like 2023-02-08, 2025-05 or 2024: ignored",
            "published: last spring",
        ),
    )


@pytest.mark.parametrize(
    "block", ["published: 2024-13-45", "a: " + "[" * 5000, "title: !!python/object:os.x {}", "a: b: c"]
)
def test_hostile_front_matter_costs_only_itself(block: str) -> None:
    found = read_markdown(f"---\n{block}\n---\nThe crews went back.")
    assert found.text == "The crews went back."
    assert len(found.cuts) == 1


def test_rules_around_prose_are_no_front_matter() -> None:
    found = read_markdown("---\nThe crews went back.\n\n---\nThe end.")
    assert "The crews went back." in found.text
    assert found.cuts == ()


def test_a_rule_that_is_never_closed_is_no_front_matter() -> None:
    assert read_markdown("---\ntitle: x\n").text == "title: x"
