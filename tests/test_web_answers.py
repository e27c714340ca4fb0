"""How the page shows answers that the articles at hand would not give: over a fake assistant."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.settings import Settings
from tests.page_server import Server, ask, marked_in_view, open_browser

ARTICLE = """{title}
Harbour Post
2024

One came early. {title} came {number} times. The third sentence closes it.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("answers")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    for number, title in enumerate(("Anna", "Berit", "Clara", "Dora")):
        text = ARTICLE.format(title=title, number=number)
        (settings.corpus_dir / f"{title}.md").write_text(text, encoding="utf-8")
    server = Server(settings, Path(__file__).parent / "fake_app.py")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(15_000)
    page.goto(server.address)
    page.get_by_test_id("stChatInputTextArea").wait_for()
    yield page
    page.close()


def test_every_verdict_has_a_word_and_a_doubtful_one_its_reason(page: Page) -> None:
    ask(page, "Who came?")
    words = ["Supported", "Partly supported", "Unsupported", "Conflicting"]
    expect(page.locator(".verdict")).to_have_text(words)
    assert page.locator(".verdict svg").count() == 4
    expect(page.locator(".reason")).to_have_count(3)


def test_a_claim_with_several_citations_opens_each_of_them(page: Page, server: Server) -> None:
    ask(page, "Who came?")
    chips = page.locator(".claim").nth(1).locator(".chip")
    expect(chips).to_have_text(
        ["2Harbour Post · 2024", "2Harbour Post · 2024 (2)", "1Harbour Post · 2024 (3)"]
    )
    citations = server.stored(page)[-1].exchange.answer.claims[1].citations
    for place, citation in enumerate(citations):
        chips.nth(place).click()
        page.wait_for_url(f"**claim=1.2.{place + 1}")
        expect(page.locator("mark")).to_have_text(citation.quote)
        assert marked_in_view(page) == citation.quote
        expect(page.locator(".chip[aria-pressed=true]")).to_have_count(1)


def test_what_is_missing_is_said_before_the_claims(page: Page) -> None:
    ask(page, "What is partly there?")
    expect(page.locator(".message")).to_have_text("The articles do not say who paid.")
    above = page.locator(".message").bounding_box()
    below = page.locator(".claim").first.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]


def test_a_click_while_an_answer_is_written_loses_neither_question_nor_answer(
    page: Page, server: Server
) -> None:
    ask(page, "Who came first?")
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill("Who came second?")
    field.press("Enter")
    page.locator(".asked", has_text="Who came second?").wait_for()
    page.locator(".sentence").nth(4).wait_for()
    page.locator(".sentence").first.click()
    marked_in_view(page)
    field.fill("Who came third?")
    field.press("Enter")
    page.locator(".footer").nth(2).wait_for()
    questions = [stored.exchange.question for stored in server.stored(page)]
    assert questions == ["Who came first?", "Who came second?", "Who came third?"]


def test_the_answer_goes_to_the_clipboard_with_numbered_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Who came?")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Who came?\n\nAnna came 0 times. [1]\n")
    assert "[1] Anna, Harbour Post, 2024 (Anna.md)" in copied
