"""Writes what no client of ours would: a batch with a record that has a header key that is not UTF-8."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.util import calc_crc32c
from samsyn_local.infrastructure import Infrastructure

# In place of this key of a header, bytes of the same number that are not UTF-8.
ODD_KEY = "ce_odd"
ODD_BYTES = b"ce_\xff\xfe\xfd"
CRC, CHECKED = 17, 21  # where Kafka's batch header (version 2) keeps the checksum, and what it covers

Headers = Sequence[tuple[str, bytes]]


class OddBatch(BatchBuilder):  # type: ignore[misc]  # aiokafka has no types
    """A batch, not compressed, whose odd header keys are made odd when it is sent."""

    def _build(self) -> bytearray:
        buffer = bytearray(super()._build()).replace(ODD_KEY.encode(), ODD_BYTES)
        struct.pack_into(">I", buffer, CRC, calc_crc32c(bytes(buffer[CHECKED:])))
        return buffer


async def say_in_one_batch(kafka: str, topic: str, *records: tuple[Headers, bytes], partition: int = 0) -> range:
    """Write records as one batch; the offsets that they have."""
    batch = OddBatch(batch_size=1024 * 1024, compression_type=0)
    for headers, body in records:
        batch.append(timestamp=None, key=b"any", value=body, headers=headers)
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        written = await (await producer.send_batch(batch, topic, partition=partition))
    first: int = written.offset
    return range(first, first + len(records))


@pytest.fixture(scope="module")
def none_left(infrastructure: Infrastructure) -> Iterator[None]:
    """Empty the topics when the module ends: other tests read them with clients that stand still at an odd batch."""
    yield
    infrastructure.empty_topics()
