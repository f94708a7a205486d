"""Lets a service read on from where its own database says, and notes up to what time it has surely read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from aiokafka import ConsumerRebalanceListener, TopicPartition

from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import Database
from samsyn_chassis.reading import CarefulConsumer, Records

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_NOTES = 15.0
SHORTEST_MS = 50
NOTED = sa.text("""
select topic, "partition", next_offset from "position"
join unnest(cast(:topics as text[]), cast(:partitions as integer[])) as asked (topic, "partition")
using (topic, "partition")
""")
READ_UNTIL = sa.text("""
insert into read_until (topic, "partition", written_ms)
select * from unnest(cast(:topics as text[]), cast(:partitions as integer[]), cast(:times as bigint[]))
on conflict (topic, "partition") do update set written_ms = greatest(read_until.written_ms, excluded.written_ms)
""")


class PlacedConsumer(CarefulConsumer):
    """A consumer that never begins behind what its service's database has read.

    The broker's word alone is not enough: a database that was restored is behind it, and a log that was rebuilt has no
    word of the group at all. Where the broker's word is the earlier one it counts: so an operator has all read again.
    """

    def __init__(self, *topics: str, database: Database, **settings: Any) -> None:
        super().__init__(*topics, **settings)
        self._database = database
        self._is_placed = asyncio.Event()

    def subscribe(self, topics: Sequence[str] = (), pattern: str | None = None, listener: Any = None) -> None:
        """As aiokafka's; the listener is this consumer's own."""
        super().subscribe(topics, pattern, _Placing(self))

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Records:
        """As CarefulConsumer's; nothing before it is known where to begin, though aiokafka fetches already."""
        try:
            await asyncio.wait_for(self._is_placed.wait(), max(timeout_ms, SHORTEST_MS) / 1000)
        except TimeoutError:
            return {}
        read = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        if self._is_placed.is_set():
            return read
        self._must_go_back = True  # assigned anew meanwhile: what was read may be from behind the place to begin
        return {}

    async def seek_to_committed(self, *partitions: TopicPartition) -> dict[TopicPartition, int]:
        """Go back to what was committed, and where the database is behind that, to there."""
        back: dict[TopicPartition, int] = await super().seek_to_committed(*partitions)
        return {**back, **await self.place(back)}

    async def place(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Begin at the database's positions where the broker knows none or later ones; returns those."""
        noted = await self._noted(places)
        committed = await self._coordinator.fetch_committed_offsets(list(noted)) if noted else {}
        earlier = {place: offset for place, offset in noted.items() if offset < _committed(committed, place, offset)}
        for place, offset in earlier.items():
            self.seek(place, offset)
        if earlier:
            logger.info("reads on from the database's positions in %d partitions", len(earlier))
        return earlier

    async def begin(self, places: Collection[TopicPartition]) -> None:
        """Place what was assigned; whoever reads waits for it, and it waits for database and broker."""
        while not self._is_placed.is_set():
            try:
                await self.place(places)
                self._is_placed.set()
            except Exception as error:  # aiokafka would log it and read on from the broker's word
                logger.warning("reading waits for where to begin: %s", type(error).__name__)
                await asyncio.sleep(0.5)

    def wait(self) -> None:
        """Read nothing until something is assigned and placed."""
        self._is_placed.clear()

    async def _noted(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        asked = {"topics": [p.topic for p in places], "partitions": [p.partition for p in places]}
        async with self._database.transaction() as transaction:
            rows = await transaction.execute(NOTED, asked)
            return {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}


def _committed(committed: Any, place: TopicPartition, noted: int) -> int:
    """What the broker knows of a place; more than `noted` where it knows nothing."""
    found = committed.get(place)
    return noted + 1 if found is None or found.offset < 0 else int(found.offset)


class _Placing(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, consumer: PlacedConsumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """What was read is committed with its effects; nothing more is read."""
        self._consumer.wait()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Begin where the database says, before anything is fetched."""
        await self._consumer.begin(assigned)


class ReadUntil:
    """The time of the newest record that has had its effect, per partition; written now and then, so never too late."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._times: dict[tuple[str, int], int] = {}

    def note(self, records: Sequence[Any]) -> None:
        """These records have had their effect."""
        for record in records:
            place = (record.topic, record.partition)
            self._times[place] = max(record.timestamp, self._times.get(place, record.timestamp))

    async def run(self) -> None:
        """Write for ever; while the database is away the older times stand."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_NOTES)
            try:
                await self.write()
            except Exception as error:
                if not is_transient(error):
                    raise
                logger.warning("times read are not written: %s", type(error).__name__)

    async def write(self) -> None:
        """Write what was noted."""
        if not self._times:
            return
        topics, partitions = zip(*self._times, strict=True)
        columns = {"topics": list(topics), "partitions": list(partitions), "times": list(self._times.values())}
        async with self._database.transaction() as transaction:
            await transaction.execute(READ_UNTIL, columns)
