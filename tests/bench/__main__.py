"""Measures events per second through the whole chain, beside raw Kafka in the same run: `python -m tests.bench`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from aiokafka import AIOKafkaProducer
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services, services

from tests.bench.chain import Chain, Database
from tests.bench.listener import Listener
from tests.bench.raw import create_topics, raw_seconds, relay_seconds
from tests.bench.report import Report, cpu_seconds_of, machine, memory_of, of_latency, of_throughput, say, table
from tests.bench.said import AT, PARTIES, said

REPORT = Path("var/bench/report.json")
SERVICES = ("exchange", "planning")
PACES = ((10, 100), (50, 500))
NUM_WARMING = 300
# A clock that stands still: no TimePassed, no facts that ever settle, so that the planner never solves.
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": AT.isoformat()}


def main() -> None:
    """Start all, measure, write the report, print the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--events", type=int, default=5000, help="events said at full speed (default 5000)")
    asked.add_argument("--batch", type=int, default=500, help="records per batch (default 500)")
    options = asked.parse_args()
    report: Report = {"machine": machine(), "batch": options.batch}
    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        say("Starting Kafka, PostgreSQL, exchange and planning …")
        with Infrastructure.start(Path(folder) / "run", databases=(*SERVICES, "relay"), given={}) as infrastructure:
            with services(infrastructure, SERVICES, env=STILL) as started:
                asyncio.run(_measure(infrastructure, started, report, options.events, options.batch))
            say("Relay alone …")
            report["relay"] = asyncio.run(_relay(infrastructure, options.events, Path(folder)))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(table(report))
    say(f"Written to {REPORT}.")


async def _measure(infrastructure: Infrastructure, started: Services, report: Report, num: int, batch: int) -> None:
    kafka = infrastructure.kafka
    await create_topics(kafka)
    exchange, planning = (Database(infrastructure.database(name)) for name in SERVICES)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    async with producer, Listener(kafka, PARTIES) as listener:
        chain = Chain(producer, listener, exchange, planning)
        say(f"Warming with {NUM_WARMING} events …")
        await chain.at_full_speed(said(NUM_WARMING, "warm"), batch)
        say(f"{num} events through Kafka alone …")
        raw = await raw_seconds(kafka, producer, said(num, "raw"), batch)
        say(f"{num} events through the whole chain …")
        parts = [*infrastructure.parts, *started.parts]
        before = cpu_seconds_of(parts)
        report["throughput"] = of_throughput(await chain.at_full_speed(said(num, "full"), batch), raw)
        after = cpu_seconds_of(parts)
        report["cpu_ms_per_event"] = {name: round(1000 * (after[name] - before[name]) / num, 2) for name in after}
        say(f"  {report['throughput']['events_per_second']} events/s {report['throughput']['seconds']}")
        report["latency"] = []
        for pace, num_paced in PACES:
            say(f"{num_paced} events at {pace} a second …")
            report["latency"].append(of_latency(await chain.at_pace(said(num_paced, f"pace{pace}"), pace)))
    report["memory_mb"] = memory_of(parts)


async def _relay(infrastructure: Infrastructure, num: int, folder: Path) -> Report:
    dsn = infrastructure.database("relay")
    seconds = await relay_seconds(infrastructure.kafka, dsn, said(num, "relay"), folder)
    return {"n": num, "rows_per_second": round(num / seconds, 1), "seconds": round(seconds, 3)}


if __name__ == "__main__":
    main()
