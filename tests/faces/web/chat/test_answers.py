"""How the page shows answers that the articles at hand would not give: over a fake assistant."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.core.records import Method
from rag.core.settings import Settings
from tests.fake_assistant import CLOSED, MODEL, NOTICE, write_articles
from tests.page_server import FAKE_APP, Server, ask, marked_in_view, send, visit, watch


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("answers")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    write_articles(settings.corpus_dir)
    server = Server(settings, FAKE_APP)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(tab: Page, server: Server) -> Page:
    visit(tab, server.address)
    tab.get_by_test_id("stChatInputTextArea").wait_for()
    return tab


def closed(server: Server) -> list[str]:
    """The questions whose events were closed before their end."""
    path = server.settings.data_dir / CLOSED
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def wait_until_closed(server: Server, question: str) -> None:
    deadline = time.monotonic() + 5
    while question not in closed(server):
        assert time.monotonic() < deadline, f"{question!r} is still being answered"
        time.sleep(0.05)


def test_every_verdict_has_a_word_and_a_claim_without_citations_has_no_source(page: Page) -> None:
    ask(page, "Who came?")
    words = ["Supported", "Partly supported", "Unsupported", "Conflicting", "Unsupported"]
    expect(page.locator(".verdict")).to_have_text(words)
    assert page.locator(".verdict svg").count() == 5
    last = page.locator(".claim").last
    expect(last.locator(".evidence")).to_have_text("no sourceUnsupportedWhy")
    expect(page.locator(".paragraph")).to_have_count(4)
    expect(last.get_by_role("button")).to_have_count(1)


def test_what_is_not_supported_is_struck_and_says_why_on_demand(page: Page) -> None:
    ask(page, "Who came?")
    look = """e => [getComputedStyle(e).textDecorationLine.includes("line-through"),
                    getComputedStyle(e).userSelect]"""
    struck = [sentence.evaluate(look) for sentence in page.locator(".sentence").all()]
    assert struck == [[is_struck, "auto"] for is_struck in (False, False, True, True, True)]
    why = page.get_by_role("button", name="Why unsupported").first
    reason = page.locator(".claim").nth(2).locator(".reason")
    expect(reason).to_be_hidden()
    page.locator(".claim").nth(2).locator(".chip").focus()
    page.keyboard.press("Tab")
    expect(why).to_be_focused()
    assert why.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(reason).to_have_text("The words give another number: 2,000.")
    page.keyboard.press(" ")
    expect(reason).to_be_hidden()
    page.keyboard.press(" ")
    page.locator(".sentence").first.click()
    marked_in_view(page)
    expect(reason).to_be_visible()
    page.get_by_role("link", name="Corpus").click()
    page.locator("table").wait_for()
    page.get_by_role("link", name="Chat").click()
    expect(reason).to_be_visible()
    expect(page.locator(".reason:visible")).to_have_count(1)


def test_a_written_answer_comes_claim_by_claim_and_moves_nothing(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 480})
    ask(page, "Who came early?")
    page.wait_for_timeout(500)
    seen = watch(page)
    ask(page, "Who came slowly?")
    page.wait_for_timeout(300)
    drawn = [now for now in seen() if now["asked"] == 2]
    counts = [now["claims"] - 5 for now in drawn]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 5)
    assert len(set(counts)) > 3
    assert {now["top"] for now in drawn if now["claims"] > 5} == {drawn[-1]["top"]}
    expect(page.locator(".asked").nth(1)).to_be_in_viewport()
    claims = server.stored(page)[-1].exchange.answer.claims
    expect(page.locator(".sentence")).to_have_text([claim.text for claim in (*claims, *claims)])


def test_a_question_that_was_understood_in_other_words_can_be_put_right(
    page: Page, server: Server
) -> None:
    ask(page, "Who came?")
    ask(page, "Why did she come?")
    line = page.locator(".understood")
    expect(line).to_have_text("Understood as: Why did Anna come? Edit")
    edit = page.get_by_role("button", name="Edit the question as understood")
    edit.press("Enter")
    field = page.get_by_role("textbox", name="The question, to be asked on its own")
    expect(field).to_be_focused()
    expect(field).to_have_value("Why did Anna come?")
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    edit.press(" ")
    page.keyboard.type("Why did she come with <b>Berit</b>?")
    page.keyboard.press("Enter")
    page.locator(".footer").nth(2).wait_for()
    asked = [(kept.exchange.question, kept.exchange.answer.standalone) for kept in server.stored(page)]
    assert asked == [
        ("Who came?", None),
        ("Why did she come?", "Why did Anna come?"),
        ("Why did she come with <b>Berit</b>?", None),
    ]


def test_the_reader_chooses_how_answers_are_made_and_a_reload_keeps_it(
    page: Page, server: Server
) -> None:
    written = page.get_by_role("radio", name=f"Written by {MODEL}")
    own = page.get_by_role("radio", name="The articles' own sentences")
    expect(written).to_be_checked()
    ask(page, "Who came?")
    expect(page.locator(".footer").first).to_contain_text(
        f"Written by {MODEL}4 articles, 3 independent0.9 s"
    )
    written.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**answers=extracted*")
    page.reload()
    expect(own).to_be_checked()
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_url("**/?answers=extracted")
    expect(page.locator(".footer")).to_have_count(0)
    ask(page, "Who came?")
    expect(page.locator(".footer")).to_contain_text(
        "In the articles' own words4 articles, 3 independent0.2 s"
    )
    page.get_by_role("button", name="Why this answer").press("Enter")
    expect(page.locator(".details")).to_have_text("Find passages40 msJudge sentences160 ms")
    assert server.stored(page)[-1].exchange.answer.method is Method.EXTRACTED
    written.check()
    page.wait_for_url(lambda url: "answers" not in url)


def test_a_notice_stands_above_the_claims_and_the_answer_takes_the_place_of_its_drafts(
    page: Page, server: Server
) -> None:
    ask(page, "Who refused?")
    expect(page.locator(".notice")).to_have_text(NOTICE)
    above, below = (page.locator(name).first.bounding_box() for name in (".remark", ".claim"))
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    claims = server.stored(page)[-1].exchange.answer.claims
    expect(page.locator(".sentence")).to_have_text([claim.text for claim in claims])


def test_a_fault_is_said_once_and_gives_the_question_back(page: Page) -> None:
    send(page, "What is broken?")
    page.get_by_test_id("stException").wait_for()
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_value("What is broken?")
    expect(page.locator(".working")).to_have_count(0)
    ask(page, "Who came?")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_reader_who_leaves_ends_the_work_on_the_answer(page: Page, server: Server) -> None:
    send(page, "Who came slowly to the closed tab?")
    page.locator(".sentence").first.wait_for()
    page.goto("about:blank")
    wait_until_closed(server, "Who came slowly to the closed tab?")


def test_a_question_left_for_another_page_waits_until_the_reader_comes_back(
    page: Page, server: Server
) -> None:
    question = "Who came slowly and was left?"
    send(page, question)
    page.locator(".sentence").first.wait_for()
    page.get_by_role("link", name="Corpus").click()
    wait_until_closed(server, question)
    page.get_by_role("link", name="Chat").click()
    page.locator(".footer").wait_for()
    assert [kept.exchange.question for kept in server.stored(page)] == [question]


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
    send(page, "Who came slowly second?")
    page.locator(".sentence").nth(5).wait_for()
    page.locator(".sentence").first.click()
    marked_in_view(page)
    send(page, "Who came third?")
    page.locator(".footer").nth(2).wait_for()
    assert "Who came slowly second?" not in closed(server)
    questions = [stored.exchange.question for stored in server.stored(page)]
    assert questions == ["Who came first?", "Who came slowly second?", "Who came third?"]


def test_the_answer_goes_to_the_clipboard_with_numbered_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Who came?")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Who came?\n\nAnna came 0 times. [1]\n")
    assert "[1] Anna, Harbour Post, 2024 (Anna.md)" in copied
    assert copied.endswith(f"\n\nWritten by {MODEL}.\n")
