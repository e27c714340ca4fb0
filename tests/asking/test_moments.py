"""Words for the time of knowledge set a moment; a date of what happened does not."""

import pytest

from rag.asking.at_moment import (
    describe_moment,
    describe_nothing,
    narrowed,
    newest_first,
    newest_published,
)
from rag.asking.moments import Moment, Way, ask_again, find_moment
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
        ("What was the fare as at the end of 2023?", "2023-12", "What was the fare?"),
        ("How many boats had been sold by the end of 2023?", "2023-12", "How many boats had been sold?"),
        ("What was known of the leak until March 2024?", "2024-03", "What was known of the leak?"),
        ("What was reported until 2024 about the leak?", "2024", "What was reported about the leak?"),
        ("Who was head of the mill before 2024?", "2023", "Who was head of the mill?"),
        ("What was the plan before 13 May 2024?", "2024-05-12", "What was the plan?"),
        ("What was the plan before May 2024?", "2024-04", "What was the plan?"),
        ("Back in 2023 what was the fare?", "2023", "What was the fare?"),
        ("In early 2023, what was the fare?", "2023-04-30", "What was the fare?"),
        ("What was the fare in late February 2023?", "2023-02-28", "What was the fare?"),
        ("What was the fare at the time of May 2023?", "2023-05", "What was the fare?"),
    ],
)
def test_words_for_the_time_of_knowledge_are_a_moment_and_are_not_searched(
    question: str, when: str, searched: str
) -> None:
    assert moment(question) == ("until", when, searched)


@pytest.mark.parametrize(
    ("question", "when", "searched"),
    [
        ("What has the mayor done since 2024?", "2024", "What has the mayor done?"),
        ("What happened after May 2024?", "2024-06", "What happened?"),
        ("What happened after 31 December 2023?", "2024-01-01", "What happened?"),
        ("Who ran the mill from May 2024 onwards?", "2024-05", "Who ran the mill?"),
        ("Since March 2025, what has changed?", "2025-03", "What has changed?"),
    ],
)
def test_a_moment_from_which_on_is_one_too(question: str, when: str, searched: str) -> None:
    assert moment(question) == ("since", when, searched)


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
    ],
)
def test_now_is_the_moment_of_the_newest_article_and_is_searched_as_asked(question: str) -> None:
    assert moment(question) == ("latest", NEWEST, question)


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the 2020 conflict?",
        "Who was freed in December 2022?",
        "In 2023, what did the mayor say?",
        "What did the mayor say in early 2023?",
        "Who ran the mill until 2023?",
        "Who ran the mill before 2023?",
        "Which ship was launched before 2015?",
        "Who was elected by the end of 2023?",
        "What share of energy is to be green by 2030?",
        "What did the mill sell in the months after October 2023?",
        "When did the talks that began after 7 October 2023 end?",
        "How many boats as of 2023 and as of 2025?",
        "Did the report published before 1 May 2023 agree with that of 3 May 2023?",
        "Who is the actress who is now on trial?",
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
    until, since = (Moment(way, "2024-05", "?") for way in (Way.UNTIL, Way.SINCE))
    assert narrowed(Filters(), until) == Filters(published_to="2024-05")
    assert narrowed(Filters(published_to="2024-05-03"), until) == Filters(published_to="2024-05-03")
    assert narrowed(Filters(published_to="2024"), until) == Filters(published_to="2024-05")
    assert narrowed(Filters(published_from="2024-05-02"), since) == Filters(published_from="2024-05-02")
    assert narrowed(Filters(published_from="2023"), since) == Filters(published_from="2024-05")
    assert narrowed(Filters(published_to="soon"), until) == Filters(published_to="soon")
    assert narrowed(Filters(), Moment(Way.LATEST, "2024-05", "?")) == Filters()


def test_a_moment_is_told_in_words() -> None:
    until = Moment(Way.UNTIL, "2024-05", "?")
    assert describe_moment(until) == (
        "Asked as of May 2024: only articles published until then were read."
    )
    assert describe_nothing(until) == "No article that may be read was published until May 2024."
    assert describe_moment(Moment(Way.SINCE, "2024", "?")) == (
        "Asked of the time from 2024 on: only articles published since then were read."
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
    ("follow_up", "asked"),
    [
        ("And as of 2023?", "How many boats lie in Orsa as of 2023?"),
        ("As of May 2024?", "How many boats lie in Orsa as of May 2024?"),
        ("What about before 2024?", "How many boats lie in Orsa before 2024?"),
        ("and now?", "How many boats lie in Orsa now?"),
        ("And in Torne?", None),
        ("And in 2023?", None),
        ("Who counted them as of 2023?", None),
        ("Why?", None),
        ("And?", None),
    ],
)
def test_a_follow_up_that_is_a_moment_asks_the_same_of_it(follow_up: str, asked: str | None) -> None:
    assert ask_again(follow_up, "How many boats lie in Orsa?") == asked
    assert ask_again(follow_up, "How many boats lie in Orsa as of 2021?") == asked
