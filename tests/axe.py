"""axe-core over a page as it stands: what it finds that keeps somebody out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_axe = Axe()


def expect_accessible(page: Page, state: str) -> None:
    """Fails with every serious or critical finding. `state` says in the failure what was on screen."""
    found = _axe.run(page).response["violations"]
    barred = [
        f"{state}: {finding['id']} ({finding['impact']}) at {node['target']}: {node['failureSummary']}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
    assert not barred, "\n".join(barred)
