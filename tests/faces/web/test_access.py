"""Every page in every state that a reader meets, in both themes: axe finds nothing serious or critical.
The core is a fake one, so that each state is reached at once; the states of a whole morning over a real
index are in test_morning.py."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from rag.core.records import Claim, Verdict
from rag.core.settings import Settings
from rag.desk.desk import open_desk
from rag.desk.entries import difference, heading, missing, note, sentence
from tests.axe import look
from tests.fake_assistant import FAILING, Assistant, cite, write_articles
from tests.page_server import FAKE_APP, Server, ask, marked_in_view, send


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("access")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    settings.data_dir.mkdir()
    write_articles(settings.corpus_dir)
    server = Server(settings, FAKE_APP)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def visits(browser: Browser) -> Iterator[Page]:
    """One page for all, which keeps what the browser has loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(visits: Page, server: Server) -> Page:
    visits.set_viewport_size({"width": 1280, "height": 900})
    visits.goto(server.address)
    visits.get_by_test_id("stChatInputTextArea").wait_for()
    return visits


def test_a_chat_before_and_while_it_is_asked(page: Page) -> None:
    look(page, "chat, first visit")
    page.get_by_text("Articles 4 of 4").click()
    page.get_by_role("combobox", name=re.compile("Publishers")).click()
    look(page, "chat, filters open")
    page.keyboard.press("Escape")
    send(page, "Who came slowly?")
    page.locator(".sentence").first.wait_for()
    look(page, "chat, an answer being written")
    page.locator(".footer").wait_for()


def test_an_answer_and_all_that_opens_from_it(page: Page) -> None:
    ask(page, "Who came?")
    page.get_by_role("button", name="Why unsupported").first.click()
    page.locator(".sentence").nth(1).hover()
    page.locator(".preview").wait_for()
    look(page, "answer, a quote previewed")
    page.get_by_role("button", name=re.compile("Found but not used")).click()
    page.get_by_role("button", name="Why this answer").click()
    page.get_by_role("button", name="Something is wrong with this answer").click()
    look(page, "answer, why and what was wrong")
    page.get_by_role("button", name="Keep all in the briefing").click()
    page.locator(".told").wait_for()
    page.locator(".sentence").first.click()
    marked_in_view(page)
    look(page, "answer, its article open")
    ask(page, "Why did she come?")
    page.get_by_role("button", name="Edit the question as understood").last.click()
    look(page, "answer, understood in other words")


def test_answers_that_lack_or_doubt_something(page: Page) -> None:
    ask(page, "Where do they differ partly ?")
    ask(page, "Who refused?")
    look(page, "answers, one with what is missing, one not written")
    send(page, "What is broken?")
    page.get_by_test_id("stException").wait_for()
    look(page, "chat, a fault of the program")
    ask(page, "late " * 2_000)
    look(page, "answer to a question longer than its box")


def test_an_answer_whose_sources_changed(page: Page, server: Server) -> None:
    ask(page, "Where do they differ ?")
    page.locator(".conflict").first.wait_for()
    paths = [server.settings.corpus_dir / f"{name}.md" for name in ("Anna", "Berit")]
    texts = [path.read_text() for path in paths]
    try:
        paths[0].write_text(texts[0].replace("came", "went"))
        paths[1].unlink()
        for place, state in ((0, "changed"), (1, "gone")):
            page.locator(".sentence").nth(place).click()
            page.locator(".panel .warning, .panel [role=status], .panel [role=alert]").first.wait_for()
            look(page, f"answer that differs, a source {state}")
    finally:
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)


def test_conversations_and_their_dialogs(page: Page, server: Server) -> None:
    ask(page, "Who came?")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Title").wait_for()
    look(page, "chat, rename")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").wait_for()
    look(page, "chat, delete")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export and import").click()
    newer = FilePayload(name="newer.json", mimeType="application/json", buffer=b'{"schema": "x/9"}')
    page.locator('input[type="file"]').set_input_files(newer)
    page.get_by_role("dialog").get_by_role("alert").wait_for()
    look(page, "chat, export and an import refused")
    page.keyboard.press("Escape")
    with sqlite3.connect(server.settings.memory_path) as database:
        database.execute("UPDATE exchanges SET answer = '{}' WHERE number = 1")
    page.goto(f"{server.address}/?chat=nothing")
    page.get_by_text("This conversation is not here any more.").wait_for()
    look(page, "chat, a conversation that is gone")
    page.locator(".conversation").first.click()
    page.get_by_text("cannot be read").wait_for()
    look(page, "chat, a damaged answer")


def test_the_corpus_and_what_is_done_to_it(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/corpus")
    page.locator("tr[data-source]").first.wait_for()
    look(page, "corpus")
    page.get_by_text("Add articles").click()
    files = [
        FilePayload(name="tower.txt", mimeType="text/plain", buffer=b"The tower was painted in 2019."),
        FilePayload(name="x.png", mimeType="image/png", buffer=b"\x89PNG"),
    ]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    page.locator(".candidate").nth(1).wait_for()
    page.get_by_text("Put right what was read").click()
    look(page, "corpus, files read")
    page.get_by_role("button", name="Leave out").first.click()
    for tab in ("Paste text", "Web address"):
        page.get_by_role("tab", name=tab).click()
        look(page, f"corpus, {tab.lower()}")
    page.get_by_label("Address of the article").fill("http://127.0.0.1:9/admin")
    page.get_by_role("button", name="Fetch it").click()
    page.get_by_role("alert").first.wait_for()
    look(page, "corpus, an address refused")
    page.get_by_role("button", name="Correct", exact=True).first.click()
    page.get_by_role("dialog").get_by_label("Date").fill("2019-13")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("dialog").get_by_role("alert").wait_for()
    look(page, "corpus, a correction refused")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Manage corpora").click()
    page.get_by_role("dialog").get_by_label("Make a new one").wait_for()
    look(page, "corpus, corpora")
    page.get_by_role("dialog").get_by_label("Make a new one").fill("Rivers")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("heading", name="Begin with some articles").wait_for()
    look(page, "corpus, a new one")


def test_indexing_that_fails_and_an_article_removed(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/corpus")
    line = page.locator("tr[data-source]", has_text="Dora")
    failing = server.settings.data_dir / FAILING
    failing.write_text("")
    try:
        line.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_role("button", name="Undo").wait_for()
        page.get_by_role("alert").filter(has_text="no room").wait_for()
        page.get_by_text(re.compile(r"Removed \(\d")).click()
        look(page, "corpus, an article removed and indexing failed")
    finally:
        failing.unlink()
    page.get_by_role("button", name="Undo").click()
    line.wait_for()


def test_a_briefing_in_all_its_pieces(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/briefing?briefing=nothing")
    page.get_by_text("This briefing is not here any more.").wait_for()
    look(page, "briefing that is gone")
    briefings = open_desk(server.settings).briefings
    cited = cite(Assistant(server.settings.corpus_dir, Path()).articles()[0], 1)
    verdicts = [
        sentence(Claim(cited.quote + "!" * n, (cited,), verdict, "Only in part."), "Who came?")
        for n, verdict in enumerate(Verdict)
    ]
    pieces = (
        heading("Who came"),
        *verdicts,
        note("Call the harbor."),
        missing("The articles do not say who paid.", "Who paid?"),
        difference("Sources disagree: how often.", (cited,), "How often?"),
    )
    key = briefings.create("Harbor, May", pieces)
    page.goto(f"{server.address}/briefing?briefing={key}")
    page.locator(".entry").nth(len(pieces) - 1).wait_for()
    look(page, "briefing")
    page.locator(".entry .chip").first.click()
    marked_in_view(page)
    look(page, "briefing, a source open")
    page.locator(".entry").nth(1).hover()
    page.locator(".entry").nth(1).get_by_role("button", name="Edit the").click()
    page.locator(".entry textarea").fill("Anna refused.")
    look(page, "briefing, an entry edited")
    page.locator(".entry textarea").press("Enter")
    page.locator(".error").wait_for()
    look(page, "briefing, words that cannot be judged")
    page.get_by_role("button", name="Cancel").click()
    page.locator(".entry").nth(1).hover()
    page.locator(".entry").nth(1).get_by_role("button", name="Remove the").click()
    page.get_by_role("button", name="Undo").wait_for()
    look(page, "briefing, an entry removed")
    page.get_by_role("button", name="New briefing").click()
    page.locator(".empty-title").wait_for()
    look(page, "briefing, empty")


def test_the_timeline_near_and_far(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/timeline")
    page.locator("svg.drawing").wait_for()
    look(page, "timeline")
    page.get_by_role("button", name="2024", exact=True).click()
    page.locator(".drawing .mark").first.click()
    page.locator(".panel").wait_for()
    look(page, "timeline, a year and an article")
    page.get_by_label("Words", exact=True).fill("nobody")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="No article of known date").wait_for()
    look(page, "timeline, nothing found")


def test_a_narrow_screen(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    ask(page, "Where do they differ ?")
    look(page, "narrow, an answer")
    page.locator(".sentence").first.click()
    marked_in_view(page)
    look(page, "narrow, an article over the answer")
    for path, shown in (("corpus", "tr[data-source]"), ("timeline", "svg.drawing")):
        page.goto(f"{server.address}/{path}")
        page.locator(shown).first.wait_for()
        look(page, f"narrow, {path}")
