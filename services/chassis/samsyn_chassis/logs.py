"""Knows which logs a service reads and writes: a topic made anew is another log, and is never taken for the old one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer, TopicPartition

from samsyn_chassis.database import Database
from samsyn_chassis.topic_ids import topic_ids

KNOWN = sa.text("select topic, topic_id from known_log")
KNOW = sa.text("""
insert into known_log (topic, topic_id)
select * from unnest(cast(:topics as text[]), cast(:ids as text[])) on conflict do nothing
""")
POSITIONS = sa.text('select topic, "partition", next_offset from "position" where topic = any(:topics)')
PATIENCE_SECONDS = 10.0
REMEDY = (
    "Its data are gone, or the topic was made anew. Nothing is lost while the databases stand: stop the services and "
    "run `samsyn rebuild kafka` (deploy/runbooks/README.md, 'The broker's data are gone')."
)


class OtherLogError(Exception):
    """The log is not the one that the service knows; the message says which, and what to do."""


class KnownLogs:
    """The logs of one service, by its database."""

    def __init__(self, database: Database, connection: Mapping[str, Any]) -> None:
        self._database, self._connection = database, connection

    async def check(self, read: Collection[str]) -> None:
        """Make sure that every log known is still the same; logs that are `read` are known from now on.

        Raises OtherLogError; KafkaError while no broker answers. Then the service does not start, and no connection to
        its database is left.
        """
        try:
            await self._check(read)
        except BaseException:
            await self._database.close()
            raise

    async def know(self, ids: Mapping[str, str]) -> None:
        """Know logs by their topics' ids."""
        async with self._database.transaction() as transaction:
            await transaction.execute(KNOW, {"topics": list(ids), "ids": list(ids.values())})

    async def _check(self, read: Collection[str]) -> None:
        async with self._database.transaction() as transaction:
            known = {row.topic: row.topic_id for row in await transaction.execute(KNOWN)}
            positions = {
                TopicPartition(row.topic, row.partition): row.next_offset
                for row in await transaction.execute(POSITIONS, {"topics": list(read)})
            }
        now = await topic_ids(self._connection, {*known, *read})
        for topic, topic_id in known.items():
            if now.get(topic, topic_id) != topic_id:
                raise OtherLogError(f"{topic} is another log than the one this service knows. {REMEDY}")
        await self._make_sure_that_all_is_there(positions)
        await self.know({topic: now[topic] for topic in read if topic in now})

    async def _make_sure_that_all_is_there(self, positions: Mapping[TopicPartition, int]) -> None:
        """A broker that has just come back may tell an earlier end than it has: it is asked again for a while."""
        until = time.monotonic() + PATIENCE_SECONDS
        while behind := await self._behind(positions):
            if time.monotonic() > until:
                place, end = behind.popitem()
                raise OtherLogError(
                    f"{place.topic}/{place.partition} ends at {end}, and this service has read up to "
                    f"{positions[place]}. {REMEDY}"
                )
            await asyncio.sleep(0.5)

    async def _behind(self, positions: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """The ends that lie before what was read."""
        ends = await ends_of(self._connection, positions) if positions else {}
        return {place: end for place, end in ends.items() if end < positions[place]}


async def ends_of(connection: Mapping[str, Any], places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The next offset of each place that is there."""
    consumer = AIOKafkaConsumer(enable_auto_commit=False, **connection)
    await consumer.start()
    try:
        there = await topic_ids(connection, {place.topic for place in places})
        ends: dict[TopicPartition, int] = await consumer.end_offsets([p for p in places if p.topic in there])
    finally:
        await consumer.stop()
    return ends
