"""Tells when all is quiet: every service, relay, planner and adapter has drained what the last tick brought."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition


class StuckError(RuntimeError):
    """Something did not drain in time; says which part waits for what."""


class Barrier:
    """Watches services by their /status, adapters by the offsets they have heard, and the ends of all topics.

    Quiet means: two looks in a row see the same ends of topics, everybody idle, and everything read to those ends.
    """

    def __init__(
        self,
        kafka: str,
        services: Sequence[str],
        adapters_idle: Callable[[], bool],
        heard: Callable[[], Mapping[str, int]],
        topics: Sequence[str],
        longest_seconds: float = 60.0,
    ) -> None:
        self._consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
        self._services, self._topics, self._longest = services, topics, longest_seconds
        self._adapters_idle, self._heard = adapters_idle, heard
        self._client = httpx.AsyncClient(timeout=10)
        self._partitions: list[TopicPartition] = []

    async def start(self) -> None:
        """Learn the partitions of all topics."""
        await self._consumer.start()
        for topic in self._topics:
            numbers = await _partitions_of(self._consumer, topic)
            self._partitions += [TopicPartition(topic, number) for number in sorted(numbers)]

    async def stop(self) -> None:
        """Let go of the connections."""
        await self._consumer.stop()
        await self._client.aclose()

    async def quiet(self) -> None:
        """Wait until all is quiet; StuckError names what is not after the longest time."""
        until = time.monotonic() + self._longest
        before: dict[tuple[str, int], int] | None = None
        while True:
            ends = await self._ends()
            waiting = await self._waiting(ends)
            if not waiting and ends == before:
                return
            before = None if waiting else ends
            if time.monotonic() > until:
                raise StuckError("; ".join(waiting) or "records keep coming")
            await asyncio.sleep(0.01)

    async def _ends(self) -> dict[tuple[str, int], int]:
        ends = await self._consumer.end_offsets(self._partitions)
        return {(p.topic, p.partition): end for p, end in ends.items()}

    async def _waiting(self, ends: Mapping[tuple[str, int], int]) -> list[str]:
        if not self._adapters_idle():
            return ["an adapter is not idle"]
        behind = [topic for topic, offset in self._heard().items() if ends.get((topic, 0), 0) != offset]
        if behind:
            return [f"an adapter has not heard all of {topic}" for topic in behind]
        answers = await asyncio.gather(*(self._client.get(f"{address}/status") for address in self._services))
        return [reason for answer in answers for reason in _reasons(answer.json(), ends)]


async def _partitions_of(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    for _ in range(100):
        numbers = consumer.partitions_for_topic(topic)
        if numbers:
            return set(numbers)
        await consumer._client.force_metadata_update()
        consumer._client.add_topic(topic)
        await asyncio.sleep(0.05)
    raise StuckError(f"the topic {topic} is not there")


def _reasons(status: Mapping[str, Any], ends: Mapping[tuple[str, int], int]) -> list[str]:
    if not status["idle"]:
        return [f"{status['service']} is at work"]
    topics, positions = set(status["topics"]), status["positions"]
    return [
        f"{status['service']} has not read all of {topic}"
        for (topic, partition), end in ends.items()
        if topic in topics and end > 0 and positions.get(f"{topic}:{partition}", 0) != end
    ]
