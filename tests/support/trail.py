"""Every record of every topic as it comes: what end-to-end tests wait for, compare and print when they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from samsyn_contracts.bus import event_of, raw_attribute
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected

M = TypeVar("M", bound=Message)
# Generous: after a kill the broker waits ten seconds before it gives a dead consumer's partitions to the next one.
DEADLINE_SECONDS = 120.0


@dataclass(frozen=True)
class Heard:
    """A record as it stands on a topic; broken headers and bodies are kept as they came."""

    topic: str
    partition: int
    offset: int
    written_ms: int
    headers: tuple[tuple[str, bytes | None], ...]
    body: bytes | None

    def attribute(self, name: str) -> str:
        """A CloudEvents attribute, empty if it is missing or unreadable."""
        return raw_attribute(self.headers, name, 200) or ""

    def header(self, name: str) -> str:
        """A plain header, empty if there is none."""
        return next((value.decode("utf-8", "replace") for key, value in self.headers if key == name and value), "")

    @property
    def id(self) -> str:
        """The event's id."""
        return self.attribute("id")

    @property
    def centre(self) -> str:
        """The centre it is about."""
        return self.attribute("centre")

    @property
    def name(self) -> str:
        """The message's name without namespace and version."""
        parts = self.attribute("type").split(".")
        return parts[-2] if len(parts) > 2 else ""

    @property
    def trace_id(self) -> str:
        """The trace it belongs to, from `traceparent`."""
        parts = self.header("traceparent").split("-")
        return parts[1] if len(parts) == 4 else ""

    @cached_property
    def message(self) -> Message:
        """What it says; raises RefusedError where it is no event."""
        return event_of(self.headers, self.body).message

    def __str__(self) -> str:
        told = f"{self.topic:38} {self.name:22} {self.id:36.36} {self.centre:14}"
        about, cause = self.attribute("subject"), self.attribute("causationid")
        codes = ""
        if self.name == EventRejected.__name__ and isinstance(self.message, EventRejected):
            codes = " ".join(f"{reason.pointer}:{reason.code}" for reason in self.message.reasons)
        return f"{told} {about:34} because {cause:24.24} trace {self.trace_id:8.8} {codes}".rstrip()


@dataclass(frozen=True)
class Said(Generic[M]):
    """A message heard, and the record that carried it."""

    message: M
    record: Heard


class Trail:
    """Reads all topics from where they stand at the start, for as long as it is followed."""

    def __init__(self, kafka: str, topics: Mapping[str, int]) -> None:
        self.records: list[Heard] = []
        self._kafka = kafka
        self._places = [TopicPartition(name, number) for name, num in topics.items() for number in range(num)]
        self._reader = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_wait_ms=50)
        # Of its own: on one connection the question for the ends would wait behind a fetch.
        self._asker = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
        self._positions: dict[TopicPartition, int] = {}
        self._come = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None
        self.began: dict[TopicPartition, int] = {}

    async def start(self) -> None:
        """Follow from now on."""
        await self._reader.start()
        await self._asker.start()
        self.began = await self.ends()
        self._positions = dict(self.began)
        self._reader.assign(self._places)
        for place, offset in self.began.items():
            self._reader.seek(place, offset)
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> None:
        """Let go of the connections; raises what ended the reading too early."""
        if self._reading is not None:
            self._reading.cancel()
            outcomes = await asyncio.gather(self._reading, return_exceptions=True)
            failed = [one for one in outcomes if isinstance(one, Exception)]
        await self._reader.stop()
        await self._asker.stop()
        if self._reading is not None and failed:
            raise failed[0]

    async def ends(self) -> dict[TopicPartition, int]:
        """Where every partition ends now."""
        ends: dict[TopicPartition, int] = await self._asker.end_offsets(self._places)
        return ends

    async def first(
        self, wanted: Callable[[Heard], bool], told: str, since: int = 0, seconds: float = DEADLINE_SECONDS
    ) -> Heard:
        """The first record from number `since` on that is wanted; AssertionError if none comes in time."""
        return (await self.all_of(wanted, 1, told, since, seconds))[0]

    async def all_of(
        self, wanted: Callable[[Heard], bool], num: int, told: str, since: int = 0, seconds: float = DEADLINE_SECONDS
    ) -> list[Heard]:
        """The records from number `since` on that are wanted, once there are `num` of them."""
        found: list[Heard] = []
        seen = since

        def enough() -> bool:
            nonlocal seen
            found.extend(record for record in self.records[seen:] if wanted(record))
            seen = len(self.records)
            return len(found) >= num

        try:
            async with asyncio.timeout(seconds), self._come:
                await self._come.wait_for(enough)
        except TimeoutError:
            raise AssertionError(f"{told}: {len(found)} of {num} came within {seconds:.0f} s") from None
        return found

    async def read_to(self, ends: Mapping[TopicPartition, int], seconds: float = DEADLINE_SECONDS) -> None:
        """Wait until everything before these ends is in `records`."""
        async with asyncio.timeout(seconds), self._come:
            await self._come.wait_for(lambda: all(self._positions[place] >= end for place, end in ends.items()))

    def of(self, kind: type[M], topic: str, since: int = 0) -> list[Said[M]]:
        """What was said of a kind on a topic, in order."""
        chosen = [record for record in self.records[since:] if record.topic == topic and record.name == kind.__name__]
        return [Said(message, one) for one in chosen if isinstance(message := one.message, kind)]

    async def _read(self) -> None:
        while True:
            batches = await self._reader.getmany(timeout_ms=200)
            if not batches:
                continue
            async with self._come:
                for place, records in batches.items():
                    self.records += [_heard(record) for record in records]
                    self._positions[place] = records[-1].offset + 1
                self._come.notify_all()


def once(said: Sequence[Said[M]]) -> list[Said[M]]:
    """Each event once, by its id: what a receiver that has heard it before takes it for."""
    return list({one.record.id: one for one in said}.values())


class Mouth:
    """Writes records on topics, whatever is in them."""

    def __init__(self, kafka: str) -> None:
        # Compressed, so that the broker takes what is too large for Samsyn.
        self._producer = AIOKafkaProducer(
            bootstrap_servers=kafka, acks="all", compression_type="gzip", max_request_size=8 * 1024 * 1024
        )

    async def start(self) -> None:
        """Connect."""
        await self._producer.start()

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._producer.stop()

    async def say(self, topic: str, headers: Sequence[tuple[str, bytes]], body: bytes | None) -> int:
        """Write one record and return its offset, once the broker has it."""
        sent = await self._producer.send_and_wait(topic, body, headers=list(headers), partition=0)
        offset: int = sent.offset
        return offset


def _heard(record: object) -> Heard:
    return Heard(
        topic=getattr(record, "topic", ""),
        partition=getattr(record, "partition", 0),
        offset=getattr(record, "offset", 0),
        written_ms=getattr(record, "timestamp", 0),
        headers=tuple(getattr(record, "headers", ())),
        body=getattr(record, "value", None),
    )
