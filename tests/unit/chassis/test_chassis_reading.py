"""Reading with care makes the records that it was asked for, and reads to the end whatever the log ends with."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c
from samsyn_chassis import reading
from samsyn_chassis.reading import CarefulConsumer, is_stand_in

PLACE = TopicPartition("samsyn.from.polisen.v1", 0)
NUM = 10_000
CRC, CHECKED = 17, 21  # where Kafka's batch header (version 2) keeps the checksum, and what it covers
ATTRIBUTES, CONTROL = 21, 1 << 5  # where it tells what it is, and the bit of one without records
ODD_KEY, ODD_BYTES = "ce_odd", b"ce_\xff\xfe\xfd"


def a_batch(num: int, odd: int | None = None) -> bytes:
    """So many records in one batch; from number `odd` on nobody can read them."""
    batch = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10_000_000)
    for number in range(num):
        batch.append(number, 0, b"", b"", [(ODD_KEY, b"")] if number == odd else [])
    buffer = bytearray(batch.build()).replace(ODD_KEY.encode(), ODD_BYTES)
    return checked(buffer)


def a_transactions_end(offset: int) -> bytes:
    """The batch that tells that a transaction is over: it has an offset, and no record."""
    batch = DefaultRecordBatchBuilder(2, 0, 1, 7, 0, -1, 1000)
    batch.append(0, 0, b"\0\0\0\1", b"\0\0\0\0\0\0", [])
    buffer = bytearray(batch.build())
    struct.pack_into(">q", buffer, 0, offset)
    buffer[ATTRIBUTES + 1] |= CONTROL
    return checked(buffer)


def checked(buffer: bytearray) -> bytes:
    """A batch with the checksum of what it holds now."""
    struct.pack_into(">I", buffer, CRC, calc_crc32c(bytes(buffer[CHECKED:])))
    return bytes(buffer)


class Fed(CarefulConsumer):
    """A consumer that fetches one batch, and stands somewhere in it."""

    def __init__(self, fetched: bytes, position: int) -> None:
        super().__init__(bootstrap_servers="127.0.0.1:1")
        self.fetched, self.at = fetched, position
        self._must_go_back = self._closed = True

    def assignment(self) -> set[TopicPartition]:
        return {PLACE}

    async def seek_to_committed(self, *_partitions: TopicPartition) -> dict[TopicPartition, int]:
        return {PLACE: self.at}

    async def end_offsets(self, _partitions: Any) -> dict[TopicPartition, int]:
        return {PLACE: NUM}

    async def position(self, _partition: TopicPartition) -> int:
        return self.at

    def seek(self, _partition: TopicPartition, offset: int) -> None:
        self.at = offset

    async def beginning_offsets(self, _partitions: Any) -> dict[TopicPartition, int]:
        return {PLACE: 0}

    async def _fetch(self, _place: TopicPartition, _position: int) -> bytes:
        return self.fetched


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The offsets of the records that were made."""
    offsets: list[int] = []
    make = reading._record

    def counting(place: TopicPartition, offset: int, *told: Any) -> Any:
        offsets.append(offset)
        return make(place, offset, *told)

    monkeypatch.setattr(reading, "_record", counting)
    return offsets


async def test_no_more_records_are_made_than_were_asked_for(made: list[int]) -> None:
    consumer = Fed(a_batch(NUM), position=40)

    read = await consumer.getmany(max_records=500)

    assert [record.offset for record in read[PLACE]] == list(range(40, 540)) == made
    assert consumer.at == 540


async def test_no_more_stand_ins_are_made_than_were_asked_for(made: list[int]) -> None:
    consumer = Fed(a_batch(NUM, odd=3), position=9000)

    read = await consumer.getmany(max_records=500)

    assert [record.offset for record in read[PLACE]] == list(range(9000, 9500)) == made
    assert all(is_stand_in(record) for record in read[PLACE])


async def test_a_log_that_ends_with_the_end_of_a_transaction_is_read_to_its_end() -> None:
    consumer = Fed(a_batch(NUM - 1) + a_transactions_end(NUM - 1), position=0)

    read = [record.offset async for record in consumer.read_from(PLACE, NUM - 3)]

    assert read == [NUM - 3, NUM - 2]


async def test_the_end_of_a_transaction_alone_is_stepped_over() -> None:
    consumer = Fed(a_transactions_end(NUM - 1), position=0)

    assert [record async for record in consumer.read_from(PLACE, NUM - 1)] == []


async def test_reading_to_the_end_does_not_wait_for_ever_for_what_does_not_come() -> None:
    consumer = Fed(b"", position=0)

    with pytest.raises(KafkaTimeoutError, match="gives nothing from 5 on"):
        _ = [record async for record in consumer.read_from(PLACE, 5)]
