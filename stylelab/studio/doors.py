"""Who comes in, and to what: Voila's handlers, made narrower."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from typing import Any
from urllib.parse import quote, unquote

import segno
import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.call_context import CallContext
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.httpserver import HTTPServer
from tornado.routing import AnyMatches, Matcher, Rule, RuleRouter
from voila.static_file_handler import AllowListFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from stylelab.studio import words
from stylelab.studio.address import Address, Guesses

PROTOCOL = "v1.kernel.websocket.jupyter.org"  # of a page's messages
MESSAGE = 32 * 10**6  # bytes that a browser may send at once: an upload and a little
SOCKETS = 3  # of one page: it has one, and one more while it connects again
UNSEEN = 25  # seconds that a page's kernel waits for the page
SLOW = 30  # seconds that a browser may take to ask for something
VISITOR = User("visitor")


class Visitors(IdentityProvider):
    """Lets in who says the word, now or earlier. Without a word everybody comes in."""

    @property
    def auth_enabled(self) -> bool:
        return bool(self.token)

    def get_handlers(self) -> list:
        return []

    async def get_user(self, handler: JupyterHandler) -> User | None:
        handler.current_user = handler._jupyter_current_user = None  # for error pages
        if not self.token or self.get_user_cookie(handler):
            return VISITOR
        said = handler.get_query_argument("token", "")
        # The signature of the first cookie ends with the server, not the word.
        said = said or unquote(handler.get_cookie(self._remembered(handler), ""))
        return VISITOR if said and self.let_in(handler, said) else None

    def let_in(self, handler: JupyterHandler, said: str) -> bool:
        """Whether `said` is the word; the browser then remembers it."""
        guesses: Guesses = handler.settings["guesses"]
        if not guesses.is_right(said, handler.request.remote_ip or ""):
            return False
        self.set_login_cookie(handler, VISITOR)
        options = {
            **self.cookie_options,
            "httponly": True,
            "secure": handler.request.protocol == "https",
            "expires_days": 30,
            "path": handler.base_url,
        }
        handler.set_cookie(self._remembered(handler), quote(said), **options)
        return True

    def _remembered(self, handler: JupyterHandler) -> str:
        return f"{self.get_cookie_name(handler)}-word"


class Ask(JupyterHandler):
    """Asks for the word on the poster."""

    @allow_unauthenticated
    def get(self) -> None:
        if self.current_user:
            self.redirect(self.base_url)
        else:
            self.finish(self.render_template("word.html", wrong=False))

    @allow_unauthenticated
    def post(self) -> None:
        if self.identity_provider.let_in(self, self.get_body_argument("word", "")):
            self.redirect(self.base_url)
        else:
            self.set_status(401)
            self.finish(self.render_template("word.html", wrong=True))


class Poster(JupyterHandler):
    """The way in, to be printed or shown on a wall; for who is in already."""

    @tornado.web.authenticated
    def get(self) -> None:
        if self.request.query:  # the word, which need not stay in sight
            self.redirect(self.request.path)
            return
        address: Address = self.settings["address"]
        code = segno.make(address.full_link, error="m").svg_inline(border=0, omitsize=1)
        self.finish(self.render_template("poster.html", address=address, code=code))


class Page(TornadoVoilaHandler):
    """The page itself, and nothing beside it."""

    async def get(self, path: str = "") -> None:
        if path:
            raise tornado.web.HTTPError(404)
        if self.request.query:  # the word, which a kernel need not know
            self.redirect(self.base_url)
            return
        try:
            await super().get()
        finally:
            self.kernel_manager.expect_page(self)


class Socket(VoilaKernelWebsocketHandler):
    """A page's connection to its kernel, in the one protocol that Voila understands.

    It would read a message of the older one as 10^18 offsets, and nobody else would
    get an answer any more.
    """

    async def get(self, kernel_id: str) -> None:
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise tornado.web.HTTPError(400)
        kernels: Kernels = self.kernel_manager
        if kernels.sockets[kernel_id] >= SOCKETS:
            raise tornado.web.HTTPError(429)
        kernels.sockets[kernel_id] += 1
        try:
            await super().get(kernel_id)  # until it is closed
        finally:
            kernels.sockets -= Counter([kernel_id])


class Template(TemplateStaticFileHandler):
    """Voila's, which fails at a path that is none of its own."""

    def parse_url_path(self, url_path: str) -> str:
        if ".." in url_path or not re.match("[^/]+/static/[^/]", url_path):
            raise tornado.web.HTTPError(404)
        return super().parse_url_path(url_path)


class Kernels(AsyncMappingKernelManager):
    """The pages' kernels. One whose page does not come is ended."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sockets: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._waiting: set[asyncio.Task] = set()  # else they might be collected

    def notify_connect(self, kernel_id: str) -> None:
        self._seen.add(kernel_id)
        super().notify_connect(kernel_id)

    async def start_kernel(self, **options: Any) -> str:
        kernel_id = await super().start_kernel(**options)
        CallContext.get(CallContext.JUPYTER_HANDLER).kernel_id = kernel_id
        return kernel_id

    def expect_page(self, handler: Page) -> None:
        """Called when a page has been made, or could not be, and its browser has it."""
        if kernel_id := getattr(handler, "kernel_id", ""):
            task = asyncio.create_task(self._wait_for_page(kernel_id))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _wait_for_page(self, kernel_id: str) -> None:
        await asyncio.sleep(UNSEEN)
        if kernel_id in self and kernel_id not in self._seen:
            await self.shutdown_kernel(kernel_id, now=True)
        self._seen.discard(kernel_id)


class Kernel(ServerKernelManager):
    """A page's kernel, with the words for an error instead of its traceback.

    jupyter_server 2.21 asks for them and does not define them: the page fell silent.
    """

    traceback_replacement_message = words.ERROR

    async def _async_interrupt_kernel(self) -> None:
        """Nothing: it would only print where it was before it ends."""


def narrowed(handlers: list, address: Address) -> list:
    """Voila's handlers with the studio's in their places."""
    swapped = {
        VoilaKernelWebsocketHandler: Socket,
        TornadoVoilaHandler: Page,
        TemplateStaticFileHandler: Template,
    }
    return [
        (f"{address.base_url}login", Ask),
        (f"{address.base_url}poster", Poster),
        *(
            (path, swapped.get(kind, kind), *more)
            for path, kind, *more in handlers
            if kind is not AllowListFileHandler  # files beside the notebook: none
        ),
    ]


def settings(address: Address) -> dict:
    """What the handlers are told."""
    hosts = "|".join(map(re.escape, address.hosts))
    return {
        "address": address,
        "guesses": Guesses(address.word),
        "jinja_template_vars": {"words": words},
        # A page that is left ends its kernel, and a browser then sends nothing but the
        # kernel's name. Nobody else knows that name.
        "disable_check_xsrf": True,
        "websocket_max_message_size": MESSAGE,
        "allow_remote_access": True,  # front() has looked at the name
        # Where a proxy writes its own name into Host, the page still comes from here.
        "allow_origin_pat": rf"https?://({hosts})(:\d+)?$" if hosts else "",
        "headers": {"Referrer-Policy": "same-origin"},
    }


class _KnownAs(Matcher):
    def __init__(self, address: Address) -> None:
        self._address = address

    def match(self, request: Any) -> dict | None:
        return {} if self._address.is_known_as(request.host) else None


class _Stranger(tornado.web.RequestHandler):
    def prepare(self) -> None:
        self.set_status(403)
        self.finish(words.STRANGER)


def front(app: tornado.web.Application, address: Address) -> HTTPServer:
    """The server, which knows its own names and does not wait for slow questions."""
    strangers = tornado.web.Application([(".*", _Stranger)])
    router = RuleRouter([Rule(_KnownAs(address), app), Rule(AnyMatches(), strangers)])
    return HTTPServer(
        router,
        ssl_options=address.tls,
        xheaders=not address.public,  # a proxy on this machine says who asks
        idle_connection_timeout=SLOW,
        body_timeout=SLOW,
        max_body_size=100_000,
    )


def admit(handler: tornado.web.RequestHandler, kernels: Kernels, visitors: int) -> None:
    """Called before a page is made. Raises HTTPError if nobody will see the page, as
    where another site names it as a picture, or if there is no room for it.
    """
    headers = handler.request.headers
    seen = headers.get("Sec-Fetch-Dest", "document") == "document"
    framed = headers.get("Sec-Fetch-Dest") == "iframe"
    framed = framed and headers.get("Sec-Fetch-Site") == "same-origin"
    if not (seen or framed) or headers.get("Sec-Purpose", headers.get("Purpose")):
        raise tornado.web.HTTPError(403)
    # A kernel that is still starting counts, one that failed to start does not.
    coming = {key for key, task in kernels._pending_kernels.items() if not task.done()}
    if len(coming | {*kernels.list_kernel_ids()}) >= visitors:
        raise tornado.web.HTTPError(503)
