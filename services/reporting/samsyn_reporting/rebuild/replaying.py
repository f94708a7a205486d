"""Reads topics from their first record up to given offsets, without a group, and gives each record its effect."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from samsyn_chassis.batches import Batches
from samsyn_chassis.reading import CarefulConsumer
from samsyn_chassis.settings import Settings

Offsets = Mapping[TopicPartition, int]
Say = Callable[[str], None]
FETCH_MS = 500
PATIENCE_SECONDS = 60
SECONDS_BETWEEN_LINES = 2.0


class RebuildError(Exception):
    """Why there can be no rebuild, and what to do, as one sentence for the operator."""


class FromTheStart(CarefulConsumer):
    """A consumer without a group: what it goes back to is what it has given out."""

    def __init__(self, *topics: str, **settings: Any) -> None:
        super().__init__(*topics, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest", **settings)
        self.given_out: dict[TopicPartition, int] = {}

    async def seek_to_committed(self, *partitions: TopicPartition) -> dict[TopicPartition, int]:
        """Go back to behind the last record given out of each partition that is read."""
        back = {place: self.given_out.get(place, 0) for place in self.assignment()}
        for place, offset in back.items():
            self.seek(place, offset)
        return back


class Replay:
    """A replay of topics into a database; `offsets` are how far it has come."""

    def __init__(self, settings: Settings, topics: Sequence[str], batches: Batches, say: Say) -> None:
        self._consumer = FromTheStart(*topics, **settings.connection)
        self._batches, self._say = batches, say
        self._max_records = settings.batch_records

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, topics: Sequence[str], batches: Batches, say: Say) -> AsyncIterator[Self]:
        """A replay that is connected."""
        replay = cls(settings, topics, batches, say)
        try:
            await replay._consumer.start()
            yield replay
        finally:
            await replay._consumer.stop()

    @property
    def offsets(self) -> Offsets:
        """The next offset per partition."""
        return self._consumer.given_out

    async def ends(self) -> Offsets:
        """The log's end per partition; raises RebuildError where its beginning is gone."""
        places = self._consumer.assignment()
        cut = [place for place, first in (await self._consumer.beginning_offsets(places)).items() if first > 0]
        if cut:
            raise RebuildError(
                f"{cut[0].topic}/{cut[0].partition} no longer begins at offset 0: what stood before is gone, and the "
                "read models cannot be made from the rest. Restore the topic from its writer's outbox first."
            )
        ends: Offsets = await self._consumer.end_offsets(places)
        return ends

    async def until(self, wanted: Offsets) -> None:
        """Give every record before these offsets its effect; raises RebuildError where the log ends before them."""
        ends = await self.ends()
        beyond = [place for place, offset in wanted.items() if offset > ends.get(place, 0)]
        if beyond:
            raise RebuildError(
                f"The service has read {beyond[0].topic}/{beyond[0].partition} up to {wanted[beyond[0]]}, and the log "
                f"ends at {ends.get(beyond[0], 0)}: it is not the log that the service has read."
            )
        given = self._consumer.given_out
        behind = {place: offset for place, offset in wanted.items() if given.get(place, 0) < offset}
        self._consumer.pause(*self._consumer.assignment())
        self._consumer.resume(*behind)
        for place in behind:
            self._consumer.seek(place, given.get(place, 0))
        progress = Progress(sum(offset - given.get(place, 0) for place, offset in behind.items()), self._say)
        while behind:
            progress.add(await self._read(behind))
            for place in [place for place, offset in behind.items() if given.get(place, 0) >= offset]:
                self._consumer.pause(place)
                del behind[place]
        progress.end()

    async def _read(self, behind: Offsets) -> int:
        """One batch; returns by how many offsets it came further."""
        read = await self._consumer.getmany(*behind, timeout_ms=FETCH_MS, max_records=self._max_records)
        records = [r for place, found in read.items() for r in found if r.offset < behind.get(place, 0)]
        if records:
            await self._batches.take(records)
        num_offsets = 0
        for place in behind:
            # Where the log has gaps, the consumer's position is further than the last record.
            come = min(await self._consumer.position(place), behind[place])
            num_offsets += come - self._consumer.given_out.get(place, 0)
            self._consumer.given_out[place] = come
        return num_offsets


class Progress:
    """Says every other second how many records were read of how many, and how many a second."""

    def __init__(self, total: int, say: Say) -> None:
        self._total, self._say = total, say
        self._done = 0
        self._began_at = self._said_at = self._moved_at = time.monotonic()

    def add(self, number: int) -> None:
        """Note records read; raises RebuildError where none have come for a minute."""
        now = time.monotonic()
        self._done += number
        self._moved_at = now if number else self._moved_at
        if now - self._moved_at > PATIENCE_SECONDS:
            raise RebuildError(f"Kafka has given no record for {PATIENCE_SECONDS} s: look at it, and rebuild again.")
        if now - self._said_at > SECONDS_BETWEEN_LINES:
            self._said_at = now
            self._tell(now)

    def end(self) -> None:
        """Say the whole, unless there was nothing to read."""
        if self._total:
            self._tell(time.monotonic())

    def _tell(self, now: float) -> None:
        rate = self._done / max(now - self._began_at, 0.001)
        self._say(f"{self._done} of {self._total} records read, {rate:.0f} a second")


async def committed_offsets(settings: Settings, group: str, topics: Sequence[str]) -> Offsets:
    """How far a group has read the topics, by its own word at the broker."""
    admin = AIOKafkaAdminClient(**settings.connection)
    try:
        await admin.start()
        told = await admin.list_consumer_group_offsets(group)
    finally:
        await admin.close()
    return {place: max(found.offset, 0) for place, found in told.items() if place.topic in topics}
