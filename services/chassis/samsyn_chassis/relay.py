"""Sends what stands in the outbox: in order, by one relay at a time, marked as sent only when the broker has it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from samsyn_chassis.database import KEPT_ALIVE, MAX_BODY_BYTES, OUTBOX_CHANNEL
from samsyn_chassis.settings import Settings
from samsyn_chassis.telemetry import parked
from samsyn_chassis.topic_ids import topic_ids

logger = logging.getLogger(__name__)
NEVER = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
RELAY_LOCK = 7362
START = datetime.fromtimestamp(0, UTC)
MOST_ROWS = 1000

UNSENT = """
select id, topic, key, headers, body from outbox o
where sent_at is null and parked_reason is null
  and not exists (select from outbox p where p.parked_reason is not null and p.topic = o.topic and p.key = o.key)
order by id limit $1
"""
LAST_TIME = """
select max(sent_at) from (select sent_at from outbox where sent_at is not null order by id desc limit 1000) last
"""
KNOW = "insert into known_log (topic, topic_id) values ($1, $2) on conflict do nothing"


class Relay:
    """Runs until cancelled; a fault of database or broker starts it anew, with a new producer (aiokafka #1017)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wake = asyncio.Event()
        self._time = START
        self._known: set[str] = set()

    async def run(self) -> None:
        """Relay for ever."""
        while True:
            try:
                await self._relay()
            except (KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("relay starts anew: %s", type(error).__name__)
                await asyncio.sleep(0.5)

    async def _relay(self) -> None:
        connection = await asyncpg.connect(self._settings.database, server_settings=KEPT_ALIVE)
        producer = AIOKafkaProducer(
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_BODY_BYTES + 64 * 1024,
            **self._settings.connection,
        )
        try:
            await producer.start()
            await connection.add_listener(OUTBOX_CHANNEL, lambda *_: self._wake.set())
            await connection.execute(f"select pg_advisory_lock({RELAY_LOCK})")
            # What the broker has, and no more: a clock that ran ahead leaves nothing behind where nothing was sent.
            self._time = await connection.fetchval(LAST_TIME) or START
            await self._send_for_ever(connection, producer)
        finally:
            await producer.stop()
            await connection.close()

    async def _send_for_ever(self, connection: asyncpg.Connection, producer: AIOKafkaProducer) -> None:
        while True:
            self._wake.clear()
            rows = await connection.fetch(UNSENT, MOST_ROWS)
            await self._send(connection, producer, rows)
            if len(rows) == MOST_ROWS:
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), timeout=5)
            except TimeoutError:
                continue

    async def _send(
        self, connection: asyncpg.Connection, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]
    ) -> None:
        if not rows:
            return
        begun: list[tuple[asyncpg.Record, asyncio.Future[object]]] = []
        waiting: set[tuple[str, str]] = set()
        await self._know({row["topic"] for row in rows} - self._known, connection)
        at = self._next_time()
        for row in rows:
            if (row["topic"], row["key"]) in waiting:
                continue
            try:
                begun.append((row, await self._begin(producer, row, at)))
            except NEVER as error:
                await self._make_sure(producer, row["topic"], error)
                waiting.add((row["topic"], row["key"]))
                await self._park(connection, row, type(error).__name__)
        outcomes = await asyncio.gather(*(future for _, future in begun), return_exceptions=True)
        ended = [(row, outcome) for (row, _), outcome in zip(begun, outcomes, strict=True)]
        sent = [row["id"] for row, outcome in ended if not isinstance(outcome, BaseException)]
        await connection.execute("update outbox set sent_at = $2 where id = any($1::bigint[])", sent, at)
        for row, outcome in ended:
            if isinstance(outcome, NEVER):
                await self._make_sure(producer, row["topic"], outcome)
                await self._park(connection, row, type(outcome).__name__)
            elif isinstance(outcome, BaseException):
                raise outcome

    def _next_time(self) -> datetime:
        """The time of the records that are sent now, in whole milliseconds; never before that of any sent earlier.

        So times order a topic as its offsets do, whatever the clock does: the outbox can say all of it again in the
        same order, and a reader finds its place in it by time.
        """
        now = datetime.now(UTC)
        self._time = max(self._time, now.replace(microsecond=now.microsecond // 1000 * 1000))
        return self._time

    async def _know(self, topics: set[str], connection: asyncpg.Connection) -> None:
        """Keep the ids of topics before the first record: a topic made anew is another log."""
        if topics:
            found = await topic_ids(self._settings.connection, topics)
            await connection.executemany(KNOW, list(found.items()))
            self._known |= found.keys()

    async def _begin(self, producer: AIOKafkaProducer, row: asyncpg.Record, at: datetime) -> asyncio.Future[object]:
        headers = [(name, value.encode()) for name, value in json.loads(row["headers"])]
        future: asyncio.Future[object] = await producer.send(
            row["topic"], row["body"], key=row["key"].encode(), headers=headers, timestamp_ms=milliseconds(at)
        )
        return future

    async def _make_sure(self, producer: AIOKafkaProducer, topic: str, error: BaseException) -> None:
        """A broker that is away makes a topic look unknown too: then the error is raised, and all is tried again."""
        if isinstance(error, UnknownTopicOrPartitionError):
            metadata = await producer.client.fetch_all_metadata()
            if topic in metadata.topics():
                raise error

    async def _park(self, connection: asyncpg.Connection, row: asyncpg.Record, reason: str) -> None:
        await connection.execute("update outbox set parked_reason = $2 where id = $1", row["id"], reason)
        parked.add(1, {"topic": row["topic"]})
        logger.error("outbox row %s for %s can never be sent: %s; its key waits", row["id"], row["topic"], reason)


def milliseconds(at: datetime) -> int:
    """An instant as Kafka tells times."""
    return round(at.timestamp() * 1000)
