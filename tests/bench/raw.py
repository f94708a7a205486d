"""The yardsticks: the same records with aiokafka alone and with asyncpg alone, and what one relay does alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from samsyn_chassis.database import Database
from samsyn_chassis.relay import Relay
from samsyn_chassis.settings import Settings

from tests.bench.said import SaidRecord

RAW, RELAYED = "samsyn.bench-raw.v1", "samsyn.bench-relayed.v1"
RAW_TABLE = "create table if not exists bench_raw (id text primary key, headers jsonb not null, body bytea not null)"
INTO_RAW = "insert into bench_raw select * from unnest($1::text[], $2::jsonb[], $3::bytea[])"


async def create_topics(kafka: str) -> None:
    """Topics of the bench's own, with one partition as the parties' have."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1) for name in (RAW, RELAYED)])
    finally:
        await admin.close()


async def raw_seconds(kafka: str, producer: AIOKafkaProducer, records: Sequence[SaidRecord], batch: int) -> float:
    """Seconds from the first record produced to the last consumed, in the same batches."""
    consumer = AIOKafkaConsumer(RAW, bootstrap_servers=kafka, auto_offset_reset="latest", fetch_max_wait_ms=20)
    await consumer.start()
    try:
        await consumer.seek_to_end()
        await asyncio.gather(*(consumer.position(place) for place in consumer.assignment()))
        began = time.perf_counter()
        reading = asyncio.create_task(_read(consumer, len(records)))
        for start in range(0, len(records), batch):
            part = records[start : start + batch]
            sent = [await producer.send(RAW, one.body, key=b"any", headers=one.headers) for one in part]
            await asyncio.gather(*sent)
        await reading
        return time.perf_counter() - began
    finally:
        await consumer.stop()


async def raw_database_seconds(dsn: str, records: Sequence[SaidRecord], batch: int) -> float:
    """Seconds in which asyncpg alone keeps the same records, a transaction per batch."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(RAW_TABLE)
        began = time.perf_counter()
        for start in range(0, len(records), batch):
            rows = [(one.id, _headers(one), one.body) for one in records[start : start + batch]]
            async with connection.transaction():
                await connection.execute(INTO_RAW, *map(list, zip(*rows, strict=True)))
        return time.perf_counter() - began
    finally:
        await connection.close()


async def relay_seconds(kafka: str, dsn: str, records: Sequence[SaidRecord]) -> float:
    """Seconds in which one relay sends that many rows, that stand in the outbox when it starts, and marks them."""
    settings = Settings(kafka=kafka, database=dsn, http_port=1, environment="test")
    database = Database(settings.async_database)
    await database.migrate()
    await database.close()
    connection = await asyncpg.connect(dsn)
    try:
        rows = [(RELAYED, "akc-vast", _headers(one), one.body) for one in records]
        insert = "insert into outbox (topic, key, headers, body, created_at) values ($1, $2, $3, $4, now())"
        await connection.executemany(insert, rows)
        began = time.perf_counter()
        relay = asyncio.create_task(Relay(settings).run())
        try:
            await _until_sent(connection)
            return time.perf_counter() - began
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
    finally:
        await connection.close()


def _headers(record: SaidRecord) -> str:
    return json.dumps([[name, value.decode()] for name, value in record.headers])


async def _until_sent(connection: asyncpg.Connection) -> None:
    while True:
        if not await connection.fetchval("select exists (select from outbox where sent_at is null)"):
            return
        await asyncio.sleep(0.01)


async def _read(consumer: AIOKafkaConsumer, num: int) -> None:
    while num > 0:
        heard = await consumer.getmany(timeout_ms=1000)
        num -= sum(len(records) for records in heard.values())
