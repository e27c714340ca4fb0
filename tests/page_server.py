"""A page server for the tests, and a browser to look at it with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from rag.core.settings import Settings
from rag.desk.conversations import Stored
from rag.desk.desk import open_desk
from rag.faces.web.serve import ADDRESS, command, environment, wait_until_healthy

ROOT = Path(__file__).parent.parent
FAKE_APP = ROOT / "tests" / "fake_app.py"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium: the system's own, without a window where there is that, or the one that Playwright has
    installed.

    Without one the tests are skipped, and fail where the variable CI is set.
    """
    with sync_playwright() as playwright:
        names = ("chromium-headless-shell", "chromium", "google-chrome")
        found = next(filter(None, map(shutil.which, names)), None)
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            if os.environ.get("CI"):
                pytest.fail(f"The tests of the page need Chromium: {error.message}")
            pytest.skip("These tests need Chromium, and it cannot be started here.")
        try:
            yield browser
        finally:
            browser.close()


class Server:
    """The page over one corpus; it can be stopped and started again on the same port."""

    def __init__(self, settings: Settings, app: Path | None = None) -> None:
        self.settings = settings
        self._app = app
        with socket() as probe:
            probe.bind((ADDRESS, 0))
            self._port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self._port}"

    def start(self) -> None:
        words = command(self._port)
        if self._app is not None:
            words = [str(self._app) if word.endswith("app.py") else word for word in words]
        log = self.settings.data_dir.with_suffix(".log").open("ab")
        with log:
            self._process = subprocess.Popen(
                words, cwd=ROOT, env=environment(self.settings), stdout=log, stderr=log
            )
        wait_until_healthy(self._process, self._port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def stored(self, page: Page) -> tuple[Stored, ...]:
        """The exchanges of the conversation that the page shows."""
        key = page.url.split("chat=")[1].split("&")[0]
        kept = open_desk(self.settings).conversations.exchanges(key)
        assert all(isinstance(stored, Stored) for stored in kept)
        return tuple(stored for stored in kept if isinstance(stored, Stored))


def index_elsewhere(settings: Settings) -> None:
    """Index the corpus as another process does."""
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from rag.core.settings import Settings; from rag.wiring import build_index;"
            "build_index(Settings.from_environment())",
        ],
        cwd=ROOT,
        env=environment(settings),
        check=True,
        capture_output=True,
    )


def visit(page: Page, address: str) -> None:
    """Come to an address anew, with a window of the usual size and the pointer out of the way."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.mouse.move(0, 0)
    page.goto(address)


def ask(page: Page, question: str) -> None:
    """Type a question, send it and wait for its answer."""
    answers = page.locator(".footer")
    settle(page)
    before = answers.count()
    send(page, question)
    answers.nth(before).wait_for()
    settle(page)


def settle(page: Page) -> None:
    """Wait until nothing is drawn anew: what is typed or pointed at meanwhile may go unnoticed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def send(page: Page, question: str) -> None:
    """Type a question and send it."""
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(question)
    field.press("Enter")


def watch(page: Page) -> Callable[[], list[dict[str, int]]]:
    """From now on, at every frame that differs from the one before: how many questions and claims
    are drawn, and where the last question stands, in pixels."""
    page.evaluate(
        """() => {
            const all = (root, query) => [...root.querySelectorAll("*")].flatMap((one) =>
                [one].filter((found) => found.matches(query)).concat(
                    one.shadowRoot ? all(one.shadowRoot, query) : []));
            window.frames_seen = [];
            const look = () => {
                const asked = all(document, ".asked");
                const now = {
                    asked: asked.length, claims: all(document, ".claim").length,
                    top: Math.round(asked.at(-1)?.getBoundingClientRect().top ?? 0),
                };
                if (JSON.stringify(now) !== JSON.stringify(window.frames_seen.at(-1)))
                    window.frames_seen.push(now);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    return lambda: list(page.evaluate("frames_seen"))


def marked_in_view(page: Page) -> str:
    """The marked words, once they are inside the visible part of the article."""
    page.locator("mark").wait_for()
    page.wait_for_function(
        """() => {
            const found = (root, query) => {
                const here = root.querySelector(query);
                if (here) return here;
                for (const child of root.querySelectorAll("*")) {
                    const inside = child.shadowRoot && found(child.shadowRoot, query);
                    if (inside) return inside;
                }
                return null;
            };
            const mark = found(document, "mark").getBoundingClientRect();
            const view = found(document, ".scroller").getBoundingClientRect();
            return mark.height > 0 && mark.top >= view.top && mark.bottom <= view.bottom
                && mark.top >= 0 && mark.bottom <= innerHeight && mark.right <= innerWidth;
        }"""
    )
    return page.locator("mark").text_content() or ""
