"""What takes the short way to the simulated database says, returns and fails as what SQLAlchemy does the whole way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from random import Random
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tests.simulation import machine
from tests.simulation.postgres.connection import Connection, Prepared
from tests.simulation.postgres.schema import shapes_of
from tests.simulation.postgres.server import Server
from tests.simulation.quick_statements import QuickEngine
from tests.simulation.virtual_time import VirtualLoop
from tests.simulation.world import run

POSITION = sa.table(
    "position",
    sa.column("topic", sa.Text),
    sa.column("partition", sa.Integer),
    sa.column("next_offset", sa.BigInteger),
)
OUTBOX = sa.table("outbox", sa.column("topic", sa.Text), sa.column("headers", postgresql.JSONB))
INSERT = postgresql.insert(POSITION)
ALL = INSERT.on_conflict_do_update(
    index_elements=["topic", "partition"], set_={"next_offset": INSERT.excluded.next_offset}
)
OF_TOPICS = sa.select(POSITION).where(POSITION.c.topic == sa.any_(sa.bindparam("topics", type_=sa.ARRAY(sa.Text))))
UNNESTED = sa.text("select * from unnest(cast(:topics as text[])) as asked (topic)")
SAY = sa.text("insert into outbox (topic, key, headers, body, created_at) values (:topic, '', :headers, :body, :at)")
SAY = SAY.bindparams(sa.bindparam("headers", type_=postgresql.JSONB))
SAID = sa.select(OUTBOX.c.topic, OUTBOX.c.headers)
A = {"topic": "a", "partition": 0, "next_offset": 7}
B = {"topic": "b", "partition": 1, "next_offset": 8}
Act = Callable[[AsyncConnection], Awaitable[Any]]


async def say(connection: AsyncConnection) -> list[Any]:
    """All that the product does with results, each twice: the first time always goes the whole way."""
    found: list[Any] = []
    for offset in (7, 9):
        found.append((await connection.execute(ALL, A | {"next_offset": offset})).rowcount)
        found.append((await connection.execute(ALL, [B])).rowcount)
        found.append((await connection.execute(ALL, [A | {"topic": "c"}, B])) is None)
        rows = (await connection.execute(OF_TOPICS, {"topics": ["a"]})).all()
        found += [tuple(row) for row in rows] + [rows[0].topic, rows[0]._mapping[POSITION.c.next_offset]]
        found += [dict(row) for row in (await connection.execute(OF_TOPICS, {"topics": ["b"]})).mappings()]
        found.append((await connection.execute(OF_TOPICS, {"topics": ["x"]})).scalar_one_or_none())
        found.append((await connection.execute(UNNESTED, {"topics": ["one"]})).scalar_one())
        for topic in ("a", "b"):  # made anew each time, and made from one that was said before
            again = OF_TOPICS.where(POSITION.c.topic == topic)
            found += [row.topic for row in await connection.execute(again, {"topics": ["a", "b"]})]
            found += (await connection.execute(sa.select(POSITION.c.topic).where(POSITION.c.topic == topic))).scalars()
            found += (await connection.execute(sa.select(POSITION.c.topic).where(POSITION.c.topic.in_([topic])))).all()
        told = {"topic": "t", "headers": [["a", "b"]], "body": b"", "at": datetime(2026, 1, 1, tzinfo=UTC)}
        await connection.execute(SAY, told)
        found += [tuple(row) for row in await connection.execute(SAID)]
    return found


def done_by(kind: type[AsyncEngine], act: Act, prepare: Callable[[Server], None] = lambda _: None) -> tuple[Any, ...]:
    """What comes of it with an engine of this kind, and what reached the database."""
    server, told = Server(shapes_of(), Random(1)), list[tuple[int, tuple[Any, ...]]]()
    prepare(server)
    fetch = Prepared.fetch

    async def noted(prepared: Prepared, *params: Any) -> list[tuple[Any, ...]]:
        told.append((id(prepared.statement), params))
        return await fetch(prepared, *params)

    async def connect(*_: Any, **__: Any) -> Connection:
        return Connection(server, between)

    async def work() -> Any:
        engine = kind(create_async_engine("postgresql+asyncpg://simulated/any").sync_engine)
        for _ in range(2):
            async with engine.begin() as connection:
                found = await act(connection)
        return found

    with patch("asyncpg.connect", connect), patch.object(Prepared, "fetch", noted):
        return in_virtual_time(work()), told


async def between(_: str) -> None:
    await asyncio.sleep(0.001)


def in_virtual_time(work: Coroutine[Any, Any, Any]) -> Any:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def test_the_same_reaches_the_database_and_the_same_comes_back() -> None:
    assert done_by(QuickEngine, say) == done_by(AsyncEngine, say)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("duplicate key"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        ValueError("no such value"),
        asyncio.CancelledError(),
    ],
)
def test_an_error_is_told_as_ever(error: BaseException) -> None:
    async def fail(connection: AsyncConnection) -> list[Any]:
        await connection.execute(UNNESTED, {"topics": ["one"]})
        driver: Any = (await connection.get_raw_connection()).driver_connection
        found = list[Any]()
        with patch.object(driver, "between", raising(error)):
            try:
                await connection.execute(UNNESTED, {"topics": ["two"]})
            except BaseException as told:
                found = [type(told), str(told), getattr(told, "connection_invalidated", None)]
                found.append(type(getattr(getattr(told, "orig", None), "__cause__", None)))
        found.append(connection.invalidated)
        await connection.rollback()
        return found

    quick, whole = (done_by(kind, fail)[0] for kind in (QuickEngine, AsyncEngine))

    assert quick == whole
    assert len(quick) == 5


def raising(error: BaseException) -> Callable[[str], Awaitable[None]]:
    async def between_steps(_: str) -> None:
        raise error

    return between_steps


def test_a_history_is_the_same_by_either_way() -> None:
    quick = run(11, 2)
    with patch.object(machine, "QuickEngine", AsyncEngine):
        whole = run(11, 2)

    assert quick == whole
