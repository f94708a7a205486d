"""A planning service for each test module; each test has a centre of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import AsyncIterator

import pytest
from samsyn_planning.domain.warming import warm

from tests.integration.planning.planning_at_work import Planning, Town, listening, planning_on
from tests.support.kafka_and_postgres import FreshDatabase


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """What the engine compiles is there before any test counts seconds."""
    process = multiprocessing.get_context("spawn").Process(target=warm)
    process.start()
    process.join()


@pytest.fixture(scope="module")
async def planning(kafka: str, fresh_database: FreshDatabase) -> AsyncIterator[Planning]:
    """A running service."""
    async with listening(kafka) as ear, planning_on(kafka, fresh_database("planning"), ear) as started:
        yield started


@pytest.fixture
def town(planning: Planning) -> Town:
    """A centre that nobody has spoken of."""
    return Town(planning)
