"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, part: str | None = None) -> list[str]:
    """The rules that are broken, and where; `part`: only inside of this selector."""
    page.wait_for_timeout(400)  # ipywidgets' buttons fade in and out
    found = Axe().run(page, context=part).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
