"""Reading what an adapter says, until it is quiet."""

import asyncio
from collections.abc import AsyncIterator

from samsyn_adapter_sdk import Saying

# The first may take its time, for all before it is to be read; then they come one after another.
FIRST_SECONDS, QUIET_SECONDS = 10.0, 1.0


async def next_sayings(sayings: AsyncIterator[Saying], num: int, first_seconds: float = FIRST_SECONDS) -> list[Saying]:
    """The next sayings, `num` of them, or as many as come before it is quiet."""
    found: list[Saying] = []
    while len(found) < num:
        reading = asyncio.ensure_future(anext(sayings))
        done, _ = await asyncio.wait({reading}, timeout=QUIET_SECONDS if found else first_seconds)
        if not done:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            break
        found.append(reading.result())
    return found
