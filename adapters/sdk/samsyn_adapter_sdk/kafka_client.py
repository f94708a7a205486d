"""Starting and stopping aiokafka's clients so that nothing of them is left, also when interrupted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

_STOP_SECONDS = 5.0


class KafkaClient(Protocol):
    """A producer or a consumer."""

    async def start(self) -> None:
        """Connect."""
        ...

    async def stop(self) -> None:
        """Send what is left, disconnect."""
        ...


@contextlib.asynccontextmanager
async def running(client: KafkaClient) -> AsyncIterator[None]:
    """Run a client while the block runs; a start that is cancelled is waited for, since aiokafka leaks it."""
    starting = asyncio.create_task(client.start())
    try:
        await asyncio.shield(starting)
        yield
    finally:
        await asyncio.wait({starting}, timeout=_STOP_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await client.stop()
