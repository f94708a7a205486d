"""The schema `rebuild` beside the service's own tables: made, compared, put in place, gone again."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiokafka import TopicPartition
from samsyn_chassis.database import Database, Transaction
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import NamedFromClause

from samsyn_reporting.rebuild.replaying import Offsets, RebuildError
from samsyn_reporting.tables import ReportingTable

SCHEMA = "rebuild"
COPY = "live_"  # the live tables' copies stand beside the rebuilt ones
REBUILD_LOCK = 7364
Rows = NamedFromClause[Any]
READ_MODELS: Mapping[str, sa.Table] = {table.name: table for table in ReportingTable.metadata.sorted_tables}
# What tells which records have had their effect: it goes with the read models, inbox first (see `held`).
READING = ("inbox", "position")


@dataclass(frozen=True)
class Difference:
    """One table of the two: rows of the live one and the rebuilt one, and how many keys are not the same in both."""

    table: str
    num_live: int
    num_rebuilt: int
    num_different: int
    live_sha256: str
    rebuilt_sha256: str


class Scratch:
    """The service's database, and the schema in which its read models are made anew."""

    def __init__(self, url: str) -> None:
        self._live = Database(url)
        self.database = Database(url, SCHEMA)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, *migrations: Path) -> AsyncIterator[Scratch]:
        """An empty schema, whatever an earlier rebuild left; raises RebuildError where another one is at work."""
        scratch = cls(url)
        guard = scratch._live.engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            async with guard.connect() as connection:
                await scratch._begin(connection)
                await scratch.database.migrate(*migrations)
                yield scratch
        finally:
            await scratch.database.close()
            await scratch._live.close()

    async def positions(self) -> Offsets:
        """How far the service has read, by its own tables."""
        async with self._live.transaction() as transaction:
            return await _positions(transaction)

    async def copy_live(self) -> Offsets:
        """Copy the live read models as they are at one instant; returns how far the service had read by then."""
        async with self._live.transaction() as transaction:
            await transaction.execute(sa.text("set transaction isolation level repeatable read"))
            for name, table in READ_MODELS.items():
                await transaction.execute(sa.select(table).into(COPY + name, schema=SCHEMA))
            return await _positions(transaction)

    async def compare_copies(self) -> list[Difference]:
        """The copies of the live tables against the rebuilt ones."""
        async with self._live.transaction() as transaction:
            return [await _compared(transaction, name, _scratch(name, COPY + name)) for name in READ_MODELS]

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Transaction]:
        """A transaction in which no batch of the service ends: its next one waits; pages are read as before.

        Each batch writes to the inbox before other tables, or to `position` alone: taking the tables in this order
        waits for batches at work and cannot deadlock with them.
        """
        async with self._live.transaction() as transaction:
            for name in (READING[0], *READ_MODELS, READING[1]):
                await transaction.execute(sa.text(f'lock table "{name}" in exclusive mode'))
            yield transaction

    async def compare_live(self, held: Transaction) -> list[Difference]:
        """The live tables against the rebuilt ones, while the service's batches are held back."""
        return [await _compared(held, name, table) for name, table in READ_MODELS.items()]

    async def put_in_place(self, held: Transaction) -> None:
        """Put the rebuilt rows in place of the live ones; they are there when the transaction commits."""
        connection = await held.session.connection()
        reading = [await connection.run_sync(_reflected, name) for name in READING]
        for table in (*READ_MODELS.values(), *reading):
            rebuilt = table.to_metadata(sa.MetaData(), schema=SCHEMA)
            await held.execute(sa.delete(table))
            await held.execute(sa.insert(table).from_select(list(table.columns.keys()), sa.select(rebuilt)))

    async def drop(self) -> None:
        """Drop the schema."""
        async with self._live.transaction() as transaction:
            await transaction.execute(sa.schema.DropSchema(SCHEMA, cascade=True, if_exists=True))

    async def _begin(self, guard: AsyncConnection) -> None:
        if not await guard.scalar(sa.select(sa.func.pg_try_advisory_lock(REBUILD_LOCK))):
            raise RebuildError("Another rebuild of this service is at work: wait until it is done.")
        if await guard.scalar(sa.select(sa.func.to_regclass("heard"))) is None:
            raise RebuildError(
                "The service's tables are not there, or older than this program: start the service once."
            )
        await self.drop()
        await guard.execute(sa.schema.CreateSchema(SCHEMA))


def _scratch(name: str, stored_as: str) -> sa.Table:
    return READ_MODELS[name].to_metadata(sa.MetaData(), schema=SCHEMA, name=stored_as)


def _reflected(connection: sa.Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


async def _positions(transaction: Transaction) -> Offsets:
    rows = await transaction.execute(sa.text('select topic, "partition", next_offset from "position"'))
    return {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}


async def _compared(transaction: Transaction, name: str, live_table: sa.Table) -> Difference:
    live, rebuilt = live_table.alias("live"), _scratch(name, name).alias("rebuilt")
    keys = [column.name for column in READ_MODELS[name].primary_key]
    same = sa.and_(*(live.c[key] == rebuilt.c[key] for key in keys))
    differs = _row(live).is_distinct_from(_row(rebuilt))
    joined = live.join(rebuilt, same, full=True)
    (num_different,) = (await transaction.execute(sa.select(sa.func.count()).select_from(joined).where(differs))).one()
    num_live, live_sha256 = await _told(transaction, live, keys)
    num_rebuilt, rebuilt_sha256 = await _told(transaction, rebuilt, keys)
    return Difference(name, num_live, num_rebuilt, num_different, live_sha256, rebuilt_sha256)


async def _told(transaction: Transaction, rows: Rows, keys: list[str]) -> tuple[int, str]:
    """How many rows, and the hash of them all as canonical JSON, a line each, ordered by key."""
    in_order = [sa.collate(rows.c[key], "C") for key in keys]
    text = sa.cast(_row(rows), sa.Text)
    lines = sa.func.string_agg(text, postgresql.aggregate_order_by(sa.literal("\n"), *in_order))
    statement = sa.select(sa.func.count(), sa.func.coalesce(lines, "")).select_from(rows)
    number, told = (await transaction.execute(statement)).one()
    return number, hashlib.sha256(told.encode()).hexdigest()


def _row(rows: Rows) -> sa.ColumnElement[object]:
    return sa.func.to_jsonb(rows.table_valued())
