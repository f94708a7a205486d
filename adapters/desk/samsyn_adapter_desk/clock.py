"""What time it is at Samsyn: the exchange's clock, which is driven in demonstrations and the real one else."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from time import monotonic

import httpx

_LOG = logging.getLogger("samsyn.desk")
FRESH_SECONDS = 1.0


class Clock:
    """Asks the exchange at most once a second; while it is away a real clock goes on by itself."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._asked_at = -FRESH_SECONDS
        self._told: datetime | None = None
        self._is_driven = False
        self._one_at_a_time = asyncio.Lock()

    async def now(self) -> datetime:
        """The instant by which deadlines are shown and statements are dated."""
        async with self._one_at_a_time:
            if monotonic() - self._asked_at >= FRESH_SECONDS:
                self._asked_at = monotonic()
                await self._ask()
        return self._told if self._is_driven and self._told is not None else datetime.now(UTC)

    async def _ask(self) -> None:
        try:
            answer = (await self._client.get("/v1/clock")).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            _LOG.warning("the exchange does not tell the time: %s", type(error).__name__)
            return
        self._is_driven = answer["mode"] == "driven"
        self._told = datetime.fromisoformat(answer["now"])
