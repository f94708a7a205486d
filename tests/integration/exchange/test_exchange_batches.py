"""What a batch costs the exchange: as many statements for one event as for hundreds, however long its history is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from samsyn_chassis.app import Service
from samsyn_chassis.batches import Batches
from samsyn_exchange.app import build
from samsyn_exchange.settings import ExchangeSettings

from tests.bench.said import AT, Sayings
from tests.support.kafka_and_postgres import FreshDatabase

NUM_EVENTS = 300
MOST_STATEMENTS = 16


@dataclass
class Stood:
    """A record as it stands on a party's topic."""

    topic: str
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None
    offset: int
    partition: int = 0
    key: bytes | None = b"any"


@pytest.fixture
async def exchange(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    told = {"CLOCK": "driven", "CLOCK_START": AT.isoformat(), "TOKEN_SECRET": "x" * 40, "CONTENTS_KEY": "c0" * 32}
    told |= {"KAFKA": "127.0.0.1:1", "HTTP_PORT": "1", "ENVIRONMENT": "test", "DATABASE": fresh_database("exchange")}
    for name, value in told.items():
        monkeypatch.setenv(f"SAMSYN_{name}", value)
    service = build(ExchangeSettings())
    await service.database.migrate(service.migrations)
    yield service
    await service.database.close()


async def take(exchange: Service, said: Sayings, num: int) -> list[str]:
    """Let the exchange take so many new records in one batch; the statements that it sent."""
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    records = [Stood(one.topic, one.headers, one.body, offset) for offset, one in enumerate(said.next(num))]
    listened = exchange.database.engine.sync_engine
    sa.event.listen(listened, "before_cursor_execute", note)
    await Batches("exchange", exchange.database, ExchangeSettings(), exchange.subscriptions[0].receive).take(records)
    sa.event.remove(listened, "before_cursor_execute", note)
    return statements


async def test_a_batch_costs_few_statements_however_many_events_it_has(exchange: Service) -> None:
    statements = await take(exchange, Sayings(), NUM_EVENTS)

    assert len(statements) <= MOST_STATEMENTS


async def test_the_end_of_a_chain_is_found_without_reading_the_chain(exchange: Service) -> None:
    said = Sayings()
    await take(exchange, said, NUM_EVENTS)
    query = next(one for one in await take(exchange, said, 10) if "message_log" in one)

    async with exchange.database.engine.connect() as connection:
        await connection.execute(sa.text("analyze message_log"))
        explain = sa.text(f"explain (analyze, costs off, timing off, summary off) {query.replace('$1', ':centres')}")
        plan = [row[0] for row in await connection.execute(explain, {"centres": ["akc-vast", "akc-syd"]})]

    read = [line for line in plan if "on message_log" in line]
    assert [line.partition("rows=")[2].split(" ")[0].split(".")[0] for line in read] == ["1"], plan
