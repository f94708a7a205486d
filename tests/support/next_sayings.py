"""Reading what an adapter says, until it is quiet."""

import asyncio
from collections.abc import AsyncIterator

from samsyn_adapter_sdk import Saying

QUIET_SECONDS = 0.3


async def next_sayings(sayings: AsyncIterator[Saying], num: int) -> list[Saying]:
    """The next sayings, `num` of them, or as many as come before it is quiet."""
    found: list[Saying] = []
    while len(found) < num:
        reading = asyncio.ensure_future(anext(sayings))
        done, _ = await asyncio.wait({reading}, timeout=QUIET_SECONDS)
        if not done:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            break
        found.append(reading.result())
    return found
