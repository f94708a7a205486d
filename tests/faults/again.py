"""Says again what was said before: records copied to the ends of other partitions, offsets set back to the start."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from random import Random

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from samsyn_chassis.app import group_name
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING, REPORTING, from_topic
from samsyn_contracts.register import load_register

from tests.faults.log import read
from tests.faults.system import System

COPY = "faults_copy"
NUM_RECORDS, MOST_TIMES, GROUP_SECONDS, SETTLED_SECONDS = 60, 4, 40.0, 10
NUM_PARTITIONS = 24
FROM_PARTIES = tuple(from_topic(party.code) for party in load_register().parties)
# By service: what each of its consumer groups reads.
GROUPS: Mapping[str, Sequence[Sequence[str]]] = {
    "exchange": (FROM_PARTIES, (PLANNING, INSPECTION, REPORTING)),
    "planning": ((ADMITTED, INSPECTION),),
    "inspection": ((ADMITTED, PLANNING),),
    "reporting": ((ADMITTED, INSPECTION, PLANNING),),
}


async def copy_records(system: System, topic: str, dice: Random) -> int:
    """Write some of a topic's records again, each one to four times, on partitions drawn; how many were written.

    Old ones, that every reader has had: a copy read before its original would be another order of events.
    """
    latest_ms = (time.time() - SETTLED_SECONDS) * 1000
    there = [one for one in await asyncio.to_thread(read, system.kafka, [topic]) if one.written_ms < latest_ms]
    chosen = dice.sample(there, min(NUM_RECORDS, len(there)))
    num = 0
    async with AIOKafkaProducer(bootstrap_servers=system.kafka, acks="all") as producer:
        for one in chosen:
            headers = [*((name, value.encode()) for name, value in one.headers), (COPY, b"1")]
            for _ in range(dice.randint(1, MOST_TIMES)):
                partition, body = dice.randrange(NUM_PARTITIONS), one.body.encode()
                await producer.send(topic, body, key=one.key.encode(), headers=headers, partition=partition)
                num += 1
    return num


async def set_back(system: System, service: str) -> int:
    """Set the offsets of a stopped service to the beginning; how many records it will read again."""
    num = 0
    for number, topics in enumerate(GROUPS[service]):
        partitions = {topic.name: topic.partitions for topic in system.infrastructure.topics}
        places = [TopicPartition(topic, one) for topic in topics for one in range(partitions[topic])]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=system.kafka, group_id=group_name(service, number), enable_auto_commit=False
        )
        await consumer.start()
        try:
            consumer.assign(places)
            async with asyncio.timeout(GROUP_SECONDS):
                num += sum([await consumer.committed(place) or 0 for place in places])
                await _committed(consumer, dict.fromkeys(places, 0))
        finally:
            await consumer.stop()
    return num


async def _committed(consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> None:
    """The broker waits a while for a killed member to come back, and takes no offsets meanwhile."""
    while True:
        with contextlib.suppress(KafkaError):
            await consumer.commit(offsets)
            return
        await asyncio.sleep(0.5)
