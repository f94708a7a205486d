"""Runs a service within the test's own process, says records to it over real Kafka, and waits until it has heard."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from httpx import ASGITransport, AsyncClient
from samsyn_chassis.app import Service, web_application
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import headers_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

Said = tuple[str, Envelope, Message]
Positions = Mapping[tuple[str, int], int]
PATIENCE_SECONDS = 120


def a_centre() -> str:
    """A centre that nobody has spoken of: so a test may share Kafka with everything said before it."""
    return f"akc-{secrets.token_hex(4)}"


def settings_for(kafka: str, database: str) -> Settings:
    """Settings of a service that is asked over HTTP in-process: its port is never opened."""
    return Settings(kafka=kafka, database=database, http_port=1, environment="test")


@asynccontextmanager
async def running(service: Service, settings: Settings) -> AsyncIterator[AsyncClient]:
    """The service with schema, relay and subscriptions; the client asks its pages."""
    application = web_application(service, settings)
    async with (
        application.router.lifespan_context(application),
        AsyncClient(transport=ASGITransport(app=application), base_url="http://service") as client,
    ):
        yield client


async def say(kafka: str, *records: Said) -> Positions:
    """Send records (topic, envelope, message) in order; the offsets that whoever has heard them stands at."""
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        # All are on their way before the first is answered: what a test says in one go comes in one go.
        sending = [
            await producer.send(topic, message.body(), key=envelope.centre.encode(), headers=headers_of(envelope))
            for topic, envelope, message in records
        ]
        sent = [await one for one in sending]
    return {(one.topic, one.partition): one.offset + 1 for one in sent}


async def until_heard(service: Service, positions: Positions) -> None:
    """Wait until the service has committed everything before these offsets."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _has_heard(service, positions):
        assert time.monotonic() < deadline, f"{service.name} has heard {_positions(service)}, not {positions}"
        await asyncio.sleep(0.02)


def _has_heard(service: Service, positions: Positions) -> bool:
    return all(_positions(service).get(place, 0) >= offset for place, offset in positions.items())


def _positions(service: Service) -> Positions:
    return {place: offset for batches in service.batches for place, offset in batches.positions.items()}
