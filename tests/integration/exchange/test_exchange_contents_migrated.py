"""What an earlier version kept is as good as new once the schema is brought up to date."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import asyncpg
import pytest
import samsyn_exchange
from samsyn_chassis.database import Database
from samsyn_exchange.contents import ContentsStore
from samsyn_exchange.store import Store

from tests.integration.exchange.asking import a_ref, everything_in
from tests.integration.exchange.conftest import CONTENTS_KEY
from tests.support.kafka_and_postgres import FreshDatabase
from tests.unit.exchange.saying import INSPECTORS, POLICE, ROUTE, a_service_event, facts

MIGRATIONS = Path(samsyn_exchange.__file__).parent / "migrations"
BODY = b'{"name": "Kanarie i klartext"}'
OPERATION = """
insert into operation (operation_id, centre, code_name, participants, plan_version, is_confirmed, acknowledged)
values ($1, 'akc-vast', 'Ask', '[]', 3, true, '[]')
"""
STANDING = """
insert into standing (about, thing, centre, source, headers, body) values ($1, $1, 'akc-vast', 's', '[]', $2)
"""


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


async def test_who_takes_part_where_is_known_from_what_is_in_force(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = fresh_database("exchange_parts_migrated")
    monkeypatch.setenv("SAMSYN_CONTENTS_KEY", CONTENTS_KEY)
    for migration in sorted(MIGRATIONS.glob("000[1-5]_*.py")):
        shutil.copy(migration, tmp_path)
    database = Database(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    await database.migrate(tmp_path)
    connection = await asyncpg.connect(dsn)
    for operation_id in ("op:polisen:p1", "op:polisen:p2"):
        await connection.execute(OPERATION, operation_id)
    body = json.dumps(facts("OperationConfirmed", participants=[POLICE, INSPECTORS], inspections=ROUTE)).encode()
    await connection.execute(STANDING, "op:polisen:p1", body)

    await database.migrate(MIGRATIONS)

    asked = [a_service_event("OperationCancelled", operation_id=f"op:polisen:p{number}") for number in (1, 2)]
    async with database.transaction() as transaction:
        known = {one.operation_id: one for one in await Store(transaction).operations_about(asked)}
    assert known["op:polisen:p1"].taking == {"polisen"}
    assert known["op:polisen:p1"].route == ("skatteverket:i1",)
    assert known["op:polisen:p2"].taking == frozenset()
    await connection.close()
    await database.close()
