"""Who comes into the studio and who does not, asked of a real server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import tornado.httpclient
import tornado.web
import tornado.websocket
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from studio_visits import wait_until

from stylelab.cli.options import main
from stylelab.studio import address as address_module
from stylelab.studio import doors, own_folder
from stylelab.studio.address import Guesses, open_address

# Without workers, and with the shortest of pages. SLOW and UNSEEN in seconds.
SERVER = """
import contextlib, sys
from types import SimpleNamespace
from stylelab.studio import doors, server
server.RunQueue = lambda *_: SimpleNamespace(address="", close=lambda: None)
server.room, server.CODE = lambda jobs: 4, "print('a page')"
doors.SLOW = doors.UNSEEN = 3
server.serve(show=False, {})
"""
WORD = "Sun Flower"


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process
    home: Path

    def ask(
        self, path: str = "/", method: str = "GET", body: str | None = None, **headers
    ) -> http.client.HTTPResponse:
        """The answer; its text is `.text`. Redirects are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer
        finally:
            connection.close()

    def say(self, word: str) -> http.client.HTTPResponse:
        form = "application/x-www-form-urlencoded"
        body = f"word={word.replace(' ', '+')}"
        return self.ask("/login", "POST", body, Content_Type=form)

    @property
    def pages(self) -> list[psutil.Process]:
        """The kernels of its visitors."""
        found = []
        for child in self.process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "ipykernel_launcher" in child.cmdline():
                    found.append(child)
        return found

    @property
    def log(self) -> str:
        return (self.home / "log").read_text()


@contextlib.contextmanager
def running(home: Path, **where: object) -> Iterator[Server]:
    """A studio whose log, and whose temporary folder, are in `home`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (home / "tmp").mkdir(exist_ok=True)
    code = SERVER.format(f"port={port}, **{where!r}")
    with open(home / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=log,
            stderr=log,
            env=os.environ | {"TMPDIR": str(home / "tmp")},
            start_new_session=True,
        )
    server = Server(port, psutil.Process(process.pid), home)
    try:
        wait_until(lambda: "is open" in server.log or process.poll() is not None, 60)
        assert process.poll() is None, server.log
        yield server
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A short name: a socket's path may have no more than about 100 letters."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def studio(home: Path) -> Iterator[Server]:
    """A studio that asks for a word, behind a proxy with a name of its own."""
    (home / "word").mkdir()
    with running(home / "word", token=WORD, hosts=["https://paint.school"]) as server:
        yield server


@pytest.fixture(scope="module")
def cookie(studio: Server) -> str:
    """What the browser of a visitor sends who has said the word."""
    answer = studio.say(WORD)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    return cookies(answer)


@pytest.fixture
def kernel(studio: Server, cookie: str) -> Iterator[str]:
    """The name of a page's kernel."""
    answer = studio.ask(Cookie=cookie)
    assert answer.status == 200, answer.text
    name = re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.text)[0]
    assert handshake(studio, name, Cookie=cookie) == 101  # its page has come
    yield name
    path = f"/voila/api/shutdown/{name}"
    assert studio.ask(path, "POST", "", Cookie=cookie).status == 204
    wait_until(lambda: not studio.pages, 30)


def cookies(answer: http.client.HTTPResponse) -> str:
    given = answer.headers.get_all("Set-Cookie")
    return "; ".join(part.partition(";")[0] for part in given)


def handshake(studio: Server, kernel: str, **headers: str) -> int:
    """The answer to a page that wants to talk to its kernel; 101 is yes."""
    wanted = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Protocol": doors.PROTOCOL,
    }
    path = f"/api/kernels/{kernel}/channels"
    while (status := studio.ask(path, **(wanted | headers)).status) == 429:
        time.sleep(0.1)  # the server has not yet seen the end of those before it
    return status


# --- Names and words ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((name, 200) for name in ("127.0.0.1", "localhost:9", "[::1]", "127.8.8.8")),
        *((name, 200) for name in ("paint.school", "PAINT.school:8443")),
        *((name, 403) for name in ("evil.example", "localhost.evil.com", "8.8.8.8")),
        *((name, 403) for name in ("", "[", "paint.school.evil.com", "a.paint.school")),
    ],
)
def test_only_known_names_lead_here(studio: Server, host: str, status: int) -> None:
    assert studio.ask("/login", Host=host).status == status


def test_without_the_word_nobody_comes_further_than_the_door(studio: Server) -> None:
    answer = studio.ask()
    assert (answer.status, answer.headers["Location"][:6]) == (302, "/login")
    door = studio.ask("/login").text
    assert "The word on the poster" in door
    assert "upyter" not in door
    kernel = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    assert handshake(studio, kernel) == 403
    assert studio.ask(f"/voila/api/shutdown/{kernel}", "POST", "").status == 403
    assert studio.ask("/poster").status == 302
    assert studio.ask("/voila/static/voila.js").status == 200
    for wrong in ("", "sunflowers"):
        assert studio.ask(f"/?token={wrong}").status == 302
    assert "That is not the word" in studio.say("moon flower").text
    assert studio.pages == []


def test_the_word_is_kept_by_the_browser_and_by_nobody_else(
    studio: Server, cookie: str, kernel: str
) -> None:
    answer = studio.ask("/?token=sunflower")
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    for given in answer.headers.get_all("Set-Cookie"):
        assert {"HttpOnly", "SameSite=Lax"} <= {*given.split("; ")}
        assert "Secure" not in given
    behind_https = studio.ask("/?token=sunflower", X_Forwarded_Proto="https")
    for given in behind_https.headers.get_all("Set-Cookie"):
        assert "Secure" in given.split("; ")
    page = studio.ask(Cookie=cookie)
    assert "flower" not in page.text.casefold()
    for process in studio.pages:
        assert "flower" not in str(process.environ()).casefold()
    welcome, _, log = studio.log.partition("Ctrl-C closes it.")
    assert f"https://paint.school/?token={WORD.replace(' ', '%20')}" in welcome
    assert "flower" not in log.casefold()


def test_who_has_said_the_word_need_not_say_it_to_the_next_server(
    studio: Server, cookie: str
) -> None:
    signed, remembered = sorted(cookie.split("; "), key=len, reverse=True)
    assert "-word=" in remembered
    assert studio.ask("/poster", Cookie=remembered).status == 200
    forged = signed[:-4] + "beef"
    assert studio.ask("/poster", Cookie=forged).status == 302


def test_the_poster_tells_the_way_in(studio: Server, cookie: str) -> None:
    poster = studio.ask("/poster", Cookie=cookie).text
    assert {"https://paint.school/", WORD} <= {*re.split("[<>]", poster)}
    assert "<svg" in poster


def test_guessing_is_slow_and_disturbs_no_visitor(studio: Server, cookie: str) -> None:
    away = {"X_Real_Ip": "127.0.0.9"}
    answers = [
        studio.ask(f"/login?token=guess{i}", **away).status
        for i in range(2 * address_module.TRIES)
    ]
    right = studio.ask("/login?token=sunflower", **away)
    assert answers == [200] * address_module.TRIES + [429] * address_module.TRIES
    assert right.status == 429
    assert "There were too many tries" in right.text
    assert studio.ask("/poster", Cookie=cookie, **away).status == 200
    assert studio.ask("/login?token=sunflower").status == 302  # from elsewhere


def test_a_repeated_wrong_word_is_no_new_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(address_module.time, "monotonic", lambda: clock[0])
    guesses = Guesses("sunflower")
    for _ in range(50):
        assert not guesses.is_right("yesterday's word", "::1")
    assert guesses.is_right(" SUN-FLOWER ", "::1")
    for i in range(address_module.TRIES):
        with contextlib.suppress(tornado.web.HTTPError):
            guesses.is_right(f"guess{i}", "::1")
    with pytest.raises(tornado.web.HTTPError, match="429"):
        guesses.is_right("sunflower", "::1")
    assert guesses.is_right("sunflower", "::2")
    clock[0] += address_module.WHILE
    assert guesses.is_right("sunflower", "::1")


def test_a_new_word_is_easy_to_type_and_hard_to_guess() -> None:
    words = set()
    for _ in range(20):
        new = open_address(ip="0.0.0.0", port=free_port())
        new.listener.close()
        words.add(new.word)
        assert re.fullmatch(r"[a-z2-9]{8}", new.word)
        assert not {*new.word} & {*"01loaeiu"}
    assert len(words) == 20
    assert len(address_module.LETTERS) ** 8 > 2**37


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({}, ""),
        ({"ip": "localhost"}, ""),
        ({"token": "-"}, ""),
        ({"ip": "0.0.0.0", "token": "-"}, ""),
        ({"token": "the blue rider"}, "the blue rider"),
        ({"hosts": ["paint.school"]}, None),
        ({"ip": "0.0.0.0"}, None),
    ],
)
def test_who_can_come_from_elsewhere_says_a_word(where: dict, words: str) -> None:
    address = open_address(port=free_port(), **where)
    address.listener.close()
    assert address.word == words if words is not None else len(address.word) == 8


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"token": "cat"}, "token is 'cat': accepted are words with at least 6"),
        ({"base_url": "/a/../b"}, "base-url is '/a/../b': accepted is a path like"),
        ({"hosts": ["paint.school/x"]}, "host is 'paint.school/x': accepted is a name"),
        (
            {"certfile": "none.pem"},
            "certfile is none.pem and keyfile is None: accepted",
        ),
    ],
)
def test_a_wrong_choice_is_said_in_one_sentence(where: dict, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        open_address(**where)


def test_a_port_that_is_asked_for_is_the_one(capsys: pytest.CaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["studio", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"port is {port}: another program listens there" in said
    assert said.count("\n") == 1


def test_a_port_that_nobody_asked_for_may_be_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(address_module, "PORT", taken.getsockname()[1])
        address = open_address()
        address.listener.close()
    assert address.link != f"http://127.0.0.1:{address_module.PORT}/"


# --- Paths ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/voila/files/studio.ipynb", "/voila/files/../jupyter/kernels", "/%00"),
        *("/api/kernels", "/api/sessions", "/api/contents", "/api/terminals", "/lsp"),
        *("/studio.ipynb", "/tree", "/files", "/nbconvert", "/metrics", "/logout"),
        *("/api/status", "/voila/tree", "/voila/api/contents/", "/voila/files/"),
        *("/../etc/passwd", "//etc/passwd", "/voila/files/%2e%2e/%2e%2e/etc/passwd"),
        *("/voila/static/../../../etc/passwd", "/voila/static/%2e%2e/%2e%2e/setup.py"),
        *(
            "/voila/static//etc/passwd",
            "/voila/static/%00",
            "/voila/labextensions/../x",
        ),
        *("/voila/templates/", "/voila/templates/x", "/voila/templates/../static/x"),
        *(
            "/voila/templates/lab/static/../../../conf.json",
            "/voila/templates/a/static/",
        ),
        *("/voila/api/themes/../../x", "/voila/templates/a/b"),
    ],
)
def test_nothing_but_the_page_can_be_had(
    studio: Server, cookie: str, path: str
) -> None:
    before = len(studio.log)
    answer = studio.ask(path, Cookie=cookie)
    assert answer.status in (403, 404), answer.text
    for secret in ("stylelab.studio", "root:", "Traceback", str(studio.home)):
        assert secret not in answer.text
    assert "Traceback" not in studio.log[before:]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Dest": "image", "Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Dest": "empty"},
        {"Sec_Fetch_Dest": "document", "Sec_Purpose": "prefetch;prerender"},
    ],
)
def test_who_will_not_see_the_page_gets_none(
    studio: Server, cookie: str, headers: dict
) -> None:
    assert studio.ask(Cookie=cookie, **headers).status == 403
    assert studio.pages == []


# --- Sockets and kernels --------------------------------------------------------------


def test_a_socket_is_opened_by_the_studios_own_page_alone(
    studio: Server, cookie: str, kernel: str
) -> None:
    here = f"127.0.0.1:{studio.port}"

    def opens(**headers: str) -> int:
        return handshake(studio, kernel, Cookie=cookie, Host=here, **headers)

    assert opens(Origin=f"http://{here}") == 101
    assert opens(Origin="https://paint.school") == 101  # a proxy that changes Host
    evil = ("http://evil.example", "null", "https://paint.school.evil.example")
    for origin in (*evil, "http://127.0.0.1:1", "http://localhost:8888"):
        assert opens(Origin=origin) == 403
    assert handshake(studio, kernel, Origin=f"http://{here}", Host=here) == 403
    for protocol in ("", "v0.kernel.websocket.jupyter.org"):
        assert opens(Sec_WebSocket_Protocol=protocol) == 400
    other = "0" * 8 + kernel[8:]
    assert handshake(studio, other, Cookie=cookie) == 404
    path = f"/voila/api/shutdown/{kernel}"
    answer = studio.ask(path, "POST", "", Cookie=cookie, Origin="http://evil.example")
    assert answer.status == 404
    assert len(studio.pages) == 1


def test_a_page_cannot_open_many_sockets(
    studio: Server, cookie: str, kernel: str
) -> None:
    async def statuses() -> list[int]:
        sockets, refused = [], 0
        for i in range(doors.SOCKETS + 3):
            try:
                sockets.append(await connect(studio, kernel, cookie, f"{i}"))
            except tornado.httpclient.HTTPError as error:
                refused += error.code == 429
        for opened in sockets:
            await closed(opened)
        return [len(sockets), refused]

    handshake(studio, kernel, Cookie=cookie)
    # Sockets before these may not have ended yet: they only make it fewer than SOCKETS.
    wait_until(lambda: asyncio.run(statuses()) == [doors.SOCKETS, 3], 20)
    assert handshake(studio, kernel, Cookie=cookie) == 101


def connect(studio: Server, kernel: str, cookie: str, session: str = "one"):
    path = f"/api/kernels/{kernel}/channels?session_id={session}"
    request = tornado.httpclient.HTTPRequest(
        f"ws://127.0.0.1:{studio.port}{path}", headers={"Cookie": cookie}
    )
    options = {"max_message_size": 10**8, "subprotocols": [doors.PROTOCOL]}
    return tornado.websocket.websocket_connect(request, **options)


async def closed(socket: tornado.websocket.WebSocketClientConnection) -> None:
    """Waits for the end, too: asyncio.run() would leave the socket open."""
    socket.close()
    while await asyncio.wait_for(socket.read_message(), 30) is not None:
        pass


def packed(kind: str, channel: str, content: dict) -> bytes:
    session = Session(key=b"")
    message = session.msg(kind, content)
    names = ("header", "parent_header", "metadata", "content")
    parts = [session.pack(message[name]) for name in names]
    return serialize_msg_to_ws_v1(parts, channel)


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_no_code_of_a_visitor_is_run(
    studio: Server, cookie: str, kernel: str, tmp_path: Path, channel: str
) -> None:
    """Of what a kernel does for a notebook, only what widgets need is let in."""
    code = f"open({str(tmp_path / 'written')!r}, 'w').close()"
    kinds = ("execute", "complete", "inspect", "history", "is_complete", "debug")
    content = {
        **{"code": code, "cursor_pos": 3, "detail_level": 0, "silent": False},
        **{"command": "evaluate", "arguments": {"expression": code}, "type": "request"},
        **{"user_expressions": {"a": code}, "allow_stdin": False, "seq": 1},
    }

    async def answers() -> set[str]:
        socket = await connect(studio, kernel, cookie)
        for kind in kinds:
            request = packed(f"{kind}_request", channel, content)
            await socket.write_message(request, binary=True)
        asked = packed("kernel_info_request", channel, {})
        await socket.write_message(asked, binary=True)
        seen: set[str] = set()
        while "kernel_info_reply" not in seen:
            message = await asyncio.wait_for(socket.read_message(), 30)
            _, parts = deserialize_msg_from_ws_v1(message)
            seen.add(Session(key=b"").unpack(parts[0])["msg_type"])
        await closed(socket)
        return seen

    assert asyncio.run(answers()) <= {"status", "kernel_info_reply"}
    assert not (tmp_path / "written").exists()


def test_a_message_that_is_too_large_ends_its_own_socket(
    studio: Server, cookie: str, kernel: str
) -> None:
    async def code() -> int | None:
        socket = await connect(studio, kernel, cookie)
        with contextlib.suppress(tornado.websocket.WebSocketClosedError):
            await socket.write_message(bytes(doors.MESSAGE + 1), binary=True)
        await closed(socket)
        return socket.close_code

    assert asyncio.run(code()) in (None, 1009)
    assert studio.ask("/login").status == 200
    assert len(studio.pages) == 1


def test_a_kernel_whose_page_does_not_come_is_ended(
    studio: Server, cookie: str
) -> None:
    assert studio.ask(Cookie=cookie).status == 200
    (page,) = studio.pages
    page.wait(30)
    assert studio.pages == []


def test_a_kernel_whose_page_has_come_stays(
    studio: Server, cookie: str, kernel: str
) -> None:
    time.sleep(5)  # longer than UNSEEN
    assert len(studio.pages) == 1


def test_slow_questions_are_not_waited_for(studio: Server) -> None:
    slow = []
    for _ in range(300):
        opened = socket.create_connection(("127.0.0.1", studio.port))
        opened.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        slow.append(opened)
    assert studio.ask("/login").status == 200
    for opened in slow:
        opened.settimeout(60)
        assert opened.recv(100) == b""  # closed by the studio
        opened.close()


def test_a_large_question_is_refused(studio: Server) -> None:
    with contextlib.suppress(ConnectionError):  # the studio did not read all of it
        assert studio.say("x" * 200_000).status == 400
    assert studio.ask("/login").status == 200


# --- https ----------------------------------------------------------------------------


def test_https_needs_the_files_of_a_certificate_alone(home: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate")
    place = home / "https"
    place.mkdir()
    cert, key = str(place / "cert.pem"), str(place / "key.pem")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    command += f" -addext subjectAltName=DNS:localhost -keyout {key} -out {cert}"
    subprocess.run(command.split(), check=True, capture_output=True)
    where = {"certfile": cert, "keyfile": key, "token": WORD, "ip": "localhost"}
    with running(place, **where) as server:
        trusting = ssl.create_default_context(cafile=cert)
        connection = http.client.HTTPSConnection(
            "localhost", server.port, context=trusting, timeout=30
        )
        connection.request("GET", "/?token=sunflower")
        answer = connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie"):
            assert "Secure" in given.split("; ")
        connection.close()
        assert f"https://localhost:{server.port}/" in server.log


# --- Ends -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_and_leaves_nothing(home: Path, name: str) -> None:
    place = home / name
    place.mkdir()
    with running(place) as server:
        assert server.ask().status == 200
        (page,) = server.pages
        (folder,) = (place / "tmp").iterdir()  # all of it is in one
        assert folder.name.startswith(own_folder.PREFIX)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        os.kill(server.process.pid, getattr(signal, name))
        assert server.process.wait(30) in (0, None)
        page.wait(30)
        assert [*(place / "tmp").iterdir()] == []
        assert "Traceback" not in server.log


def test_what_a_killed_studio_left_is_removed_by_the_next(home: Path) -> None:
    place = home / "killed"
    (place / "tmp").mkdir(parents=True)
    with running(place) as killed:
        killed.process.kill()
        killed.process.wait(30)
    assert [*(place / "tmp").iterdir()], killed.log
    (left,) = (place / "tmp").iterdir()
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / own_folder.LOCK).touch()
    link = place / "tmp" / f"{own_folder.PREFIX}link"
    link.symlink_to(elsewhere)
    with running(place) as living, running(place):
        assert not left.exists()
        # The second one has not touched the first one's, nor what a link leads to.
        assert living.ask().status == 200
    assert [*(place / "tmp").iterdir()] == [link]
    assert (elsewhere / own_folder.LOCK).exists()
