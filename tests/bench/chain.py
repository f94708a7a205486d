"""Measures the whole chain: agency, exchange, planning, exchange, agency; as fast as it can, and at a pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer
from samsyn_contracts.bus import ADMITTED

from tests.bench.listener import Listener
from tests.bench.said import SaidRecord

PATIENCE_SECONDS = 120.0
READ = "select coalesce(sum(next_offset), 0) from position where topic like $1"
SAID = "samsyn.from.%"


@dataclass(frozen=True)
class Throughput:
    """Seconds from the first record said until the last of each was done; `num` events, `num_heard` records."""

    num: int
    num_heard: int
    said: float
    admitted: float
    handled: float
    answers_heard: float
    refusals_heard: float

    @property
    def whole(self) -> float:
        """Until everything was done and heard."""
        return max(self.handled, self.answers_heard, self.refusals_heard)


@dataclass(frozen=True)
class Latency:
    """Milliseconds from said to heard at a pace (events per second); the second list is planning's answers."""

    pace: int
    admitted_ms: Sequence[float]
    refused_ms: Sequence[float]


class Database:
    """Looks from outside how far a service has come."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def num_read(self, topics: str) -> int:
        """How many records of the topics (a LIKE pattern) the service has committed."""
        connection = await asyncpg.connect(self._dsn)
        try:
            return int(await connection.fetchval(READ, topics))
        finally:
            await connection.close()

    async def when_read(self, topics: str, num: int) -> float:
        """Wait until the service has committed that many records of the topics; when it had."""
        connection = await asyncpg.connect(self._dsn)
        try:
            deadline = time.perf_counter() + PATIENCE_SECONDS
            while time.perf_counter() < deadline:
                if await connection.fetchval(READ, topics) >= num:
                    return time.perf_counter()
                await asyncio.sleep(0.02)
        finally:
            await connection.close()
        raise TimeoutError(f"{num} records of {topics} were not read in {PATIENCE_SECONDS:.0f} s")


class Chain:
    """The running services as seen by agencies: one producer, one listener."""

    def __init__(self, producer: AIOKafkaProducer, listener: Listener, exchange: Database, planning: Database) -> None:
        self._producer, self._listener = producer, listener
        self._exchange, self._planning = exchange, planning

    async def at_full_speed(self, records: Sequence[SaidRecord], batch: int) -> Throughput:
        """Say all in batches, each waiting for the broker; until everything is handled and every answer heard."""
        read_before = await self._exchange.num_read(SAID)
        heard_before = self._listener.num_heard
        began = time.perf_counter()
        admitted = asyncio.create_task(self._exchange.when_read(SAID, read_before + len(records)))
        for start in range(0, len(records), batch):
            await self._say(records[start : start + batch])
        said_at = time.perf_counter()
        answers_at, refusals_at = await self._answers(records)
        handled_at = await self._planning.when_read(ADMITTED, await self._listener.end_of(ADMITTED))
        return Throughput(
            num=len(records),
            num_heard=self._listener.num_heard - heard_before,
            said=said_at - began,
            admitted=await admitted - began,
            handled=handled_at - began,
            answers_heard=answers_at - began,
            refusals_heard=refusals_at - began,
        )

    async def at_pace(self, records: Sequence[SaidRecord], pace: int) -> Latency:
        """Say them one by one, so many a second, whatever comes back."""
        said: dict[str, float] = {}
        began = time.perf_counter()
        for number, record in enumerate(records):
            await asyncio.sleep(max(0.0, began + number / pace - time.perf_counter()))
            said[record.id] = time.perf_counter()
            await self._say([record])
        await self._answers(records)
        admitted, refused = self._listener.admitted, self._listener.refused_by_planning
        return Latency(
            pace,
            [1000 * (admitted[record.id] - said[record.id]) for record in records],
            [1000 * (refused[record.id] - said[record.id]) for record in records if record.refused],
        )

    async def _say(self, records: Sequence[SaidRecord]) -> None:
        sent = [await self._producer.send(one.topic, one.body, key=b"any", headers=one.headers) for one in records]
        await asyncio.gather(*sent)

    async def _answers(self, records: Sequence[SaidRecord]) -> tuple[float, float]:
        refused = [record.id for record in records if record.refused]
        return await self._listener.until_answered([record.id for record in records], refused, PATIENCE_SECONDS)
