"""Many cancellations at once, and the same ones said again, late or out of order."""

from __future__ import annotations

from typing import Any

from samsyn_contracts.capacity import PoliceCancellationRetracted
from samsyn_contracts.operations import OperationRescheduled
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import Planning, Town
from tests.support.planning_facts import a_cancellation, at

DAYS = (12, 13, 14, 15, 16, 17)


async def after_a_storm(planning: Planning, order: tuple[int, ...]) -> tuple[Town, list[Any]]:
    """A centre that loses the sessions of these days in this order, in one go."""
    town = Town(planning)
    await town.works_by_day(*DAYS)
    assert town.now_on() == {f"P{day}": f"P{day}" for day in DAYS}
    await town.heard(*town.police_lose(*order))
    return town, await town.operations()


async def test_six_cancellations_in_one_go_are_one_replan_whatever_their_order(planning: Planning) -> None:
    shuffled = (15, 12, 17, 13, 16, 14)
    one, plan = await after_a_storm(planning, DAYS)
    other, same = await after_a_storm(planning, shuffled)

    assert [len(town.said(PlanPublished)) for town in (one, other)] == [2, 2]
    assert len(one.published.cause_event_ids) == len(DAYS)
    assert plan == same
    assert one.now_on() == other.now_on() == {f"P{day}": f"P{day + 7}" for day in DAYS}


async def test_each_operation_of_a_storm_names_its_own_cancellation(planning: Planning) -> None:
    town = Town(planning)
    await town.works_by_day(13, 14)
    cancelled = town.police_lose(13, 14)

    await town.heard(*cancelled)

    causes = {town.day_of(m.operation_id): m.cause_event_ids for m in town.said(OperationRescheduled)}
    assert causes == {"P13": (cancelled[0][1].id,), "P14": (cancelled[1][1].id,)}


async def test_a_cancellation_said_again_has_no_second_effect(town: Town) -> None:
    await town.works_by_day(13, 14)
    (cancelled,) = town.police_lose(13)
    await town.heard(cancelled)
    plan, num_heard = await town.operations(), town.num_heard

    await town.heard(cancelled, cancelled)

    assert (await town.operations(), town.num_heard) == (plan, num_heard)


async def test_a_cancellation_repeated_within_one_batch_is_one_replan(town: Town) -> None:
    await town.works_by_day(13)
    (cancelled,) = town.police_lose(13)

    await town.heard(cancelled, cancelled, cancelled)

    assert len(town.said(OperationRescheduled)) == 1
    assert town.published.cause_event_ids == (cancelled[1].id,)


async def test_a_late_cancellation_that_a_later_one_has_replaced_changes_nothing(town: Town) -> None:
    await town.works(days=(13,), num_inspections=2)
    session = town.id("polisen:P13")
    first = town.told(a_cancellation(session), sequence=1)
    second = town.told(a_cancellation(session, available_until=at(13, 14)), sequence=2)
    await town.heard(second)
    plan, version = await town.operations(), town.published.plan_version

    await town.heard(first)

    assert (await town.operations(), town.published.plan_version) == (plan, version)
    assert [r.code for r in town.only(EventRejected).reasons] == ["superseded"]


async def test_cancellation_and_retraction_lead_to_the_same_plan_in_either_order(planning: Planning) -> None:
    plans = []
    for is_reversed in (False, True):
        town = Town(planning)
        await town.works(days=(13, 14), num_inspections=2)
        session = town.id("polisen:P13")
        cancelled = town.told(a_cancellation(session), sequence=1)
        mistaken = PoliceCancellationRetracted(capacity_id=session, cancelled_event=cancelled[1].id)
        told = [cancelled, town.told(mistaken, sequence=2)]
        await town.heard(*(reversed(told) if is_reversed else told))
        plans.append((await town.operations(), town.now_on()))

    assert plans[0] == plans[1]
