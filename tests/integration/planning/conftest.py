"""A planning service for each test module; each test has a centre of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.planning.planning_at_work import Planning, Town, listening, planning_on
from tests.support.kafka_and_postgres import FreshDatabase


@pytest.fixture(scope="module")
async def planning(kafka: str, fresh_database: FreshDatabase) -> AsyncIterator[Planning]:
    """A running service."""
    async with listening(kafka) as ear, planning_on(kafka, fresh_database("planning"), ear) as started:
        yield started


@pytest.fixture
def town(planning: Planning) -> Town:
    """A centre that nobody has spoken of."""
    return Town(planning)
