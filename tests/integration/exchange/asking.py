"""Asks the exchange over HTTP as a party would, and its database for everything that stands there."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
from samsyn_exchange.tokens import token_for
from samsyn_local.services import Services

from tests.integration.exchange.conftest import SECRET
from tests.unit.exchange.saying import CENTRE

ABOUT = "op:polisen:p1"


def a_client(exchange: Services) -> httpx.AsyncClient:
    """A client of the exchange's paths under /v1."""
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{exchange.http_port('exchange')}/v1", timeout=20)


def as_party(party: str) -> dict[str, str]:
    """The headers by which a party is known."""
    return {"Authorization": f"Bearer {token_for(SECRET, party)}"}


def a_ref(party: str = "skatteverket") -> str:
    """A reference of a party's that nobody has used."""
    return f"contents:{party}:{uuid.uuid4()}"


async def put(
    http: httpx.AsyncClient, ref: str, body: bytes = b"{}", party: str = "skatteverket", about: str | None = ABOUT
) -> httpx.Response:
    """Keep contents."""
    asked = {} if about is None else {"about": about}
    return await http.put(f"/contents/{ref}", content=body, params=asked, headers=as_party(party))


async def get(http: httpx.AsyncClient, ref: str, party: str) -> httpx.Response:
    """Ask for contents."""
    return await http.get(f"/contents/{ref}", headers=as_party(party))


async def acknowledge(http: httpx.AsyncClient, ref: str, party: str) -> httpx.Response:
    """Say that contents are stored."""
    return await http.post(f"/contents/{ref}/acknowledged", headers=as_party(party))


async def pass_time(http: httpx.AsyncClient, more: timedelta) -> datetime:
    """Drive the clock forward; what time it is then."""
    now_at = datetime.fromisoformat((await http.get("/clock")).json()["now"]) + more
    await http.post("/clock", json={"now": now_at.astimezone(UTC).isoformat(), "centres": [CENTRE]})
    return now_at


async def everything_in(dsn: str) -> bytes:
    """All rows of all tables of a database, every value in the bytes that it is kept in."""
    connection = await asyncpg.connect(dsn)
    copied = io.BytesIO()
    try:
        named = await connection.fetch("select table_name from information_schema.tables where table_schema = 'public'")
        for (table,) in named:
            await connection.copy_from_table(table, output=copied, format="binary")
    finally:
        await connection.close()
    return copied.getvalue()
