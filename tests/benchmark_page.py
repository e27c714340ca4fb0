"""How soon the page answers a hand, as ratios within one run: choosing a citation beside an empty run of
Streamlit, and opening the page over 5,800 articles beside opening it over five.

Run it with `make benchmark-page`. The articles are made up here, and short."""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from rag.core.settings import Settings
from rag.wiring import build_index
from tests.page_server import Server, ask, open_browser

MANY, FEW = 5_800, 5
PLACES = "Norvik Sund Torne Vadso Alba Skarv Orsa Brennes Lunde Hakon Marstal Ronne".split()
GOODS = "crates barrels sacks boxes bales casks".split()

# In the browser: a click, and the milliseconds until what it is for is seen. Elements of components
# stand in shadow trees.
_FIND = """
    const all = (root, query) => [...root.querySelectorAll("*")].flatMap((one) =>
        [one].filter((found) => found.matches(query)).concat(
            one.shadowRoot ? all(one.shadowRoot, query) : []));
    const until = (seen, begun) => new Promise((done) => {
        const look = () => seen() ? done(performance.now() - begun) : requestAnimationFrame(look);
        look();
    });
"""
_CHOOSE = (
    "async (place) => {"
    + _FIND
    + """
    const chips = all(document, ".chip");
    const open = chips.findIndex((one) => one.getAttribute("aria-pressed") === "true");
    const chip = chips[place === open ? (place + 1) % chips.length : place];
    const before = all(document, "mark")[0]?.textContent;
    const begun = performance.now();
    chip.click();
    return until(() => {
        const [mark, view] = [all(document, "mark")[0], all(document, ".scroller")[0]];
        if (!mark || mark.textContent === before) return false;
        const [inner, outer] = [mark.getBoundingClientRect(), view.getBoundingClientRect()];
        return inner.height > 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;
    }, begun);
}"""
)
_RUN = (
    "async () => {"
    + _FIND
    + """
    const count = () => document.body.innerText.match(/run \\d+/)?.[0];
    const before = count();
    const begun = performance.now();
    [...document.querySelectorAll("button")].find((one) => one.innerText === "Run").click();
    return until(() => count() !== before, begun);
}"""
)
_EMPTY_APP = """import streamlit as st
st.session_state["run"] = st.session_state.get("run", 0) + 1
st.button("Run")
st.text(f"run {st.session_state['run']}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        few, many = (_serve(Path(folder), count) for count in (FEW, MANY))
        empty = _serve_empty(Path(folder))
        try:
            _report("choosing a citation / an empty run", *_choosing(browser, few, empty, rounds), 1.5)
            _report(
                f"opening over {MANY:,} / {FEW} articles", *_opening(browser, many, few, rounds), 1.3
            )
        finally:
            for server in (few, many, empty):
                server.stop()


def _choosing(
    browser: Browser, server: Server, empty: Server, rounds: int
) -> tuple[list[float], list[float]]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.address)
    page.get_by_test_id("stChatInputTextArea").wait_for()
    for path in sorted(server.settings.corpus_dir.iterdir())[:3]:
        harbor = path.read_text(encoding="utf-8").split("title: The ")[1].split(" ships")[0]
        ask(page, f"What did the {harbor} ship?")
    bare = browser.new_page()
    bare.goto(empty.address)
    bare.get_by_role("button", name="Run").wait_for()
    chips = page.locator(".chip").count()
    chosen: list[float] = []
    run: list[float] = []
    for round_number in range(rounds):
        bare.bring_to_front()
        bare.wait_for_timeout(300)
        run.append(float(bare.evaluate(_RUN)))
        page.bring_to_front()
        page.wait_for_timeout(600)
        chosen.append(float(page.evaluate(_CHOOSE, round_number % chips)))
    page.close()
    bare.close()
    return chosen, run


def _opening(
    browser: Browser, many: Server, few: Server, rounds: int
) -> tuple[list[float], list[float]]:
    took: dict[Server, list[float]] = {many: [], few: []}
    for server in (many, few):
        _open(browser, server)  # the first visit opens the index and fills the browser's cache
    for _ in range(rounds):
        for server in (many, few):
            took[server].append(_open(browser, server))
    return took[many], took[few]


def _open(browser: Browser, server: Server) -> float:
    """Milliseconds until the field can be typed in and the latest articles are on screen."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    begun = time.perf_counter()
    page.goto(server.address)
    page.get_by_test_id("stChatInputTextArea").wait_for(timeout=120_000)
    page.locator("tr[data-source]").first.wait_for(timeout=120_000)
    took = (time.perf_counter() - begun) * 1000
    page.close()
    return took


def _serve(folder: Path, count: int) -> Server:
    settings = Settings(folder / f"corpus-{count}", folder / f"data-{count}")
    settings.corpus_dir.mkdir()
    chance = random.Random(count)
    for number in range(count):
        (settings.corpus_dir / f"{number:05}.md").write_text(_article(number, chance), encoding="utf-8")
    print(f"Indexing {count:,} articles …", flush=True)
    build_index(settings)
    server = Server(settings)
    server.start()
    return server


def _serve_empty(folder: Path) -> Server:
    app = folder / "empty_app.py"
    app.write_text(_EMPTY_APP, encoding="utf-8")
    settings = Settings(folder / "corpus-empty", folder / "data-empty")
    server = Server(settings, app)
    server.start()
    return server


def _article(number: int, chance: random.Random) -> str:
    place, goods = chance.choice(PLACES), chance.choice(GOODS)
    day = f"{chance.randint(2019, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return (
        f"---\ntitle: The harbor of {place} number {number} ships {goods}\n"
        f"publisher: Harbor Post {number % 40}\npublished: {day!r}\n---\n\n"
        f"The harbor of {place} number {number} shipped {chance.randint(100, 9_999)} {goods} that week. "
        f"Its master said that the quay of {chance.choice(PLACES)} would be dredged in spring.\n"
    )


def _report(name: str, ours: list[float], theirs: list[float], goal: float) -> None:
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"{name}: {one:.0f} ms / {other:.0f} ms = {one / other:.2f} (goal at most {goal})")


if __name__ == "__main__":
    main()
