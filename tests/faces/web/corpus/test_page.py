"""Gathering, correcting, removing and switching in a real browser, over a real index."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pypdf import PdfWriter

from rag.core.records import Correction
from rag.core.settings import Settings
from rag.desk.desk import open_desk
from tests.page_server import Server, ask, index_elsewhere, visit
from tests.web_pages import Pages, serve_pages

SCRIPT = "<script>window.hacked=1</script> **bold** $x^2$ :smile:"
FERRY = f"---\ntitle: '{SCRIPT}'\npublisher: Lake Gazette\npublished: 2024-05-03\n---\n\n"
FERRY += "The ferry Alba carried 2,400 passengers across Lake Orsa in April 2024.\n"
TOWER = "The clock tower of Vadso was painted green in 2019 by two brothers.\n"


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with serve_pages() as pages:
        yield pages


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,
    pages: Pages,
    models_dir: Path,
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("gathering")
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


@pytest.fixture
def page(tab: Page, server: Server) -> Page:
    visit(tab, f"{server.address}/corpus")
    tab.get_by_role("button", name="Manage corpora").wait_for()
    return tab


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    open_adding(page)
    payloads = [FilePayload(name=name, mimeType="text/plain", buffer=words) for name, words in files]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(payloads)
    page.locator(".candidate").nth(len(files) - 1).wait_for()


def open_adding(page: Page) -> None:
    page.get_by_text(re.compile("Add articles|Begin with some articles")).first.wait_for()
    if not page.get_by_role("tab", name="Files").is_visible():
        page.get_by_text("Add articles").click()
    expect(page.get_by_role("tab", name="Files")).to_be_visible()


def add(page: Page, *files: tuple[str, bytes]) -> None:
    drop(page, *files)
    label = f"Add {len(files)}" if len(files) > 1 else "Add"
    page.get_by_role("button", name=label, exact=True).click()
    page.locator(".candidate").first.wait_for(state="detached")


def line(page: Page, words: str) -> Locator:
    return page.locator("tr[data-source]", has_text=words)


def act(page: Page, words: str, name: str) -> None:
    line(page, words).get_by_role("button", name=name, exact=True).click()


def test_an_empty_corpus_begins_with_how_to_fill_it(page: Page) -> None:
    expect(page.get_by_role("heading", name="Begin with some articles")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Drag files here")).to_be_visible()


def test_dropped_files_are_read_shown_added_indexed_and_answer(page: Page, server: Server) -> None:
    drop(page, ("../../ferry.md", FERRY.encode()), ("tower.txt", TOWER.encode()), ("x.png", b"\x89PNG"))
    cards = page.locator(".candidate")
    expect(cards.nth(0).locator("h3")).to_have_text(SCRIPT)
    expect(cards.nth(0)).to_contain_text("Lake Gazette3 May 2024")
    expect(cards.nth(0).locator(".file")).to_have_text("ferry.md")
    expect(cards.nth(1).locator("h3")).to_have_text("No title was found")
    expect(cards.nth(2).get_by_role("alert")).to_contain_text("files of this type are not read")
    assert list(server.settings.corpus_dir.iterdir()) == []
    page.get_by_role("button", name="Add 2").click()
    expect(page.get_by_role("status").filter(has_text="2 articles added.")).to_be_visible()
    expect(line(page, SCRIPT)).to_contain_text("Lake Gazette", timeout=180_000)
    assert {path.name for path in server.settings.corpus_dir.iterdir()} == {"ferry.md", "tower.txt"}
    page.get_by_role("button", name="Leave out").click()
    expect(cards).to_have_count(0)
    page.get_by_role("link", name="Chat").click()
    page.set_default_timeout(90_000)
    ask(page, "How many passengers did the ferry Alba carry across Lake Orsa?")
    expect(page.locator(".sentence").first).to_contain_text("2,400")
    assert page.evaluate("typeof hacked") == "undefined"


def test_a_fetched_page_is_put_right_before_it_is_added(
    page: Page, server: Server, pages: Pages
) -> None:
    open_adding(page)
    page.get_by_role("tab", name="Web address").click()
    field = page.get_by_label("Address of the article")
    for path, told in (
        ("/inside", "127.0.0.1 is no public address"),
        ("/picture", "is image/png, and not text, Markdown, HTML"),
    ):
        field.fill(pages.url(path))
        page.get_by_role("button", name="Fetch it").click()
        expect(page.get_by_role("alert")).to_contain_text(told)
    field.fill(pages.url("/sund"))
    page.get_by_role("button", name="Fetch it").click()
    card = page.locator(".candidate")
    expect(card).to_contain_text("Coast Courier9 March 2024")
    card.get_by_text("Left out of the article (1)").click()
    expect(card.locator(".cut-text")).to_contain_text("All rights reserved")
    page.get_by_text("Put right what was read").click()
    fields = page.locator("[class*='st-key-candidate-']")
    fields.get_by_label("Date", exact=True).fill("last week")
    fields.get_by_label("Publisher").fill("Sund Courier")
    fields.get_by_label("Publisher").press("Tab")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("'last week' is not a date")
    fields.get_by_label("Date", exact=True).fill("2024-03")
    fields.get_by_label("Date", exact=True).press("Tab")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(line(page, "The lighthouse at Sund")).to_contain_text("Sund CourierMarch 2024")
    name = "The lighthouse at Sund is lit again.html"
    assert open_desk(server.settings).corrections.all() == {
        name: Correction(publisher="Sund Courier", published="2024-03")
    }
    expect(line(page, "The lighthouse at Sund")).to_contain_text("corrected")


def test_pasted_words_are_read_like_a_file(page: Page) -> None:
    open_adding(page)
    page.get_by_role("tab", name="Paste text").click()
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="Read it"))
    form.get_by_label("Title").fill("Seals counted")
    form.get_by_label("Date").fill("2021")
    form.get_by_label("Text").fill("1) The Skarv survey counted *31* seals.\nIt was a mild winter.")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".candidate .beginning")).to_have_text(
        "1) The Skarv survey counted *31* seals.\nIt was a mild winter."
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(line(page, "Seals counted")).to_contain_text("2021")


def test_bad_files_end_in_a_sentence_and_the_others_go_on(
    page: Page, server: Server, tmp_path: Path
) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    other = TOWER.replace("green", "blue").encode()
    drop(
        page,
        ("locked.pdf", (tmp_path / "locked.pdf").read_bytes()),
        ("tower.txt", TOWER.encode()),
        ("../tower.txt", other),
    )
    cards = page.locator(".candidate")
    expect(cards.nth(0)).to_contain_text("This PDF needs a password. Save it without one.")
    expect(cards.nth(1)).to_contain_text("The same text is there already, as tower.txt.")
    page.get_by_role("button", name="Add 2").click()
    told = page.get_by_role("status")
    expect(told.filter(has_text="tower.txt is there already, with the same words")).to_be_visible()
    expect(told.filter(has_text="this one is tower (2).txt")).to_be_visible()
    expect(line(page, "tower (2).txt")).to_be_visible()
    assert (server.settings.corpus_dir / "tower.txt").read_bytes() == TOWER.encode()
    act(page, "tower (2).txt", "Remove")
    expect(line(page, "tower (2).txt")).to_have_count(0)


def test_a_file_that_is_far_too_big_is_refused_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    big = tmp_path / "scan.pdf"
    with big.open("wb") as file:
        file.truncate(100 * 2**20)
    open_adding(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(big)
    expect(page.get_by_text("File must be 50.0MB or smaller.")).to_be_visible()
    add(page, ("boat.txt", b"The boat Ilse was sold to Bremen in the autumn of 1998.\n"))
    expect(line(page, "boat.txt")).to_be_visible()


def test_a_disk_that_cannot_be_written_keeps_what_was_read(page: Page, server: Server) -> None:
    drop(page, ("late.txt", b"The late boat arrived at noon and left at once.\n"))
    folder = server.settings.corpus_dir
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_text("in the way")
    try:
        page.get_by_role("button", name="Add", exact=True).click()
        alert = page.locator(".candidate").get_by_role("alert")
        expect(alert).to_contain_text("Nothing can be saved in")
        expect(alert).to_contain_text("then try again")
    finally:
        folder.unlink()
        away.rename(folder)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(line(page, "late.txt")).to_be_visible()


def test_an_article_is_corrected_and_taken_back(page: Page, server: Server) -> None:
    act(page, "tower.txt", "Correct")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("The tower of Vadso")
    dialog.get_by_label("Date").fill("2019-13")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is not a date")
    dialog.get_by_label("Date").fill("2019")
    dialog.get_by_label("Text").fill(TOWER.replace("green", "yellow"))
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    expect(line(page, "The tower of Vadso")).to_contain_text("2019")
    page.get_by_role("button", name="The tower of Vadso").click()
    expect(page.locator(".panel")).to_contain_text("painted yellow in 2019")
    assert (server.settings.corpus_dir / "tower.txt").read_text() == TOWER
    (server.settings.corpus_dir / "tower.txt").write_text(TOWER.replace("two", "three"))
    page.get_by_role("button", name="Index the folder again").click()
    expect(page.get_by_text("have changed since their text was corrected")).to_be_visible()
    expect(page.locator(".panel")).to_contain_text("painted green in 2019 by three brothers")
    act(page, "The tower of Vadso", "Correct")
    dialog.get_by_role("button", name="Take all corrections back").click()
    expect(line(page, "tower.txt").locator(".open")).to_have_text("tower.txt")
    assert "tower.txt" not in open_desk(server.settings).corrections.all()


def test_a_second_correction_is_made_before_the_index_has_the_first(page: Page, server: Server) -> None:
    fields = page.get_by_role("dialog")
    # Another process has the index: what is put right waits for it.
    with FileLock(server.settings.state_dir / "writer.lock"):
        for label, words in (("Title", "The boat"), ("Text", "The boat Ilse sank."), ("Date", "1998")):
            act(page, "boat.txt", "Correct")
            fields.get_by_label(label).fill(words)
            fields.get_by_role("button", name="Save").click()
            fields.wait_for(state="detached")
            expect(page.get_by_text("have changed since")).to_have_count(0)
    stored = open_desk(server.settings).corrections.all()["boat.txt"]
    assert (stored.title, stored.published, stored.text) == ("The boat", "1998", "The boat Ilse sank.")
    expect(line(page, "The boat")).to_contain_text("1998")
    act(page, "The boat", "Correct")
    fields.get_by_role("button", name="Take all corrections back").click()
    expect(line(page, "boat.txt").locator(".open")).to_have_text("boat.txt")


def test_what_is_typed_stays_when_an_index_ends_meanwhile(page: Page, server: Server) -> None:
    act(page, "boat.txt", "Correct")
    title = page.get_by_role("dialog").get_by_label("Title")
    title.fill("The boat Il")
    (server.settings.corpus_dir / "meanwhile.txt").write_text("Meanwhile the lake froze over.\n")
    index_elsewhere(server.settings)
    expect(line(page, "meanwhile.txt")).to_have_count(1)
    expect(title).to_have_value("The boat Il")


def test_a_removed_article_is_gone_and_comes_back(page: Page, server: Server) -> None:
    path = server.settings.corpus_dir / "boat.txt"
    act(page, "boat.txt", "Remove")
    expect(line(page, "boat.txt")).to_have_count(0)
    assert not path.exists()
    expect(page.get_by_role("status").filter(has_text="1 removed")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(line(page, "boat.txt")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert path.exists()
    act(page, "boat.txt", "Remove")
    expect(line(page, "boat.txt")).to_have_count(0)
    page.get_by_text(re.compile(r"Removed \(\d")).click()
    row = page.locator("li", has_text="boat.txt")
    row.get_by_role("button", name="Put back").click()
    expect(line(page, "boat.txt")).to_be_visible()


def test_the_table_is_sorted_by_what_is_asked(page: Page) -> None:
    line(page, "tower.txt").wait_for()

    def titles() -> list[str]:
        return page.locator("tr[data-source] .open[id]").all_text_contents()

    head = page.get_by_role("columnheader", name="Date")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert titles()[:3] == [SCRIPT, "The lighthouse at Sund is lit again", "Seals counted"]
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert titles()[:3] == ["Seals counted", "The lighthouse at Sund is lit again", SCRIPT]


def test_another_corpus_is_made_filled_and_switched_to(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Manage corpora").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Make a new one").fill("Rivers <b>&</b>")
    dialog.get_by_role("button", name="Make it").click()
    page.get_by_role("heading", name="Begin with some articles").wait_for()
    expect(page).to_have_url(re.compile("corpus=Rivers"))
    add(page, ("elva.txt", b"The river Elva rose by four meters in the spring of 2020.\n"))
    expect(line(page, "elva.txt")).to_be_visible()
    expect(page.locator("tr[data-source]")).to_have_count(1)
    page.reload()
    expect(line(page, "elva.txt")).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    ask(page, "By how many meters did the river Elva rise?")
    expect(page.locator(".sentence").first).to_contain_text("four meters")
    expect(page).to_have_url(re.compile("chat=.*corpus=Rivers|corpus=Rivers.*chat="))
    page.get_by_role("combobox", name="Corpus", exact=True).select_option(label="corpus")
    expect(page.locator(".footer")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("chat="))
    page.get_by_role("link", name="Corpus").click()
    expect(line(page, "tower.txt")).to_be_visible()
    page.get_by_role("combobox", name="Corpus", exact=True).select_option(label="Rivers <b>&</b>")
    expect(line(page, "elva.txt")).to_be_visible()


def test_the_last_article_removed_leaves_an_empty_corpus_that_answers_nothing(page: Page) -> None:
    page.get_by_role("combobox", name="Corpus", exact=True).select_option(label="Rivers <b>&</b>")
    act(page, "elva.txt", "Remove")
    page.get_by_role("heading", name="Begin with some articles").wait_for()
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_text("There is no article here yet.")).to_be_visible()
    page.get_by_role("link", name="Corpus").click()
    page.get_by_text(re.compile(r"Removed \(\d")).click()
    page.get_by_role("button", name="Put back").click()
    expect(line(page, "elva.txt")).to_be_visible()


def test_a_forgotten_corpus_leaves_its_articles(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Manage corpora").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Open a folder of articles").fill("/no/such/folder")
    dialog.get_by_role("button", name="Open it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is no folder /no/such/folder")
    dialog.get_by_role("button", name="Forget").click()
    expect(dialog.get_by_role("button", name="Forget")).to_have_count(0)
    (folder,) = (server.settings.data_dir / "corpora").iterdir()
    assert [path.name for path in folder.iterdir()] == ["elva.txt"]


def test_four_hundred_pixels_are_wide_enough(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{server.address}/corpus")
    line(page, "tower.txt").wait_for()
    drop(page, ("../narrow.md", FERRY.replace("ferry", "boat").encode()))
    fits = "[...document.querySelectorAll('html, .stMain')].every(e => e.scrollWidth <= 400)"
    assert page.evaluate(fits)
    page.get_by_role("button", name="Leave out").click()
    act(page, "tower.txt", "Correct")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(fits)


def test_questions_are_answered_while_the_folder_is_indexed(
    page: Page, server: Server, browser: Browser
) -> None:
    for number in range(150):
        text = f"Boat {number} left harbour {number + 7} with {number * 3} crates of apples on board.\n"
        (server.settings.corpus_dir / f"log-{number}.txt").write_text(text)
    line(page, "tower.txt").wait_for()
    other = browser.new_page()
    other.set_default_timeout(60_000)
    other.goto(server.address)
    other.get_by_test_id("stChatInputTextArea").wait_for()
    page.get_by_role("button", name="Index the folder again").click()
    page.locator(".st-key-sourceline-indexing").wait_for()
    started = time.monotonic()
    ask(other, "When was the clock tower of Vadso painted?")
    took = time.monotonic() - started
    expect(other.locator(".sentence").first).to_contain_text("2019")
    expect(page.get_by_role("status").filter(has_text="150 added")).to_be_visible(timeout=90_000)
    expect(page.locator(".pages span")).to_contain_text("1–50 of 15")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pages span")).to_contain_text("51–100 of 15")
    page.get_by_label("Find").fill("log-149")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-source]")).to_have_count(1)
    other.close()
    assert took < 60
