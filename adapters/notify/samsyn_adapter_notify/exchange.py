"""What a party asks the exchange about over HTTP: the time, and which questions still wait for an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
from pydantic import TypeAdapter
from samsyn_adapter_sdk import RetryError, Settings
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.message import Instant

_TIMEOUT_SECONDS = 20.0
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class Exchange:
    """The exchange, asked in the party's own name."""

    def __init__(self, settings: Settings) -> None:
        self._asked = OwnSystem(
            httpx.AsyncClient(
                base_url=settings.exchange_url,
                headers={"Authorization": f"Bearer {settings.token}"},
                verify=settings.verify,
                timeout=_TIMEOUT_SECONDS,
            )
        )

    async def now(self) -> datetime:
        """What time it is; RetryError if the exchange is away."""
        answer = await self._get("/v1/clock")
        return _INSTANT.validate_python(answer["now"])

    async def in_force(self, centre: str) -> set[str]:
        """Ids of the events that are in force for the party in a centre, its unanswered questions among them."""
        answer = await self._get("/v1/state", centre=centre)
        return {event["id"] for event in answer["events"]}

    async def close(self) -> None:
        """Close the connections."""
        await self._asked.close()

    async def _get(self, path: str, **query: str) -> Any:
        try:
            return await self._asked.get(path, **query)
        except httpx.HTTPStatusError as error:
            raise RetryError(f"{path}: HTTP status {error.response.status_code}") from error
