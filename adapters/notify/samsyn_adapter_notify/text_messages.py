"""Text messages through the agency's own gateway, which knows the numbers of its functions."""

from __future__ import annotations

import json

import httpx
from samsyn_adapter_sdk import RetryError
from samsyn_adapter_sdk.own_system import checked

from samsyn_adapter_notify.outcome import AwayError, UndeliverableError


class Gateway:
    """One agency's gateway: takes `{to_function, text}`, with the same `Idempotency-Key` for every try of one."""

    def __init__(self, client: httpx.AsyncClient, url: str, token: str | None) -> None:
        self._client = client
        self._url = url
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    async def send(self, payload: bytes, key: str) -> None:
        """Hand in one text message; AwayError or UndeliverableError where that fails."""
        headers = self._headers | {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            await checked(self._client.post(self._url, content=payload, headers=headers))
        except RetryError as error:
            raise AwayError(f"gateway: {error}") from error
        except httpx.HTTPStatusError as error:
            raise UndeliverableError(f"HTTP status {error.response.status_code}") from error


def text_message_payload(function: str, text: str) -> bytes:
    """What the gateway takes."""
    return json.dumps({"to_function": function, "text": text}, ensure_ascii=False).encode()
