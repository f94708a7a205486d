"""The relay on a real broker: in order, marked only when the broker has it, and parked when it never will."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer
from samsyn_chassis.database import Database
from samsyn_chassis.relay import Relay
from samsyn_chassis.settings import Settings

from tests.support.kafka_and_postgres import FreshDatabase

TOPIC = "samsyn.dlq.reporting.v1"  # one partition: what stands there has one order
TOO_LARGE = 2 * 1024 * 1024
PATIENCE_SECONDS = 120
Row = tuple[str, bytes]


@pytest.fixture
async def settings(kafka: str, fresh_database: FreshDatabase, tmp_path: Path) -> Settings:
    told = Settings(kafka=kafka, database=fresh_database("relayed"), http_port=1, environment="test")
    database = Database(told.async_database)
    await database.migrate(tmp_path)
    await database.close()
    return told


async def put(settings: Settings, rows: list[Row]) -> None:
    """Put rows (id, body) in the outbox, each under a key of its own."""
    connection = await asyncpg.connect(settings.database)
    insert = "insert into outbox (topic, key, headers, body, created_at) values ($1, $2, $3, $4, now())"
    await connection.executemany(insert, [(TOPIC, id_, json.dumps([["ce_id", id_]]), body) for id_, body in rows])
    await connection.close()


@asynccontextmanager
async def relaying(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A running relay, and a look into its database."""
    relay = asyncio.create_task(Relay(settings).run())
    connection = await asyncpg.connect(settings.database)
    try:
        yield connection
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await connection.close()


async def until_settled(connection: asyncpg.Connection) -> None:
    """Wait until no row waits to be sent."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    unsettled = "select count(*) from outbox where sent_at is null and parked_reason is null"
    while num := await connection.fetchval(unsettled):
        assert time.monotonic() < deadline, f"{num} rows wait in the outbox"
        await asyncio.sleep(0.02)


async def heard(kafka: str, run: str, num: int) -> list[str]:
    """The ids of a run's records in the order in which they stand on the topic."""
    ids: list[str] = []
    async with AIOKafkaConsumer(TOPIC, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(ids) < num:
            assert time.monotonic() < deadline, f"{len(ids)} of {num} records stand on the topic"
            for records in (await consumer.getmany(timeout_ms=100)).values():
                told = [dict(record.headers)["ce_id"].decode() for record in records]
                ids += [id_ for id_ in told if id_.startswith(run)]
    return ids


async def test_rows_stand_on_the_topic_in_the_order_of_the_outbox(settings: Settings) -> None:
    run = secrets.token_hex(4)
    said = [f"{run}-{number}" for number in range(200)]
    await put(settings, [(id_, b"{}") for id_ in said])

    async with relaying(settings) as connection:
        await until_settled(connection)

    assert await heard(settings.kafka, run, len(said)) == said


async def test_a_row_that_could_not_be_sent_is_not_marked_as_sent(settings: Settings) -> None:
    run = secrets.token_hex(4)
    await put(settings, [(f"{run}-small", b"{}"), (f"{run}-large", b"x" * TOO_LARGE)])

    async with relaying(settings) as connection:
        await until_settled(connection)
        marked = await connection.fetch("select key from outbox where sent_at is not null")

    assert [row["key"] for row in marked] == [f"{run}-small"]


async def test_a_row_that_can_never_be_sent_holds_up_no_other_key(settings: Settings) -> None:
    run = secrets.token_hex(4)
    await put(settings, [(f"{run}-large", b"x" * TOO_LARGE), (f"{run}-small", b"{}")])

    async with relaying(settings) as connection:
        await until_settled(connection)

    assert await heard(settings.kafka, run, 1) == [f"{run}-small"]


class Bent(datetime):
    """A clock that is some time ahead."""

    ahead = timedelta(days=2)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + cls.ahead


async def test_a_clock_that_is_or_was_days_ahead_holds_up_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = secrets.token_hex(4)
    monkeypatch.setattr("samsyn_chassis.relay.datetime", Bent)
    async with relaying(settings) as connection:
        await put(settings, [(f"{run}-ahead", b"{}")])
        await until_settled(connection)
        monkeypatch.setattr(Bent, "ahead", timedelta(0))
        await put(settings, [(f"{run}-right", b"{}")])
        await until_settled(connection)

    assert await heard(settings.kafka, run, 2) == [f"{run}-ahead", f"{run}-right"]
