"""A real clock tells every centre the time, once however long it was silent; and what stops the start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import samsyn_exchange
import sqlalchemy as sa
from samsyn_chassis.database import Database
from samsyn_contracts.register import load_register
from samsyn_exchange.border import Border
from samsyn_exchange.domain.disclosure import load_rules
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.store import Store
from samsyn_exchange.timekeeping import Clock, Ticking

from tests.integration.exchange.conftest import CONTENTS_KEY, SECRET
from tests.support.kafka_and_postgres import FreshDatabase

EVERY = timedelta(minutes=5)
NUM_CENTRES = len(load_register().centres)
SAID = sa.text("select count(*) from outbox where topic = 'samsyn.admitted.v1'")
HEARD = sa.text("select topic from outbox where topic like 'samsyn.to.%' order by topic")


@pytest.fixture
async def ticking(fresh_database: FreshDatabase) -> AsyncIterator[tuple[Ticking, Database, Border]]:
    settings = ExchangeSettings(
        kafka="127.0.0.1:1",
        database=fresh_database("exchange_clock"),
        http_port=1,
        environment="test",
        token_secret=SECRET,
        contents_key=CONTENTS_KEY,
    )
    database, clock = Database(settings.async_database), Clock(settings)
    await database.migrate(Path(samsyn_exchange.__file__).parent / "migrations")
    border = Border(load_register(), load_rules(), "test", clock.proposed, moves=True)
    yield Ticking(database, border, clock, EVERY), database, border
    await database.close()


async def test_the_time_is_told_to_every_centre_once_per_interval(
    ticking: tuple[Ticking, Database, Border],
) -> None:
    clockwork, database, _ = ticking

    told = [await clockwork.tick(), await clockwork.tick()]

    async with database.transaction() as transaction:
        num_said = (await transaction.execute(SAID)).scalar_one()
        heard = [row[0] for row in await transaction.execute(HEARD)]
    assert told == [True, False]
    assert num_said == NUM_CENTRES
    assert heard == sorted(f"samsyn.to.{centre}.v1" for centre in load_register().centres)


async def test_after_an_outage_the_time_is_told_once_and_not_for_every_interval_missed(
    ticking: tuple[Ticking, Database, Border],
) -> None:
    clockwork, database, _ = ticking
    await clockwork.tick()
    async with database.transaction() as transaction:
        await transaction.execute(sa.text("update clock set ticked_at = ticked_at - interval '9 hours'"))

    told = [await clockwork.tick(), await clockwork.tick()]

    async with database.transaction() as transaction:
        assert (await transaction.execute(SAID)).scalar_one() == 2 * NUM_CENTRES
    assert told == [True, False]


async def test_the_time_never_decreases_even_if_an_earlier_process_was_ahead(
    ticking: tuple[Ticking, Database, Border],
) -> None:
    _, database, border = ticking
    ahead_at = datetime.now(UTC) + timedelta(minutes=2)
    async with database.transaction() as transaction:
        await Store(transaction).now(ahead_at, moves=True)

    async with database.transaction() as transaction:
        assert await border.now(Store(transaction)) == ahead_at


def test_the_exchange_refuses_to_start_without_its_secret_and_says_so_without_showing_any() -> None:
    told = {
        "SAMSYN_KAFKA": "127.0.0.1:1",
        "SAMSYN_DATABASE": "postgresql://nobody:hidden-password@127.0.0.1:1/none",
        "SAMSYN_HTTP_PORT": "1",
        "SAMSYN_ENVIRONMENT": "test",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}

    ended = subprocess.run(
        [sys.executable, "-m", "samsyn_exchange"], env={**kept, **told}, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "SAMSYN_TOKEN_SECRET is missing" in ended.stderr
    assert "hidden-password" not in ended.stderr
