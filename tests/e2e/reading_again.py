"""Makes services read their topics again from the beginning, as an operator would after resetting the offsets."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING, REPORTING, from_topic
from samsyn_contracts.register import load_register
from samsyn_local.infrastructure import SERVICES

from tests.support.samsyn import QUIET_SECONDS, Samsyn

# Consumer group -> the topics that its service reads together.
GROUPS: Mapping[str, Sequence[str]] = {
    "samsyn-exchange-0": tuple(from_topic(party.code) for party in load_register().parties),
    "samsyn-exchange-1": (PLANNING, INSPECTION, REPORTING),
    "samsyn-planning-0": (ADMITTED, INSPECTION),
    "samsyn-inspection-0": (ADMITTED, PLANNING),
    "samsyn-reporting-0": (ADMITTED, INSPECTION, PLANNING),
}


async def read_everything_again(samsyn: Samsyn) -> None:
    """Stop all services, set their offsets back to the beginning of the run, start them, and wait until all is read."""
    await samsyn.stop(*SERVICES)
    began = samsyn.trail.began
    told = {group: {place: at for place, at in began.items() if place.topic in GROUPS[group]} for group in GROUPS}
    async with asyncio.timeout(QUIET_SECONDS):
        kafka = samsyn.infrastructure.kafka
        await asyncio.gather(*(_set_offsets(kafka, group, offsets) for group, offsets in told.items()))
    await samsyn.start(*SERVICES)
    until = time.monotonic() + QUIET_SECONDS
    while waiting := [place for name in SERVICES for place in await _unread(samsyn, name)]:
        assert time.monotonic() < until, f"not read again: {waiting[:5]}"
        await asyncio.sleep(0.05)


async def _set_offsets(kafka: str, group: str, offsets: Mapping[TopicPartition, int]) -> None:
    """Once the group is empty: the broker waits a while for members with a name of their own to come back."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(offsets))
        is_set = False
        while not is_set:
            with contextlib.suppress(CommitFailedError):
                await consumer.commit(offsets)
                is_set = True
            await asyncio.sleep(0 if is_set else 0.5)
    finally:
        await consumer.stop()


async def _unread(samsyn: Samsyn, name: str) -> list[str]:
    """What a service, by its own word since its start, has not read to the end."""
    status = (await samsyn.client.get(f"{samsyn.address(name)}/status")).json()
    ends = {place: end for place, end in (await samsyn.trail.ends()).items() if samsyn.is_new(place, end)}
    mine = {f"{p.topic}:{p.partition}": end for p, end in ends.items() if p.topic in status["topics"]}
    return [place for place, end in mine.items() if status["positions"].get(place, 0) < end]
