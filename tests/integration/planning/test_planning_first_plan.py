"""From the first facts of a centre to its first plan, its requests and its confirmed operations."""

from __future__ import annotations

from samsyn_contracts.operations import OperationConfirmed, OperationScheduled

from tests.integration.planning.planning_at_work import Town


async def test_capacity_wanted_inspections_and_time_give_the_first_plan(town: Town) -> None:
    await town.works()

    assert (town.published.plan_version, town.published.previous_version, town.published.hash_prev) == (1, 0, "")
    assert town.names() == ["ReplanStarted", "OperationScheduled", "OperationConfirmed", "PlanPublished"]
    assert town.only(OperationScheduled).slot.session_id == town.only(OperationConfirmed).slot.session_id
