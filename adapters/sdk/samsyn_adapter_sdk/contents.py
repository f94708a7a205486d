"""The contents store of the exchange: identities and free text that events only refer to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from samsyn_adapter_sdk.own_system import checked
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.statement import RetryError

MAX_CONTENTS_BYTES = 1024 * 1024
_MAX_CONNECTIONS = 4
_NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


class ContentsRefusedError(Exception):
    """The exchange does not give or take these contents; `status` is its HTTP status (403, 404, 410, 413 …)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the contents store answered {status}")
        self.status = status


def contents_ref(party: str, key: str) -> str:
    """The reference of contents that a party writes under its own stable key: the same in every retry."""
    return f"contents:{party}:{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:contents:{party}:{key}')}"


class Contents:
    """Client of the contents store; raises RetryError while the exchange is away."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    def of(cls, settings: Settings) -> Contents:
        """The client that an adapter's settings describe."""
        client = httpx.AsyncClient(
            base_url=settings.exchange_url,
            headers={"Authorization": f"Bearer {settings.token}"},
            verify=settings.verify,
            timeout=httpx.Timeout(10, pool=None),
            limits=httpx.Limits(max_connections=_MAX_CONNECTIONS),  # many puts at once wait for their turn here
        )
        return cls(client)

    async def put(self, ref: str, contents: bytes | Mapping[str, Any], *, about: str) -> None:
        """Keep contents (JSON, at most 1 MiB) under a reference; again with the same reference is harmless.

        `about` is the id of the operation or the site that they are about: what is about one is sealed by one key.
        Raises RetryError while the exchange is away or does not let this party in, else ContentsRefusedError.
        """
        body = contents if isinstance(contents, bytes) else json.dumps(contents, ensure_ascii=False).encode()
        if len(body) > MAX_CONTENTS_BYTES:
            raise ContentsRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        await self._call("PUT", ref, body, about=about)

    async def get(self, ref: str) -> bytes:
        """The contents behind a reference, while this party may read them."""
        return (await self._call("GET", ref)).content

    async def acknowledge(self, ref: str) -> None:
        """Tell that another party's contents are stored here: they cannot be fetched again. Once more is harmless."""
        await self._call("POST", f"{ref}/acknowledged")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, method: str, path: str, body: bytes | None = None, **asked: str) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body is not None else None
        call = self._client.request(method, f"/v1/contents/{path}", content=body, headers=headers, params=asked)
        try:
            return await checked(call)
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status in _NOT_LET_IN:  # a wrong token is mended by people; nothing said or heard may be lost by it
                raise RetryError(f"HTTP status {status} from the contents store: check SAMSYN_TOKEN") from error
            raise ContentsRefusedError(status) from None
