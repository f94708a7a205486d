"""What a party asks the exchange about over HTTP: the time, what still waits for an answer, and what it has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from pydantic import TypeAdapter
from samsyn_adapter_sdk import RetryError, Settings
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.message import Instant

_TIMEOUT_SECONDS = 20.0
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


@dataclass(frozen=True)
class Standing:
    """Ids of the events in force, unanswered questions among them; and by operation the version that is acknowledged.

    Both hold what the party itself has said by whichever adapter: its own statements are told to none of them.
    """

    in_force: frozenset[str]
    acknowledged: Mapping[str, int]


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

    async def standing(self, centre: str) -> Standing:
        """What is in force for the party in a centre, and what it has acknowledged; RetryError if nobody answers."""
        answer = await self._get("/v1/state", centre=centre)
        # An exchange of an older version tells of no acknowledgements: then everybody is reminded.
        return Standing(frozenset(event["id"] for event in answer["events"]), answer.get("acknowledged", {}))

    async def close(self) -> None:
        """Close the connections."""
        await self._asked.close()

    async def _get(self, path: str, **query: str) -> Any:
        try:
            return await self._asked.get(path, **query)
        except httpx.HTTPStatusError as error:
            raise RetryError(f"{path}: HTTP status {error.response.status_code}") from error
