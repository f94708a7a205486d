"""A service that begins anew on the same database tells nothing of the wheel again that was told before."""

from __future__ import annotations

from datetime import timedelta

from samsyn_contracts.periods import PlanningPeriodFrozen, PlanningPeriodOpened

from tests.integration.planning.planning_at_work import Town, listening, planning_on
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.planning_facts import an_annual_wheel, at


async def test_what_was_told_is_not_told_again_by_a_service_that_begins_anew(
    kafka: str, fresh_database: FreshDatabase
) -> None:
    dsn = fresh_database("wheel")
    async with listening(kafka) as ear:
        async with planning_on(kafka, dsn, ear) as planning:
            town = Town(planning)
            wheel = an_annual_wheel(wheel_id=f"{town.code}:wheel-2025")
            await town.hears(wheel)
            await town.passes(at(7))
            assert len(town.said(PlanningPeriodOpened)) == len(town.said(PlanningPeriodFrozen)) == 1

        async with planning_on(kafka, dsn, ear) as again:
            town.planning = again
            await town.passes(at(7) + timedelta(minutes=5))
            await town.hears(wheel)
            await town.passes(at(7) + timedelta(minutes=10))

    assert len(town.said(PlanningPeriodOpened)) == len(town.said(PlanningPeriodFrozen)) == 1
