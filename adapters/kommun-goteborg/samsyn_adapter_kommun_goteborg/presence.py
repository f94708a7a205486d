"""What stands at a path of a register."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx
from samsyn_adapter_sdk.own_system import OwnSystem


async def standing_at(system: OwnSystem, path: str) -> Any:
    """What the register answers, None where there is nothing; RetryError if it is away."""
    try:
        return await system.get(path)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == HTTPStatus.NOT_FOUND:
            return None
        raise
