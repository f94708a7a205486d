"""Serves a simulated system over real HTTP on a free port of the loopback, in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

_LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to the demo."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve while the block runs; yields the address."""
    with socket.socket() as listening:
        listening.bind((_LOOPBACK, 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{_LOOPBACK}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
