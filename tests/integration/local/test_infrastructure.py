"""The programmatic way: one infrastructure, services started and killed one by one."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.run_folder import CHECKOUT
from samsyn_local.services import Services, services

STAND_IN = "tests.integration.local.stand_in_service"


@pytest.fixture
def two_services(infrastructure: Infrastructure) -> Iterator[Services]:
    env = {"PYTHONPATH": str(CHECKOUT)}
    with services(infrastructure, ["exchange", "planning"], env, module=STAND_IN) as running:
        yield running


async def one_value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_each_service_has_a_database_of_its_own(database: Callable[[str], str]) -> None:
    names = [await one_value(database(name), "SELECT current_database()") for name in ("exchange", "reporting")]
    assert names == ["exchange", "reporting"]


async def test_the_database_survives_a_power_cut(database: Callable[[str], str]) -> None:
    assert await one_value(database("exchange"), "SHOW fsync") == "on"


async def test_a_fresh_database_is_empty_and_another_one_each_time(fresh_database: Callable[[str], str]) -> None:
    first, second = await asyncio.to_thread(fresh_database, "planning"), fresh_database("planning")
    assert first != second
    assert await one_value(first, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_a_killed_service_is_gone_and_the_other_runs_on(two_services: Services) -> None:
    old_pid = two_services.pid("exchange")
    two_services.kill("exchange")
    assert two_services.pid("exchange") is None
    assert old_pid is not None
    assert not psutil.pid_exists(old_pid)
    assert two_services.pid("planning") is not None


def test_a_restarted_service_answers_on_the_same_port(two_services: Services) -> None:
    port, old_pid = two_services.http_port("exchange"), two_services.pid("exchange")
    two_services.kill("exchange")
    two_services.restart("exchange")
    assert two_services.http_port("exchange") == port
    assert two_services.pid("exchange") not in (None, old_pid)


def test_a_kafka_and_databases_that_are_given_are_used_and_not_started(
    infrastructure: Infrastructure, tmp_path: Path
) -> None:
    given = {"SAMSYN_KAFKA": infrastructure.kafka}
    given |= {f"SAMSYN_DATABASE_{name.upper()}": infrastructure.database(name) for name in ("exchange", "planning")}
    with Infrastructure.start(tmp_path, databases=["exchange", "planning"], given=given) as other:
        assert other.parts == []
        assert other.kafka == infrastructure.kafka
        assert other.database("planning") == infrastructure.database("planning")
