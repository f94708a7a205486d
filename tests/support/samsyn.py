"""All of Samsyn running as processes, the clock that tests drive, and the parties that speak as plain Kafka clients."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
from aiokafka import TopicPartition
from samsyn_contracts.bus import Headers, from_topic, headers_of, to_topic
from samsyn_contracts.envelope import Envelope, party_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.services import Services, services
from samsyn_local.traces import span_keeper

from tests.support.trail import DEADLINE_SECONDS, Heard, Mouth, Said, Trail

M = TypeVar("M", bound=Message)
STARTS_AT = datetime(2025, 5, 5, 4, tzinfo=UTC)
QUIET_SECONDS = 120.0


@dataclass
class Samsyn:
    """Exchange, planning, inspection and reporting over a real Kafka and PostgreSQL, with databases of their own."""

    infrastructure: Infrastructure
    services: Services
    databases: Mapping[str, str]
    secret: str
    trail: Trail
    mouth: Mouth
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))
    now_at: datetime = STARTS_AT

    async def pass_time(self, until: datetime, *centres: str) -> None:
        """Drive the clock forward, tell the centres, and wait until all that follows has happened."""
        told = {"now": until.isoformat(), "centres": centres}
        answer = await self.client.post(f"{self.address('exchange')}/v1/clock", json=told)
        assert answer.status_code == 200, answer.text
        self.now_at = until
        await self.quiet()

    async def quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Wait until two looks in a row see the same ends of topics, all read to them, and nobody at work."""
        before: dict[TopicPartition, int] | None = None
        until = time.monotonic() + seconds
        while True:
            ends = await self.trail.ends()
            waiting = await self._waiting(ends)
            if not waiting and ends == before:
                await self.trail.read_to(ends)
                return
            before = None if waiting else ends
            assert time.monotonic() < until, f"no quiet within {seconds:.0f} s: {waiting[:5]}"
            await asyncio.sleep(0.02)

    async def _waiting(self, ends: Mapping[TopicPartition, int]) -> list[str]:
        waits = await asyncio.gather(*(self._waits(name, ends) for name in SERVICES))
        return [reason for reasons in waits for reason in reasons]

    async def _waits(self, name: str, ends: Mapping[TopicPartition, int]) -> list[str]:
        """What a service still has to do; its database tells what it has read, for a restarted process forgets.

        That first: whether it is at work with what it has read by then is told afterwards.
        """
        rows = await self.rows(name, "select topic, partition, next_offset from position")
        status = (await self.client.get(f"{self.address(name)}/status")).json()
        if not status["idle"]:
            return [f"{name} is at work"]
        read = {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        mine = {place: end for place, end in ends.items() if place.topic in status["topics"]}
        return [
            f"{name} has not read all of {place.topic}/{place.partition}"
            for place, end in mine.items()
            if self.is_new(place, end) and read.get(place, 0) < end
        ]

    async def rows(self, service: str, query: str, *values: object) -> list[asyncpg.Record]:
        """Ask a service's database."""
        async with self.connected(service) as connection:
            rows: list[asyncpg.Record] = await connection.fetch(query, *values)
        return rows

    @asynccontextmanager
    async def connected(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection to a service's database."""
        connection = await asyncpg.connect(self.databases[service])
        try:
            yield connection
        finally:
            await connection.close()

    async def row_comes(self, service: str, query: str, *values: object) -> asyncpg.Record:
        """Wait until a query of a service's database finds something, and return its first row."""
        until = time.monotonic() + DEADLINE_SECONDS
        async with self.connected(service) as connection:
            while not (rows := await connection.fetch(query, *values)):
                assert time.monotonic() < until, f"{service}'s database still answers nothing to: {query}"
                await asyncio.sleep(0.01)
        return rows[0]

    def address(self, service: str) -> str:
        """Where a service answers over HTTP."""
        return f"http://127.0.0.1:{self.services.http_port(service)}"

    def log_files(self) -> Sequence[Path]:
        """Everything that the run has written beside its databases: logs and spans."""
        run = self.infrastructure.run.path
        return [*sorted(run.glob("log/*")), *sorted((run / "state" / "spans").glob("*"))]

    def log(self, name: str) -> str:
        """What a service has logged in this run."""
        return self.services.part(name).log.read_text(encoding="utf-8", errors="replace")

    def kill(self, name: str) -> None:
        """End a service as a crash would."""
        self.services.kill(name)

    async def start(self, *names: str) -> None:
        """Start services, side by side, and wait until they are up."""
        for name in names:
            self.services.part(name).start()
        for name in names:
            await asyncio.to_thread(self.services.part(name).wait_ready)

    async def stop(self, *names: str) -> None:
        """Stop services as an operator would, side by side."""
        await asyncio.gather(*(asyncio.to_thread(self.services.part(name).stop) for name in names))

    def is_new(self, place: TopicPartition, end: int) -> bool:
        """Whether anything was written at a place, which ends there now, during this run."""
        return end > self.trail.began[place]

    def party(self, code: str, centre: str) -> Party:
        """A party of the register, speaking about one centre."""
        return Party(self, code, centre)


@dataclass(frozen=True)
class Party:
    """An agency or a centre as a Kafka client of its own: writes on its own topic, reads what it is told."""

    samsyn: Samsyn
    code: str
    centre: str

    def envelope(self, message: Message, **attributes: Any) -> Envelope:
        """An envelope of this party's, about its centre and now, but for the attributes given."""
        told = {
            "id": f"e2e-{uuid.uuid4()}",
            "source": party_source(self.code),
            "type": message.type_name(),
            "time": self.samsyn.now_at,
            "centre": self.centre,
            "environment": "test",
            "traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01",
        }
        return Envelope.model_validate(told | attributes)

    async def say(self, message: Message, **attributes: Any) -> Envelope:
        """Say it and go on; returns the envelope that it was said in."""
        envelope = self.envelope(message, **attributes)
        await self.say_raw(headers_of(envelope), message.body())
        return envelope

    async def tell(self, message: Message, **attributes: Any) -> Envelope:
        """Say it and wait until it is kept."""
        envelope = await self.say(message, **attributes)
        await self.admitted(envelope.id)
        return envelope

    async def say_raw(self, headers: Headers, body: bytes | None) -> int:
        """Write a record on the party's own topic; returns its offset."""
        return await self.samsyn.mouth.say(from_topic(self.code), headers, body)

    async def admitted(self, event_id: str, since: int = 0) -> Said[EventAdmitted]:
        """Wait for the answer that an event is kept."""
        return await self.hear(EventAdmitted, lambda answer: answer.admitted_id == event_id, since)

    async def rejected(self, event_id: str, since: int = 0) -> Said[EventRejected]:
        """Wait for the answer that an event has no effect."""
        return await self.hear(EventRejected, lambda answer: answer.rejected_id == event_id, since)

    async def hear(
        self,
        kind: type[M],
        where: Callable[[M], bool] = lambda _message: True,
        since: int = 0,
        seconds: float = DEADLINE_SECONDS,
    ) -> Said[M]:
        """Wait for a message of a kind that the party is told about its centre."""

        def wanted(record: Heard) -> bool:
            if (record.topic, record.name) != (to_topic(self.code), kind.__name__):
                return False
            message = record.message
            return isinstance(message, kind) and where(message)

        record = await self.samsyn.trail.first(wanted, f"{kind.__name__} to {self.code}", since, seconds)
        assert isinstance(record.message, kind)
        return Said(record.message, record)

    def told(self, kind: type[M], since: int = 0) -> list[Said[M]]:
        """What it has been told of a kind about its centre so far."""
        return [s for s in self.samsyn.trail.of(kind, to_topic(self.code), since) if s.record.centre == self.centre]

    def records(self, since: int = 0) -> list[Heard]:
        """Every record that it has been told so far, whatever it is about."""
        return [record for record in self.samsyn.trail.records[since:] if record.topic == to_topic(self.code)]

    async def put_contents(self, ref: str, body: bytes, about: str) -> int:
        """Keep contents about an operation or a site under a reference; returns the HTTP status."""
        told, asked = self._authorization(), {"about": about}
        answer = await self.samsyn.client.put(self._contents(ref), content=body, headers=told, params=asked)
        return answer.status_code

    async def get_contents(self, ref: str) -> httpx.Response:
        """Ask for contents."""
        return await self.samsyn.client.get(self._contents(ref), headers=self._authorization())

    async def acknowledge_contents(self, ref: str) -> int:
        """Say that contents have come into the own system; returns the HTTP status."""
        answer = await self.samsyn.client.post(f"{self._contents(ref)}/acknowledged", headers=self._authorization())
        return answer.status_code

    async def ask(self, path: str) -> httpx.Response:
        """Ask the exchange for a page, by the party's own token."""
        return await self.samsyn.client.get(self.samsyn.address("exchange") + path, headers=self._authorization())

    def _contents(self, ref: str) -> str:
        return f"{self.samsyn.address('exchange')}/v1/contents/{ref}"

    def _authorization(self) -> dict[str, str]:
        token = hmac.new(self.samsyn.secret.encode(), self.code.encode(), hashlib.sha256).hexdigest()
        return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def running_samsyn(infrastructure: Infrastructure) -> AsyncIterator[Samsyn]:
    """All services, on empty topics and databases; everything that was started is stopped at the end."""
    await asyncio.to_thread(infrastructure.empty_topics)
    if infrastructure.otlp is None:
        spans = span_keeper(infrastructure.run, infrastructure.mark)
        infrastructure.parts.append(spans)
        await asyncio.to_thread(spans.start)
        await asyncio.to_thread(spans.wait_ready)
        infrastructure.otlp = spans.address
    mark, secret = secrets.token_hex(4), secrets.token_hex(32)
    named = {name: f"{name}_{mark}" for name in SERVICES}
    databases = {name: await asyncio.to_thread(infrastructure.create_database, named[name]) for name in SERVICES}
    env = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": STARTS_AT.isoformat(), "SAMSYN_TOKEN_SECRET": secret}
    running = services(infrastructure, SERVICES, env, databases=databases)
    trail = Trail(infrastructure.kafka, {topic.name: topic.partitions for topic in infrastructure.topics})
    mouth = Mouth(infrastructure.kafka)
    samsyn = Samsyn(infrastructure, running, databases, secret, trail, mouth)
    try:
        await trail.start()
        await mouth.start()
        await samsyn.start(*SERVICES)
        yield samsyn
    finally:
        await samsyn.client.aclose()
        await mouth.stop()
        with contextlib.ExitStack() as last:
            for name in named.values():
                last.callback(infrastructure.drop_database, name)
            last.callback(running.stop)
            await trail.stop()
