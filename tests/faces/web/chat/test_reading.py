"""Reading an answer on the page, over a fake assistant: previews, the article stepped through, accounts
that differ, why an answer came about, what was wrong with it, and what cannot be stored."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.core.settings import Settings
from rag.desk.desk import open_desk
from rag.desk.feedback import Fault, Feedback
from tests.fake_assistant import write_articles
from tests.page_server import FAKE_APP, Server, ask, marked_in_view, send, settle, visit


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reading")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    write_articles(settings.corpus_dir)
    server = Server(settings, FAKE_APP)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    visit(page, server.address)
    page.get_by_test_id("stChatInputTextArea").wait_for()
    yield page
    context.close()


def test_a_sentence_previews_its_quote_to_the_pointer_and_to_the_keyboard(page: Page) -> None:
    ask(page, "Who came?")
    card = page.locator(".preview")
    for _ in range(20):  # a redraw under the pointer goes unnoticed until it moves
        page.mouse.move(5, 5)
        page.locator(".sentence").nth(1).hover()
        page.wait_for_timeout(500)
        if card.count():
            break
    expect(card.locator("blockquote").first).to_have_text("Berit came 1 times.")
    expect(card.locator("figcaption").first).to_have_text("Harbour Post · 2024 · Berit")
    expect(card.locator(".doubt")).to_have_text("The words give another number: 2,000.")
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_have_count(0)
    page.locator(".chip").first.focus()
    page.keyboard.press("Shift+Tab")
    expect(card.locator("blockquote")).to_have_text("Anna came 0 times.")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator(".sentence").first).to_be_focused()


def test_the_arrows_step_through_the_citations_and_all_of_them_are_marked(page: Page) -> None:
    ask(page, "Who came?")
    first = page.locator(".sentence").first
    first.focus()
    page.keyboard.press("Enter")
    assert marked_in_view(page) == "Anna came 0 times."
    expect(page.locator(".scroller")).to_be_focused()
    expect(page.locator(".steps")).to_contain_text("1 of 6")
    expect(page.locator(".faint")).to_have_text(["The third sentence closes it."])
    page.keyboard.press("ArrowRight")
    expect(page.locator("mark")).to_have_text("Berit came 1 times.")
    expect(page.locator(".steps")).to_contain_text("2 of 6")
    expect(page.locator(".claim.chosen .sentence")).to_have_text("Berit came 1 times.")
    page.wait_for_url("**claim=1.2.1")
    page.get_by_role("button", name="Next citation").press("Enter")
    expect(page.locator("mark")).to_have_text("The third sentence closes it.")
    expect(page.get_by_role("button", name="Next citation")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".steps")).to_contain_text("6 of 6")
    page.wait_for_url("**claim=1.4.1")
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")
    expect(page.locator(".sentence").nth(3)).to_be_focused()
    page.wait_for_url(lambda url: "claim=" not in url)
    page.keyboard.press("Enter")
    page.wait_for_url("**claim=1.4.1")
    page.reload()
    assert marked_in_view(page) == "Dora came 3 times."


def test_letters_beyond_the_basic_plane_do_not_move_the_mark(page: Page, server: Server) -> None:
    ask(page, "Who came?")
    passages = server.stored(page)[-1].exchange.answer.considered
    page.get_by_role("button", name="Why this answer").click()
    page.locator(".why-panel .open").first.click()
    assert marked_in_view(page) == passages[0].citation.quote == "The fourth has 🚢 in it."


def test_choosing_shows_the_words_before_the_server_has_answered(page: Page) -> None:
    ask(page, "Who came?")
    page.wait_for_timeout(500)
    page.evaluate(
        """() => {
            const all = (root, query) => [...root.querySelectorAll("*")].flatMap((one) =>
                [one].filter((found) => found.matches(query)).concat(
                    one.shadowRoot ? all(one.shadowRoot, query) : []));
            all(document, ".chip")[0].click();
            window.shown = all(document, "mark").map((mark) => mark.textContent);
        }"""
    )
    assert page.evaluate("shown") == ["Anna came 0 times."]


def test_passages_that_were_found_and_not_used_are_one_click_away(page: Page) -> None:
    ask(page, "Who came?")
    page.get_by_role("button", name="Found but not used (4)").press("Enter")
    passage = page.locator(".passage").nth(1)
    expect(passage).to_contain_text("The fourth has 🚢 in it.")
    passage.click()
    assert marked_in_view(page) == "The fourth has 🚢 in it."
    expect(passage).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".steps")).to_contain_text("– of 6")


def test_why_this_answer_shows_searches_scores_what_was_left_out_and_the_time(page: Page) -> None:
    ask(page, "Who came?")
    ask(page, "Why did she come?")
    page.get_by_role("button", name="Why this answer").last.press("Enter")
    why = page.locator(".why-panel:visible")
    expect(why.locator(".searched")).to_have_text("Why did Anna come?")
    expect(why.locator(".figures").first).to_have_text(
        "Harbour Post · 2024by meaning 1by keywords –read with the question 50%not used"
    )
    expect(why.locator(".left .amount")).to_have_text(["0.80", "0.70", "0.60", "0.50", "40%", "40%"])
    expect(why.locator(".details")).to_have_text("Find passages40 msWrite860 ms")


def test_accounts_that_differ_stand_side_by_side_with_outlet_and_date(page: Page) -> None:
    ask(page, "Where do they differ ?")
    change, disagreement = page.locator(".conflict").all()
    expect(change.locator("h3")).to_have_text("Changed over time: who came")
    expect(change.locator(".when")).to_have_text(["2022", "2024"])
    expect(change.locator(".value")).to_have_text(["3 times", "2 times"])
    expect(disagreement.locator("h3")).to_have_text("Sources disagree: how often")
    tops = disagreement.locator(".side").evaluate_all(
        "sides => sides.map((side) => side.getBoundingClientRect().top)"
    )
    assert len(tops) == 2
    assert tops[0] == tops[1]
    expect(disagreement.locator(".account:visible")).to_have_count(3)
    disagreement.get_by_role("button", name="1 more of never").click()
    expect(disagreement.locator(".account:visible")).to_have_count(4)
    change.locator(".account").first.click()
    assert marked_in_view(page) == "Dora came 3 times."
    page.wait_for_url("**claim=1.c1.1")
    page.reload()
    assert marked_in_view(page) == "Dora came 3 times."


def test_copies_count_once_and_old_articles_say_how_old(page: Page) -> None:
    ask(page, "Who came?")
    expect(page.locator(".footer")).to_contain_text("4 articles, 3 independent")
    expect(page.locator(".age")).to_have_text(
        re.compile(r"This rests on an article of 2024, \d+ \w+ old\. Things may have changed since\.")
    )


def test_a_thumb_down_asks_what_was_wrong_and_keeps_it(page: Page, server: Server) -> None:
    ask(page, "Who came?")
    page.get_by_role("button", name="Something is wrong with this answer").press("Enter")
    expect(page.get_by_role("radio", name="Wrong source")).to_be_focused()
    page.get_by_role("radio", name="Not said there").check()
    page.get_by_role("textbox", name="In your own words").fill("<b>Clara</b> stayed")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".given")).to_have_text("Not said there")
    given = Feedback(False, Fault.NOT_SAID, "<b>Clara</b> stayed", is_case=True)
    feedbacks = open_desk(server.settings).feedback
    assert feedbacks.of(page.url.split("chat=")[1].split("&")[0]) == {1: given}
    assert [case.feedback for case in feedbacks.cases()] == [given]
    page.reload()
    expect(page.locator(".given")).to_have_text("Not said there")
    page.get_by_role("button", name="This answer helps").click()
    expect(page.get_by_role("button", name="This answer helps")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(".given")).to_have_count(0)


def test_an_answer_that_the_disk_does_not_take_stays_and_is_stored_later(
    page: Page, server: Server
) -> None:
    ask(page, "Who came?")
    with sqlite3.connect(server.settings.memory_path) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON exchanges"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    try:
        ask(page, "Who else came?")
        expect(page.get_by_role("alert")).to_contain_text("database or disk is full")
        expect(page.get_by_role("alert")).to_contain_text("Make room on the disk")
        page.locator(".sentence").last.scroll_into_view_if_needed()
        page.locator(".sentence").nth(5).click()
        assert marked_in_view(page) == "Anna came 0 times."
        page.get_by_role("button", name="Store the answer now").click()
        # The alert stands there from before; it must be tried while the disk is still full.
        page.wait_for_timeout(500)
        settle(page)
        expect(page.get_by_role("alert")).to_contain_text("database or disk is full")
    finally:
        with sqlite3.connect(server.settings.memory_path) as database:
            database.execute("DROP TRIGGER full")
    page.get_by_role("button", name="Store the answer now").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.reload()
    expect(page.locator(".asked")).to_have_text(["Who came?", "Who else came?"])


def test_a_question_that_a_full_disk_keeps_is_asked_once_a_visit_and_stored_in_the_next(
    page: Page, server: Server
) -> None:
    ask(page, "Who came?")
    fails = "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
    with sqlite3.connect(server.settings.memory_path) as database:
        database.execute(f"CREATE TRIGGER full BEFORE INSERT ON exchanges {fails}")
        database.execute(f"CREATE TRIGGER kept BEFORE DELETE ON waiting {fails}")
    try:
        ask(page, "Who else came?")
        expect(page.get_by_role("alert")).to_contain_text("database or disk is full")
        page.get_by_role("button", name="Store the answer now").click()
        page.wait_for_timeout(2000)
        expect(page.locator(".asked")).to_have_text(["Who came?", "Who else came?"])
        expect(page.locator(".footer")).to_have_count(2)
    finally:
        with sqlite3.connect(server.settings.memory_path) as database:
            database.execute("DROP TRIGGER full")
            database.execute("DROP TRIGGER kept")
    page.reload()
    expect(page.locator(".asked")).to_have_text(["Who came?", "Who else came?"])
    expect(page.locator(".footer")).to_have_count(2)
    asked = [kept.exchange.question for kept in server.stored(page)]
    assert asked == ["Who came?", "Who else came?"]


def test_two_tabs_add_to_one_conversation_and_lose_nothing(page: Page, server: Server) -> None:
    ask(page, "Who came?")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".footer").wait_for()
    send(page, "Who came slowly here?")
    send(other, "Who came slowly there?")
    page.locator(".footer").nth(1).wait_for()
    other.locator(".footer").nth(1).wait_for()
    page.reload()
    page.locator(".footer").nth(2).wait_for()
    asked = {kept.exchange.question for kept in server.stored(page)}
    assert asked == {"Who came?", "Who came slowly here?", "Who came slowly there?"}
    other.close()


def test_conversations_are_found_by_words_and_go_out_and_in_as_a_file(
    page: Page, server: Server, tmp_path: Path
) -> None:
    for number in range(6):
        if number:
            page.get_by_role("button", name="New conversation").click()
            expect(page.locator(".footer")).to_have_count(0)
        ask(page, f"Who came number {number}?")
    field = page.get_by_role("textbox", name="Find in conversations")
    field.fill("NUMBER 4?")
    field.press("Enter")
    expect(page.locator(".conversation .name")).to_have_text(["Who came number 4?"])
    field.fill("")
    field.press("Enter")
    page.get_by_role("button", name="Export and import").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export", exact=True).click()
    path = tmp_path / "memory.json"
    downloading.value.save_as(path)
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_role("status").filter(has_text="Nothing new")).to_contain_text("here already")
    page.get_by_role("button", name="Remove memory.json").click()
    expect(page.get_by_role("status").filter(has_text="Nothing new")).to_have_count(0)
    newer = tmp_path / "newer.json"
    newer.write_text('{"schema": "sourceline.memory/9"}')
    page.locator('input[type="file"]').set_input_files(newer)
    expect(page.get_by_role("alert")).to_contain_text("A newer version of Sourceline wrote this file")


def test_a_question_is_answered_after_its_reader_has_left_at_once(page: Page, server: Server) -> None:
    send(page, "Who came slowly before the reload?")
    page.wait_for_url("**chat=**")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.locator(".footer").wait_for()
    expect(page.locator(".asked")).to_have_text(["Who came slowly before the reload?"])
    page.reload()
    page.locator(".footer").wait_for()
    assert [kept.exchange.question for kept in server.stored(page)] == [
        "Who came slowly before the reload?"
    ]
