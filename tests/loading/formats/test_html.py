from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.core.errors import ArticleError
from rag.loading.formats.html import read_html

HTML = """<html><head><title>Crews end ferry strike | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Mina Oz">
<meta property="article:published_time" content="2024-03-12T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/w">World</a></nav>
<article><h1>Crews end ferry strike</h1>
<p>The crews of four ferries went back to work on Monday after nine days of talks.</p>
<h2>What comes next</h2><p>Short one.</p><ul><li>More pay</li><li>Fewer hours</li></ul>
<table><tr><th>Boat</th><th>Crew</th></tr><tr><td>Alba</td><td>12</td></tr></table>
<p>The board said on Tuesday that boats would run every half hour &amp; at night.</p></article>
<script>var x = "never seen"</script><footer>Contact the harbour</footer></body></html>"""


def test_a_web_page_gives_its_article_and_lists_the_rest() -> None:
    found = read_html(HTML)
    assert found.text.split("\n") == [
        "Crews end ferry strike",
        "The crews of four ferries went back to work on Monday after nine days of talks.",
        "What comes next",
        "Short one.",
        "- More pay",
        "- Fewer hours",
        "Boat | Crew",
        "Alba | 12",
        "The board said on Tuesday that boats would run every half hour & at night.",
    ]
    assert (found.title, found.publisher, found.author, found.published) == (
        "Crews end ferry strike",
        "Harbour Post",
        "Mina Oz",
        "2024-03-12",
    )
    assert [cut.text for cut in found.cuts] == ["Home\nWorld\nContact the harbour"]


@pytest.mark.parametrize(
    "markup", ["", "<html></html>", "<html><body></body></html>", "\x00", "<" * 999]
)
def test_a_page_without_an_article_is_refused(markup: str) -> None:
    with pytest.raises(ArticleError):
        read_html(markup)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<table>",
                "<tr>",
                "<td>",
                "words. ",
                "<!--",
                "<script>",
                "&#0;",
                "]]>",
            ]
        )
    )
)
def test_any_markup_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(ArticleError):
        read_html("".join(pieces))
