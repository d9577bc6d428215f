"""Screenshots of the labs in JupyterLab: `python tools/photograph_labs.py`.

Each lab of a notebook is opened with its own settings, run, and photographed into
docs/labs/. There `tools/freeze.py` finds what a stored notebook shows in a lab's place.
It needs Chromium, and takes some minutes.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import freeze
import nbformat
import PIL.Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
# By the number of the notebook and the name of the lab.
LABS = {
    "02_LayerLab": 'LayerLab("cat")',
    "03_FieldLab": 'FieldLab("palace")',
    "04_ReconstructionLab": 'ReconstructionLab("cat", size=128)',
    "05_TextureLab": 'TextureLab("gravel", size=128)',
    "06_TradeoffLab": 'TradeoffLab("palace", "starry_night")',
    "06_TransferLab": 'TransferLab("palace", "starry_night")',
    "08_TransferLab": 'TransferLab("palace", ["starry_night", "great_wave"], size=192, '
    'colors="luminance")',
    "09_TransferLab": 'TransferLab("cat", "great_wave", size=256)',
}


def photograph(page: Page) -> PIL.Image.Image:
    """The lab on the page, after its run if it has one."""
    lab = page.locator(".stylelab").first
    page.wait_for_timeout(3000)  # until the first pictures are there
    run = lab.get_by_role("button", name="▶ Run")
    if run.count() and run.first.is_visible():
        run.first.click()
        page.get_by_text("Done: ").first.wait_for(timeout=600_000)
        page.wait_for_timeout(1000)
    page.mouse.move(0, 0)
    return PIL.Image.open(io.BytesIO(lab.screenshot())).convert("RGB")


def main() -> None:
    """Photographs all labs, and puts the pictures into the stored notebooks."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    import chromium
    import lab_server
    from notebook_page import run_all

    freeze.LABS.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp())
    with lab_server.running(home) as server, sync_playwright() as playwright:
        path = chromium.find(playwright)
        browser = playwright.chromium.launch(
            executable_path=path, args=[*chromium.FLAGS]
        )
        for name, call in LABS.items():
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            code = f"from stylelab.labs import {name[3:]}\n{call}"
            run_all(page, server.address(f"{name}.ipynb", [code]))
            photo = photograph(page)
            photo.save(freeze.LABS / f"{name}.jpg", quality=80, optimize=True)
            print(name, photo.size)
            page.close()
            server.end_kernels()
        browser.close()
    for notebook_path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(notebook_path, 4)
        freeze.show_labs(notebook, notebook_path.name[:2])
        nbformat.write(notebook, notebook_path)


if __name__ == "__main__":
    main()
