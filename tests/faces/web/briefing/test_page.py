"""The page Briefing in a real browser, over a fake assistant."""

import sqlite3
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from rag.core.records import Citation, Claim, Verdict
from rag.core.settings import Settings
from rag.desk.briefings import Briefings
from rag.desk.database import LAYOUT
from rag.desk.desk import open_desk
from rag.desk.entries import Briefing, Entry, EntryKind, difference, heading, note, sentence
from tests.fake_assistant import Assistant, cite
from tests.page_server import FAKE_APP, Server, visit

ARTICLE = "{title}\nHarbour Post\n2024\n\nOne came early. {title} came {number} times. It rained.\n"
HOSTILE = "<img src=x onerror=window.hacked=1> **b** <script>window.hacked=2</script>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("briefing")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    settings.data_dir.mkdir()
    for number, title in enumerate(("Anna", "Berit", "Clara"), 1):
        text = ARTICLE.format(title=title, number=number)
        (settings.corpus_dir / f"{title}.md").write_text(text, encoding="utf-8")
    server = Server(settings, FAKE_APP)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    yield tab
    assert tab.evaluate("window.hacked") is None


@pytest.fixture
def briefings(server: Server) -> Briefings:
    return open_desk(server.settings).briefings


def citations(server: Server) -> tuple[Citation, ...]:
    """The second sentence of each article."""
    articles = Assistant(server.settings.corpus_dir, Path()).articles()
    return tuple(cite(article, 1) for article in articles)


def three_claims(server: Server) -> tuple[Entry, ...]:
    return tuple(
        sentence(Claim(cited.quote, (cited,), Verdict.SUPPORTED), "Who came?")
        for cited in citations(server)
    )


def open_briefing(page: Page, server: Server, key: str) -> None:
    visit(page, f"{server.address}/briefing?briefing={key}")
    page.locator(".title, .editor.title").wait_for()


def stored(briefings: Briefings, key: str) -> Briefing:
    briefing = briefings.read(key)
    assert briefing is not None
    return briefing


def texts(briefings: Briefings, key: str) -> list[str]:
    return [entry.text for entry in stored(briefings, key).entries if isinstance(entry, Entry)]


def expect_stored(briefings: Briefings, key: str, wanted: list[str]) -> None:
    """The page shows an order before it is stored."""
    deadline = time.monotonic() + 15
    while texts(briefings, key) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert texts(briefings, key) == wanted


def entry(page: Page, place: int) -> Locator:
    return page.locator(".entry").nth(place)


def expect_words(page: Page, words: list[str]) -> None:
    expect(page.locator(".entry .words")).to_have_text(words)


def rewrite(page: Page, place: int, words: str) -> None:
    """Open an entry's field, and type other words."""
    entry(page, place).hover()
    entry(page, place).get_by_role("button", name="Edit the").click()
    page.locator(".entry textarea").fill(words)


def test_a_briefing_shows_its_sentences_with_verdicts_and_dated_sources_and_notes_as_ones_own(
    page: Page, server: Server, briefings: Briefings
) -> None:
    doubted = Claim("So it is.", citations(server)[:1], Verdict.PARTLY, "Only <b>in part</b>.")
    entries = (heading("Who came"), *three_claims(server)[:1], sentence(doubted, "?"), note("Call."))
    open_briefing(page, server, briefings.create("Syria, May", entries))
    expect(page.locator(".title")).to_have_text("Syria, May")
    expect(page.locator(".verdicts")).to_contain_text("2 sentences: 1 supported, 1 partly supported.")
    expect(page.get_by_role("heading", name="Who came", level=3)).to_be_visible()
    expect(page.locator(".verdict")).to_have_text(["Supported", "Partly supported"])
    assert page.locator(".verdict svg").count() == 2
    expect(page.locator(".reason")).to_have_text(["Only <b>in part</b>."])
    expect(page.locator(".chip .label")).to_have_text(["Harbour Post · 2024"] * 2)
    expect(page.locator(".entry.note .mine")).to_have_text("Your note")


def test_an_edited_sentence_is_judged_anew_and_leads_back_to_its_words_as_kept(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", three_claims(server)[:1])
    open_briefing(page, server, key)
    rewrite(page, 0, "Anna is wrong.")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_text("Unsupported")
    expect(page.locator(".reason")).to_have_text("The cited words do not say <b>this</b>.")
    expect(page.locator(".kept-text")).to_have_text("Anna came 1 times.")
    expect(page.locator(".entry").get_by_role("button", name="Edit the sentence")).to_be_focused()
    (edited,) = stored(briefings, key).entries
    assert isinstance(edited, Entry)
    assert (edited.text, edited.verdict, edited.kept_text, edited.version) == (
        "Anna is wrong.",
        Verdict.UNSUPPORTED,
        "Anna came 1 times.",
        2,
    )
    page.get_by_role("button", name="Back to the words as kept").click()
    expect(page.locator(".verdict")).to_have_text("Supported")
    expect_words(page, ["Anna came 1 times."])
    expect(page.locator(".kept")).to_have_count(0)


def test_escape_leaves_the_words_as_they_are(page: Page, server: Server, briefings: Briefings) -> None:
    key = briefings.create("B", [note("As it is.")])
    open_briefing(page, server, key)
    rewrite(page, 0, "Otherwise.")
    page.keyboard.press("Escape")
    expect_words(page, ["As it is."])
    expect(page.get_by_role("button", name="Edit the note")).to_be_focused()
    assert texts(briefings, key) == ["As it is."]


def test_the_keyboard_moves_entries_and_stays_with_them(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [note(letter) for letter in "abc"])
    open_briefing(page, server, key)
    entry(page, 2).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect_words(page, ["c", "a", "b"])
    expect(page.locator(".said")).to_have_text("Moved to place 1 of 3.")
    down = entry(page, 0).get_by_role("button", name="Move down the note")
    down.focus()
    page.keyboard.press("Enter")
    expect_words(page, ["a", "c", "b"])
    expect(entry(page, 1).get_by_role("button", name="Move down the note")).to_be_focused()
    expect_stored(briefings, key, ["a", "c", "b"])
    page.reload()
    expect_words(page, ["a", "c", "b"])


def test_many_quick_moves_all_arrive(page: Page, server: Server, briefings: Briefings) -> None:
    key = briefings.create("B", [note(letter) for letter in "abcdef"])
    open_briefing(page, server, key)
    for place, presses in ((5, 5), (5, 3)):
        entry(page, place).focus()
        for _ in range(presses):
            page.keyboard.press("Alt+ArrowUp")
    expect_words(page, ["f", "a", "e", "b", "c", "d"])
    expect_stored(briefings, key, ["f", "a", "e", "b", "c", "d"])


def test_an_act_that_is_lost_on_the_way_is_sent_again(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [note("a"), note("b")])
    open_briefing(page, server, key)
    page.locator(".entry").first.evaluate(
        """entry => {
            const root = entry.closest(".root");
            let sends = root.send, isLost = false;
            Object.defineProperty(root, "send", {
                set: (other) => { sends = other; },
                get: () => (said) => isLost ? sends(said) : isLost = true,
            });
        }"""
    )
    entry(page, 0).hover()
    entry(page, 0).get_by_role("button", name="Move down").click()
    expect_words(page, ["b", "a"])
    assert texts(briefings, key) == ["a", "b"]
    expect_stored(briefings, key, ["b", "a"])


def test_an_entry_is_dragged_below_another(page: Page, server: Server, briefings: Briefings) -> None:
    key = briefings.create("B", [note(letter) for letter in "abc"])
    open_briefing(page, server, key)
    target = entry(page, 2)
    box = target.bounding_box()
    assert box is not None
    below = {"x": box["width"] / 2, "y": box["height"] - 4}
    entry(page, 0).locator(".grip").drag_to(target, target_position=below)  # type: ignore[arg-type]
    expect_words(page, ["b", "c", "a"])
    expect_stored(briefings, key, ["b", "c", "a"])


def test_headings_and_notes_are_added_where_they_are_wanted(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [note("first"), note("last")])
    open_briefing(page, server, key)
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("The end")
    wide, field = page.locator(".entries").bounding_box(), page.locator("textarea").bounding_box()
    assert wide is not None
    assert field is not None
    assert field["width"] > wide["width"] / 2
    page.keyboard.press("Enter")
    expect_words(page, ["first", "last", "The end"])
    entry(page, 0).hover()
    entry(page, 0).get_by_role("button", name="Add a note below").click()
    page.keyboard.type("in between")
    page.keyboard.press("Enter")
    expect_words(page, ["first", "in between", "last", "The end"])
    kinds = [e.kind for e in stored(briefings, key).entries if isinstance(e, Entry)]
    assert kinds == [EntryKind.NOTE, EntryKind.NOTE, EntryKind.NOTE, EntryKind.HEADING]
    expect(page.locator(".editor")).to_have_count(0)


def test_what_is_removed_comes_back_by_undo_and_after_a_reload(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [note(letter) for letter in "abc"])
    open_briefing(page, server, key)
    entry(page, 1).hover()
    entry(page, 1).get_by_role("button", name="Remove the note").click()
    expect_words(page, ["a", "c"])
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect_words(page, ["a", "b", "c"])
    entry(page, 0).hover()
    entry(page, 0).get_by_role("button", name="Remove the note").click()
    expect_words(page, ["b", "c"])
    page.reload()
    page.get_by_text("Removed (1)").click()
    page.get_by_role("button", name="Put back").click()
    expect_words(page, ["a", "b", "c"])


def test_a_source_opens_beside_the_briefing_at_its_words(
    page: Page, server: Server, briefings: Briefings
) -> None:
    open_briefing(page, server, briefings.create("B", three_claims(server)))
    page.locator(".chip").nth(1).click()
    expect(page.locator("mark")).to_have_text("Berit came 2 times.")
    expect(page.locator(".chip").nth(1)).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("mark")).to_have_text("Berit came 2 times.")
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")


def test_two_tabs_see_each_others_changes_and_a_stale_edit_shows_both_wordings(
    page: Page, context: BrowserContext, server: Server, briefings: Briefings
) -> None:
    seen = note("As both saw it.")
    key = briefings.create("B", [seen, note("Another.")])
    open_briefing(page, server, key)
    rewrite(page, 0, "What this tab says.")
    other = context.new_page()
    open_briefing(other, server, key)
    rewrite(other, 0, "What the other tab says.")
    other.keyboard.press("Enter")
    expect_words(other, ["What the other tab says.", "Another."])
    page.locator(".entry textarea").press("Enter")
    expect(page.locator(".newer .theirs")).to_have_text("What the other tab says.")
    expect(page.locator(".entry textarea")).to_have_value("What this tab says.")
    expect(page.locator(".error")).to_contain_text("changed elsewhere")
    assert texts(briefings, key) == ["What the other tab says.", "Another."]
    page.get_by_role("button", name="Store my words").click()
    expect_words(page, ["What this tab says.", "Another."])
    # The other tab looks every few seconds.
    expect(other.locator(".entry .words")).to_have_text(["What this tab says.", "Another."])
    other.close()


def test_who_is_typing_goes_on_while_another_tab_changes_the_order(
    page: Page, server: Server, briefings: Briefings
) -> None:
    entries = [note(letter) for letter in "abc"]
    key = briefings.create("B", entries)
    open_briefing(page, server, key)
    rewrite(page, 0, "")
    page.keyboard.type("Begun")
    briefings.move(key, entries[0].key, None)
    briefings.keep(key, [note("d")])
    expect(page.locator(".entry")).to_have_count(4)
    expect(page.locator(".entry").nth(2).locator("textarea")).to_be_focused()
    page.keyboard.type(" and ended")
    page.keyboard.press("Enter")
    expect_words(page, ["b", "c", "Begun and ended", "d"])


def test_their_words_can_be_taken_instead(page: Page, server: Server, briefings: Briefings) -> None:
    seen = note("As it was.")
    key = briefings.create("B", [seen])
    open_briefing(page, server, key)
    rewrite(page, 0, "Mine.")
    briefings.edit(key, Entry(seen.key, EntryKind.NOTE, "Theirs."))
    page.locator(".entry textarea").press("Enter")
    page.get_by_role("button", name="Take theirs").click()
    expect_words(page, ["Theirs."])
    assert texts(briefings, key) == ["Theirs."]


def test_words_stay_in_the_field_while_they_cannot_be_judged_or_stored(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", three_claims(server)[:1])
    open_briefing(page, server, key)
    rewrite(page, 0, "Anna refused.")
    field = page.locator(".entry textarea")
    field.press("Enter")
    expect(page.locator(".error")).to_contain_text("did not answer within 60 s")
    expect(field).to_have_value("Anna refused.")
    with sqlite3.connect(server.settings.memory_path) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON entries BEGIN"
            " SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    try:
        field.fill("Anna came.")
        field.press("Enter")
        expect(page.locator(".error")).to_contain_text("database or disk is full")
        expect(field).to_have_value("Anna came.")
    finally:
        with sqlite3.connect(server.settings.memory_path) as database:
            database.execute("DROP TRIGGER full")
    assert texts(briefings, key) == ["Anna came 1 times."]
    field.press("Enter")
    expect_words(page, ["Anna came."])
    assert texts(briefings, key) == ["Anna came."]


def test_while_words_are_judged_it_is_said_and_other_entries_can_be_moved(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [*three_claims(server)[:1], note("a"), note("b")])
    open_briefing(page, server, key)
    rewrite(page, 0, "Anna came slowly.")
    page.keyboard.press("Enter")
    expect(page.locator(".busy")).to_have_text("Judging against the cited words …")
    entry(page, 2).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".entry .words")).to_have_text(["Anna came slowly.", "b", "a"])
    expect_stored(briefings, key, ["Anna came slowly.", "b", "a"])


def test_the_title_is_edited_in_place_and_the_list_follows(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("Old", [note("n")])
    open_briefing(page, server, key)
    page.get_by_role("button", name="Edit the title").click()
    page.locator(".editor.title textarea").fill(HOSTILE)
    page.keyboard.press("Enter")
    expect(page.locator(".title")).to_have_text(HOSTILE)
    expect(
        page.get_by_role("navigation", name="Briefings").locator("[aria-current] .name")
    ).to_have_text(HOSTILE)


def test_where_sources_differ_every_side_can_be_opened_and_no_verdict_is_given(
    page: Page, server: Server, briefings: Briefings
) -> None:
    cited = citations(server)[:2]
    key = briefings.create("B", [difference("1 (Anna); 2 (Berit).", cited, "How often?")])
    open_briefing(page, server, key)
    expect(entry(page, 0).locator(".mine")).to_have_text("Sources differ")
    expect(entry(page, 0).locator(".chip .number")).to_have_text(["1", "2"])
    expect(page.locator(".verdict, .sourceless")).to_have_count(0)
    entry(page, 0).locator(".chip").nth(1).click()
    expect(page.locator(".panel blockquote, .panel mark").first).to_contain_text(cited[1].quote)


def test_a_sentence_that_cites_nothing_shows_no_verdict_that_it_is_supported(
    page: Page, server: Server, briefings: Briefings
) -> None:
    bare = sentence(Claim("So it is.", (), Verdict.SUPPORTED), "?")
    open_briefing(page, server, briefings.create("B", [bare]))
    expect(page.locator(".sourceless")).to_have_text("no source")
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.locator(".verdicts")).to_contain_text("1 sentence: 1 not judged.")


def test_hostile_words_are_words(page: Page, server: Server, briefings: Briefings) -> None:
    cited = Citation("gone.md", "0" * 64, 0, len(HOSTILE), HOSTILE, HOSTILE, HOSTILE, None)
    claim = Claim(HOSTILE, (cited,), Verdict.UNSUPPORTED, HOSTILE)
    open_briefing(
        page, server, briefings.create("B", [sentence(claim, HOSTILE), note(HOSTILE), heading(HOSTILE)])
    )
    expect_words(page, [HOSTILE] * 3)
    page.locator(".chip").click()
    expect(page.locator(".panel blockquote")).to_have_text(HOSTILE)
    expect(page.locator(".warning")).to_contain_text("The source is no longer in the folder.")


def test_a_briefing_is_started_opened_and_deleted(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("To be deleted", [note("n")])
    open_briefing(page, server, key)
    page.get_by_role("button", name="New briefing").click()
    expect(page.locator(".empty-title")).to_have_text("Nothing is kept here yet")
    new = page.url.split("briefing=")[1]
    listed = page.get_by_role("button", name="To be deleted")
    listed.click()
    # What is pressed before the page is settled may still be meant for the briefing before it.
    expect(listed).to_have_attribute("aria-current", "true")
    page.wait_for_url(f"**briefing={key}*")
    expect_words(page, ["n"])
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("button", name="To be deleted").wait_for(state="detached")
    assert briefings.read(key) is None
    assert briefings.read(new) is not None
    page.goto(f"{server.address}/briefing?briefing={key}")
    page.get_by_text("This briefing is not here any more.").wait_for()


def test_words_for_a_briefing_that_another_tab_deleted_are_shown(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("B", [note("n")])
    open_briefing(page, server, key)
    rewrite(page, 0, "Long thought about.")
    briefings.delete(key)
    page.locator(".entry textarea").press("Enter")
    page.get_by_text("These words of yours are not stored").wait_for()
    page.get_by_text("Long thought about.").wait_for()


def download(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_each_format_is_downloaded_under_the_title_as_the_briefing_stands(
    page: Page, server: Server, briefings: Briefings
) -> None:
    key = briefings.create("Syria, May", three_claims(server)[:1])
    open_briefing(page, server, key)
    briefings.keep(key, [note("Kept since.")])
    name, content = download(page, "Word")
    assert name == "syria-may.docx"
    paragraphs = [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]
    assert "Note by the author: Kept since." in paragraphs
    name, content = download(page, "PDF")
    assert name == "syria-may.pdf"
    assert "Anna came 1 times." in PdfReader(BytesIO(content)).pages[0].extract_text()
    name, content = download(page, "HTML")
    assert (name, content[:15]) == ("syria-may.html", b"<!doctype html>")
    name, content = download(page, "Markdown")
    assert name == "syria-may.md"
    assert "[^1]: “Anna came 1 times.” Anna, Harbour Post, 2024, Anna.md" in content.decode()


def test_a_deleted_article_still_exports(page: Page, server: Server, briefings: Briefings) -> None:
    path = server.settings.corpus_dir / "Doomed.md"
    path.write_text(ARTICLE.format(title="Doomed", number=9), encoding="utf-8")
    (doomed,) = (c for c in citations(server) if c.source == "Doomed.md")
    claim = Claim(doomed.quote, (doomed,), Verdict.SUPPORTED)
    key = briefings.create("B", [sentence(claim, "?")])
    path.unlink()
    open_briefing(page, server, key)
    _, content = download(page, "Markdown")
    assert "[^1]: “Doomed came 9 times.” Doomed, Harbour Post, 2024, Doomed.md" in content.decode()
    assert "The file is no longer in the folder" in content.decode()


def test_why_a_file_cannot_be_made_is_told(page: Page, server: Server, briefings: Briefings) -> None:
    key = briefings.create("B", [note("n")])
    open_briefing(page, server, key)
    with sqlite3.connect(server.settings.memory_path) as database:
        database.execute("PRAGMA user_version = 999")
    try:
        page.get_by_role("button", name="Word", exact=True).click()
        page.get_by_text("Failed to generate file").wait_for()
    finally:
        with sqlite3.connect(server.settings.memory_path) as database:
            database.execute(f"PRAGMA user_version = {LAYOUT}")
    page.get_by_text("A newer version of Sourceline made").wait_for()


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_cut_off_and_every_tool_is_reached_by_keyboard(
    page: Page, server: Server, briefings: Briefings, width: int
) -> None:
    key = briefings.create("A long title that wraps " * 4, [note("word " * 60), *three_claims(server)])
    open_briefing(page, server, key)
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    page.locator(".title").wait_for()
    main = page.locator(".stMain")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.get_by_role("button", name="Edit the title").focus()
    page.keyboard.press("Tab")
    for name in ("Move up", "Move down", "Edit", "Add a note below", "Remove"):
        tool = entry(page, 0).get_by_role("button", name=name)
        expect(tool).to_be_focused()
        expect(tool).to_be_in_viewport()
        box = tool.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        page.keyboard.press("Tab")
    expect(entry(page, 1).locator(".chip")).to_be_focused()
