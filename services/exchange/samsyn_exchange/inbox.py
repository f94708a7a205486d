"""Reads what parties are told from Kafka, for those that ask over HTTP: one reader and one watcher for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from samsyn_chassis.batches import Retry
from samsyn_contracts.bus import to_topic

logger = logging.getLogger(__name__)
ANSWER_SECONDS = 5.0
FETCH_MILLISECONDS = 1000
WATCH_SECONDS = 0.05
T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """A record as it stands on a party's topic."""

    offset: int
    headers: Sequence[tuple[str, bytes]]
    body: bytes | None


@dataclass(frozen=True)
class Page:
    """What stands on a party's topic from a cursor on; `next` is the cursor of what follows."""

    told: tuple[Told, ...]
    next: int


@dataclass(frozen=True)
class Lost:
    """That a cursor is not one of the topic's: never given, or of what is kept no longer; `earliest` is kept."""

    code: Literal["cursor_unknown", "cursor_gone"]
    earliest: int


class Inbox:
    """The parties' own topics; every method raises Retry while Kafka is away."""

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._reader = _Client(connection)
        # Of its own: on one connection a question for the ends would wait behind a fetch.
        self._asker = _Client(connection)
        self._reading = asyncio.Lock()
        self._waits: dict[TopicPartition, set[_Wait]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Keep the connections until cancelled; they are opened when somebody asks."""
        try:
            await asyncio.Event().wait()
        finally:
            if self._watching is not None:
                self._watching.cancel()
            await self._reader.close()
            await self._asker.close()

    async def read(self, party: str, cursor: int | None, limit: int) -> Page | Lost:
        """What the party was told from the cursor on (None: from the earliest that is kept), maybe nothing."""
        place = TopicPartition(to_topic(party), 0)
        first, end = await self._bounds(place)
        at = first if cursor is None else cursor
        if at > end:
            return Lost("cursor_unknown", first)
        if at < first:
            return Lost("cursor_gone", first)
        told = await self._fetch(place, at, limit) if at < end else ()
        return Page(told, told[-1].offset + 1 if told else at)

    async def end(self, party: str) -> int:
        """The cursor of what the party will be told next."""
        place = TopicPartition(to_topic(party), 0)
        return (await self._ends([place]))[place]

    async def grown(self, party: str, cursor: int) -> None:
        """Wait until something stands on the party's topic at the cursor; cancel it to wait no longer."""
        place, wait = TopicPartition(to_topic(party), 0), _Wait(cursor)
        self._waits.setdefault(place, set()).add(wait)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            await wait.over
        finally:
            self._waits[place].discard(wait)
            if not self._waits[place]:
                del self._waits[place]

    @property
    def num_waits(self) -> int:
        """How many wait for something to be told."""
        return sum(len(waits) for waits in self._waits.values())

    async def _watch(self) -> None:
        """Ask for the ends of all topics that somebody waits for, in one question, until nobody does."""
        while self._waits:
            try:
                ends = await self._ends(list(self._waits))
            except Retry as error:
                self._tell_all(error)
                return
            for place, end in ends.items():
                for wait in self._waits.get(place, ()):
                    wait.look(end)
            await asyncio.sleep(WATCH_SECONDS)

    def _tell_all(self, error: Retry) -> None:
        for wait in [wait for waits in self._waits.values() for wait in waits]:
            if not wait.over.done():
                wait.over.set_exception(error)

    async def _bounds(self, place: TopicPartition) -> tuple[int, int]:
        async def ask(consumer: AIOKafkaConsumer) -> tuple[int, int]:
            firsts, ends = await asyncio.gather(consumer.beginning_offsets([place]), consumer.end_offsets([place]))
            return firsts[place], ends[place]

        return await self._asker.ask(ask)

    async def _ends(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        async def ask(consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
            ends: dict[TopicPartition, int] = await consumer.end_offsets(places)
            return ends

        return await self._asker.ask(ask)

    async def _fetch(self, place: TopicPartition, at: int, limit: int) -> tuple[Told, ...]:
        async def ask(consumer: AIOKafkaConsumer) -> tuple[Told, ...]:
            consumer.assign([place])
            consumer.seek(place, at)
            batch = await consumer.getmany(place, timeout_ms=FETCH_MILLISECONDS, max_records=limit)
            return tuple(Told(one.offset, one.headers, one.value) for one in batch.get(place, ()))

        async with self._reading:
            return await self._reader.ask(ask)


class _Wait:
    """Somebody who waits until a topic ends behind a cursor."""

    def __init__(self, cursor: int) -> None:
        self._cursor = cursor
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def look(self, end: int) -> None:
        if end > self._cursor and not self.over.done():
            self.over.set_result(None)


class _Client:
    """A client of Kafka without a group, opened when it is asked, and anew after a fault."""

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._connection = connection
        self._consumer: AIOKafkaConsumer | None = None
        self._opening = asyncio.Lock()

    async def ask(self, question: Callable[[AIOKafkaConsumer], Awaitable[T]]) -> T:
        consumer: AIOKafkaConsumer | None = None
        try:
            consumer = await asyncio.shield(self._opened())
            async with asyncio.timeout(ANSWER_SECONDS):
                return await question(consumer)
        except (KafkaError, ConsumerStoppedError, OSError, TimeoutError) as error:
            logger.warning("Kafka does not answer those who ask for their inbox: %s", type(error).__name__)
            if consumer is self._consumer:
                await self.close()
            raise Retry(type(error).__name__) from error

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def _opened(self) -> AIOKafkaConsumer:
        async with self._opening:
            if self._consumer is None:
                consumer = AIOKafkaConsumer(
                    enable_auto_commit=False,
                    auto_offset_reset="none",
                    fetch_max_wait_ms=100,
                    request_timeout_ms=int(ANSWER_SECONDS * 1000),
                    **self._connection,
                )
                try:
                    await consumer.start()
                except BaseException:
                    await consumer.stop()
                    raise
                self._consumer = consumer
            return self._consumer
