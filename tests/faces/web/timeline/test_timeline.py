"""The timeline: places and words of its picture, and the page in a real browser."""

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from rag.asking.timeline import Event, publications, statements
from rag.core.records import Article
from rag.core.settings import Settings
from rag.faces.web.timeline.payload import timeline_payload
from rag.faces.web.timeline.view import View, moves, periods, read_view, usual, whole
from rag.faces.web.timeline.words import address_of, find_citation, mentions
from tests.page_server import FAKE_APP, Server, marked_in_view, visit


def made(count: int, publisher: str | None, published: str, text: str = "It rained.") -> list[Article]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return [
        Article(
            f"{publisher}-{published}-{n}.md", text, digest, f"Rain {n}", publisher, published=published
        )
        for n in range(count)
    ]


def events_of(articles: list[Article]) -> tuple[Event, ...]:
    found = (*publications(articles), *statements(articles))
    return tuple(sorted(found, key=lambda event: event.span))


YEAR = View(date(2024, 1, 1), date(2024, 12, 31))


def test_a_view_has_places_from_0_to_1_and_parts() -> None:
    assert YEAR.place(date(2024, 1, 1)) == 0.0
    assert YEAR.place(date(2024, 7, 1)) == 182 / 366
    assert YEAR.place(date(2030, 1, 1)) == 1.0
    assert YEAR.part(0.0, 1.0) == YEAR
    assert YEAR.part(0.5, 0.75) == View(date(2024, 7, 2), date(2024, 10, 1))
    assert list(YEAR.edges(("month", 3)))[1:3] == [date(2024, 4, 1), date(2024, 7, 1)]
    assert [YEAR.step(most) for most in (400, 60, 13, 6, 2)] == [
        ("day", 1),
        ("day", 7),
        ("month", 1),
        ("month", 3),
        ("year", 1),
    ]


@pytest.mark.parametrize(
    "address", [("2024", "2025"), ("2024-05-01", "2024-04-01"), ("", None), ("9999-01-01",) * 2]
)
def test_what_is_no_view_in_an_address_is_none(address: tuple[str, str | None]) -> None:
    assert read_view(*address) is None


def test_the_least_view_is_a_week() -> None:
    assert read_view("2024-05-08", "2024-05-08") == View(date(2024, 5, 5), date(2024, 5, 11))


def test_the_reader_can_go_closer_wider_and_to_each_year() -> None:
    events = events_of(made(1, "A", "2023-02-01") + made(1, "B", "2025-05", "It was begun in 1904."))
    assert usual(events) == View(date(2023, 1, 11), date(2025, 6, 21))
    assert whole(events) == View(date(1904, 1, 1), date(2025, 5, 31))
    assert [words for words, _ in periods(events)] == ["All dates", "When published", "2023", "2025"]
    there = moves(YEAR, whole(events))
    assert there["closer"] == View(date(2024, 4, 1), date(2024, 10, 1))
    assert there["wider"] == View(date(2023, 7, 2), date(2025, 7, 2))
    assert all(there.values())
    assert moves(whole(events), whole(events))["wider"] is None
    assert moves(View(date(1, 1, 1), date(9998, 12, 31)), whole(events))["earlier"] is None


def test_few_events_are_marks_and_the_same_is_a_list() -> None:
    articles = made(1, "A", "2024-05", "The mill burned on 3 March 2024.") + made(1, None, "2023-01-01")
    payload = timeline_payload(events_of(articles), YEAR, 10)
    assert [(row["name"], len(row["marks"])) for row in payload["rows"]] == [
        ("A", 1),
        ("Other outlets", 0),
        ("Dated statements", 1),
    ]
    assert payload["rows"][0]["marks"] == [
        {
            "at": round(121 / 366, 5),
            "to": round(152 / 366, 5),
            "exact": False,
            "address": f"A-2024-05-0.md:{articles[0].sha256[:12]}:0-32",
            "when": "May 2024",
            "words": "Rain 0",
            "outlet": "A",
        }
    ]
    assert payload["told"] == "1 January 2024 to 31 December 2024: 1 article, 1 dated statement"
    assert [(year["year"], [month["name"] for month in year["months"]]) for year in payload["list"]] == [
        ("2024", ["March", "May"])
    ]
    assert payload["list"][0]["months"][0]["events"] == [
        {
            "address": f"A-2024-05-0.md:{articles[0].sha256[:12]}:0-32",
            "kind": "statement",
            "when": "3 March 2024",
            "words": "The mill burned on 3 March 2024.",
            "outlet": "A · May 2024",
        }
    ]
    assert [tick["words"] for tick in payload["axis"]][:3] == ["2024", "Feb", "Mar"]


def test_many_events_are_counted_bars_on_one_scale_and_imprecise_ones_spans() -> None:
    articles = (
        *made(40, "A", "2024-05-02"),
        *made(30, "A", "2024-08-20"),
        *made(20, "B", "2024-05-02"),
        *made(70, "A", "2024"),
    )
    payload = timeline_payload(events_of(list(articles)), YEAR, 5)
    first, second = payload["rows"]
    assert (first["marks"], second["marks"]) == ([], [])
    assert [(bar["words"], bar["height"], bar["when"]) for bar in first["bars"]] == [
        ("40 articles", 1.0, "29 April 2024 to 5 May 2024"),
        ("30 articles", 0.75, "19 August 2024 to 25 August 2024"),
    ]
    assert [bar["height"] for bar in second["bars"]] == [0.5]
    assert [(span["when"], span["words"], span["at"], span["to"]) for span in first["spans"]] == [
        ("2024", "70 articles without a closer date", 0.0, 1.0)
    ]
    assert first["scale"] == "up to 40 a week"
    assert payload["more"] == 155


def test_the_outlets_with_the_most_articles_have_rows_of_their_own() -> None:
    articles = [one for n in range(9) for one in made(9 - n, f"outlet {n}", "2024-05-02")]
    rows = timeline_payload(events_of(articles), YEAR, 5)["rows"]
    assert [row["name"] for row in rows] == [*(f"outlet {n}" for n in range(5)), "Other outlets"]
    (only,) = timeline_payload(events_of(made(2, None, "2024")), YEAR, 5)["rows"]
    assert only["name"] == "Articles"


def test_an_address_finds_the_words_again() -> None:
    articles = {one.source: one for one in made(1, "A:1-2", "2024", "It rained in 2001. It did.")}
    published, *_ = publications(tuple(articles.values()))
    (stated,) = statements(tuple(articles.values()))
    digest = stated.citation.sha256[:12]
    assert address_of(stated) == f"A:1-2-2024-0.md:{digest}:0-18"
    assert find_citation(address_of(stated), articles) == stated.citation
    assert find_citation(address_of(published), articles) == published.citation
    here = f"A:1-2-2024-0.md:{digest}"
    for address in (None, "", "1.1.1", f"gone.md:{digest}:0-3", f"{here}:3-3", f"{here}:0-999"):
        assert find_citation(address, articles) is None


def test_an_address_in_a_text_that_has_changed_since_opens_nothing() -> None:
    (before,) = made(1, "A", "2024", "It rained in 2001. It did.")
    (after,) = made(1, "A", "2024", "Nobody came. It rained in 2001. It did.")
    (stated,) = statements((before,))
    assert find_citation(address_of(stated), {before.source: before}) == stated.citation
    assert find_citation(address_of(stated), {after.source: after}) is None


def test_words_are_found_in_whatever_letters() -> None:
    assert mentions("İbrahim Kalın’ın ziyareti", ["kalin", "ibrahim"])
    assert mentions("KALIN went", ["kalin"])
    assert not mentions("Kalın went", ["fidan"])


SANK = "The ferry Alba sank on 3 March 2019 <img src=x onerror=window.hacked=1>."
ARTICLES = {
    "ferry.md": (
        'title: "The ferry <b>Alba</b>"\npublisher: Lake Gazette\npublished: "2024-05-03"',
        "The lamps are trimmed before dusk.\n\n" * 30
        + f"{SANK}\n\n"
        + "It was raised in 2021.\n\n"
        + "Gulls follow every boat.\n\n" * 30,
    ),
    "mill.md": (
        'title: The mill\npublisher: Torne Post\npublished: "2023"',
        "The mill at Torne burned in June 2022. Kalın paid for it.\n",
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("timeline")
    settings = Settings(folder / "corpus", folder / "data")
    settings.corpus_dir.mkdir()
    settings.data_dir.mkdir()
    for name, (head, text) in ARTICLES.items():
        # As the fake assistant reads them: title, publisher, date, and the text from the fifth line on.
        title, publisher, published = (line.split(": ", 1)[1].strip('"') for line in head.split("\n"))
        whole_text = "\n".join((title, publisher, published, "", text))
        (settings.corpus_dir / name).write_text(whole_text, encoding="utf-8")
    server = Server(settings, FAKE_APP)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(tab: Page, server: Server) -> Page:
    visit(tab, f"{server.address}/timeline")
    tab.locator("svg.drawing").wait_for(timeout=120_000)
    return tab


def test_the_keyboard_goes_from_point_to_point_and_opens_the_words(page: Page, server: Server) -> None:
    page.get_by_role("button", name="All dates").click()
    marks = page.locator(".drawing .mark")
    expect(marks).to_have_count(5)
    page.locator('.drawing .mark[tabindex="0"]').focus()
    page.keyboard.press("Home")
    told = page.locator(".telling")
    expect(told).to_contain_text("3 March 2019 The ferry Alba sank on 3 March 2019 <img src=x")
    seen = []
    for _ in range(5):
        seen.append(page.locator(".drawing .mark:focus").get_attribute("aria-label") or "")
        page.keyboard.press("ArrowRight")
    assert [label.split(" · ")[0] for label in seen] == [
        "3 March 2019",
        "2021",
        "June 2022",
        "2023",
        "3 May 2024",
    ]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert (
        marked_in_view(page)
        == "The ferry Alba sank on 3 March 2019 <img src=x onerror=window.hacked=1>."
    )
    expect(page.locator(".panel h2")).to_have_text("The ferry <b>Alba</b>")
    expect(page.locator(".drawing .mark[aria-pressed=true]")).to_have_count(1)
    page.reload()
    assert marked_in_view(page).startswith("The ferry Alba sank")
    expect(page.get_by_role("button", name="All dates")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Close the article").click()
    page.locator(".panel").wait_for(state="detached")
    assert page.evaluate("typeof hacked") == "undefined"


def test_the_list_says_the_same_and_opens_it_too(page: Page) -> None:
    expect(page.locator(".list h3")).to_have_text(["2023", "2024"])
    page.get_by_role("button", name="All dates").click()
    expect(page.locator(".list h3")).to_have_text(["2019", "2021", "2022", "2023", "2024"])
    page.locator(".list .line", has_text="The mill at Torne burned").click()
    assert marked_in_view(page) == "The mill at Torne burned in June 2022."


def test_words_years_and_dragging_leave_a_part_which_a_reload_keeps(page: Page) -> None:
    page.get_by_label("Words", exact=True).fill("kalin")
    page.keyboard.press("Enter")
    expect(page.locator(".drawing .mark")).to_have_count(1)
    expect(page.locator(".list .line")).to_contain_text(["The mill"])
    page.reload()
    expect(page.locator(".drawing .mark")).to_have_count(1)
    page.get_by_label("Words", exact=True).fill("nobody")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("status").filter(has_text="No article of known date has these")
    ).to_be_visible()
    page.get_by_label("Words", exact=True).fill("")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="2024", exact=True).click()
    told = page.locator(".counted")
    expect(told).to_have_text("1 January 2024 to 31 December 2024: 1 article, 0 dated statements")
    drawing = page.locator("svg.drawing")
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(told).to_contain_text("1 article")
    expect(told).not_to_contain_text("1 January 2024")
    assert "from=2024-0" in page.url


def test_four_hundred_pixels_are_wide_enough_for_it(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    page.reload()
    page.locator("svg.drawing").wait_for()
    fits = "[...document.querySelectorAll('html, .stMain')].every(e => e.scrollWidth <= 400)"
    assert page.evaluate(fits)
