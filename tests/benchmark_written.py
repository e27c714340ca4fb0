"""How soon the first sentence of a written answer stands on the page, against the time that the server
itself takes to finish it.

In turn, within one run: a bare client reads a reply from the scripted server until its first sentence
is complete; the page in headless Chromium is asked a question and shows that sentence, found, judged
and drawn. Printed are the medians of the ratios.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from rag.core.settings import BUNDLED_MODEL, Settings
from rag.models.embedding import open_encoder
from rag.models.llm import LanguageModel, Turn
from rag.wiring import build_index
from tests.page_server import Server, ask, open_browser, send
from tests.scripted_server import ScriptedServer
from tests.writing import DAMASCUS, prompt_of, settings_for, with_keys

TURNS = 7
PIECE_SIZE = 5
FIRST = "Ibrahim Kalin went to Damascus on Tuesday on an unannounced visit. {went to Damascus}"
REPLY = f"{FIRST} The camps are believed to hold more than 15,000 people. {{more than 15,000 people}}"
# Looked at with every frame: a locator that waits looks only twice a second.
HAS_MORE_CLAIMS = """(drawn) => {
    const count = (root) => [...root.querySelectorAll("*")].reduce((sum, one) =>
        sum + one.matches(".claim") + (one.shadowRoot ? count(one.shadowRoot) : 0), 0);
    return count(document) > drawn;
}"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="sourceline-benchmark-") as scratch,
        ScriptedServer() as model,
    ):
        settings = settings_for(model.url, Path(scratch) / "data")
        open_encoder(BUNDLED_MODEL, settings.models_dir)
        build_index(settings)
        with open_page(settings) as page:
            # The keys hang on the passages alone, so those of one turn are those of all.
            model.on_request(lambda body: with_keys(REPLY, str(body["messages"][-1]["content"])))
            ask(page, DAMASCUS)
            first, reply = (with_keys(text, prompt_of(model.requests[-1])) for text in (FIRST, REPLY))
            for delay_seconds in (0.05, 0.1, 0.2):
                measure(model, page, first, reply, delay_seconds)


def measure(server: ScriptedServer, page: Page, first: str, reply: str, delay_seconds: float) -> None:
    page.get_by_role("button", name="New conversation").click()
    alone: list[float] = []
    shown: list[float] = []
    for _ in range(TURNS):
        server.reply(reply, piece_size=PIECE_SIZE, delay_seconds=delay_seconds)
        alone.append(read(server.url, first))
        server.reply(reply, piece_size=PIECE_SIZE, delay_seconds=delay_seconds)
        shown.append(show(page))
    ratios = [ours / theirs for ours, theirs in zip(shown, alone, strict=True)]
    print(
        f"first claim on the page against the server's own {statistics.median(alone):.2f} s: "
        f"{statistics.median(ratios):.2f} (of {TURNS}: {min(ratios):.2f}–{max(ratios):.2f})"
    )


def read(url: str, first: str) -> float:
    """Seconds until a bare client has the first sentence with its key."""
    client = LanguageModel(
        url,
        "scripted",
        connect_seconds=5,
        first_token_seconds=30,
        total_seconds=60,
        reply_tokens=400,
    )
    began, heard = time.perf_counter(), ""
    for piece in client.stream([Turn("user", "Tell.")]):
        heard += piece
        if heard.startswith(first):
            return time.perf_counter() - began
    raise AssertionError(f"the reply {heard!r} does not begin with {first!r}")


def show(page: Page) -> float:
    """Seconds from sending the question until its first claim can be seen."""
    drawn, answered = page.locator(".claim").count(), page.locator(".footer").count()
    began = time.perf_counter()
    send(page, DAMASCUS)
    page.wait_for_function(HAS_MORE_CLAIMS, arg=drawn)
    seconds = time.perf_counter() - began
    page.locator(".footer").nth(answered).wait_for()
    return seconds


@contextmanager
def open_page(settings: Settings) -> Iterator[Page]:
    assert settings.llm_base_url
    assert settings.llm_model
    os.environ["SOURCELINE_LLM_BASE_URL"] = settings.llm_base_url
    os.environ["SOURCELINE_LLM_MODEL"] = settings.llm_model
    server = Server(settings)
    with open_browser() as browser:
        server.start()
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(server.address)
            page.get_by_test_id("stChatInputTextArea").wait_for()
            yield page
        finally:
            server.stop()


if __name__ == "__main__":
    main()
