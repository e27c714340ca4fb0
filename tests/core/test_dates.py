"""Dates are as precise as they are known, no less and no more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.dates import bounds, edtf_of, is_edtf, overlaps, readable


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        ("2023-02-08", date(2023, 2, 8), date(2023, 2, 8)),
        ("2025-05", date(2025, 5, 1), date(2025, 5, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("200X", date(2000, 1, 1), date(2009, 12, 31)),
        ("2004/2006-03", date(2004, 1, 1), date(2006, 3, 31)),
        ("2004?", date(2004, 1, 1), date(2004, 12, 31)),
    ],
)
def test_a_date_means_all_the_days_it_leaves_open(published: str, first: date, last: date) -> None:
    assert bounds(published) == (first, last)
    assert is_edtf(published)


@pytest.mark.parametrize(
    "published",
    ["", "soon", "May 2025", "8.2.2023", "2023-13", "2023-02-30", "2004/..", "../2004", "0000", "²"],
)
def test_what_is_no_date_is_refused(published: str) -> None:
    assert not is_edtf(published)
    with pytest.raises(ValueError, match=r"."):
        bounds(published)


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[0-9XuYy./?~\-\[\]{},]{1,14}")))
def test_asking_whether_a_text_is_a_date_never_fails(text: str) -> None:
    assert is_edtf(text) in (True, False)


@given(st.dates())
def test_a_day_is_its_own_first_and_last(day: date) -> None:
    assert bounds(day.isoformat()) == (day, day)


@pytest.mark.parametrize(
    ("published", "earliest", "latest", "lies"),
    [
        ("2025-05", date(2025, 5, 31), None, True),
        ("2025-05", date(2025, 6, 1), None, False),
        ("2025-05", None, date(2025, 5, 1), True),
        ("2025-05", None, date(2025, 4, 30), False),
        ("2024", date(2024, 6, 1), date(2024, 6, 2), True),
        ("2023-02-08", date(2023, 2, 8), date(2023, 2, 8), True),
        ("2023-02-08", None, None, True),
    ],
)
def test_a_range_holds_what_may_lie_in_it(
    published: str, earliest: date | None, latest: date | None, lies: bool
) -> None:
    assert overlaps(published, earliest, latest) is lies


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ("2023-02-08", "8 February 2023"),
        ("2025-05", "May 2025"),
        ("2024", "2024"),
        ("2004-21", "2004-21"),
        ("200X", "200X"),
        ("2004/2006", "2004/2006"),
        ("2004?", "2004?"),
    ],
)
def test_a_usual_date_is_read_out_and_any_other_stays_as_written(published: str, read: str) -> None:
    assert readable(published) == read


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((2024,), "2024"),
        ((2024, 2), "2024-02"),
        ((2024, 2, 29), "2024-02-29"),
        ((2023, 2, 29), None),
        ((2023, 13), None),
        ((0,), None),
    ],
)
def test_a_date_is_put_together_as_precise_as_it_is_given(
    parts: tuple[int, ...], said: str | None
) -> None:
    assert edtf_of(*parts) == said
