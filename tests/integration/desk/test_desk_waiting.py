"""The desk started while its database is away: it says so, waits, and ends when told to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from samsyn_adapter_desk.settings import Settings
from samsyn_adapter_desk.waiting import until_there
from samsyn_local.infrastructure import Infrastructure

from tests.faults.proxy import Proxies
from tests.integration.desk.signing_in import settings_for
from tests.support.kafka_and_postgres import FreshDatabase


@pytest.fixture
def proxies() -> Iterator[Proxies]:
    with Proxies() as opened:
        yield opened


@pytest.fixture
def settings(
    infrastructure: Infrastructure, fresh_database: FreshDatabase, proxies: Proxies, tmp_path: Path
) -> Settings:
    """A desk whose database stands behind a port that refuses everybody."""
    dsn = urlsplit(fresh_database("desk"))
    proxy = proxies.open("PostgreSQL", infrastructure.run.port("away_desk"), dsn.port or 0)
    proxies.turn("PostgreSQL", "refusing")
    behind = dsn._replace(netloc=dsn.netloc.replace(str(dsn.port), str(proxy.port))).geturl()
    told = settings_for("http://127.0.0.1:1", behind, tmp_path)
    return told.model_copy(update={"http_port": infrastructure.run.port("waiting_desk")})


async def health(settings: Settings) -> tuple[int, str]:
    async with asyncio.timeout(60), httpx.AsyncClient(timeout=60) as client:
        while True:
            try:
                answer = await client.get(f"http://127.0.0.1:{settings.http_port}/health")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                return answer.status_code, answer.json()["status"]


async def test_it_says_what_it_waits_for_and_goes_on_once_that_answers(settings: Settings, proxies: Proxies) -> None:
    waiting = asyncio.create_task(until_there(settings))
    told = await health(settings)
    proxies.turn("PostgreSQL", "open")

    assert told == (503, "not ready: PostgreSQL away")
    assert await asyncio.wait_for(waiting, 60)


async def test_told_to_stop_it_waits_no_longer(settings: Settings) -> None:
    waiting = asyncio.create_task(until_there(settings))
    await health(settings)  # from here on it hears signals
    os.kill(os.getpid(), signal.SIGTERM)

    assert not await asyncio.wait_for(waiting, 20)
