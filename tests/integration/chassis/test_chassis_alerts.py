"""Alerts on a real database: what stands is told, once when it comes and once when it is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from samsyn_chassis.alerts import DEAD, Alert, Alerts
from samsyn_chassis.database import Database, Transaction

from tests.support.kafka_and_postgres import FreshDatabase

AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
OWN = Alert("clock_stopped", "the clock", AT)
INSERT = sa.text("""
insert into outbox (topic, key, headers, body, created_at, sent_at, parked_reason)
values (:topic, 'k', '[]', '', now() - cast(:age as interval), :sent_at, :parked)
""")


@dataclass
class Watched:
    """A database of a service called reporting, the alerts it evaluates itself, and those that stand."""

    database: Database
    own: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.alerts = Alerts("reporting", self.database, self._evaluate)

    async def _evaluate(self, _transaction: Transaction) -> Sequence[Alert]:
        return tuple(self.own)

    async def put(self, topic: str, age: timedelta, *, is_sent: bool = False, parked: str | None = None) -> None:
        row = {"topic": topic, "age": age, "sent_at": AT if is_sent else None, "parked": parked}
        async with self.database.transaction() as transaction:
            await transaction.execute(INSERT, row)

    async def do(self, statement: str) -> list[str]:
        async with self.database.transaction() as transaction:
            result = await transaction.execute(sa.text(statement))
            return [str(row[0]) for row in result] if result.returns_rows else []

    async def standing(self) -> list[tuple[str, str]]:
        return [(alert.name, alert.about) for alert in await self.alerts.look()]


@pytest.fixture
async def watched(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[Watched]:
    database = Database(fresh_database("alerts").replace("postgresql://", "postgresql+asyncpg://"))
    await database.migrate(tmp_path)
    yield Watched(database)
    await database.close()


async def test_a_row_unsent_for_more_than_a_minute_stands_until_it_is_sent(watched: Watched) -> None:
    await watched.put("samsyn.reporting.v1", timedelta(seconds=61))
    before = await watched.standing()
    await watched.do("update outbox set sent_at = now()")

    assert before == [("outbox_old", "rows of reporting wait unsent")]
    assert await watched.standing() == []


async def test_a_row_unsent_for_less_than_a_minute_is_no_alert(watched: Watched) -> None:
    await watched.put("samsyn.reporting.v1", timedelta(seconds=50))

    assert await watched.standing() == []


async def test_a_parked_row_stands_by_its_topic_however_young_it_is(watched: Watched) -> None:
    await watched.put("samsyn.reporting.v1", timedelta(0), parked="MessageSizeTooLargeError")
    before = await watched.standing()
    await watched.do("delete from outbox")

    assert before == [("outbox_old", "parked on samsyn.reporting.v1")]
    assert await watched.standing() == []


async def test_what_was_set_aside_stands_for_seven_days_though_it_was_sent(watched: Watched) -> None:
    await watched.put("samsyn.dlq.reporting.v1", timedelta(days=6, hours=23), is_sent=True)
    before = await watched.standing()
    await watched.do("update outbox set created_at = created_at - interval '2 hours'")

    assert before == [("dead_letter", "samsyn.dlq.reporting.v1")]
    assert await watched.standing() == []


async def test_dead_letters_are_found_by_an_index_however_much_was_said(watched: Watched) -> None:
    await watched.do("set enable_seqscan = off")
    plan = await watched.do(f"explain {DEAD.text.replace(':since', 'now()')}")

    assert any("outbox_dead_letters" in line for line in plan), plan


async def test_an_alert_is_logged_once_when_it_comes_and_once_when_it_is_over(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "samsyn_chassis.alerts")
    watched.own = [OWN]
    await watched.alerts.look()
    await watched.alerts.look()
    watched.own = []
    await watched.alerts.look()
    await watched.alerts.look()

    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "alert clock_stopped: the clock; see deploy/runbooks/clock_stopped.md"),
        ("INFO", "alert clock_stopped is over: the clock; see deploy/runbooks/clock_stopped.md"),
    ]


async def test_an_alert_that_cannot_be_evaluated_does_not_stop_the_looking(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_transaction: Transaction) -> Sequence[Alert]:
        raise KeyError("a bug of ours")

    alerts = Alerts("reporting", watched.database, broken)
    looking = asyncio.create_task(alerts.run())
    for _ in range(3000):
        if "alerts cannot be evaluated" in caplog.text:
            break
        await asyncio.sleep(0.01)

    assert "alerts cannot be evaluated" in caplog.text
    assert not (await asyncio.wait([looking], timeout=0.5))[0], "the looking has ended"
    looking.cancel()
