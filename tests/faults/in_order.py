"""The in-order run: the same events once each, in their order, without faults; its facts must be those of the run.

Plans are taken from the log and never decided again: what is compared is what follows from events alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import samsyn_planning
from samsyn_chassis.batches import Record, dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_contracts.bus import ADMITTED, REPLAY_FOR
from samsyn_planning.handlers import HANDLERS
from samsyn_planning.store import Store

from tests.faults.again import COPY
from tests.faults.comparing import Found
from tests.faults.log import Written
from tests.faults.system import System

TOGETHER = 50
# What planning keeps of an event alone; whether an inspection was done depends on the plans.
FACTS = {
    "capacity": "select id, value from capacity",
    "wanted": "select id, value - 'is_done' - 'done_in' as value from wanted",
    "consent": "select id, value from consent",
    "disturbance": "select id, value from disturbance",
}


@dataclass
class Again:
    """A record as planning reads it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


async def in_order(system: System, log: Sequence[Written]) -> list[Found]:
    """Planning's facts and inbox, and reporting's read models, against an in-order run."""
    return [*await _planning(system, log), await _reporting(system)]


async def _planning(system: System, log: Sequence[Written]) -> list[Found]:
    dsn = await asyncio.to_thread(system.infrastructure.create_database, "planning_in_order")
    database = Database(dsn.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        await database.migrate(Path(samsyn_planning.__file__).parent / "migrations")
        records = list(_once(log))
        receive = dispatching(HANDLERS, _store, Store.load, "planning")
        for start in range(0, len(records), TOGETHER):
            part: list[Record] = [*records[start : start + TOGETHER]]
            async with database.transaction() as transaction:
                await receive(transaction, part)
    finally:
        await database.close()
    found = []
    for table, query in FACTS.items():
        here, there = await _values(system.database("planning"), query), await _values(dsn, query)
        differ = sorted(id_ for id_ in here.keys() | there.keys() if here.get(id_) != there.get(id_))
        found.append(Found("P2", f"planning's rows of {table} that an in-order run has otherwise", len(there), differ))
    return [*found, await _inbox(system.database("planning"), dsn)]


async def _inbox(live: str, in_order: str) -> Found:
    """What the in-order run has taken in, the live one has, with the same hashes."""
    query = "select source || ' ' || id as id, encode(body_hash, 'hex') as value from inbox where source <> 'set-aside'"
    here, there = await _values(live, query), await _values(in_order, query)
    differ = sorted(id_ for id_ in there if here.get(id_) != there[id_])
    return Found("P2", "planning's inbox against an in-order run", len(there), differ)


def _store(transaction: Transaction) -> Store:
    return Store(transaction, "test")


def _once(log: Sequence[Written]) -> Iterator[Again]:
    """What was admitted, each event the first time alone, in the order of the log."""
    seen: set[tuple[str, str, str]] = set()
    admitted = sorted(
        (o for o in log if o.topic == ADMITTED and not o.header(COPY)), key=lambda one: (one.partition, one.offset)
    )
    for one in admitted:
        instance = (one.source, one.id, one.header("ce_causationid") if one.header(REPLAY_FOR) else "")
        if instance not in seen:
            seen.add(instance)
            headers = [(name, value.encode()) for name, value in one.headers]
            yield Again(one.topic, one.partition, one.offset, one.key.encode(), one.body.encode(), headers)


async def _reporting(system: System) -> Found:
    """Reporting's own rebuild from the log, in a process of its own: equal or not."""
    settings = {
        "SAMSYN_KAFKA": system.kafka,
        "SAMSYN_DATABASE": system.database("reporting"),
        "SAMSYN_HTTP_PORT": "0",
        "SAMSYN_ENVIRONMENT": "test",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "samsyn_reporting.rebuild"),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    broken = [] if process.returncode == 0 else [told.decode(errors="replace").strip()[-500:]]
    return Found("P2", "read models of reporting that a replay of the log has otherwise", 1, broken)


async def _values(dsn: str, query: str) -> dict[str, Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["id"]: _plain(row["value"]) for row in await connection.fetch(query)}
    finally:
        await connection.close()


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
