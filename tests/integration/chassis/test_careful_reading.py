"""A batch that no client can read is stepped over, said aloud, and costs nobody else a record."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from samsyn_chassis.reading import CarefulConsumer
from samsyn_chassis.unpacking import MOST_UNPACKED

from tests.integration.chassis.odd_batches import ODD_KEY, none_left, say_in_one_batch

__all__ = ["none_left"]
pytestmark = pytest.mark.usefixtures("none_left")
ODD = ([(ODD_KEY, b"x")], b"odd")
TOPICS = [f"samsyn.from.{party}.v1" for party in ("polisen", "skatteverket", "arbetsmiljoverket", "migrationsverket")]
Read = list[tuple[str, int, bytes | None]]


def good(text: str) -> tuple[list[tuple[str, bytes]], bytes]:
    return [("ce_id", b"any")], text.encode()


class Reader:
    """Reads as a service does: a batch, its effects, then the commit of where it stands."""

    def __init__(self, kafka: str, make: Callable[..., Any] = CarefulConsumer) -> None:
        self._options = {"bootstrap_servers": kafka, "group_id": f"careful-{uuid.uuid4().hex[:8]}"}
        self._make = make

    async def read(self, until: Callable[[Read], bool], seconds: float = 120) -> Read:
        """What is read from where the group stands, until it is as wanted."""
        read: Read = []
        ends = time.monotonic() + seconds
        async with self._make(
            *TOPICS, auto_offset_reset="earliest", enable_auto_commit=False, fetch_max_wait_ms=100, **self._options
        ) as consumer:
            while not until(read):
                assert time.monotonic() < ends, f"read only {read[-20:]}"
                for records in (await consumer.getmany(timeout_ms=25, max_records=500)).values():
                    read += [(record.topic, record.offset, record.value) for record in records]
                await consumer.commit()
        return read

    async def stand_at_the_end(self) -> None:
        """Let the group begin behind everything that stands on the topics."""
        async with AIOKafkaConsumer(**self._options) as consumer:
            places = [TopicPartition(topic, 0) for topic in TOPICS]
            consumer.assign(places)
            await consumer.commit(await consumer.end_offsets(places))


def has(*texts: str) -> Callable[[Read], bool]:
    return lambda read: {text.encode() for text in texts} <= {value for _, _, value in read}


def values(read: Read, topic: str) -> Sequence[bytes | None]:
    return [value for one, _, value in read if one == topic]


async def test_what_stands_behind_and_beside_an_unreadable_batch_is_read_once_and_in_order(kafka: str) -> None:
    reader = Reader(kafka)
    await reader.stand_at_the_end()
    for topic in TOPICS:
        await say_in_one_batch(kafka, topic, good(f"{topic} 1"), good(f"{topic} 2"))
    (odd,) = await say_in_one_batch(kafka, TOPICS[1], ODD)
    for topic in TOPICS:
        await say_in_one_batch(kafka, topic, good(f"{topic} 3"))

    read = await reader.read(has(*(f"{topic} 3" for topic in TOPICS)))

    for topic in TOPICS:
        told = [f"{topic} {number}".encode() for number in (1, 2, 3)]
        assert [value for value in values(read, topic) if value is not None] == told
    assert [(topic, offset) for topic, offset, value in read if value is None] == [(TOPICS[1], odd)]


async def test_of_an_unreadable_batch_what_stands_before_the_odd_record_is_read_and_the_rest_is_named(
    kafka: str,
) -> None:
    reader = Reader(kafka)
    await reader.stand_at_the_end()
    offsets = await say_in_one_batch(kafka, TOPICS[0], good("before"), ODD, good("behind"))
    await say_in_one_batch(kafka, TOPICS[0], good("next"))

    read = await reader.read(has("next"))

    assert read == [
        (TOPICS[0], offsets[0], b"before"),
        (TOPICS[0], offsets[1], None),
        (TOPICS[0], offsets[2], None),
        (TOPICS[0], offsets[2] + 1, b"next"),
    ]


async def test_a_storm_of_unreadable_batches_of_one_party_delays_no_other(kafka: str) -> None:
    reader = Reader(kafka)
    await reader.stand_at_the_end()
    for number in range(20):
        await say_in_one_batch(kafka, TOPICS[0], ODD)
        await say_in_one_batch(kafka, TOPICS[2], good(f"other {number}"))

    read = await reader.read(has("other 19"))

    assert values(read, TOPICS[2]) == [f"other {number}".encode() for number in range(20)]


async def test_a_group_that_has_committed_nothing_yet_loses_nothing(fresh_topics: str) -> None:
    await say_in_one_batch(fresh_topics, TOPICS[3], good("first"))
    await say_in_one_batch(fresh_topics, TOPICS[0], ODD)
    await say_in_one_batch(fresh_topics, TOPICS[0], good("second"))

    read = await Reader(fresh_topics).read(has("first", "second"))

    assert sorted((topic, value or b"") for topic, _, value in read) == [
        (TOPICS[3], b"first"),
        (TOPICS[0], b""),
        (TOPICS[0], b"second"),
    ]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
async def test_a_batch_that_unpacks_to_more_than_any_of_ours_is_stepped_over_and_not_unpacked(
    kafka: str, compression: str
) -> None:
    reader = Reader(kafka)
    await reader.stand_at_the_end()
    size = MOST_UNPACKED + 1
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, compression_type=compression, max_request_size=size + 1000
    ) as producer:
        bomb = await producer.send_and_wait(TOPICS[0], bytes(size))
    await say_in_one_batch(kafka, TOPICS[0], good("next"))

    read = await reader.read(has("next"))

    assert read == [(TOPICS[0], bomb.offset, None), (TOPICS[0], bomb.offset + 1, b"next")]


async def test_aiokafka_alone_stands_still_at_an_unreadable_batch(kafka: str) -> None:
    """The fault that the careful consumer is there for; when this fails, aiokafka has mended it."""
    reader = Reader(kafka, AIOKafkaConsumer)
    await reader.stand_at_the_end()
    await say_in_one_batch(kafka, TOPICS[0], ODD)

    failure: Exception | None = None
    try:
        await reader.read(has("never"), seconds=60)
    except UnicodeDecodeError as error:
        failure = error

    assert failure is not None
