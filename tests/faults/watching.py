"""Looks from outside how much work is left: outboxes, what is not yet read, what waits for an answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from samsyn_local.infrastructure import SERVICES

from tests.faults.ledger import Ledger
from tests.faults.system import System

POSITIONS = "select topic, partition, next_offset from position"
UNSENT = "select count(*) from outbox where sent_at is null and parked_reason is null"
# What each service reads, as patterns of the topics' names.
READS: Mapping[str, tuple[str, ...]] = {
    "exchange": ("samsyn.from.", "samsyn.planning.", "samsyn.inspection.", "samsyn.reporting."),
    "planning": ("samsyn.admitted.", "samsyn.inspection."),
    "inspection": ("samsyn.admitted.", "samsyn.planning."),
    "reporting": ("samsyn.admitted.", "samsyn.inspection.", "samsyn.planning."),
}
LEAST_APART_SECONDS = 1800
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, KafkaError, httpx.HTTPError)


@dataclass(frozen=True)
class Work:
    """How many records a service has not read, and how many rows of its outbox are not sent."""

    unread: int
    unsent: int

    @property
    def is_some(self) -> bool:
        """Whether there is any."""
        return bool(self.unread or self.unsent)


class Watcher:
    """Asks databases and broker directly, past every proxy."""

    def __init__(self, system: System, ledger: Ledger) -> None:
        self._system, self._ledger = system, ledger
        self._client = httpx.AsyncClient(timeout=5)
        self._asker: AIOKafkaConsumer | None = None

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()
        await self._forget()

    async def behind(self, service: str, seconds: float = 3.0) -> dict[TopicPartition, int]:
        """Wait until a service has not read all; where its topics ended then, empty if it never lagged."""
        until = time.monotonic() + seconds
        connection = await asyncpg.connect(self._system.database(service), timeout=5)
        try:
            while time.monotonic() < until:
                with contextlib.suppress(*AWAY):
                    ends = await self._ends_for(service)
                    if await self._num_unread(connection, ends):
                        return ends
        finally:
            await connection.close(timeout=2)
        return {}

    async def still_unread(self, service: str, ends: Mapping[TopicPartition, int]) -> int:
        """How many of the records that were there then are not committed now."""
        connection = await asyncpg.connect(self._system.database(service), timeout=5)
        try:
            return await self._num_unread(connection, ends)
        finally:
            await connection.close(timeout=2)

    async def clock_apart(self, service: str) -> bool:
        """Whether a service's process believes another time than it is, by the date of its answers."""
        told = await self._client.get(f"http://127.0.0.1:{self._system.services.http_port(service)}/health")
        shown = parsedate_to_datetime(told.headers["date"])
        return abs((shown - datetime.now(UTC)).total_seconds()) > LEAST_APART_SECONDS

    async def _num_unread(self, connection: asyncpg.Connection, ends: Mapping[TopicPartition, int]) -> int:
        positions = {(row[0], row[1]): row[2] for row in await connection.fetch(POSITIONS)}
        return sum(max(0, end - positions.get((place.topic, place.partition), 0)) for place, end in ends.items())

    async def _ends_for(self, service: str) -> dict[TopicPartition, int]:
        return {place: end for place, end in (await self.ends()).items() if place.topic.startswith(READS[service])}

    async def work_of(self, service: str) -> Work:
        """What a service has left to do right now."""
        ends = await self._ends_for(service)
        connection = await asyncpg.connect(self._system.database(service), timeout=5)
        try:
            return Work(await self._num_unread(connection, ends), await connection.fetchval(UNSENT))
        finally:
            await connection.close(timeout=2)

    async def ends(self) -> dict[TopicPartition, int]:
        """Where every partition ends now."""
        topics = self._system.infrastructure.topics
        places = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
        try:
            if self._asker is None:
                asker = AIOKafkaConsumer(bootstrap_servers=self._system.kafka, request_timeout_ms=15_000)
                await asker.start()
                self._asker = asker
            ends: dict[TopicPartition, int] = await self._asker.end_offsets(places)
        except BaseException:
            await self._forget()
            raise
        return ends

    async def _forget(self) -> None:
        asker, self._asker = self._asker, None
        if asker is not None:
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(2):
                    await asker.stop()

    async def until_lag_is_nil(self, seconds: float, is_silent: Callable[[], bool] | None = None) -> str:
        """Wait until all is read, sent and answered, twice in a row; empty, or what is still left.

        With `is_silent` until nothing is to come either: no service has work of its own, and nobody speaks.
        """
        until, num_still, left = time.monotonic() + seconds, 0, "nothing was asked"
        while time.monotonic() < until:
            try:
                left = await self._left(is_silent)
            except AWAY as error:
                left = f"no answer ({type(error).__name__})"
            num_still = 0 if left else num_still + 1
            if num_still == 2:
                return ""
            await asyncio.sleep(0.1)
        return left

    async def _left(self, is_silent: Callable[[], bool] | None) -> str:
        pending = self._ledger.pending()
        if pending:
            return f"{len(pending)} events without an answer, the first {pending[0].name} {pending[0].id}"
        for name in SERVICES:
            work = await self.work_of(name)
            if work.is_some:
                return f"{name}: {work.unread} records unread, {work.unsent} rows unsent"
        return "" if is_silent is None else await self._still_at_work(is_silent)

    async def _still_at_work(self, is_silent: Callable[[], bool]) -> str:
        idle = [await self._is_idle(name) for name in SERVICES]
        at_work = [name for name, is_idle in zip(SERVICES, idle, strict=True) if not is_idle]
        return f"{', '.join(at_work)} at work" if at_work else "" if is_silent() else "agencies have more to say"

    async def _is_idle(self, name: str) -> bool:
        told = await self._client.get(f"http://127.0.0.1:{self._system.services.http_port(name)}/status")
        return bool(told.json()["idle"])
