"""The line over Kafka: the party writes on its own topic, and reads the other from its own checkpoint."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from time import monotonic

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from samsyn_contracts.bus import from_topic, raw_attribute, to_topic

from samsyn_adapter_sdk.journal import Checkpoint, Waiting
from samsyn_adapter_sdk.kafka_client import running
from samsyn_adapter_sdk.line import Handed, Record, checkpoint_of
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.statement import RetryError

_LOG = logging.getLogger("samsyn.adapter")
_FIRST_READ_SECONDS = 10.0
_CLOCK_MARGIN_MS = 3_600_000
# No topic is emptied and filled again within so short a time.
_SURE_SECONDS = 10.0


class KafkaLine:
    """Answers come on the party's own topic."""

    answers_at_once = False

    def __init__(self, party: str, settings: Settings) -> None:
        self._party = party
        self._settings = settings

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[_KafkaMouth]:
        """A producer that lives as long as the block: after a fatal error of an idempotent one only a new one helps."""
        producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **self._settings.kafka_options)
        async with running(producer):
            yield _KafkaMouth(producer, from_topic(self._party))

    @contextlib.asynccontextmanager
    async def hearing(self, checkpoint: Checkpoint | None) -> AsyncIterator[_KafkaEar]:
        """A consumer without a group; one that no longer finds its place fails, and the next sees another log."""
        consumer = AIOKafkaConsumer(enable_auto_commit=False, auto_offset_reset="none", **self._settings.kafka_options)
        async with running(consumer):
            ear = _KafkaEar(consumer, self._party, self._is_another_log)
            await ear.seek(checkpoint)
            yield ear

    async def _is_another_log(self, checkpoint: Checkpoint) -> bool:
        async with self.hearing(checkpoint) as ear:
            return ear.is_of_another_log


class _KafkaMouth:
    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        acks = [
            await self._producer.send(self._topic, value=one.body, headers=one.record_headers, partition=0)
            for one in statements
        ]
        for ack in acks:
            await ack
        return Handed(len(statements))


class _KafkaEar:
    def __init__(
        self, consumer: AIOKafkaConsumer, party: str, is_another_log: Callable[[Checkpoint], Awaitable[bool]]
    ) -> None:
        self._consumer = consumer
        self._party = party
        self._is_another_log = is_another_log
        self._heard: Checkpoint | None = None
        self._sure_at = monotonic()
        self._place = TopicPartition(to_topic(party), 0)
        self.position = 0
        self.is_of_another_log = False

    async def records(self) -> Sequence[Record]:
        records: Sequence[Record] = (await self._consumer.getmany(timeout_ms=1000)).get(self._place, [])
        if records:
            await self._make_sure()
            self._heard, self._sure_at = checkpoint_of(records[-1]), monotonic()
        return records

    async def _make_sure(self) -> None:
        """After a while a topic that was made anew may be longer than the one that was heard, so that nothing fails."""
        is_due = monotonic() - self._sure_at >= _SURE_SECONDS
        if is_due and self._heard is not None and await self._is_another_log(self._heard):
            raise RetryError("the topic is another one than before")

    async def seek(self, checkpoint: Checkpoint | None) -> None:
        first = (await self._consumer.beginning_offsets([self._place]))[self._place]
        end = (await self._consumer.end_offsets([self._place]))[self._place]
        self._consumer.assign([self._place])
        self._consumer.seek(self._place, first)  # before anything is awaited: by itself it begins nowhere
        self.position = first if checkpoint is None else await self._after(checkpoint, first, end)
        self._consumer.seek(self._place, self.position)

    async def _after(self, checkpoint: Checkpoint, first: int, end: int) -> int:
        if await self._is_same_topic(checkpoint, first, end):
            self._heard = checkpoint
            return max(first, checkpoint.position)
        return await self._offset_by_time(checkpoint, first)

    async def _is_same_topic(self, checkpoint: Checkpoint, first: int, end: int) -> bool:
        if checkpoint.position > end:
            return False
        if checkpoint.position - 1 < first or checkpoint.event_id is None:
            return True
        self._consumer.seek(self._place, checkpoint.position - 1)
        async with asyncio.timeout(_FIRST_READ_SECONDS):
            record = await self._consumer.getone(self._place)
        return raw_attribute(record.headers, "id") == checkpoint.event_id

    async def _offset_by_time(self, checkpoint: Checkpoint, first: int) -> int:
        # The topic was made anew, with the original times; what is read twice is known by its event id.
        _LOG.warning("%s: the topic is another one than before; reading on by time", self._party)
        self.is_of_another_log = True
        found = await self._consumer.offsets_for_times({self._place: checkpoint.timestamp_ms - _CLOCK_MARGIN_MS})
        place = found.get(self._place)
        return first if place is None else int(place.offset)
