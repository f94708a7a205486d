"""Asks the parts of a run how they are, all at once and for a second at most; what does not answer is said so."""

import asyncio
import http.client
import json
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

Answer = TypeVar("Answer")
Place = tuple[str, int]

ASK_SECONDS = 1.2
POSITIONS = 'select topic, "partition", next_offset from "position"'
OUTBOX = """
select cast(extract(epoch from now() - min(created_at) filter (where parked_reason is null)) as float8) as oldest,
  count(*) filter (where parked_reason is not null) as parked
from outbox where sent_at is null
"""


@dataclass(frozen=True)
class Outbox:
    """What waits: the age of the oldest row unsent (None where nothing waits), and how many never can be sent."""

    oldest_seconds: float | None
    num_parked: int


@dataclass(frozen=True)
class OfService:
    """What a service's page and database told; None where they did not answer."""

    status: Mapping[str, Any] | None = None
    positions: Mapping[Place, int] | None = None
    outbox: Outbox | None = None


@dataclass(frozen=True)
class Answers:
    """What was answered; `ends` are the first and the next offset of each place, None where Kafka did not answer."""

    services: Mapping[str, OfService]
    ends: Mapping[Place, tuple[int, int]] | None
    not_asked: Sequence[str]


@dataclass
class _Asking:
    """Notes what could not be asked, and why."""

    not_asked: list[str] = field(default_factory=list)

    async def ask(self, what: str, answer: Awaitable[Answer]) -> Answer | None:
        """The answer, None if it does not come in time."""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await answer
        except (
            OSError,
            TimeoutError,
            ValueError,
            KafkaError,
            asyncpg.PostgresError,
            http.client.HTTPException,
        ) as error:
            self.not_asked.append(f"{what}: {_why(error)}")
            return None


async def ask_all(told: Mapping[str, Any], names: Sequence[str], topics: Mapping[str, int]) -> Answers:
    """Ask services, databases and Kafka at the addresses of a run's status; `topics` are names and partitions."""
    asking = _Asking()
    ends, services = await asyncio.gather(
        asking.ask("Kafka (lag, dead letters)", _ends(told["kafka"], topics)),
        asyncio.gather(*(_of_service(asking, name, told) for name in names)),
    )
    return Answers(dict(zip(names, services, strict=True)), ends, sorted(asking.not_asked))


async def _of_service(asking: _Asking, name: str, told: Mapping[str, Any]) -> OfService:
    address, dsn = told["parts"][name]["address"], told["databases"][name]
    status, rows = await asyncio.gather(
        asking.ask(f"{name} (alerts, times)", asyncio.to_thread(_page, f"{address}/status")),
        asking.ask(f"{name}'s database (lag, outbox)", _rows(dsn)),
    )
    return OfService(status, *(rows or (None, None)))


def _page(address: str) -> Mapping[str, Any]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ASK_SECONDS)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        told = json.loads(response.read())
    finally:
        connection.close()
    if response.status != http.client.OK or not isinstance(told, dict):
        raise ValueError(f"answers {response.status}")
    return told


async def _rows(dsn: str) -> tuple[Mapping[Place, int], Outbox]:
    connection = await asyncpg.connect(dsn, timeout=ASK_SECONDS)
    try:
        positions = {(row["topic"], row["partition"]): row["next_offset"] for row in await connection.fetch(POSITIONS)}
        outbox = await connection.fetchrow(OUTBOX)
    finally:
        connection.terminate()
    return positions, Outbox(outbox["oldest"], outbox["parked"])


async def _ends(bootstrap: str, topics: Mapping[str, int]) -> Mapping[Place, tuple[int, int]]:
    places = [TopicPartition(name, number) for name, partitions in topics.items() for number in range(partitions)]
    # Subscribed to all, it learns of all in one request; it reads nothing, and is a member of no group.
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="latest")
    await consumer.start()
    try:
        begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {(place.topic, place.partition): (begins[place], ends[place]) for place in places}


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nobody answers there"
    if isinstance(error, TimeoutError):
        return f"no answer within {ASK_SECONDS:g} s"
    return f"{type(error).__name__}: {error}" if isinstance(error, ValueError) else type(error).__name__
