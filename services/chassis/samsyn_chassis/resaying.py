"""Says all again from a service's outbox on empty topics, and finds the places up to which a service has read."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from samsyn_contracts.bus import RESAID, is_from_topic

from samsyn_chassis.database import MAX_BODY_BYTES
from samsyn_chassis.relay import RELAY_LOCK, milliseconds
from samsyn_chassis.topic_ids import topic_ids

Say = Callable[[str], None]
TOGETHER = 1000
SECONDS_BETWEEN_LINES = 2.0
# Far more than what times of one writer can be out of order by; what is read twice is known by its id.
MARGIN_MS = 3_600_000
# The relay gives each batch one time, never before that of the one before: this is the order in which all was sent.
SENT = """
from outbox where sent_at is not null and sent_at >= coalesce(
  (select since from unnest($1::text[], $2::timestamptz[]) as kept (topic, since) where kept.topic = outbox.topic),
  '-infinity')
"""
NUMBER = f"select count(*) {SENT}"
ROWS = f"select topic, key, headers, body, sent_at {SENT} order by sent_at, id"
KNOW = """
insert into known_log (topic, topic_id) values ($1, $2)
on conflict (topic) do update set topic_id = excluded.topic_id
"""
PLACES = """
select p.topic, p."partition", r.written_ms from "position" p left join read_until r using (topic, "partition")
"""
MOVE = 'update "position" set next_offset = $3 where topic = $1 and "partition" = $2'


class ResayError(Exception):
    """Why nothing can be said again, and what to do, as one sentence for the operator."""


class Resaying:
    """One service's share of a rebuild of the log: `database` is its DSN, `connection` how Kafka is reached."""

    def __init__(self, service: str, database: str, connection: Mapping[str, Any], say: Say) -> None:
        self._service, self._database, self._connection, self._say = service, database, connection, say

    async def say_all(self, kept: Mapping[str, timedelta]) -> Counter[str]:
        """Say what was sent in the order in which it was sent, with its times; returns how many records per topic.

        `kept` tells how long topics keep what is not kept for good: what is older would only be deleted again. What
        waits unsent is left to the relay. Raises ResayError while the service runs.
        """
        now = datetime.now(UTC)
        since = (list(kept), [now - age for age in kept.values()])
        async with self._alone() as database, self._producer() as producer:
            progress = Progress(self._service, await database.fetchval(NUMBER, *since), self._say)
            said, together = Counter[str](), list[asyncpg.Record]()
            async for row in database.cursor(ROWS, *since, prefetch=TOGETHER):
                together.append(row)
                if len(together) == TOGETHER:
                    await _send(producer, together)
                    progress.add(len(together))
                    together.clear()
                said[row["topic"]] += 1
            await _send(producer, together)
            progress.end(len(together))
        return said

    async def take_over(self) -> None:
        """Know the new logs as the service's own, and move what it has read to the same places in them.

        By the time up to which it has surely read, an hour before that; from the beginning where times prove nothing:
        on the topics of parties, whose clocks are their own.
        """
        async with self._alone() as database:
            rows = await database.fetch(PLACES)
            known = {row["topic"]: row["topic_id"] for row in await database.fetch("select * from known_log")}
            now = await topic_ids(self._connection, {*known, *(row["topic"] for row in rows)})
            others = {topic: topic_id for topic, topic_id in now.items() if known.get(topic) != topic_id}
            await database.executemany(KNOW, list(others.items()))
            times = {TopicPartition(r["topic"], r["partition"]): _since(r["topic"], r["written_ms"]) for r in rows}
            places = await self._places({place: at for place, at in times.items() if place.topic in others})
            await database.executemany(MOVE, [(place.topic, place.partition, at) for place, at in places.items()])

    async def _places(self, times: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """The first offset of each place that is not older than its time; the end where all is older."""
        if not times:
            return {}
        consumer = AIOKafkaConsumer(enable_auto_commit=False, **self._connection)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(list(times))
            found = await consumer.offsets_for_times(dict(times))
        finally:
            await consumer.stop()
        return {place: ends[place] if found.get(place) is None else found[place].offset for place in times}

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction in the service's database while no relay of the service is at work."""
        connection = await asyncpg.connect(self._database)
        try:
            if await connection.fetchval("select to_regclass('known_log')") is None:
                raise ResayError(f"The database of {self._service} has no outbox of this version: start it once.")
            if not await connection.fetchval(f"select pg_try_advisory_lock({RELAY_LOCK})"):
                raise ResayError(f"{self._service} is running: stop the services before the log is rebuilt.")
            async with connection.transaction():
                yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(
            acks="all", enable_idempotence=True, max_request_size=MAX_BODY_BYTES + 64 * 1024, **self._connection
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


class Progress:
    """Says every other second how much has been said again, and at the end all of it."""

    def __init__(self, who: str, total: int, say: Say) -> None:
        self._who, self._total, self._say = who, total, say
        self._done = 0
        self._began_at = self._said_at = time.monotonic()

    def add(self, number: int) -> None:
        """So many more records."""
        self._done += number
        if time.monotonic() - self._said_at > SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            self._tell()

    def end(self, number: int) -> None:
        """The last ones."""
        self._done += number
        self._tell()

    def _tell(self) -> None:
        rate = self._done / max(time.monotonic() - self._began_at, 0.001)
        self._say(f"{self._who}: {self._done} of {self._total} records said again, {rate:.0f} a second")


async def _send(producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> None:
    """Send rows in their order and wait until the broker has them."""
    sent = [
        await producer.send(
            row["topic"],
            row["body"],
            key=row["key"].encode(),
            headers=[(name, value.encode()) for name, value in [*json.loads(row["headers"]), (RESAID, "said")]],
            timestamp_ms=milliseconds(row["sent_at"]),
        )
        for row in rows
    ]
    for one in sent:
        await one


def _since(topic: str, written_ms: int | None) -> int:
    return 0 if is_from_topic(topic) or written_ms is None else max(0, written_ms - MARGIN_MS)
