"""What every answer of the desk carries and every request must hold to, before any page is asked."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samsyn_adapter_desk.assets import PREFIX, Assets

LARGEST_BODY = 64 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Asked for by those who watch the process, under whatever name they know it; they tell nothing of anybody.
PATHS_OF_WATCHERS = frozenset({"/health", "/status", "/metrics"})
FOR_GOOD, ASKED_AGAIN, KEPT_NOWHERE = "public, max-age=31536000, immutable", "no-cache", "no-store"
# For <meta name="htmx-config">: nothing is evaluated, styled in the page, or kept in the browser's storage.
HTMX_CONFIG = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
    }
)
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
OTHER_HOST = (
    400,
    "Adressen är en annan dators: använd skrivbordets egen.",
    "The address names another host: use the desk's own.",
)
OTHER_ORIGIN = (
    403,
    "Formuläret kommer från en annan webbplats: använd skrivbordets eget.",
    "The form is from another site: use the desk's own.",
)
NO_TEXT = (
    400,
    "Adressen har ett tecken som inte är text: ta bort det.",
    "The address has a character that is no text: leave it out.",
)
TOO_LARGE = (413, "Det är för mycket: högst 64 kB. Korta texten.", "That is too much: at most 64 kB. Shorten the text.")
# In both languages, as every page with one sentence; nobody has asked yet who reads it.
PAGE = """\
<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Samsyn</title><link rel="stylesheet" href="{style}"></head>
<body><main id="main"><h1>Samsyn</h1>
<p lang="sv">{sv}</p>
<p lang="en">{en}</p>
</main></body></html>
"""
Refusal = tuple[int, str, str]


class Security:
    """Pure ASGI: streams pass through as they come. `desk_url` is the address at which people find the desk."""

    def __init__(self, app: ASGIApp, desk_url: str, assets: Assets, form_targets: Collection[str] = ()) -> None:
        self._app = app
        self._assets = assets
        parts = urlsplit(desk_url)
        self._host = parts.netloc.lower()
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._fixed = _fixed_headers(parts.scheme == "https", form_targets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not for us, and give the answer its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._fixed, self._kept(scope))
        refusal = self._refusal(scope)
        if refusal is not None:
            await self._told(refusal)(scope, receive, answer.send)
            return
        body = _Body(receive)
        # Answered below, as where somebody on the way has made an answer of the exception.
        with suppress(_TooLarge):
            await self._app(scope, body.receive, answer.unless(body))
        if body.is_too_large and not answer.has_begun:
            await self._told(TOO_LARGE)(scope, receive, answer.send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() != self._host and scope["path"] not in PATHS_OF_WATCHERS:
            return OTHER_HOST
        # PostgreSQL keeps no NUL, and no id or day has one.
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return NO_TEXT
        # Browsers say the origin with everything that may change something.
        if scope["method"] not in SAFE_METHODS and headers.get("origin", "").lower() != self._origin:
            return OTHER_ORIGIN
        length = headers.get("content-length", "0")
        return TOO_LARGE if not length.isdecimal() or int(length) > LARGEST_BODY else None

    def _told(self, refusal: Refusal) -> Response:
        status, swedish, english = refusal
        return HTMLResponse(PAGE.format(style=self._assets.address("desk.css"), sv=swedish, en=english), status)

    def _kept(self, scope: Scope) -> str:
        if not scope["path"].startswith(PREFIX):
            return KEPT_NOWHERE
        is_for_good = self._assets.is_of_this_content(scope["path"], scope["query_string"].decode("latin-1"))
        return FOR_GOOD if is_for_good else ASKED_AGAIN


def content_policy(form_targets: Collection[str] = ()) -> str:
    """The Content-Security-Policy; forms go to us, and where their answer leads on, to `form_targets`."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",  # the tick of a checkbox is a data: image in fkui's styles
            "font-src 'self'",
            "connect-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _fixed_headers(is_https: bool, form_targets: Collection[str]) -> dict[str, str]:
    fixed = {
        "content-security-policy": content_policy(form_targets),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if is_https:
        fixed["strict-transport-security"] = "max-age=31536000"
    return fixed


class _TooLarge(Exception):
    pass


class _Body:
    """A request's body, counted as it comes: who sends more than allowed need not say so beforehand."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._num_bytes = 0

    @property
    def is_too_large(self) -> bool:
        return self._num_bytes > LARGEST_BODY

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._num_bytes += len(message.get("body", b""))
            if self.is_too_large:
                raise _TooLarge
        return message


class _Answer:
    """An answer on its way out, with the headers that all have; what the app sets of them itself is replaced."""

    def __init__(self, send: Send, fixed: dict[str, str], kept: str) -> None:
        self._send = send
        self._headers = fixed | {"cache-control": kept}
        self.has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            MutableHeaders(scope=message).update(self._headers)
        await self._send(message)

    def unless(self, body: _Body) -> Send:
        async def send(message: Message) -> None:
            if self.has_begun or not body.is_too_large:
                await self.send(message)

        return send
