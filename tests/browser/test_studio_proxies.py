"""The studio behind nginx and Jupyter's proxy, as docs/deploy.md says."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import chromium
import numpy as np
import PIL.Image
import psutil
import pytest
from lab_server import stop
from notebook_page import SCREENSHOTS, changed, pixels
from playwright.sync_api import Page, expect, sync_playwright
from studio_server import (
    Studio,
    at_work,
    ended,
    enter,
    paint,
    picture,
    quick,
    running,
    upload,
)
from studio_visits import wait_until

from stylelab.cli.options import parser
from stylelab.studio import free_port

pytestmark = pytest.mark.browser

DEPLOY = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text("utf-8")
NAME = "studio.school.example"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
COMMAND = ("-m", "stylelab", "studio", "--no-browser")
# A name is what a visitor may call a picture: it stays text.
NAMED = "<img src=x onerror=document.title='broken'>.png"


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", DEPLOY, re.DOTALL)[1]


@pytest.fixture
def elsewhere(browser_path: str) -> Iterator[Page]:
    """A page of a browser that finds the school's name on this machine."""
    rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=[*chromium.FLAGS, rules]
        )
        context = browser.new_context(ignore_https_errors=True)
        page, errors = context.new_page(), []
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


@contextlib.contextmanager
def nginx(home: Path, site: str) -> Iterator[None]:
    """An nginx of its own, with `site` among its sites."""
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{name}_temp_path {home / name};\n" for name in folders)
    config = home / "nginx.conf"
    root = "user root;\n" if os.getuid() == 0 else ""
    config.write_text(
        f"{root}daemon off;\npid {home / 'pid'};\nerror_log {home / 'error.log'};\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}{site}}}\n"
    )
    process = subprocess.Popen([NGINX, "-c", str(config), "-e", str(home / "first")])
    try:
        wait_until(lambda: (home / "pid").exists() or process.poll() is not None, 30)
        assert process.poll() is None, (home / "first").read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def visit(page: Page, studio: Studio, folder: Path) -> None:
    """A widget answers, a large upload arrives, and a picture grows."""
    enter(page, studio)
    photo = folder / NAMED
    noise = np.random.default_rng(0).integers(0, 255, (600, 800, 3), np.uint8)
    PIL.Image.fromarray(noise).save(photo)
    assert photo.stat().st_size > 10**6
    upload(page, "1  Your photo", photo)
    expect(page.locator(".sl-credit").get_by_text(NAMED)).to_be_visible()
    quick(page, steps=12)
    before = pixels(picture(page))
    paint(page)
    at_work(page)
    changed(picture(page), before)
    ended(page)
    assert page.title() != "broken"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["/", "/studio/"])
def test_behind_nginx(elsewhere: Page, tmp_path: Path, place: str) -> None:
    if not NGINX or not shutil.which("openssl"):
        pytest.skip("no nginx or no openssl here: apt install nginx-light openssl")
    port, home, front = free_port(), tmp_path, free_port()
    cert, key = home / "studio.pem", home / "studio.key"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN="
    make = f"{make}{NAME} -keyout {key} -out {cert}"
    subprocess.run(make.split(), check=True, capture_output=True)
    site = block("nginx").replace("location / {", f"location {place} {{")
    for written, here in [
        ("listen 443", f"listen 127.0.0.1:{front}"),
        ("127.0.0.1:8866", f"127.0.0.1:{port}"),
        ("/etc/ssl/certs/studio.pem", str(cert)),
        ("/etc/ssl/private/studio.key", str(key)),
    ]:
        assert site.count(written) == 1
        site = site.replace(written, here)
    options = ["--host", f"https://{NAME}:{front}", "--token", "the blue rider"]
    options += ["--base-url", place, "--port"]
    with running(home, *COMMAND, *options, port=port) as behind, nginx(home, site):
        url = f"https://{NAME}:{front}{place}"
        studio = Studio(url, behind.process, behind.log)
        page = elsewhere
        page.goto(url)
        page.get_by_label("The word on the poster").fill("moonlight")
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("alert")).to_contain_text("That is not the word")
        for width in (1440, 820, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=SCREENSHOTS / f"word-{width}.png")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.get_by_label("The word on the poster").fill("The Blue Rider ")
        page.get_by_role("button", name="Come in").click()
        expect(page).to_have_url(url)
        visit(page, studio, tmp_path)
        assert all(
            given["secure"]
            for given in page.context.cookies()
            if "user" in given["name"]
        )
        page.goto(f"{url}poster")
        expect(page.get_by_text("the blue rider")).to_be_visible()
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"poster-{width}.png")
        assert f"https://{NAME}:{front}{place}?token=" in studio.log.read_text()
        page.goto("about:blank")


@pytest.mark.slow
def test_behind_jupyter_server_proxy(elsewhere: Page, tmp_path: Path) -> None:
    pytest.importorskip("jupyter_server_proxy")
    port, log = free_port(), tmp_path / "log"
    config = tmp_path / "jupyter_server_config.py"
    config.write_text(f"c = get_config()\n{block('python')}")
    command = [
        *(sys.executable, "-m", "jupyter_server", f"--config={config}", "--allow-root"),
        *("--ServerApp.port=" + str(port), "--ServerApp.port_retries=0"),
        *(
            "--IdentityProvider.token=t",
            "--no-browser",
            f"--ServerApp.root_dir={tmp_path}",
        ),
        *("--ServerApp.base_url=/user/ada/", "--ServerApp.ip=127.0.0.1"),
        "--ServerApp.jpserver_extensions=jupyter_server_proxy=True",
    ]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    places = {f"JUPYTER_{kind}_DIR": str(tmp_path) for kind in ("CONFIG", "RUNTIME")}
    with open(log, "w") as file:
        process = subprocess.Popen(
            command,
            env=os.environ | places | {"PATH": path},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}/user/ada/"
        _wait(f"{url}api/status?token=t", log)
        elsewhere.goto(f"{url}api/status?token=t")  # Jupyter's own cookie
        studio = Studio(f"{url}studio/", psutil.Process(process.pid), log)
        visit(elsewhere, studio, tmp_path)
        elsewhere.goto("about:blank")
    finally:
        stop(process)


def _wait(url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    raise RuntimeError(log.read_text()[-3000:])


def test_what_is_written_of_the_studios_options_is_accepted() -> None:
    lines = re.findall(r"-m (stylelab studio\b[^\n`]*)", DEPLOY)
    assert len(lines) >= 3
    for line in lines:
        arguments = parser().parse_args(shlex.split(line)[1:])
        assert arguments.verb == "studio"
