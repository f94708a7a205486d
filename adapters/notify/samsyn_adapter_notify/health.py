"""Whether notify is alive, and how its parties stand: two pages over HTTP, for the own machine."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import uvicorn

Answer = Callable[[], Mapping[str, object]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Pages:
    """`/health` and `/status` as an ASGI application."""

    def __init__(self, status: Answer) -> None:
        self._answers: Mapping[str, Answer] = {"/health": lambda: {"status": "up"}, "/status": status}

    async def __call__(self, scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = self._answers.get(scope["path"])
        body = json.dumps({"code": "not_found"} if answer is None else answer()).encode()
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 404 if answer is None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def server(status: Answer, port: int) -> uvicorn.Server:
    """A server of the pages, on the own machine alone."""
    told = uvicorn.Config(Pages(status), host="127.0.0.1", port=port, lifespan="off", log_level="warning")
    return uvicorn.Server(told)
