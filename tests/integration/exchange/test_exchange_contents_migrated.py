"""Contents that an earlier version kept in clear are sealed when the schema is brought up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

import asyncpg
import pytest
import samsyn_exchange
from samsyn_chassis.database import Database
from samsyn_exchange.contents import ContentsStore

from tests.integration.exchange.asking import a_ref, everything_in
from tests.integration.exchange.conftest import CONTENTS_KEY
from tests.support.kafka_and_postgres import FreshDatabase

MIGRATIONS = Path(samsyn_exchange.__file__).parent / "migrations"
BODY = b'{"name": "Kanarie i klartext"}'


async def test_what_was_kept_in_clear_is_sealed_and_still_its_owners(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn, ref = fresh_database("exchange_migrated"), a_ref()
    shutil.copy(MIGRATIONS / "0001_exchange.py", tmp_path)
    database = Database(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    await database.migrate(tmp_path)
    connection = await asyncpg.connect(dsn)
    await connection.execute("insert into contents values ($1, 'skatteverket', $2, now())", ref, BODY)
    await connection.execute("insert into contents_fetch values (1, $1, 'polisen', false, now())", ref)
    await connection.execute("insert into contents_fetch values (2, $1, 'skatteverket', true, now())", ref)
    assert BODY in await everything_in(dsn)
    monkeypatch.setenv("SAMSYN_CONTENTS_KEY", CONTENTS_KEY)

    await database.migrate(MIGRATIONS)

    assert BODY not in await everything_in(dsn)
    async with database.transaction() as transaction:
        assert await ContentsStore(transaction).read(CONTENTS_KEY, ref) == BODY
    tried = await connection.fetch("select outcome from contents_fetch order by id")
    assert [row["outcome"] for row in tried] == ["not_found", "given"]
    await connection.close()
    await database.close()
