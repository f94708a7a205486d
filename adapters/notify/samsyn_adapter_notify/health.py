"""Whether notify is alive, and how its parties stand: two pages over HTTP, for the own machine."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import uvicorn

Answer = Callable[[], Mapping[str, object]]
Faulty = Callable[[], str | None]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Pages:
    """`/health` and `/status` as an ASGI application; `/health` is 503 while something keeps it from being ready."""

    def __init__(self, status: Answer, not_ready: Faulty) -> None:
        self._status, self._not_ready = status, not_ready

    async def __call__(self, scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        """Answer one request."""
        code, told = self._answer(scope["path"])
        body = json.dumps(told).encode()
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": code, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, path: str) -> tuple[int, Mapping[str, object]]:
        if path == "/health":
            awaited = self._not_ready()
            return (200, {"status": "up"}) if awaited is None else (503, {"status": awaited})
        return (200, self._status()) if path == "/status" else (404, {"code": "not_found"})


def server(status: Answer, not_ready: Faulty, port: int) -> uvicorn.Server:
    """A server of the pages, on the own machine alone."""
    told = uvicorn.Config(Pages(status, not_ready), host="127.0.0.1", port=port, lifespan="off", log_level="warning")
    return uvicorn.Server(told)
