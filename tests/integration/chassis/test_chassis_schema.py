"""What a service's sessions with its database are: a schema alone where one is given, and no lock held for hours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from samsyn_chassis.database import SESSION, Database, Seen

from tests.support.in_process import settings_for
from tests.support.kafka_and_postgres import FreshDatabase

SEEN = Seen("urn:samsyn:polisen", "e1", b"hash")
PATIENCE_SECONDS = 60


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


async def test_who_is_gone_or_stands_still_in_a_transaction_holds_no_lock_for_hours(
    fresh_database: FreshDatabase,
) -> None:
    database = Database(settings_for("127.0.0.1:1", fresh_database("session")).async_database)

    async with database.transaction() as transaction:
        told = {name: (await transaction.execute(sa.text(f"show {name}"))).scalar() for name in SESSION}

    await database.close()
    assert told == {
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
        "idle_in_transaction_session_timeout": "5min",
    }
