"""The page in a real browser, over a real index of four small articles."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.core.settings import Settings
from tests.page_server import Server, ask, index_elsewhere, marked_in_view, visit

FILLER = "The lamps along the quay are trimmed before dusk. Gulls follow every boat that comes in.\n\n"

ARTICLES = {
    "ferry.md": """---
title: The ferry Alba returns to the lake
publisher: Lake Gazette
published: "2024-05-03"
author: Mira Holm
---

"""
    + FILLER * 20
    + "The ferry Alba carried 2,400 passengers across Lake Orsa in April 2024. "
    "Captain Jonas Weil said that the old engine had been replaced in Bremen. "
    "Mayor Ida Berg met Jonas Weil on the quay of Orsa.\n\n" + FILLER * 20,
    "mill.md": """---
title: "**Mill** <script>window.hacked=1</script> $x^2$ :smile: :red[hot]"
publisher: "<img src=x onerror='window.hacked=2'>"
published: "2023"
---

The paper mill at Torne sold **nine** tons of $pulp$ to Oslo <img src=x onerror="window.hacked=3">.
""",
    "script.txt": "The Skarv survey counted 31 seals <script>window.hacked=4</script> "
    "and **two** walruses for $5 :smile: <img src=x onerror=window.hacked=5> on Skarv island.\n",
    "notes/bridge.md": "# The bridge at Torne\n\nThe bridge at Torne was closed for repairs in 2021."
    " Inspector Lena Dahl found rust in eleven of its cables.\n",
}

FERRY = "How many passengers did the ferry Alba carry across Lake Orsa?"
BRIDGE = "What did inspector Lena Dahl find in the cables of the bridge at Torne?"


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, models_dir: Path
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("page")
    settings = Settings(folder / "corpus", folder / "data")
    settings.data_dir.mkdir()
    settings.models_dir.symlink_to(models_dir)
    for name, text in ARTICLES.items():
        path = settings.corpus_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    server = Server(settings)
    server.start()
    try:
        index_from_the_page(server, browser)
        yield server
    finally:
        server.stop()


def index_from_the_page(server: Server, browser: Browser) -> None:
    """The first visit finds no index and makes it."""
    page = browser.new_page()
    page.goto(server.address)
    page.get_by_role("button", name="Index the articles now").click(timeout=60_000)
    page.get_by_text("4 articles from").wait_for(timeout=60_000)
    page.close()


@pytest.fixture
def page(tab: Page, server: Server) -> Page:
    visit(tab, server.address)
    tab.get_by_test_id("stChatInputTextArea").wait_for()
    return tab


def cited(server: Server, page: Page) -> str:
    """The quote of the first citation of the last answer."""
    return server.stored(page)[-1].exchange.answer.claims[0].citations[0].quote


def test_a_sentence_opens_the_article_at_the_words_it_stands_on(page: Page, server: Server) -> None:
    ask(page, FERRY)
    sentence = page.get_by_role("button", name="2,400 passengers")
    expect(sentence).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".claim").first.locator(".verdict")).to_have_text("Supported")
    expect(page.locator(".chip").first).to_contain_text("Lake Gazette · 3 May 2024")
    sentence.click()
    assert marked_in_view(page) == cited(server, page)
    expect(sentence).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".panel h2")).to_have_text("The ferry Alba returns to the lake")
    expect(page.locator(".panel .meta")).to_have_text("Lake Gazette · 3 May 2024ferry.md")
    whole = page.locator(".panel .whole").text_content()
    assert whole is not None
    assert whole.count("The lamps along the quay") == 40


def test_the_keyboard_chooses_closes_and_comes_back(page: Page, server: Server) -> None:
    ask(page, FERRY)
    for key in ("Enter", " "):
        sentence = page.locator(".sentence").first
        sentence.focus()
        page.keyboard.press(key)
        assert marked_in_view(page) == cited(server, page)
        expect(page.locator(".scroller")).to_be_focused()
        page.keyboard.press("Escape")
        page.locator(".panel").wait_for(state="detached")
        expect(sentence).to_be_focused()
        expect(sentence).to_have_attribute("aria-pressed", "false")
    page.locator(".chip").first.press("Enter")
    assert marked_in_view(page) == cited(server, page)
    page.get_by_role("button", name="Close the article").press("Enter")
    page.locator(".panel").wait_for(state="detached")
    expect(page.locator(".sentence").first).to_be_focused()


def test_a_reload_finds_the_same_words_open_and_in_view(page: Page, server: Server) -> None:
    ask(page, FERRY)
    page.locator(".sentence").first.click()
    quote = marked_in_view(page)
    for _ in range(2):
        ask(page, BRIDGE)
    page.reload()
    assert marked_in_view(page) == quote
    expect(page.locator(".claim.chosen .sentence")).to_be_in_viewport(timeout=5_000)


def test_a_changed_file_is_said_to_have_changed_and_nothing_is_marked(
    page: Page, server: Server
) -> None:
    ask(page, FERRY)
    page.locator(".sentence").first.click()
    quote = marked_in_view(page)
    path = server.settings.corpus_dir / "ferry.md"
    path.write_text(ARTICLES["ferry.md"].replace("2,400", "3,100"), encoding="utf-8")
    try:
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("The source changed since this answer.")
        expect(page.locator("blockquote")).to_have_text(quote)
        expect(page.locator(".panel .whole")).to_contain_text("3,100 passengers")
        expect(page.locator("mark")).to_have_count(0)
        path.unlink()
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("The source is no longer in the folder.")
        expect(page.locator("blockquote")).to_have_text(quote)
        expect(page.locator("mark")).to_have_count(0)
    finally:
        path.write_text(ARTICLES["ferry.md"], encoding="utf-8")
    page.reload()
    assert marked_in_view(page) == quote


def test_a_question_that_the_articles_do_not_answer_gets_no_answer(page: Page) -> None:
    ask(page, "Who won the chess tournament in Samarkand?")
    expect(page.locator(".message")).to_contain_text("do not answer")
    expect(page.locator(".sentence")).to_have_count(0)
    expect(page.locator(".verdict")).to_have_count(0)
    passage = page.locator(".passage").first
    words = passage.locator(".words").text_content()
    passage.click()
    assert marked_in_view(page) == words


def test_what_is_written_in_articles_and_questions_is_only_ever_text(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    question = "How many <b>seals</b> did the Skarv survey **count** <img src=x> :smile:?"
    ask(page, question)
    expect(page.locator(".asked")).to_have_text(question)
    sentence = page.locator(".sentence").filter(has_text="31 seals").first
    expect(sentence).to_contain_text("<script>window.hacked=4</script> and **two** walruses for $5")
    sentence.click()
    assert marked_in_view(page) == cited(server, page)
    expect(page.locator(".whole")).to_have_text(ARTICLES["script.txt"].strip())
    expect(page.locator(".conversation").first).to_contain_text("survey **count** <img src=x> :smile:?")
    page.get_by_role("link", name="Corpus").click()
    title = "**Mill** <script>window.hacked=1</script> $x^2$ :smile: :red[hot]"
    page.get_by_role("button", name=title).click()
    expect(page.locator(".panel h2")).to_have_text(title)
    expect(page.locator(".panel .meta")).to_contain_text("<img src=x onerror='window.hacked=2'>")
    page.wait_for_timeout(300)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img[src='x']").count() == 0
    assert {urlsplit(url).hostname for url in asked if url.startswith("http")} <= {"127.0.0.1"}


def test_a_far_too_long_question_is_refused_and_stays_in_the_field(page: Page) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    question = ("Is the ferry late " * 1_200)[:20_000].strip()
    field.fill(question)
    field.press("Enter")
    page.get_by_role("alert").wait_for()
    expect(field).to_have_value(question)
    ask(page, FERRY)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".sentence").first).to_contain_text("2,400")


def test_an_empty_question_does_nothing(page: Page) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill("  \n ")
    field.press("Enter")
    page.wait_for_timeout(500)
    assert "chat=" not in page.url


def test_filters_say_what_they_leave_and_go_with_the_question(page: Page) -> None:
    expect(page.get_by_text("Articles 4 of 4")).to_be_visible()
    page.get_by_role("button", name="Ask only: The bridge at Torne").click()
    expect(page.get_by_text("Articles 1 of 4")).to_be_visible()
    ask(page, BRIDGE)
    expect(page.get_by_text("Asked of: notes/bridge.md")).to_be_visible()
    expect(page.locator(".chip").first).to_contain_text("The bridge at Torne")
    page.get_by_role("link", name="Corpus").click()
    page.locator("table").wait_for()
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_text("Articles 1 of 4")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Publishers")).fill("Lake")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No article passes these filters.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ask all articles").click()
    expect(page.get_by_text("Articles 4 of 4")).to_be_visible()


def test_conversations_are_listed_reopened_renamed_and_deleted(page: Page) -> None:
    ask(page, "How many cables of the bridge at Torne had rust?")
    name = page.locator(".conversation[aria-current] .name")
    expect(name).to_have_text("How many cables of the bridge at Torne had rust?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".footer")).to_have_count(0)
    page.locator(".conversation").first.click()
    expect(page.locator(".footer")).to_have_count(1)
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Title", exact=True).fill("Rust & <b>cables</b>")
    page.keyboard.press("Enter")
    expect(name).to_have_text("Rust & <b>cables</b>")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Rust & <b>cables</b>")).to_have_count(0)
    page.get_by_text("Ask the articles", exact=True).wait_for()


def test_four_hundred_pixels_are_wide_enough(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    page.get_by_test_id("stChatInputTextArea").wait_for()
    fits = "[...document.querySelectorAll('html, .stMain')].every(e => e.scrollWidth <= 400)"
    assert page.evaluate(fits)
    ask(page, FERRY)
    page.locator(".sentence").first.click()
    assert marked_in_view(page) == cited(server, page)
    expect(page.locator(".claim.chosen .sentence")).to_be_in_viewport()
    assert page.evaluate(fits)
    page.get_by_role("button", name="Close the article").click()
    page.locator(".panel").wait_for(state="detached")
    page.goto(f"{server.address}/corpus")
    page.locator("table").wait_for()
    assert page.evaluate(fits)


def test_the_corpus_page_reads_an_article_and_knows_its_author(page: Page) -> None:
    page.get_by_role("link", name="Corpus").click()
    line = page.locator("tr", has_text="The ferry Alba")
    expect(line).to_contain_text("Mira Holm")
    expect(line).to_contain_text("Lake Gazette")
    line.get_by_role("button", name="The ferry Alba returns to the lake").click()
    expect(page.locator(".panel .whole")).to_contain_text("Captain Jonas Weil")
    expect(page.locator("mark")).to_have_count(0)


def test_a_new_index_is_seen_without_a_restart_or_a_click(page: Page, server: Server) -> None:
    path = server.settings.corpus_dir / "tower.md"
    path.write_text("# The tower\n\nThe clock tower of Vadso was painted green in 2019.\n")
    try:
        index_elsewhere(server.settings)
        indexed = time.monotonic()
        page.get_by_text("5 articles from").wait_for()
        assert time.monotonic() - indexed < 5
        ask(page, "When was the clock tower of Vadso painted green?")
        expect(page.locator(".sentence").first).to_contain_text("2019")
    finally:
        path.unlink()


def test_a_conversation_survives_a_restart_of_the_server(page: Page, server: Server) -> None:
    ask(page, FERRY)
    page.locator(".sentence").first.click()
    quote = marked_in_view(page)
    address = page.url
    server.stop()
    server.start()
    page.goto(address)
    page.set_default_timeout(60_000)
    assert marked_in_view(page) == quote
    assert Path(urlsplit(page.url).path) == Path("/")


def test_the_indexed_folder_is_brought_up_to_date_from_the_page(page: Page, server: Server) -> None:
    page.get_by_role("link", name="Corpus").click()
    page.get_by_role("button", name="Index the folder again").click()
    expect(page.get_by_role("status").filter(has_text="Indexed:")).to_contain_text("4 unchanged")


def test_an_example_that_the_articles_answer_is_asked_with_a_click(page: Page) -> None:
    example = page.get_by_role("button", name="Whom did Ida Berg meet?")
    example.click(timeout=60_000)
    page.locator(".footer").wait_for()
    expect(page.locator(".asked")).to_have_text("Whom did Ida Berg meet?")
    expect(page.locator(".sentence").first).to_contain_text("Mayor Ida Berg met Jonas Weil")
