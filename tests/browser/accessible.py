"""What axe-core finds on a page."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(
    page: Page, part: str | None = None, rules: Sequence[str] = ()
) -> list[str]:
    """The rules that are broken, and where; `part`: only inside of this selector.

    rules: more than axe-core's own choice.
    """
    page.wait_for_timeout(400)  # ipywidgets' buttons fade in and out
    options = {"rules": {rule: {"enabled": True} for rule in rules}}
    found = Axe().run(page, context=part, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
