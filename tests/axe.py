"""axe-core over a page as it stands: what it finds that keeps somebody out."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_axe = Axe()


def look(page: Page, state: str) -> None:
    """Axe over the page in both themes, and a picture of each where SOURCELINE_SCREENSHOTS names a
    folder. Fails with every serious or critical finding; `state` says what was on screen."""
    folder = os.environ.get("SOURCELINE_SCREENSHOTS")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(150)
        # While a run goes on, Streamlit fades what it has not drawn yet.
        page.wait_for_function("""() => !document.querySelector('[data-stale="true"]')""")
        page.wait_for_timeout(150)
        if folder:
            page.screenshot(path=Path(folder) / f"{state}-{scheme}.png")
        _expect_accessible(page, f"{state}, {scheme}")
    page.emulate_media(color_scheme="light")


def _expect_accessible(page: Page, state: str) -> None:
    found = _axe.run(page).response["violations"]
    barred = [
        f"{state}: {finding['id']} ({finding['impact']}) at {node['target']}: {node['failureSummary']}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
    assert not barred, "\n".join(barred)
