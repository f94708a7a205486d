"""A service started while Kafka and PostgreSQL are away: it says so, comes up by itself, and ends when told to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.processes import Part
from samsyn_local.services import services

from tests.faults.proxy import Proxies
from tests.support.kafka_and_postgres import FreshDatabase

SOON_SECONDS = 20.0


@pytest.fixture
def proxies(infrastructure: Infrastructure, fresh_database: FreshDatabase) -> Iterator[Proxies]:
    """Kafka and PostgreSQL behind ports that refuse everybody."""
    dsn = urlsplit(fresh_database("reporting"))
    with Proxies() as opened:
        for name, target in (("Kafka", int(infrastructure.kafka.rpartition(":")[2])), ("PostgreSQL", dsn.port or 0)):
            opened.open(name, infrastructure.run.port(f"away_{name}"), target)
            opened.turn(name, "refusing")
        yield opened


@pytest.fixture
def reporting(infrastructure: Infrastructure, fresh_database: FreshDatabase, proxies: Proxies) -> Iterator[Part]:
    """Reporting before those ports, just started."""
    dsn = urlsplit(fresh_database("reporting"))
    behind = dsn._replace(netloc=dsn.netloc.replace(str(dsn.port), str(proxies["PostgreSQL"].port))).geturl()
    kafka = {"SAMSYN_KAFKA": f"127.0.0.1:{proxies['Kafka'].port}"}
    part = services(infrastructure, ["reporting"], env=kafka, databases={"reporting": behind}).part("reporting")
    part.log.unlink(missing_ok=True)
    part.start()
    yield part
    part.stop()


async def told(part: Part, path: str = "/health") -> httpx.Response:
    """What the part answers, once it answers at all."""
    async with asyncio.timeout(60), httpx.AsyncClient(base_url=part.address, timeout=60) as client:
        while True:
            try:
                return await client.get(path)
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def until_told(part: Part, status: str) -> None:
    for _ in range(1200):
        if (await told(part)).json()["status"] == status:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{part.name} is still not {status}")


async def test_it_says_what_it_waits_for_and_comes_up_by_itself(reporting: Part, proxies: Proxies) -> None:
    both = await told(reporting)
    elsewhere = await told(reporting, "/v1/ledger")
    proxies.turn("PostgreSQL", "open")
    await until_told(reporting, "not ready: Kafka away")
    proxies.turn("Kafka", "open")
    await until_told(reporting, "up")

    assert (both.status_code, both.json()["status"]) == (503, "not ready: PostgreSQL and Kafka away")
    assert (elsewhere.status_code, elsewhere.json()["code"], elsewhere.headers["retry-after"]) == (503, "away", "2")
    waited = [line for line in reporting.log.read_text("utf-8").splitlines() if "samsyn_chassis.awaiting" in line]
    kafka = f"reporting is not ready: Kafka (127.0.0.1:{proxies['Kafka'].port}) is away since "
    assert kafka in waited[1]
    assert waited[1].endswith("(KafkaConnectionError). It comes up by itself then: start it, or correct SAMSYN_KAFKA.")
    assert "all that it waited for answers" in waited[-1]
    assert len(waited) == 4, "each once, again when it is another, and the end"


async def test_told_to_stop_while_it_waits_it_ends_at_once_and_well(reporting: Part) -> None:
    await told(reporting)
    assert reporting.process is not None
    reporting.process.send_signal(signal.SIGTERM)

    assert await asyncio.to_thread(reporting.process.wait, SOON_SECONDS) == 0
