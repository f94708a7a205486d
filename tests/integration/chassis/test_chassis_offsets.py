"""A service on a real broker: the broker hears how far it has read only when the effects are committed."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import Record, Retry
from samsyn_chassis.database import Database, Transaction
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.platform import TimePassed

from tests.support.in_process import running, say, settings_for
from tests.support.kafka_and_postgres import FreshDatabase

TOPIC = "samsyn.reporting.v1"
AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
PATIENCE_SECONDS = 120


def an_event() -> tuple[str, Envelope, TimePassed]:
    message = TimePassed(centre="akc-vast", until=AT)
    told = {"id": secrets.token_hex(8), "source": "urn:samsyn:service:exchange", "type": message.type_name()}
    return TOPIC, Envelope.model_validate({**told, "time": AT, "centre": "akc-vast", "environment": "test"}), message


async def committed(kafka: str, group: str) -> dict[int, int]:
    """The next offsets that the broker knows of a consumer group, by partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(group)
        return {place.partition: told.offset for place, told in offsets.items() if told.offset > 0}
    finally:
        await admin.close()


async def test_the_broker_hears_of_an_offset_only_after_the_transaction(
    kafka: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    settings = settings_for(kafka, fresh_database("offsets"))
    name = f"offsets-{secrets.token_hex(4)}"
    tried, is_back = asyncio.Event(), asyncio.Event()

    async def receive(_transaction: Transaction, _records: Sequence[Record]) -> None:
        tried.set()
        if not is_back.is_set():
            raise Retry

    service = Service(name, Database(settings.async_database), tmp_path, [Subscription([TOPIC], receive)])
    await say(kafka, an_event())

    async with running(service, settings):
        await asyncio.wait_for(tried.wait(), PATIENCE_SECONDS)
        await asyncio.sleep(0.3)
        while_away = await committed(kafka, f"samsyn-{name}-0")
        is_back.set()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (afterwards := await committed(kafka, f"samsyn-{name}-0")):
            assert time.monotonic() < deadline, "the offset was never committed"
            await asyncio.sleep(0.1)

    assert while_away == {}
    assert afterwards != {}
