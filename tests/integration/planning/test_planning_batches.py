"""Planning takes a batch in few statements, and comes to the same as if it had heard each event alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import samsyn_planning
import sqlalchemy as sa
from samsyn_chassis.batches import Batches, dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, headers_of
from samsyn_contracts.message import Message
from samsyn_planning.handlers import HANDLERS
from samsyn_planning.store import Store

from tests.bench.said import Sayings
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.planning_facts import AV, a_team_offer, an_envelope

NUM_EVENTS = 300
MOST_STATEMENTS = 20
KEPT = "select id, value from {} order by id"


@dataclass
class Heard:
    """A record as it stands on the topic of what is admitted."""

    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None
    offset: int
    topic: str = ADMITTED
    partition: int = 0
    key: bytes | None = b"akc-vast"


@dataclass
class Planning:
    """Planning's handlers over a database of their own."""

    database: Database
    settings: Settings

    async def hears(self, records: Sequence[Heard], batch: int) -> None:
        def make_store(transaction: Transaction) -> Store:
            return Store(transaction, "test")

        batches = Batches("planning", self.database, self.settings, dispatching(HANDLERS, make_store, Store.load))
        for start in range(0, len(records), batch):
            await batches.take(records[start : start + batch])

    async def kept(self) -> dict[str, list[Any]]:
        async with self.database.engine.connect() as connection:
            tables = ("capacity", "wanted", "centre")
            return {name: list(await connection.execute(sa.text(KEPT.format(name)))) for name in tables}

    async def said(self) -> list[Any]:
        async with self.database.engine.connect() as connection:
            return list(await connection.execute(sa.text("select topic, key, body from outbox order by id")))


@pytest.fixture
async def plannings(fresh_database: FreshDatabase) -> AsyncIterator[tuple[Planning, Planning]]:
    made = []
    for name in ("planning_one", "planning_other"):
        settings = Settings(kafka="127.0.0.1:1", database=fresh_database(name), http_port=1, environment="test")
        database = Database(settings.async_database)
        await database.migrate(Path(samsyn_planning.__file__).parent / "migrations")
        made.append(Planning(database, settings))
    yield made[0], made[1]
    for one in made:
        await one.database.close()


def some_records() -> list[Heard]:
    return [Heard(one.headers, one.body, offset) for offset, one in enumerate(Sayings().next(NUM_EVENTS))]


def heard(message: Message, offset: int) -> Heard:
    return Heard(headers_of(an_envelope(message, f"e{offset}")), message.body(), offset)


async def test_a_batch_costs_few_statements_however_many_events_it_has(plannings: tuple[Planning, Planning]) -> None:
    planning, _ = plannings
    statements: list[str] = []
    listened = planning.database.engine.sync_engine
    sa.event.listen(listened, "before_cursor_execute", lambda *told: statements.append(told[2]))

    await planning.hears(some_records(), NUM_EVENTS)

    assert len(statements) <= MOST_STATEMENTS


async def test_a_batch_comes_to_the_same_as_its_events_one_by_one(plannings: tuple[Planning, Planning]) -> None:
    at_once, one_by_one = plannings

    await at_once.hears(some_records(), NUM_EVENTS)
    await one_by_one.hears(some_records(), 1)

    kept = await at_once.kept()
    assert all(kept.values())
    assert kept == await one_by_one.kept()
    assert await at_once.said() == await one_by_one.said()


async def test_a_team_is_not_in_two_places_even_if_both_are_said_in_one_batch(
    plannings: tuple[Planning, Planning],
) -> None:
    planning, _ = plannings
    first, second = a_team_offer(f"{AV}:T1"), a_team_offer(f"{AV}:T2")

    await planning.hears([heard(first, 0), heard(second, 1)], 2)

    assert [row[0] for row in (await planning.kept())["capacity"]] == [first.capacity_id]


async def test_an_offer_heard_before_counts_when_the_same_batch_has_another_of_its_team(
    plannings: tuple[Planning, Planning],
) -> None:
    planning, _ = plannings
    first, later, second = a_team_offer(f"{AV}:T1"), a_team_offer(f"{AV}:T3", day=14), a_team_offer(f"{AV}:T2")
    await planning.hears([heard(first, 0)], 1)

    await planning.hears([heard(later, 1), heard(second, 2)], 2)

    assert [row[0] for row in (await planning.kept())["capacity"]] == [first.capacity_id, later.capacity_id]


async def test_a_shift_that_ended_before_is_not_read_when_its_team_is_offered_again(
    plannings: tuple[Planning, Planning],
) -> None:
    planning, _ = plannings
    past, later = a_team_offer(f"{AV}:T1"), a_team_offer(f"{AV}:T2", day=14)
    await planning.hears([heard(past, 0)], 1)
    async with planning.database.engine.begin() as connection:
        await connection.execute(sa.text("update capacity set value = '{}'"))  # which no reader survives

    await planning.hears([heard(later, 1)], 1)

    assert [row[0] for row in (await planning.kept())["capacity"]] == [past.capacity_id, later.capacity_id]
