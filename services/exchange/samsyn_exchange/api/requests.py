"""What every page of the exchange asks of a request: who asks, and its body up to a size."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from samsyn_contracts.register import Register

from samsyn_exchange.tokens import bearer_of


@dataclass(frozen=True)
class Callers:
    """The parties of the register, known by their tokens."""

    register: Register
    token_secret: str

    def of(self, request: Request) -> str | None:
        """Code of the party whose token the request bears; None if it bears none."""
        parties = [party.code for party in self.register.parties]
        return bearer_of(self.token_secret, request.headers.get("authorization"), parties)


async def read_body(request: Request, most_bytes: int) -> bytes | None:
    """The body, None as soon as it is larger than it may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)
