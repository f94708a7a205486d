"""What a database holds, as a number of rows and a hash per table: equal hashes, equal contents."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import asyncpg

# Where a service stands in a log, and which version made its tables: not what it knows.
NOT_STATE = ("alembic_version", "position", "known_log", "read_until")
QUERY = """select format('select t::text as told from %I t order by t::text collate "C"', $1::text)"""
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


@dataclass(frozen=True)
class TableState:
    """The rows of one table, in the order of their text."""

    num_rows: int
    sha256: str


States = Mapping[str, TableState]


async def states_of(connection: asyncpg.Connection) -> States:
    """The state of every table of a database, as the transaction sees it; the caller has begun one."""
    names = [row["tablename"] for row in await connection.fetch(TABLES)]
    return {name: await _state(connection, name) for name in names}


def state_hash(states: States) -> str:
    """One hash of what a service knows: of all its tables but those that tell only where it stands."""
    told = "\n".join(f"{name} {one.num_rows} {one.sha256}" for name, one in states.items() if name not in NOT_STATE)
    return hashlib.sha256(told.encode()).hexdigest()


def as_json(states: States) -> dict[str, dict[str, Any]]:
    """For a manifest."""
    return {name: asdict(one) for name, one in states.items()}


async def _state(connection: asyncpg.Connection, table: str) -> TableState:
    hashed, num_rows = hashlib.sha256(), 0
    async for row in connection.cursor(await connection.fetchval(QUERY, table)):
        hashed.update(row["told"].encode() + b"\n")
        num_rows += 1
    return TableState(num_rows, hashed.hexdigest())
