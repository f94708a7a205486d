"""The desk as a process with its sign-in beside it, and people who are signed in without a browser."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.people import USERS, people
from samsyn_local.processes import Part

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class DeskProcess:
    """A running desk: `part` is its process, `database` the DSN of its rows."""

    part: Part
    database: str

    @property
    def address(self) -> str:
        """Where people find it."""
        return self.part.address

    @asynccontextmanager
    async def signed_in(self, user: str) -> AsyncIterator[Somebody]:
        """One of the provider's users, by subject, as a client with the cookies of a browser."""
        told = {"Accept": "text/html", "Origin": self.address}
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=self.address, headers=told, timeout=TIMEOUT_SECONDS, limits=limits
        ) as http:
            await _sign_in(http, user)
            page = await http.get("/todo")
            found = CSRF.search(page.text)
            assert found, page.text
            yield Somebody(http, found[1])


@dataclass(frozen=True)
class Somebody:
    """Somebody who is signed in: `csrf` is what the forms of their pages carry."""

    http: httpx.AsyncClient
    csrf: str

    async def send(self, form: str, once: str, **fields: str) -> httpx.Response:
        """Send a form of the desk, as a page would."""
        return await self.http.post(f"/do/{form}", data={"csrf": self.csrf, "once": once, **fields})


@asynccontextmanager
async def desk_process(
    infrastructure: Infrastructure,
    exchange: str,
    secret: str,
    parties: Sequence[str],
    folder: Path,
    users: Path = USERS,
) -> AsyncIterator[DeskProcess]:
    """A desk of some parties before an exchange whose tokens are made from `secret`, on a database of its own."""
    name = f"desk_{secrets.token_hex(4)}"
    database = await asyncio.to_thread(infrastructure.create_database, name)
    sign_in, _, _, desk = people(infrastructure, exchange, secret, parties, users, database, folder)
    try:
        for part in (sign_in, desk):
            part.start()
        for part in (sign_in, desk):
            await asyncio.to_thread(part.wait_ready)
        yield DeskProcess(desk, database)
    finally:
        for part in (desk, sign_in):
            await asyncio.to_thread(part.stop)
        await asyncio.to_thread(infrastructure.drop_database, name)


async def _sign_in(http: httpx.AsyncClient, user: str) -> None:
    begun = await http.get("/sign-in")
    there = urlsplit(begun.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as provider:
        chosen = await provider.post(f"{there.scheme}://{there.netloc}/authorize", data={**asked, "user": user})
    back = await http.get(chosen.headers["location"])
    assert back.status_code == 303, back.text
