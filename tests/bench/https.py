"""Measures how long the HTTPS profile takes to answer, and how soon a long poll tells: `python -m tests.bench.https`.

Over plain HTTP on this machine: what TLS and a network add is not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import httpx
from samsyn_contracts.web import BATCH, STRUCTURED, batch, structured
from samsyn_exchange.tokens import token_for
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services, services

from tests.bench.said import AT, Sayings

SECRET = "of-the-bench-".ljust(40, "x")
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": AT.isoformat(), "SAMSYN_TOKEN_SECRET": SECRET}
PARTY, NUM_WARMING, POLL_SECONDS, TOGETHER = "skatteverket", 50, 30, 100


def main() -> None:
    """Start Kafka, PostgreSQL and the exchange, measure, print three lines."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.https", description=__doc__)
    asked.add_argument("--events", type=int, default=300, help="events said one by one (default 300)")
    num = asked.parse_args().events
    with (
        tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder,
        Infrastructure.start(Path(folder) / "run", databases=("exchange",), given={}) as infrastructure,
        services(infrastructure, ["exchange"], env=STILL) as started,
    ):
        asyncio.run(_measure(started, num))


async def _measure(started: Services, num: int) -> None:
    headers = {"Authorization": f"Bearer {token_for(SECRET, PARTY)}"}
    sayings = Sayings()
    address = f"http://127.0.0.1:{started.http_port('exchange')}/v1"
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        await _one_by_one(client, _events(NUM_WARMING, sayings))
        answered, told = await _one_by_one(client, _events(num, sayings))
        print(_line("POST /v1/events, one event", answered))
        print(_line("from its answer to the long poll's", told))
        print(_line(f"POST /v1/events, {TOGETHER} events", await _together(client, _events(10 * TOGETHER, sayings))))


async def _one_by_one(client: httpx.AsyncClient, events: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds to each answer, and from there to the end of a poll that waited for it."""
    answered, told = [], []
    cursor = await _end(client)
    for event in events:
        poll = asyncio.create_task(client.get("/inbox", params={"cursor": cursor, "wait": POLL_SECONDS}))
        await asyncio.sleep(0.02)
        began = time.perf_counter()
        answer = await client.post("/events", content=event.encode(), headers={"Content-Type": STRUCTURED})
        ended = time.perf_counter()
        assert answer.status_code == 201, answer.text
        cursor = (await poll).json()["next"]
        answered.append(1000 * (ended - began))
        told.append(1000 * (time.perf_counter() - ended))
    return answered, told


async def _together(client: httpx.AsyncClient, events: Sequence[str]) -> list[float]:
    """Milliseconds to the answers of each batch."""
    answered = []
    for start in range(0, len(events), TOGETHER):
        began = time.perf_counter()
        content = batch(events[start : start + TOGETHER]).encode()
        answer = await client.post("/events", content=content, headers={"Content-Type": BATCH})
        answered.append(1000 * (time.perf_counter() - began))
        assert {one["http_status"] for one in answer.json()["answers"]} == {201}
    return answered


async def _end(client: httpx.AsyncClient) -> int:
    cursor: int = (await client.get("/state")).json()["cursor"]
    return cursor


def _events(num: int, sayings: Sayings) -> list[str]:
    """So many of the bench's events that this party says."""
    own = [one for one in sayings.next(20 * num) if f".{PARTY}." in one.topic]
    return [structured(one.headers, one.body) for one in own[:num]]


def _line(what: str, milliseconds: Sequence[float]) -> str:
    cuts = quantiles(milliseconds, n=100)
    return f"{what:38} n {len(milliseconds):4}   p50 {cuts[49]:7.1f} ms   p99 {cuts[98]:7.1f} ms"


if __name__ == "__main__":
    main()
