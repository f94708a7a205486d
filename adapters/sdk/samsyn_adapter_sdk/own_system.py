"""Calling an agency's own system over HTTP, with errors told apart by what happens next."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

import httpx

from samsyn_adapter_sdk.statement import RetryError

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


async def checked(call: Awaitable[httpx.Response]) -> httpx.Response:
    """The answer of a call: RetryError if the other side is away (no connection, 408, 425, 429, 5xx).

    Any other status from 400 on is httpx.HTTPStatusError: the call itself is wrong.
    """
    try:
        response = await call
    except httpx.TransportError as error:
        raise RetryError(type(error).__name__) from error
    if response.is_server_error or response.status_code in _LATER:
        raise RetryError(f"HTTP status {response.status_code}")
    return response.raise_for_status()


class OwnSystem:
    """An agency's own system that speaks JSON over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, **query: str | int) -> Any:
        """The JSON at a path."""
        return (await checked(self._client.get(path, params=query))).json()

    async def post(self, path: str, facts: dict[str, Any]) -> None:
        """Hand in facts at a path."""
        await checked(self._client.post(path, json=facts))

    async def put(self, path: str, facts: dict[str, Any]) -> None:
        """Set what stands at a path."""
        await checked(self._client.put(path, json=facts))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
