"""A morning at the desk, from an empty corpus to a briefing: in a real browser, over a real index, in
the order in which somebody works. Every step is kept as a picture where SOURCELINE_SCREENSHOTS names a
folder; axe looks at those that test_access.py cannot reach."""

import re
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from pypdf import PdfReader

from rag.core.records import Verdict
from rag.core.settings import Settings
from rag.desk.briefings import Briefings
from rag.desk.desk import open_desk
from rag.desk.entries import Entry, EntryKind
from tests.axe import look, picture
from tests.page_server import Server, ask, marked_in_view
from tests.web_pages import Pages, serve_pages

FERRY = """---
title: The ferry Alba returns to the lake
publisher: Lake Gazette
published: "2023-05-03"
---

The ferry Alba carried 2,400 passengers across Lake Orsa in April. Captain Jonas Weil said that the old
engine had been replaced in Bremen. The ferry employs 12 people.

The council of Orsa paid 3 million crowns for the new engine. Weil hopes for a longer season.
"""
HARBOR = """---
title: A busy year for the harbor of Orsa
publisher: Coast Courier
published: "2024-11-20"
---

The ferry Alba now employs 31 people. Mayor Ida Berg said that the pier of Orsa will be widened.

The harbor of Orsa shipped 870 crates of trout to Oslo. Its crane was built in 1962 by two brothers.
"""
TOWER = """The clock tower of Vadso

The clock tower of Vadso was painted green in 2019. Its bell weighs 410 kilograms.
"""
QUESTIONS = (
    "How many passengers did the ferry Alba carry across Lake Orsa?",
    "Who is the captain of the ferry, and what did he say of the old engine?",
    "How many people does the ferry Alba employ?",
    "What will be done with the pier of Orsa?",
    "How heavy is the bell of the clock tower of Vadso?",
    "How many watts does the lamp of the lighthouse at Sund burn?",
)
FOLLOW_UP = "What did its keeper say?"
NOT_SAID = "Who won the chess tournament in Samarkand?"


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with serve_pages() as pages:
        yield pages


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, pages: Pages, models_dir: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("morning")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    settings.data_dir.mkdir()
    settings.models_dir.symlink_to(models_dir)
    server = Server(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCELINE_FETCH_PRIVATE", pages.host)
        server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """One visit for the whole morning."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{server.address}/corpus")
    yield page
    context.close()


def test_1_three_files_and_a_page_are_gathered(page: Page, pages: Pages) -> None:
    expect(page.get_by_role("heading", name="Begin with some articles")).to_be_visible()
    picture(page, "01-empty-corpus")
    files = (("ferry.md", FERRY), ("harbor.md", HARBOR), ("tower.txt", TOWER))
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [FilePayload(name=name, mimeType="text/plain", buffer=text.encode()) for name, text in files]
    )
    page.locator(".candidate").nth(2).wait_for()
    picture(page, "02-files-read")
    page.get_by_role("button", name="Add 3").click()
    expect(page.locator("tr[data-source]")).to_have_count(3)
    page.get_by_text("Add articles").first.click()
    page.get_by_role("tab", name="Web address").click()
    page.get_by_label("Address of the article").fill(pages.url("/inside"))
    page.get_by_role("button", name="Fetch it").click()
    expect(page.get_by_role("alert")).to_contain_text("127.0.0.1 is no public address")
    picture(page, "03-address-refused")
    page.get_by_label("Address of the article").fill(pages.url("/sund"))
    page.get_by_role("button", name="Fetch it").click()
    page.locator(".candidate").wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("tr[data-source]")).to_have_count(4)
    picture(page, "04-four-articles")


def test_2_a_date_is_put_right(page: Page) -> None:
    line = page.locator("tr[data-source]", has_text="clock tower of Vadso")
    line.get_by_role("button", name="Correct", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Date").fill("2019")
    picture(page, "05-correcting")
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    expect(line).to_contain_text("2019")


def test_3_six_questions_and_a_follow_up_are_answered(page: Page, server: Server) -> None:
    page.get_by_role("link", name="Chat").click()
    page.get_by_test_id("stChatInputTextArea").wait_for()
    look(page, "06-before-the-first-question")
    for question in (*QUESTIONS, FOLLOW_UP, NOT_SAID):
        ask(page, question)
    look(page, "07-answers")
    *answered, nothing = (kept.exchange.answer for kept in server.stored(page))
    said = [" ".join(claim.text for claim in answer.claims) for answer in answered]
    for text, wanted in zip(
        said, ("2,400", "Bremen", "31", "widened", "410", "400 watts", "Ada Lind"), strict=True
    ):
        assert wanted in " ".join(text.split())
    assert "Sund" in (answered[-1].standalone or "")
    assert nothing.claims == ()
    expect(page.locator(".message").last).to_contain_text("The articles do not answer this.")
    changed = page.locator(".conflict")
    expect(changed.locator(".value")).to_have_text([re.compile("12"), re.compile("31")])
    expect(changed.locator(".kind")).to_have_text("Changed over time")
    changed.scroll_into_view_if_needed()
    picture(page, "08-accounts-differ")


def test_4_citations_are_opened_by_keyboard(page: Page) -> None:
    page.locator(".sentence").first.focus()
    page.wait_for_timeout(400)
    picture(page, "09-preview")
    page.keyboard.press("Enter")
    first = marked_in_view(page)
    assert "2,400 passengers" in first
    picture(page, "10-article-open")
    page.locator(".sentence").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).not_to_have_text(first)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    marked_in_view(page)
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")
    page.get_by_role("button", name="Why this answer").first.press("Enter")
    picture(page, "11-why")
    page.get_by_role("button", name="Why this answer").first.press("Enter")


def test_5_eight_sentences_are_kept(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Keep all in the briefing").nth(1).click()
    page.locator(".told").wait_for()
    picture(page, "12-kept")
    keep = page.get_by_role("button", name="Keep this sentence in the briefing")
    briefings = open_desk(server.settings).briefings
    while (before := len(_sentences(briefings))) < 8:
        keep.first.click()
        page.wait_for_timeout(200)
        deadline = time.monotonic() + 20
        while len(_sentences(briefings)) == before:
            assert time.monotonic() < deadline, "the sentence was not kept"
            page.wait_for_timeout(100)
        page.wait_for_function("""() => !document.querySelector('[data-stale="true"]')""")
    assert len(_sentences(briefings)) == 8


def _sentences(briefings: Briefings) -> list[Entry]:
    (listed,) = briefings.list()
    briefing = briefings.read(listed.key)
    assert briefing is not None
    entries = (entry for entry in briefing.entries if isinstance(entry, Entry))
    return [entry for entry in entries if entry.kind is EntryKind.SENTENCE]


def test_6_the_briefing_is_put_in_order_and_a_false_edit_turns_its_verdict(
    page: Page, server: Server
) -> None:
    briefings = open_desk(server.settings).briefings
    page.get_by_role("link", name="Briefing").click()
    # Where the articles differ on a kept sentence, that went along.
    entries = page.locator(".entry")
    expect(entries).to_have_count(9)
    expect(page.locator(".entry.difference")).to_contain_text("12 people")
    words = page.locator(".entry .words")
    last = words.nth(8).text_content() or ""
    entries.nth(8).focus()
    for _ in range(8):
        page.keyboard.press("Alt+ArrowUp")
    expect(words.first).to_have_text(last)
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("On the lake")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Note", exact=True).click()
    page.keyboard.type("Ask the captain about the winter.")
    page.keyboard.press("Enter")
    expect(entries).to_have_count(11)
    edited = page.locator(".entry", has_text="2,400 passengers").first
    edited.hover()
    edited.get_by_role("button", name="Edit the sentence").click()
    picture(page, "13-editing")
    page.get_by_role("textbox", name="Sentence").fill(
        "The ferry Alba carried 9,000 passengers across Lake Orsa in April."
    )
    page.keyboard.press("Enter")
    turned = page.locator(".entry", has_text="9,000 passengers")
    expect(turned.locator(".verdict")).to_have_text("Conflicting")
    expect(turned.locator(".reason")).to_contain_text("2,400")
    picture(page, "14-briefing")
    verdicts = [entry.verdict for entry in _sentences(briefings)]
    assert verdicts.count(Verdict.CONFLICTING) == 1
    assert verdicts.count(Verdict.SUPPORTED) == 7


def test_7_all_four_formats_say_what_the_briefing_says(page: Page, server: Server) -> None:
    sentences = _sentences(open_desk(server.settings).briefings)
    contents = {}
    for name in ("Word", "PDF", "HTML", "Markdown"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name, exact=True).click()
        contents[name] = Path(waiting.value.path()).read_bytes()
    look(page, "15-exported")
    document = docx.Document(BytesIO(contents["Word"]))
    written = "\n".join(paragraph.text for paragraph in document.paragraphs)
    printed = " ".join(
        " ".join(p.extract_text().split()) for p in PdfReader(BytesIO(contents["PDF"])).pages
    )
    for entry in sentences:
        assert " ".join(entry.text.split()) in " ".join(written.split())
        assert " ".join(entry.text.split())[:40] in printed
    for text in (written, printed, contents["HTML"].decode(), contents["Markdown"].decode()):
        assert "9,000 passengers" in text
        assert "onflicting" in text
        assert "Ask the captain about the winter" in text
        assert "Changed over time" in text


def test_8_after_a_reload_everything_is_found(page: Page, server: Server) -> None:
    page.reload()
    expect(page.locator(".entry")).to_have_count(11)
    expect(page.locator(".entry", has_text="9,000 passengers").locator(".verdict")).to_have_text(
        "Conflicting"
    )
    page.goto(server.address)
    page.locator(".conversation").first.click()
    expect(page.locator(".footer")).to_have_count(8)
    expect(page.locator(".asked").first).to_have_text(QUESTIONS[0])
    page.locator(".sentence").first.click()
    assert "2,400 passengers" in marked_in_view(page)
    page.get_by_role("link", name="Corpus").click()
    line = page.locator("tr[data-source]", has_text="clock tower of Vadso")
    expect(line).to_contain_text("2019")
    picture(page, "16-corpus")
    page.get_by_role("link", name="Timeline").click()
    page.locator("svg").last.wait_for()
    page.wait_for_timeout(1_000)
    picture(page, "17-timeline")
