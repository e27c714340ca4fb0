"""Words for the time of knowledge set a moment; a date of what happened does not."""

import pytest

from rag.asking.moments import (
    Moment,
    Way,
    at_its_moment,
    describe_moment,
    find_moment,
    newest_first,
    newest_published,
    without_moment,
)
from rag.core.errors import SettingsError
from rag.core.records import Article, Filters

NEWEST = "2025-05"


def moment(question: str) -> tuple[str, str | None, str] | None:
    found = find_moment(question, NEWEST)
    return (found.way.value, found.when, found.question) if found else None


@pytest.mark.parametrize(
    ("question", "when", "searched"),
    [
        ("How many boats lie in Orsa as of May 2024?", "2024-05", "How many boats lie in Orsa?"),
        ("As of 13 September 2024, who runs the mill?", "2024-09-13", "Who runs the mill?"),
        ("as of may 2024 who runs the mill", "2024-05", "Who runs the mill"),
        ("How many boats, as of 2024-05, lie in Orsa?", "2024-05", "How many boats lie in Orsa?"),
        ("What was the fare as at the end of 2023?", "2023", "What was the fare?"),
        ("Who runs the mill (as of 1st May 2024)?", "2024-05-01", "Who runs the mill?"),
        ("Who runs the mill as of 1999, and who sails?", "1999", "Who runs the mill and who sails?"),
    ],
)
def test_words_for_the_time_of_knowledge_are_a_moment_and_are_not_searched(
    question: str, when: str, searched: str
) -> None:
    assert moment(question) == ("until", when, searched)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs the mill now?",
        "Who currently runs the mill?",
        "Today, who runs the mill?",
        "How many boats are there as of today?",
        "At present who runs the mill?",
        "What is the latest on the leak?",
        "What is the most recent count?",
        "Who is the actress who is now on trial?",
    ],
)
def test_now_is_the_moment_of_the_newest_article_and_is_searched_as_asked(question: str) -> None:
    assert moment(question) == ("latest", NEWEST, question)


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the 2020 conflict?",
        "Who was freed in December 2022?",
        "What has the mayor done since 2024?",
        "In 2023, what did the mayor say?",
        "What did the mayor say in early 2023?",
        "Who ran the mill until 2023?",
        "Who ran the mill before 2023?",
        "Which ship was launched before 2015?",
        "Who was elected by the end of 2023?",
        "What share of energy is to be green by 2030?",
        "What did the mill sell in the months after October 2023?",
        "When did the talks that began after 7 October 2023 end?",
        "How many boats had been sold by the end of 2023?",
        "How many boats as of 2023 and as of 2025?",
        "Did the report published before 1 May 2023 agree with that of 3 May 2023?",
        "What did USA Today say of the mill?",
        "What did the mayor do in the week before the vote?",
        "What was built in 2000 BC, as of old?",
        "As of May 2024?",
        "",
    ],
)
def test_a_date_of_what_happened_stays_in_the_question(question: str) -> None:
    assert moment(question) is None


def test_a_month_without_a_year_is_the_one_nearest_to_the_newest_article() -> None:
    assert find_moment("Who runs the mill as of March?", "2024-04-20") == Moment(
        Way.UNTIL, "2024-03", "Who runs the mill?"
    )
    assert find_moment("Who runs the mill as of March?", None) is None


def test_the_readers_own_dates_stay_where_they_are_narrower() -> None:
    articles = [Article("a.md", "", "", published="2023-07"), Article("b.md", "", "", published="2025")]
    question = "Who runs the mill as of May 2024?"

    def filters_of(own: Filters) -> Filters:
        return at_its_moment(question, own, articles)[1]

    assert filters_of(Filters()) == Filters(published_to="2024-05")
    assert filters_of(Filters(published_to="2024-05-03")) == Filters(published_to="2024-05-03")
    assert filters_of(Filters(published_to="2024")) == Filters(published_to="2024-05")
    assert filters_of(Filters(published_from="2023")) == Filters(
        published_from="2023", published_to="2024-05"
    )
    with pytest.raises(SettingsError):
        filters_of(Filters(published_to="soon"))


def test_a_moment_that_no_article_is_as_old_as_says_so() -> None:
    articles = [Article("a.md", "", "", published="2025"), Article("b.md", "", "")]
    asked = "Who runs the mill as of May 2024?"
    nothing = "No article that may be read was published until May 2024."
    until = Moment(Way.UNTIL, "2024-05", "Who runs the mill?")
    own, late = Filters(published_to="2024-05"), Filters(published_from="2025")
    searched = "Who runs the mill?"
    assert at_its_moment(asked, Filters(), articles) == (searched, own, until, nothing)
    assert at_its_moment(asked, late, articles) == (searched, late, until, nothing)


def test_now_reads_every_article() -> None:
    asked = "Who runs the mill now?"
    latest = Moment(Way.LATEST, "2025", asked)
    articles = [Article("a.md", "", "", published="2025")]
    assert at_its_moment(asked, Filters(), articles) == (asked, Filters(), latest, None)


def test_a_moment_is_told_in_words() -> None:
    assert describe_moment(Moment(Way.UNTIL, "2024-05", "?")) == (
        "Asked as of May 2024: only articles published until then were read."
    )
    assert describe_moment(Moment(Way.LATEST, None, "?")) == (
        "Asked how things stand now: of what answers about equally, the newest comes first."
    )


class Sentence:
    def __init__(self, score: float, published: str | None) -> None:
        self.score = score
        self.article = Article("a.md", "", "", published=published)


def test_of_what_answers_about_equally_the_newest_comes_first() -> None:
    old, undated, new, unlike = (
        Sentence(0.8, "2023"),
        Sentence(0.75, None),
        Sentence(0.7, "2025-05"),
        Sentence(0.6, "2026"),
    )
    assert newest_first([old, undated, new, unlike], 0.5) == [new, old, undated, unlike]
    # What does not answer is not put before what does.
    assert newest_first([old, undated, new, unlike], 0.72) == [old, undated, new, unlike]
    assert newest_first([], 0.5) == []


def test_the_newest_article_is_the_one_that_ends_last() -> None:
    articles = [Article(f"{n}.md", "", "", published=p) for n, p in enumerate(("2024-03", None, "2024"))]
    assert newest_published(articles) == "2024"
    assert newest_published(articles[1:2]) is None


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How many boats lie in Orsa as of 2021?", "How many boats lie in Orsa?"),
        ("And as of 2023?", "And?"),
        ("How many boats lay in Orsa in 2021?", "How many boats lay in Orsa in 2021?"),
        ("And now?", "And now?"),
    ],
)
def test_a_question_without_its_moment(question: str, left: str) -> None:
    assert without_moment(question) == left
