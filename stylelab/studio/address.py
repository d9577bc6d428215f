"""Where visitors find the studio, and the word that lets them in."""

from __future__ import annotations

import errno
import hmac
import ipaddress
import re
import secrets
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import tornado.web

LOOPBACK = "127.0.0.1"
PORT = 8866
NEAR = 50  # ports that are tried if none was asked for
LETTERS = "bcdfghjkmnpqrstvwxz23456789"  # none is taken for another, no vowel: no words
LEAST = 6  # letters and digits of a word
TRIES, WHILE = 10, 60  # wrong words from one address, in so many seconds


@dataclass(frozen=True)
class Address:
    """Where the studio listens, and as what visitors know it."""

    listener: socket.socket
    link: str  # as on a poster
    base_url: str
    hosts: tuple[str, ...]  # names under which a proxy leads here
    names: frozenset[str]  # by which it can be asked for
    named_only: bool  # False: by any other name, too
    public: bool  # other machines come without a proxy
    word: str  # "": anybody may come in
    tls: ssl.SSLContext | None

    @property
    def full_link(self) -> str:
        """With the word: for a QR code."""
        return self.link + (f"?token={quote(self.word)}" if self.word else "")

    @property
    def here(self) -> str:
        """The link on this machine."""
        ip, port = self.listener.getsockname()[:2]
        if ip in ("0.0.0.0", "::"):
            ip = LOOPBACK
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{f'[{ip}]' if ':' in ip else ip}:{port}{self.base_url}"

    def is_known_as(self, host: str) -> bool:
        """Whether a browser that asks for `host`, or comes from it, is right here."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self.names:
            return True
        try:
            ip = ipaddress.ip_address(name)
        except ValueError:
            return not self.named_only
        # No other site can make its name lead here if the browser asks for a number.
        return ip.is_loopback or self.public


def open_address(
    ip: str = LOOPBACK,
    port: int | None = None,
    base_url: str = "/",
    hosts: Sequence[str] = (),
    token: str | None = None,
    certfile: str | None = None,
    keyfile: str | None = None,
) -> Address:
    """Listens at once, so that a wrong choice is said before anything else starts.

    port: None takes 8866 or the next one that is free. hosts: the names under which a
    proxy leads here. token: None asks for a random word if other machines can come, "-"
    for none. Raises ValueError for a choice that cannot be.
    """
    tls = _tls(certfile, keyfile)
    base_url = _path(base_url)
    names = [urlsplit(host if "//" in host else f"//{host}") for host in hosts]
    for name, host in zip(names, hosts, strict=True):
        if not name.hostname or name.path.strip("/"):
            raise ValueError(f"host is '{host}': accepted is a name, as in a link")
    public = not _is_loopback(ip)
    word = _word(token, public or bool(hosts))
    listener = _listen(ip, port)  # last: it is open then
    if names:
        link = f"{names[0].scheme or 'http'}://{names[0].netloc}"
    else:
        name = _own_address() if ip in ("", "0.0.0.0", "::") else ip
        name = f"[{name}]" if ":" in name else name
        port = listener.getsockname()[1]
        link = f"{'https' if tls else 'http'}://{name}:{port}"
    known = tuple(name.hostname for name in names)
    return Address(
        listener=listener,
        link=link + base_url,
        base_url=base_url,
        hosts=known,
        names=frozenset({"localhost", ip, *known}),
        named_only=bool(names) or not (public and word),
        public=public and not names,
        word=word,
        tls=tls,
    )


def _listen(ip: str, port: int | None) -> socket.socket:
    if port is not None and not 1 <= port <= 65_535:
        raise ValueError(f"port is {port}: accepted is a whole number from 1 to 65535")
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    for number in range(PORT, PORT + NEAR) if port is None else [port]:
        try:
            listener = socket.create_server((ip, number), family=family, backlog=128)
            listener.setblocking(False)
            return listener
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "errno", None)
            if reason == errno.EACCES:
                raise ValueError(
                    f"port is {number}: this user may not listen there; accepted is "
                    "a number from 1024 on"
                ) from None
            if reason != errno.EADDRINUSE:
                raise ValueError(
                    f"ip is '{ip}': accepted is an address or a name of this machine, "
                    "such as 127.0.0.1, or 0.0.0.0 for all of them"
                ) from None
    taken = PORT if port is None else port
    raise ValueError(f"port is {taken}: another program listens there; choose one more")


def _tls(certfile: str | None, keyfile: str | None) -> ssl.SSLContext | None:
    if not certfile and not keyfile:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certfile or "", keyfile)
    except (OSError, ValueError):
        raise ValueError(
            f"certfile is {certfile} and keyfile is {keyfile}: accepted are the "
            "PEM files of a certificate and of its key"
        ) from None
    return context


def _path(base_url: str) -> str:
    inner = base_url.strip("/")
    if not re.fullmatch(r"[\w./~%@-]*", inner) or ".." in inner or "//" in inner:
        raise ValueError(f"base-url is '{base_url}': accepted is a path like /studio/")
    return f"/{inner}/" if inner else "/"


def _word(token: str | None, others_come: bool) -> str:
    if token == "-" or (token is None and not others_come):
        return ""
    if token is None:
        return "".join(secrets.choice(LETTERS) for _ in range(8))
    if len(spoken(token)) < LEAST:
        raise ValueError(
            f"token is '{token}': accepted are words with at least {LEAST} letters or "
            "digits, and - for none"
        )
    return token


def spoken(word: str) -> str:
    """A word as it is compared: phones begin with a capital letter and add spaces."""
    return "".join(letter for letter in word[:200].casefold() if letter.isalnum())


class Guesses:
    """Compares words with the right one, and a few a minute from one address."""

    def __init__(self, word: str) -> None:
        self._right = spoken(word).encode()
        self._wrong: dict[str, dict[str, float]] = {}  # by address, and when

    def is_right(self, word: str, address: str) -> bool:
        """Raises HTTPError after too many. The same word again is no new guess: a page
        left open since the last word was another may well repeat it.
        """
        word, now = spoken(word), time.monotonic()
        wrong = self._wrong.pop(address, {})
        wrong = {word: at for word, at in wrong.items() if now - at < WHILE}
        if len(self._wrong) > 1000:
            del self._wrong[next(iter(self._wrong))]
        if wrong:
            self._wrong[address] = wrong
        if len(wrong) >= TRIES and word not in wrong:
            raise tornado.web.HTTPError(429)
        if hmac.compare_digest(word.encode(), self._right):
            return True
        self._wrong[address] = {**wrong, word: now}
        return False


def _is_loopback(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return ip == "localhost"


def _own_address() -> str:
    """The address of this machine in its network. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # an address that nobody has
            return sock.getsockname()[0]
        except OSError:
            return socket.gethostname()
