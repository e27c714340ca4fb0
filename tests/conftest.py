"""What several tests share: the bundled network, opened once, and the project's own names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.core.settings import BUNDLED_MODEL, Settings
from rag.language.terms import Lexicon, read_aliases
from rag.models.backbone import open_backbone
from rag.models.embedding import Encoder, open_encoder
from rag.models.pairs import PairReader
from tests.page_server import open_browser

# The weights come with the installation: no test may need the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

settings.register_profile("project", deadline=None, max_examples=60)
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that open a browser come first: they take longest, and when two processes share the
    files, neither should be left with a long one at the end."""
    long = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `models_dir` of settings with its parent as data_dir: a folder of this process's own, with
    nothing in it, for the bundled network needs no export."""
    models = tmp_path_factory.mktemp("data") / "models"
    models.mkdir()
    return models


@pytest.fixture(scope="session")
def encoder(models_dir: Path) -> Encoder:
    return open_encoder(BUNDLED_MODEL, models_dir)


@pytest.fixture(scope="session")
def pairs() -> PairReader:
    return PairReader(open_backbone())


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon(read_aliases(Settings(Path("corpus"), Path("data")).aliases_path))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it is open, nothing else in the process can run an event loop."""
    with open_browser() as browser:
        expect.set_options(timeout=30_000)  # where much goes on beside it
        yield browser


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(45_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def tab(context: BrowserContext) -> Page:
    """One for all tests of a module, which keeps what it has loaded; each of them is a new visit."""
    return context.new_page()
