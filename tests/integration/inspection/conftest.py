"""An inspection service for each test module; each test has a centre of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from samsyn_inspection.app import build

from tests.integration.inspection.inspection_at_work import Inspection
from tests.support.in_process import a_centre, running, settings_for
from tests.support.kafka_and_postgres import FreshDatabase


@pytest.fixture(scope="module")
def dsn(fresh_database: FreshDatabase) -> str:
    """The service's empty database."""
    return fresh_database("inspection")


@pytest.fixture(scope="module")
async def inspection(kafka: str, dsn: str) -> AsyncIterator[Inspection]:
    """A running service."""
    settings = settings_for(kafka, dsn)
    service = replace(build(settings), name=f"inspection-{a_centre()}")
    async with running(service, settings) as client:
        yield Inspection(service, client, kafka)
