"""A simulated Kafka: partitions, offsets of groups, producers that may break, readers whose partitions move."""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any

from aiokafka.errors import CommitFailedError, KafkaConnectionError

PARTITIONS = 4
Place = tuple[str, int]
Between = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Record:
    """A record as it stands on a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int = 0

    def header(self, name: str) -> str:
        """A header's text; empty where there is none."""
        return next((value.decode("utf-8", "replace") for key, value in self.headers if key == name), "")


@dataclass
class Bus:
    """All topics, and how far each group has said that it has read."""

    random: Random
    logs: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))
    committed: dict[tuple[str, Place], int] = field(default_factory=dict)
    watchers: list[Callable[[Record], None]] = field(default_factory=list)
    on_offsets: Callable[[str, Place, int], None] = lambda group, place, position: None
    groups: dict[str, list[Reader]] = field(default_factory=lambda: defaultdict(list))
    topics_of: dict[str, Sequence[str]] = field(default_factory=dict)
    is_away: bool = False

    def places(self, topic: str) -> list[Place]:
        """A topic's partitions: one where order is a party's, several where it is a key's."""
        is_party = topic.startswith(("samsyn.from.", "samsyn.to.", "samsyn.dlq."))
        return [(topic, number) for number in range(1 if is_party else PARTITIONS)]

    def place_of(self, topic: str, key: bytes | None) -> Place:
        """The partition of a key."""
        places = self.places(topic)
        return places[zlib.crc32(key or b"") % len(places)]

    def append(
        self, topic: str, value: bytes | None, key: bytes | None, headers: Iterable[tuple[str, bytes]], at: int = 0
    ) -> Record:
        """Write a record at the end of its key's partition."""
        place = self.place_of(topic, key)
        record = Record(*place, len(self.logs[place]), key, value, tuple(headers), at)
        self.logs[place].append(record)
        for watcher in self.watchers:
            watcher(record)
        for readers in self.groups.values():
            for reader in readers:
                reader.wake(place)
        return record

    def share_out(self, group: str) -> None:
        """Give every partition to one of the group's readers, any of them."""
        readers = [reader for reader in self.groups[group] if reader.is_open]
        shares: dict[int, list[Place]] = {number: [] for number in range(len(readers))}
        for topic in sorted({topic for reader in readers for topic in reader.topics}):
            for place in self.places(topic):
                shares[self.random.randrange(len(readers))].append(place)
        for number, reader in enumerate(readers):
            reader.assigned(shares[number])

    def lag(self) -> dict[str, int]:
        """How many records each group has not said that it has read; groups without lag are left out."""
        found: dict[str, int] = defaultdict(int)
        for group, topics in self.topics_of.items():
            for place in {place for topic in topics for place in self.places(topic)}:
                found[group] += len(self.logs[place]) - self.committed.get((group, place), 0)
        return {group: number for group, number in found.items() if number}


class Reader:
    """One subscription of one process; reads batches of its partitions, in order within each."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str], most: int) -> None:
        self.topics, self.is_open = topics, True
        self._bus, self._group, self._most = bus, group, most
        self._positions: dict[Place, int] = {}
        self._generation = 0
        self._grown = asyncio.Event()
        bus.groups[group].append(self)
        bus.topics_of[group] = topics

    def assigned(self, places: Iterable[Place]) -> None:
        """These partitions are its own from now on, from where the group stands."""
        self._generation += 1
        self._positions = {place: self._bus.committed.get((self._group, place), 0) for place in places}
        self._grown.set()

    def back(self) -> None:
        """Read again what was not acknowledged."""
        self.assigned(list(self._positions))

    def wake(self, place: Place) -> None:
        """A partition has grown."""
        if place in self._positions:
            self._grown.set()

    def close(self) -> None:
        """Leave the group; others get its partitions."""
        self.is_open = False
        self._bus.groups[self._group].remove(self)
        if self._bus.groups[self._group]:
            self._bus.share_out(self._group)

    async def batches(self, between: Between) -> Any:
        """Batches for ever, each with its acknowledgement."""
        while self.is_open:
            self._grown.clear()
            batch = [] if self._bus.is_away else self._taken()
            if not batch:
                await self._until_grown()
                continue
            await between("fetched")
            yield SimpleNamespace(raw_message=tuple(batch), ack=self._acknowledgement(between))

    async def _until_grown(self) -> None:
        try:
            await asyncio.wait_for(self._grown.wait(), 30.0)
        except TimeoutError:
            return

    def _taken(self) -> list[Record]:
        """Some records of some partitions; partitions overtake each other, records of one never."""
        places = [place for place, position in self._positions.items() if position < len(self._bus.logs[place])]
        if not places:
            return []
        chosen = self._bus.random.sample(places, self._bus.random.randint(1, len(places)))
        left, batch = self._bus.random.choice((1, 3, 20, self._most)), list[Record]()
        for place in chosen:
            start = self._positions[place]
            found = self._bus.logs[place][start : start + left]
            self._positions[place] += len(found)
            batch += found
            left -= len(found)
        return batch

    def _acknowledgement(self, between: Between) -> Callable[[], Awaitable[None]]:
        generation, positions = self._generation, dict(self._positions)

        async def acknowledge() -> None:
            await between("before offsets")
            if generation != self._generation or not self.is_open:
                raise CommitFailedError("the partitions are another's")
            for place, position in positions.items():
                if position != self._bus.committed.get((self._group, place), 0):
                    self._bus.committed[self._group, place] = position
                    self._bus.on_offsets(self._group, place, position)
            await between("after offsets")

        return acknowledge


class Producer:
    """What the relay sends with, in the form of aiokafka's; once it is broken, nothing more comes through."""

    def __init__(self, bus: Bus, between: Between, fails: Callable[[], bool]) -> None:
        self._bus, self._between, self._fails = bus, between, fails
        self._is_broken = False

    async def start(self) -> None:
        """Connect."""
        if self._bus.is_away:
            raise KafkaConnectionError("no broker")

    async def stop(self) -> None:
        """Disconnect."""
        self._is_broken = True

    async def send(
        self, topic: str, value: bytes, *, key: bytes, headers: Iterable[tuple[str, bytes]], timestamp_ms: int = 0
    ) -> asyncio.Future[object]:
        """The future of a record's acknowledgement; an idempotent producer lets nothing pass what has failed."""
        await self._between("before produce")
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        breaks = self._fails()
        # The answer of a broken connection may be lost behind a record that has arrived.
        arrives = not self._is_broken and not self._bus.is_away and (not breaks or self._bus.random.random() < 0.5)
        if arrives:
            self._bus.append(topic, value, key, headers, timestamp_ms)
        if breaks or self._is_broken or self._bus.is_away:
            self._is_broken = True
            future.set_exception(KafkaConnectionError("the connection broke"))
        else:
            future.set_result(object())
        await self._between("after produce")
        return future
