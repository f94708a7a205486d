"""Reads Kafka so that a batch that no client can read stops nobody, and nothing beside it is passed over."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    KafkaError,
    KafkaTimeoutError,
    UnsupportedCodecError,
)
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.memory_records import MemoryRecords
from samsyn_contracts.bus import MAX_EVENT_BYTES

from samsyn_chassis.telemetry import unreadable
from samsyn_chassis.unpacking import TooLargeError, bound_decoding

logger = logging.getLogger(__name__)
FETCH_BYTES = 1024 * 1024
IDLE_MS = 1000
# What a stand-in says: whoever checks its headers finds one that is not UTF-8, and nothing else.
ODD_HEADERS = (("ce_\ufffd", b"\xff"),)
# What a stand-in for a batch that holds too much says: more than any header may.
TOO_LARGE_HEADERS = (("ce_\ufffd", b"\xff" * (MAX_EVENT_BYTES + 1)),)
STAND_INS = (ODD_HEADERS, TOO_LARGE_HEADERS)
Records = dict[TopicPartition, list[Any]]


def is_stand_in(record: Any) -> bool:
    """Whether a record stands in for one that could not be read: what it was is not known."""
    return tuple(record.headers) in STAND_INS


class CarefulConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """A consumer that goes back when aiokafka fails in the middle of what it fetched, and then reads with care.

    A header key may be any bytes; at one that is not UTF-8 `getmany` raises for ever, and what it had taken of other
    partitions in that call counts as read and is lost. This one returns to what was committed and reads each
    partition by itself, once. An unreadable record, and what its producer put behind it in the same batch (which
    decodes from its start only), come as stand-ins: their offsets, `ODD_HEADERS`, no value; so do those of a batch that
    unpacks to more than `unpacking.MOST_UNPACKED`, with `TOO_LARGE_HEADERS`.

    It waits until something comes, however short a time it is given: FastStream pauses whenever it gets nothing, and
    what came in the pause would lie.
    """

    _must_go_back = False

    def __init__(self, *topics: str, **settings: Any) -> None:
        bound_decoding()
        super().__init__(*topics, **settings)

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Records:
        """As aiokafka's; each offset comes as a record or as a stand-in."""
        if not self._must_go_back:
            try:
                waits_ms = max(timeout_ms, IDLE_MS)
                read: Records = await super().getmany(*partitions, timeout_ms=waits_ms, max_records=max_records)
            except Exception as error:
                is_unreadable = isinstance(error, CorruptRecordException | UnsupportedCodecError)
                if isinstance(error, KafkaError | ConsumerStoppedError) and not is_unreadable:
                    raise
                logger.warning("goes back to what was committed: what was fetched raises %s", type(error).__name__)
                self._must_go_back = True
            else:
                return read
        return await self._read_with_care(max_records)

    async def read_from(self, place: TopicPartition, offset: int) -> AsyncIterator[Any]:
        """Each record, or stand-in, from an offset on to what is the end now; the partition must be assigned.

        Where the topic has no such offset (any more, or yet), it begins where the topic does.
        """
        begin, end = (await self.beginning_offsets([place]))[place], (await self.end_offsets([place]))[place]
        at = offset if begin <= offset <= end else begin
        while at < end:
            fetched = await self._fetch(place, at)
            for record in _of_fetch(place, fetched, at):
                yield record
            behind = _behind(fetched, at)
            if behind == at:
                raise KafkaTimeoutError(f"{place.topic}/{place.partition} gives nothing from {at} on")
            at = behind

    async def _read_with_care(self, max_records: int | None) -> Records:
        read: Records = {}
        if self.assignment():
            for place, committed in (await self.seek_to_committed()).items():
                if not committed:
                    await self.seek_to_beginning(place)
        for place, end in (await self.end_offsets(self.assignment())).items():
            position = await self.position(place)
            fetched = await self._read(place, position) if position < end else ()
            if records := list(islice(fetched, max_records)):
                read[place] = records
                self.seek(place, read[place][-1].offset + 1)
                _tell_unreadable(place, read[place])
        self._must_go_back = False
        return read

    async def _read(self, place: TopicPartition, position: int) -> Iterator[Any]:
        """The records from a position on, of one fetch; each is made when it is asked for: they may be millions."""
        return _of_fetch(place, await self._fetch(place, position), position)

    async def _fetch(self, place: TopicPartition, position: int) -> bytes:
        """What stands from a position on, undecoded; nothing on an error, which reading without care deals with."""
        wanted = [(place.topic, [(place.partition, position, FETCH_BYTES)])]
        leader = self._client.cluster.leader_for_partition(place)
        response = await self._client.send(leader, FetchRequest(0, 1, FETCH_BYTES, 0, wanted))
        ((_, ((_, error_code, *_, fetched),)),) = response.topics
        return b"" if error_code else fetched


def _of_fetch(place: TopicPartition, fetched: bytes, position: int) -> Iterator[Any]:
    batches = MemoryRecords(fetched)
    while batches.has_next():
        batch = batches.next_batch()
        if not batch.validate_crc():
            raise CorruptRecordException(f"{place.topic}/{place.partition} is not as the broker took it")
        yield from _records(place, batch, position)


def _behind(fetched: bytes, position: int) -> int:
    """Where the next fetch begins: behind the last batch, also where that is a transaction's end and has no record."""
    batches = MemoryRecords(fetched)
    while batches.has_next():
        position = max(position, batches.next_batch().next_offset)
    return position


def _records(place: TopicPartition, batch: Any, position: int) -> Iterator[Any]:
    """The records of a batch from a position on; stand-ins from the first one on that cannot be read."""
    next_offset = batch.base_offset
    try:
        for record in () if batch.is_control_batch else batch:
            if record.offset >= position:
                yield _record(place, record.offset, record.timestamp, record.key, record.value, tuple(record.headers))
            next_offset = record.offset + 1
    except UnsupportedCodecError:
        raise  # a library is missing here: nothing is wrong with the batch
    except Exception as error:
        told = TOO_LARGE_HEADERS if isinstance(error, TooLargeError) else ODD_HEADERS
        for offset in range(max(next_offset, position), batch.next_offset):
            yield _record(place, offset, batch.max_timestamp, None, None, told)


def _record(
    place: TopicPartition, offset: int, timestamp: int, key: bytes | None, value: bytes | None, headers: Any
) -> Any:
    sizes = (len(key or b""), len(value or b""))
    return ConsumerRecord(place.topic, place.partition, offset, timestamp, 0, key, value, None, *sizes, headers)


def _tell_unreadable(place: TopicPartition, records: Sequence[Any]) -> None:
    if offsets := [record.offset for record in records if is_stand_in(record)]:
        unreadable.add(len(offsets), {"topic": place.topic})
        logger.error("%s/%s: unreadable, stepped over: offsets %s", place.topic, place.partition, offsets)
