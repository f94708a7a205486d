"""The receiver of the duty system's calls: each is a hint that its log has grown, its contents are not read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Server(uvicorn.Server):
    """Leaves signals to the process that hosts it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def webhook(hint: asyncio.Event, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Receive calls while the block runs, and set `hint` at each; yields the address to subscribe (0: a free port)."""

    async def receive(scope: dict[str, Any], _receive: object, send: Send) -> None:
        is_call = scope["method"] == "POST"
        if is_call:
            hint.set()
        await send({"type": "http.response.start", "status": 204 if is_call else 405, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        config = uvicorn.Config(receive, log_config=None, access_log=False, lifespan="off", ws="none")
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{host}:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            await serving
