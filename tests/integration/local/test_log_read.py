"""What stands on topics is read to their end, whatever a party has written there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiokafka import AIOKafkaProducer
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.rebuild_kafka import ids_on
from samsyn_local.topics import Topic, ensure_topics

from tests.integration.chassis.odd_batches import ODD_KEY, say_in_one_batch

ODD = Topic("samsyn.odd.log-read.v1", "exchange", (), 2, timedelta(days=3), "delete")
NAME = ODD.name


def an_id(text: str) -> list[tuple[str, bytes]]:
    return [("ce_id", text.encode())]


async def test_unreadable_headers_and_a_transactions_end_hinder_no_reading(infrastructure: Infrastructure) -> None:
    kafka = infrastructure.kafka
    await asyncio.to_thread(ensure_topics, kafka, [ODD])
    await say_in_one_batch(kafka, NAME, (an_id("first"), b""), ([(ODD_KEY, b"")], b""))
    await say_in_one_batch(kafka, NAME, (an_id("other"), b""), partition=1)
    async with (
        AIOKafkaProducer(bootstrap_servers=kafka, transactional_id="log-read") as producer,
        producer.transaction(),
    ):
        await producer.send(NAME, b"", headers=an_id("last"), partition=0)

    async with asyncio.timeout(20):
        ids = await ids_on([ODD], {"bootstrap_servers": kafka})

    assert ids == {(NAME, "first"): 1, (NAME, ""): 1, (NAME, "last"): 1, (NAME, "other"): 1}
