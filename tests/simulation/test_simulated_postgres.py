"""The simulated database keeps, waits and refuses as PostgreSQL does, as far as the product relies on it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

import asyncpg
import pytest

from tests.simulation.postgres.connection import Connection, GoneError
from tests.simulation.postgres.grammar import UnknownSqlError
from tests.simulation.postgres.schema import shapes_of
from tests.simulation.postgres.server import Server
from tests.simulation.virtual_time import VirtualLoop

INSERT = "insert into inbox (source, id, body_hash) values ($1, $2, $3)"
ONCE = f"{INSERT} on conflict do nothing returning id"
LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 0))"


def in_virtual_time(work: Coroutine[Any, Any, None]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


async def between(_: str) -> None:
    await asyncio.sleep(0.001)


def two_connections() -> tuple[Server, Connection, Connection]:
    server = Server(shapes_of(), Random(1))
    return server, Connection(server, between), Connection(server, between)


def test_what_was_not_committed_is_gone_with_the_connection() -> None:
    async def work() -> None:
        server, one, _ = two_connections()
        await one.execute(INSERT, "s", "kept", b"")
        await one.transaction().start()
        await one.execute(INSERT, "s", "lost", b"")
        one.session.end()

        assert [row["id"] for row in server.rows("inbox")] == ["kept"]
        with pytest.raises(GoneError):
            await one.fetch("select id from inbox")

    in_virtual_time(work())


def test_an_insert_waits_for_another_of_the_same_key_and_then_sees_it() -> None:
    async def work() -> None:
        _, one, other = two_connections()
        first = one.transaction()
        await first.start()
        await one.execute(INSERT, "s", "1", b"")
        second = asyncio.create_task(other.fetch(ONCE, "s", "1", b""))
        await asyncio.sleep(1.0)

        assert not second.done()
        await first.commit()
        assert await second == []

    in_virtual_time(work())


def test_who_closes_a_circle_of_waits_is_told_of_a_deadlock() -> None:
    async def work() -> None:
        _, one, other = two_connections()
        for connection, key in ((one, "a"), (other, "b")):
            await connection.transaction().start()
            await connection.fetch(LOCK, key)
        waiting = asyncio.create_task(one.fetch(LOCK, "b"))
        await asyncio.sleep(1.0)

        with pytest.raises(asyncpg.DeadlockDetectedError):
            await other.fetch(LOCK, "a")
        other.session.end()
        await waiting

    in_virtual_time(work())


def test_who_waits_hears_that_its_own_connection_broke() -> None:
    async def work() -> None:
        _, one, other = two_connections()
        await one.transaction().start()
        await one.fetch(LOCK, "a")
        waiting = asyncio.create_task(other.fetch(LOCK, "a"))
        await asyncio.sleep(1.0)
        other.session.end()

        with pytest.raises(GoneError):
            await waiting

    in_virtual_time(work())


def test_distinct_rows_come_once() -> None:
    async def work() -> None:
        _, one, _ = two_connections()
        for id_ in ("1", "2"):
            await one.execute(INSERT, "s", id_, b"")

        assert [tuple(row) for row in await one.fetch("select distinct source from inbox")] == [("s",)]

    in_virtual_time(work())


def test_one_statement_changes_no_row_twice() -> None:
    async def work() -> None:
        _, one, _ = two_connections()
        twice = """insert into "position" (topic, "partition", next_offset) values ('t', 0, 1), ('t', 0, 2)
        on conflict (topic, "partition") do update set next_offset = excluded.next_offset"""

        with pytest.raises(asyncpg.CardinalityViolationError):
            await one.execute(twice)

    in_virtual_time(work())


def test_sql_that_it_does_not_know_is_named() -> None:
    async def work() -> None:
        server, one, _ = two_connections()

        with pytest.raises(UnknownSqlError, match="vacuum"):
            await one.execute("vacuum inbox")
        assert server.unknown

    in_virtual_time(work())
