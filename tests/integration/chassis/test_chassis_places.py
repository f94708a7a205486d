"""Where a service reads on: never behind what its own database has read, whatever the broker says."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import Record
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.logs import OtherLogError
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import raw_attribute
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.platform import TimePassed
from samsyn_local.infrastructure import Infrastructure

from tests.support.in_process import running, say, settings_for, until_heard
from tests.support.kafka_and_postgres import FreshDatabase

TOPIC = "samsyn.dlq.inspection.v1"  # one partition
AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)


def events(*ids: str) -> list[tuple[str, Envelope, TimePassed]]:
    message = TimePassed(centre="akc-vast", until=AT)
    told = {"source": "urn:samsyn:service:exchange", "type": message.type_name(), "time": AT, "centre": "akc-vast"}
    return [(TOPIC, Envelope.model_validate({**told, "id": id_, "environment": "test"}), message) for id_ in ids]


class Reading:
    """A service that notes the ids of what it reads; each start is a new process of the same service."""

    def __init__(self, settings: Settings, migrations: Path) -> None:
        self.settings, self.ids = settings, list[str]()
        self._migrations, self._name = migrations, f"places-{secrets.token_hex(4)}"

    def service(self) -> Service:
        async def receive(_transaction: Transaction, records: Sequence[Record]) -> None:
            self.ids += [raw_attribute(record.headers, "id") or "" for record in records]

        database = Database(self.settings.async_database)
        return Service(self._name, database, self._migrations, [Subscription([TOPIC], receive)])

    async def sql(self, statement: str, *values: object) -> None:
        connection = await asyncpg.connect(self.settings.database)
        await connection.execute(statement, *values)
        await connection.close()


@pytest.fixture
async def reading(fresh_topics: str, fresh_database: FreshDatabase, tmp_path: Path) -> Reading:
    """A service that has read two events, and stopped."""
    read = Reading(settings_for(fresh_topics, fresh_database("places")), tmp_path)
    positions = await say(fresh_topics, *events("a", "b"))
    service = read.service()
    async with running(service, read.settings):
        await until_heard(service, positions)
        await asyncio.sleep(0.5)  # until the broker knows
    read.ids.clear()
    return read


async def test_a_restored_database_is_read_on_from_its_own_position(reading: Reading) -> None:
    await reading.sql('update "position" set next_offset = next_offset - 1 where topic = $1', TOPIC)
    positions = await say(reading.settings.kafka, *events("c"))

    service = reading.service()
    async with running(service, reading.settings):
        await until_heard(service, positions)

    assert reading.ids == ["b", "c"]


async def test_a_log_that_ends_before_what_was_read_is_refused(reading: Reading) -> None:
    await reading.sql('update "position" set next_offset = next_offset + 9 where topic = $1', TOPIC)

    with pytest.raises(OtherLogError, match=r"inspection\.v1/0 ends at \d+, and this service has read up to"):
        async with running(reading.service(), reading.settings):
            pass


async def test_a_topic_made_anew_is_refused_as_another_log(reading: Reading, infrastructure: Infrastructure) -> None:
    await asyncio.to_thread(infrastructure.empty_topics)

    with pytest.raises(OtherLogError, match=r"is another log than the one this service knows.*samsyn rebuild kafka"):
        async with running(reading.service(), reading.settings):
            pass
