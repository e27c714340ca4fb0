import pytest

from rag.loading.bylines import Byline, is_name, read_byline


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published: 12 March 2024", "2024-03-12"),
        ("March 12, 2024 10:30", "2024-03-12"),
        ("Thursday, 6 June 2024", "2024-06-06"),
        ("MAR 3, 2024, 3:45 PM EST", "2024-03-03"),
        ("12.03.2024 - 10:30", "2024-03-12"),
        ("2024-03-12T10:00:00Z", "2024-03-12"),
        ("31/12/2023", "2023-12-31"),
        ("03/04/2024", "2024"),
        ("Quay Brief No. 12, February 8, 2023", "2023-02-08"),
        ("12 Mart 2024 Salı", "2024-03-12"),
        ("Yayınlanma: 8 Şubat 2023", "2023-02-08"),
        ("12 مارس 2024", "2024-03-12"),
        ("May 2025", "2025-05"),
        ("Published March 3, 2024, updated March 4, 2024", "2024-03-03"),
    ],
)
def test_a_date_line_states_a_date_as_precise_as_it_is(line: str, published: str) -> None:
    found = read_byline(line)
    assert found is not None
    assert found.published == published


@pytest.mark.parametrize("line", ["08/05/25", "Updated 12 March 2024", "Son güncelleme: 12 Mart 2024"])
def test_a_date_line_may_leave_the_day_of_publication_open(line: str) -> None:
    found = read_byline(line)
    assert found == Byline(has_date=True)


@pytest.mark.parametrize(
    ("line", "authors", "published"),
    [
        ("By Mina Oz", ("Mina Oz",), None),
        ("By Mina Oz and Halim Ak", ("Mina Oz", "Halim Ak"), None),
        ("By Mina Oz, Reuters", ("Mina Oz", "Reuters"), None),
        ("Mina Oz | March 3, 2024", ("Mina Oz",), "2024-03-03"),
        ("June 5, 2023 by Mina Oz", ("Mina Oz",), "2023-06-05"),
        ("By Mina Oz, March 4, 2024 · 5 min read", ("Mina Oz",), "2024-03-04"),
    ],
)
def test_a_byline_names_its_authors(line: str, authors: tuple[str, ...], published: str | None) -> None:
    found = read_byline(line)
    assert found is not None
    assert (found.authors, found.published) == (authors, published)


@pytest.mark.parametrize(
    "line",
    [
        "Mina Oz",
        "By Land and Sea",
        "By the river",
        "Step by Step",
        "Yesterday 2024",
        "Summit of May 14, 2023",
        "31 February 2024",
        "99.99.2024",
        "08:15 - 16:00",
        "The crews went back on 12 March 2024",
        "",
    ],
)
def test_other_lines_state_nothing(line: str) -> None:
    assert read_byline(line) is None


def test_names_have_capitals_and_two_words() -> None:
    assert is_name("Ömer Çelik")
    assert is_name("Ludwig van Beethoven")
    assert not is_name("High-level meetings")
    assert not is_name("Ankara")
