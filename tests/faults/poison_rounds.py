"""A round: one hostile record, a hundred good ones behind it on the same partition, and how long these had to wait."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from samsyn_contracts.bus import event_of, to_topic

from tests.faults.poison_kinds import Kind, Record, Where, new_id
from tests.faults.poison_place import PARTITION, READERS, TOPICS, Place, a_base, good_ones
from tests.integration.chassis.odd_batches import ODD_KEY, say_in_one_batch

NUM_GOOD = 100
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.005
IN_INBOX = "select id from inbox where id = any($1::text[])"


@dataclass(frozen=True)
class Written:
    """A hostile record where it stands, and what it was."""

    kind: Kind
    where: Where
    topic: str
    partition: int
    offset: int
    event_id: str
    record: Record

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass
class Rounds:
    """What was written, and by round the seconds that each good one took to have its effect."""

    place: Place
    written: list[Written] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    heard: dict[str, tuple[float, Any]] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self._stack, self._come = AsyncExitStack(), asyncio.Condition()
        kafka = self.place.kafka
        self._producers = {
            way: await self._stack.enter_async_context(
                AIOKafkaProducer(
                    bootstrap_servers=kafka,
                    acks="all",
                    compression_type=None if way == "plain" else way,
                    max_request_size=64 * 1024 * 1024 if way in ("gzip", "zstd") else 1024 * 1024,
                )
            )
            for way in ("plain", "gzip", "zstd")
        }
        self._listener = AIOKafkaConsumer(to_topic("polisen"), bootstrap_servers=kafka, fetch_max_wait_ms=20)
        await self._stack.enter_async_context(self._listener)
        self._inboxes = {
            name: await asyncpg.connect(self.place.databases[name]) for name in {*READERS["service"], "exchange"}
        }
        for connection in self._inboxes.values():
            self._stack.push_async_callback(connection.close)
        listening = asyncio.create_task(self._listen())
        self._stack.callback(listening.cancel)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stack.aclose()

    async def poisoned(self, where: Where, kind: Kind) -> None:
        """One hostile record, and good ones behind it."""
        event_id = new_id(kind.name)
        record = kind.spoil(a_base(where, event_id))
        offset = await self._write(where, record)
        topic, partition = TOPICS[where], _partition(where)
        self.written.append(Written(kind, where, topic, partition, offset, event_id, record))
        self.seconds[f"{where}: {kind.name}"] = await self._behind(where)

    async def clean(self, where: Where) -> None:
        """Good ones alone, to compare with."""
        self.seconds.setdefault(where, []).extend(await self._behind(where))

    def told(self, where: Where, *, is_clean: bool) -> list[float]:
        """The seconds of all good ones of a place, of rounds with poison or without."""
        if is_clean:
            return self.seconds.get(where, [])
        return [one for name, told in self.seconds.items() if name.startswith(f"{where}: ") for one in told]

    def longest(self, where: Where, kind: Kind) -> float:
        """The longest that a good one behind this kind had to wait."""
        return max(self.seconds[f"{where}: {kind.name}"], default=0.0)

    async def _write(self, where: Where, record: Record) -> int:
        topic = TOPICS[where]
        if record.way == "odd key":
            headers = [*((name, value or b"") for name, value in record.headers), (ODD_KEY, b"x")]
            offsets = await say_in_one_batch(
                self.place.kafka, topic, (headers, record.body or b""), partition=_partition(where)
            )
            return offsets[0]
        way = record.way if record.way in self._producers else "plain"
        if record.size > 1000 * 1024 and way == "plain":
            way = "gzip"
        sent = await self._producers[way].send_and_wait(
            topic, record.body, key=record.key, headers=list(record.headers), partition=_partition(where)
        )
        return int(sent.offset)

    async def _behind(self, where: Where) -> list[float]:
        """Say the good ones as fast as they can be said; how long each took until all who act on it have."""
        good = good_ones(where, NUM_GOOD)
        said_at: dict[str, float] = {}
        waiting = []
        for id_, record, _ in good:
            said_at[id_] = time.monotonic()
            sent = self._producers["plain"].send(
                TOPICS[where], record.body, key=record.key, headers=list(record.headers), partition=_partition(where)
            )
            waiting.append(await sent)
        await asyncio.gather(*waiting)
        done_at = await (self._answered(said_at) if where == "party" else self._taken(good))
        self.lost += [f"{where} {id_}" for id_ in said_at.keys() - done_at.keys()]
        return [done_at[id_] - at for id_, at in said_at.items() if id_ in done_at]

    async def _answered(self, said_at: Mapping[str, float]) -> dict[str, float]:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS), self._come:
                await self._come.wait_for(lambda: said_at.keys() <= self.heard.keys())
        return {id_: self.heard[id_][0] for id_ in said_at if id_ in self.heard}

    async def _taken(self, good: Sequence[tuple[str, Record, Sequence[str]]]) -> dict[str, float]:
        """When each good one stood in the inbox of the last service that acts on it."""
        left = {name: {id_ for id_, _, readers in good if name in readers} for name in READERS["service"]}
        done_at: dict[str, float] = {}
        until = time.monotonic() + PATIENCE_SECONDS
        while any(left.values()) and time.monotonic() < until:
            for name, ids in left.items():
                rows = await self._inboxes[name].fetch(IN_INBOX, list(ids)) if ids else ()
                now = time.monotonic()
                done_at |= {row["id"]: now for row in rows}
                ids -= {row["id"] for row in rows}
            await asyncio.sleep(LOOK_SECONDS)
        missing = set().union(*left.values())
        return {id_: at for id_, at in done_at.items() if id_ not in missing}

    async def _listen(self) -> None:
        async for record in self._listener:
            message = event_of(record.headers, record.value).message
            told = getattr(message, "admitted_id", None) or getattr(message, "rejected_id", None)
            if told is not None:
                self.heard.setdefault(told, (time.monotonic(), message))
                async with self._come:
                    self._come.notify_all()


def _partition(where: Where) -> int:
    return 0 if where == "party" else PARTITION
