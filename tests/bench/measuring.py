"""What is measured, one after the other, over one Kafka and one PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

from aiokafka import AIOKafkaProducer
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.processes import Part
from samsyn_local.services import services

from tests.bench.chain import Chain, Database, Throughput
from tests.bench.history import lengthen, num_behind
from tests.bench.listener import Listener
from tests.bench.processes import cpu_seconds_of, memory_of, until_quiet
from tests.bench.raw import create_topics, raw_database_seconds, raw_seconds, relay_seconds
from tests.bench.report import Report, of_latency, of_throughput, say
from tests.bench.said import AT, PARTIES, Sayings

SERVICES, OWN = ("exchange", "planning"), "bench"
# Records that an agency says before it waits for the broker, and the most that a service takes in one transaction;
# with the share of the events that is said so.
BATCHES = ((1, 0.1), (100, 0.4), (500, 1.0))
PACES = ((10, 100), (50, 500), (100, 1000))
NUM_WARMING, NUM_COSTED, ROUNDS = 300, 1000, 5
# A clock that stands still: no TimePassed, no facts that ever settle, so that the planner never solves.
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": AT.isoformat()}


@dataclass(frozen=True)
class Running:
    """The services at work, and the agencies that talk to them."""

    chain: Chain
    producer: AIOKafkaProducer
    parts: Sequence[Part]


class Measuring:
    """One run of the bench."""

    def __init__(self, infrastructure: Infrastructure, num: int) -> None:
        self._infrastructure, self._num = infrastructure, num
        self._sayings = Sayings()
        self._num_copied = 0

    async def all(self, behind: Sequence[int]) -> Report:
        """Everything; with a history of each length that is asked for."""
        await create_topics(self._infrastructure.kafka)
        report: Report = {"throughput": [], "history": []}
        for batch, share in BATCHES:
            async with self._running(batch) as running:
                await running.chain.at_full_speed(self._sayings.next(NUM_WARMING), batch)
                report["throughput"].append(await self._full_speed(running, batch, int(self._num * share) // 10 * 10))
                if batch == BATCHES[-1][0]:
                    report["latency"] = [await self._at_pace(running, *pace) for pace in PACES]
                    report["history"] = [await self._with_history(running, num) for num in behind]
                    report["memory_mb"] = memory_of(running.parts)
        say("Relay alone …")
        seconds = await relay_seconds(self._infrastructure.kafka, self._dsn(OWN), self._sayings.next(self._num))
        report["relay"] = {"n": self._num, "rows_per_second": round(self._num / seconds, 1)}
        return report

    @asynccontextmanager
    async def _running(self, batch: int) -> AsyncIterator[Running]:
        say(f"Starting exchange and planning, which take {batch} records at a time …")
        started = services(self._infrastructure, SERVICES, env={**STILL, "SAMSYN_BATCH_RECORDS": str(batch)})
        kafka = self._infrastructure.kafka
        producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
        with started:
            parts = [*self._infrastructure.parts, *started.parts]
            await until_quiet(parts)  # the planner's processes compile and load first
            async with producer, Listener(kafka, PARTIES) as listener:
                exchange, planning = (Database(self._dsn(name)) for name in SERVICES)
                yield Running(Chain(producer, listener, exchange, planning), producer, parts)

    async def _full_speed(self, running: Running, batch: int, num: int) -> Report:
        say(f"{num} events, {batch} at a time: through Kafka alone, into PostgreSQL alone, through the whole chain …")
        alone = self._sayings.next(num)
        raw = await raw_seconds(self._infrastructure.kafka, running.producer, alone, batch)
        raw_database = await raw_database_seconds(self._dsn(OWN), alone, batch)
        chain, cost = await self._costed(running, num, batch)
        told = {"batch": batch, **of_throughput(chain, raw, raw_database), "cpu_ms_per_event": cost}
        say(f"  {told['events_per_second']} events/s, processor ms per event {cost}")
        return told

    async def _costed(self, running: Running, num: int, batch: int) -> tuple[Throughput, dict[str, float]]:
        """At full speed, with the processor time of each part."""
        records = self._sayings.next(num)
        before = cpu_seconds_of(running.parts)
        chain = await running.chain.at_full_speed(records, batch)
        after = cpu_seconds_of(running.parts)
        return chain, {name: round(1000 * (after[name] - before[name]) / num, 3) for name in after}

    async def _at_pace(self, running: Running, pace: int, num: int) -> Report:
        say(f"{num} events at {pace} a second …")
        told = of_latency(await running.chain.at_pace(self._sayings.next(num), pace))
        say(f"  EventAdmitted {told['event_admitted_ms']}, planning's answer {told['planning_answer_ms']}")
        return told

    async def _with_history(self, running: Running, wanted: int) -> Report:
        """The cost of an event with so many behind it; the median of several rounds."""
        began = time.perf_counter()
        standing = await num_behind(self._dsn("exchange"))
        copies = max(0, -(-wanted // standing) - 1)
        say(f"{standing} events have been said; {copies} copies of their rows put {wanted} or more behind …")
        if copies:
            for name in SERVICES:
                await lengthen(name, self._dsn(name), copies, self._num_copied)
            self._num_copied += copies
        behind = await num_behind(self._dsn("exchange"))
        say(f"  {behind} after {time.perf_counter() - began:.0f} s; {ROUNDS} times {NUM_COSTED} events …")
        await until_quiet(running.parts)
        rounds = [await self._costed(running, NUM_COSTED, BATCHES[-1][0]) for _ in range(ROUNDS)]
        costs = {name: round(median(cost[name] for _, cost in rounds), 3) for name in rounds[0][1]}
        told = {
            "behind": behind,
            "n": ROUNDS * NUM_COSTED,
            "cpu_ms_per_event": costs,
            "cpu_ms_in_all": round(median(sum(cost.values()) for _, cost in rounds), 3),
            "wall_ms_per_event": round(median(1000 * chain.whole / chain.num for chain, _ in rounds), 3),
        }
        say(f"  {told['cpu_ms_in_all']} ms of processors, {told['wall_ms_per_event']} ms per event")
        return told

    def _dsn(self, name: str) -> str:
        return self._infrastructure.database(name)
