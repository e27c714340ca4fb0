"""axe-core over a page as it stands: what it finds that keeps somebody out."""

import os
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_FOLDER = os.environ.get("SOURCELINE_SCREENSHOTS")
_SCRIPT = Axe().axe_script
# What a theme changes is colours alone: the second is asked for the rules that look at them.
_ALL_RULES = "{}"
_COLOUR_RULES = "{runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}}"


def look(page: Page, state: str) -> None:
    """Axe over the page in both themes, and a picture of each where SOURCELINE_SCREENSHOTS names a
    folder. Fails with every serious or critical finding; `state` says what was on screen."""
    for scheme, rules in zip(_in_both_themes(page), (_ALL_RULES, _COLOUR_RULES), strict=True):
        _keep_picture(page, f"{state}-{scheme}")
        _expect_accessible(page, f"{state}, {scheme}", rules)


def picture(page: Page, state: str) -> None:
    """A picture in both themes, where SOURCELINE_SCREENSHOTS names a folder."""
    if _FOLDER:
        for scheme in _in_both_themes(page):
            _keep_picture(page, f"{state}-{scheme}")


def _in_both_themes(page: Page) -> Iterator[str]:
    """The names of the themes, each once the page stands still in it: the one that is on, and then the
    other, which stays on."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    _wait_until_still(page)
    yield "dark" if is_dark else "light"
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    _wait_until_still(page)
    yield "light" if is_dark else "dark"


def _wait_until_still(page: Page) -> None:
    page.wait_for_timeout(150)
    # While a run goes on, Streamlit fades what it has not drawn yet.
    page.wait_for_function("""() => !document.querySelector('[data-stale="true"]')""")
    page.wait_for_timeout(150)


def _keep_picture(page: Page, name: str) -> None:
    if _FOLDER:
        page.screenshot(path=Path(_FOLDER) / f"{name}.png")


def _expect_accessible(page: Page, state: str, rules: str) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    found = page.evaluate(f"axe.run({rules}).then(results => results.violations)")
    barred = [
        f"{state}: {finding['id']} ({finding['impact']}) at {node['target']}: {node['failureSummary']}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
    assert not barred, "\n".join(barred)
