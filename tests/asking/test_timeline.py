"""Articles stand at their dates, and so do the sentences that name one."""

from datetime import date

import pytest

from rag.asking.timeline import Event, EventKind, publications, readable_span, span_of, statements
from rag.core.records import Article, Span


def article(text: str, published: str | None = "2024-05-20", source: str = "a.md") -> Article:
    return Article(source, text, f"sha-{source}", "The mill", "Lake Gazette", published=published)


def stated(text: str, published: str | None = "2024-05-20") -> list[tuple[str, str]]:
    """The date and the words of each statement."""
    return [(event.date, event.citation.quote) for event in statements([article(text, published)])]


def test_an_article_stands_at_its_date_as_precise_as_it_is_known() -> None:
    articles = [
        article("The mill is shut. More of it.\n\nAnd more.", "2024-05", "a.md"),
        article("\n The quay is open.", "2023", "b.md"),
        article("Nobody knows when.", None, "c.md"),
    ]
    assert publications(articles) == (
        Event("2024-05", Span(articles[0], 0, 17).citation, EventKind.PUBLISHED),
        Event("2023", Span(articles[1], 2, 19).citation, EventKind.PUBLISHED),
    )


def test_a_sentence_stands_at_the_date_that_it_names() -> None:
    text = "The mill at Torne is old. It burned on 3 May 1987. Then it was shut.\n\nNobody was hurt."
    one = article(text)
    assert statements([one]) == (Event("1987-05-03", Span(one, 26, 50).citation, EventKind.STATEMENT),)
    assert text[26:50] == "It burned on 3 May 1987."


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("The bridge opened in 2019.", ["2019"]),
        ("The bridge opened in March 2019.", ["2019-03"]),
        ("The bridge opened on March 3, 2019.", ["2019-03-03"]),
        ("The fair lasted from 3 to 5 March 2019.", ["2019-03-03/2019-03-05"]),
        ("It was begun in 2016 and opened in 2019, not in 2016.", ["2016", "2019"]),
        # A day without a year is of the year when it was written, unless another is about as near.
        ("The bridge opened on 14 May.", ["2024-05-14"]),
        ("The bridge opened on 20 November.", []),
        ("The annual fair begins on 14 May.", ["2024-05-14"]),
        # What is vague.
        ("The bridge opened on Tuesday, last month or in the 1990s.", []),
        ("The bridge may open in May.", []),
        ("The bridge cost 2,019 crowns for 12 men and 1450 days.", []),
        ("It was said on 31 February 2019.", []),
    ],
)
def test_only_absolute_dates_count(sentence: str, dates: list[str]) -> None:
    assert stated(sentence) == [(day, sentence) for day in dates]


def test_a_day_without_a_year_needs_the_date_of_the_article() -> None:
    assert stated("The bridge opened on 14 May.", None) == []
    assert stated("The bridge opened on 14 May 2019.", None) != []


def test_a_heading_says_nothing() -> None:
    assert stated("The fair of 2019\n\nIt rained.") == []


def test_every_quote_stands_at_its_place_and_progress_is_told() -> None:
    text = "Dr. Holm came in 2001.\nShe left in\nMay 2003, they say.\n\n\n\nŻ… In 2005 she died."
    many = [article(text * (1 + number % 3), source=f"{number}.md") for number in range(120)]
    done: list[int] = []
    found = statements(many, done.append)
    assert done == [50, 100, 120]
    texts = {each.source: each.text for each in many}
    assert {event.date for event in found} == {"2001", "2003-05", "2005"}
    for event in found:
        cited = event.citation
        assert texts[cited.source][cited.start : cited.end] == cited.quote
    # What was read once is not read again.
    assert statements(many)[0] is found[0]


def test_a_date_has_a_first_and_a_last_day() -> None:
    assert span_of("2024") == (date(2024, 1, 1), date(2024, 12, 31))
    assert span_of("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert span_of("2024-02-03") == (date(2024, 2, 3), date(2024, 2, 3))
    assert span_of("2024-02-03/2024-02-05") == (date(2024, 2, 3), date(2024, 2, 5))
    assert readable_span("2024-02-03/2024-02-05") == "3 February 2024 to 5 February 2024"
    assert readable_span("2024-02") == "February 2024"
