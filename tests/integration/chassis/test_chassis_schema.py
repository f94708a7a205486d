"""A database opened with a schema is that schema alone: its tables and its locks are others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from samsyn_chassis.database import Database, Seen

from tests.support.in_process import settings_for
from tests.support.kafka_and_postgres import FreshDatabase

SEEN = Seen("urn:samsyn:polisen", "e1", b"hash")
PATIENCE_SECONDS = 10


async def test_tables_and_locks_of_a_schema_are_apart(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    url = settings_for("127.0.0.1:1", fresh_database("schema")).async_database
    whole, apart = Database(url), Database(url, "apart")
    async with whole.transaction() as transaction:
        await transaction.execute(sa.schema.CreateSchema("apart"))
    for database in (whole, apart):
        await database.migrate(tmp_path)

    async with whole.transaction() as one, apart.transaction() as other, asyncio.timeout(PATIENCE_SECONDS):
        await one.lock(["akc-vast"])
        await other.lock(["akc-vast"])
        first = [(await transaction.first_seen([SEEN]))[0] for transaction in (one, other)]

    assert first == [{("urn:samsyn:polisen", "e1")}] * 2
    for database in (whole, apart):
        await database.close()
