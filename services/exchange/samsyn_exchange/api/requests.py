"""What every page of the exchange asks of a request: its body, up to a size."""

from __future__ import annotations

from fastapi import Request


async def read_body(request: Request, most_bytes: int) -> bytes | None:
    """The body, None as soon as it is larger than it may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)
