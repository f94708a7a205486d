"""A cancellation that was a mistake is undone from what is kept of the plans since, whatever else has happened."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.capacity import PoliceCancellationRetracted
from samsyn_contracts.operations import (
    OperationRescheduled,
    ParticipationAccepted,
    ParticipationRequested,
)
from samsyn_contracts.plans import ReplanApproved, ReplanProposed

from tests.integration.planning.planning_at_work import WEEK, Town
from tests.support.in_process import Said
from tests.support.planning_facts import AV, SKV, a_team_offer, asking, at

pytestmark = pytest.mark.scenario(4)


async def a_loss(town: Town, day: int = 13) -> str:
    """The police lose the session of a day; the id of the event."""
    (cancelled,) = town.police_lose(day)
    await town.heard(cancelled)
    return cancelled[1].id


def mistaken(town: Town, cancelled_id: str, day: int = 13) -> Said:
    """The police take it back."""
    session = town.id(f"polisen:P{day}")
    return town.told(PoliceCancellationRetracted(capacity_id=session, cancelled_event=cancelled_id))


async def an_asked_week(town: Town) -> str:
    """Lost on the 13th; the centre has approved the 20th, and its team has been asked; the id of the cancellation."""
    await town.works_by_day(13)
    for agency in (AV, SKV):  # a week later they want to be asked
        own = {"team": f"lag-{town.code}", "consent": asking()}
        await town.hears(a_team_offer(town.id(f"{agency}:T{13 + WEEK}"), 13 + WEEK, **own))
    cancelled_id = await a_loss(town)
    proposed = town.only(ReplanProposed)
    await town.hears(ReplanApproved(replan_id=proposed.replan_id, centre=town.code, by_function="coordinator"))
    assert town.now_on() == {"P13": "P20"}
    return cancelled_id


async def test_an_offer_that_waits_to_be_planned_does_not_keep_a_mistake(town: Town) -> None:
    await town.works_by_day(13, 14)
    former = await town.operations()
    cancelled_id = await a_loss(town)
    offered = town.capacity((27,))

    await town.heard(*offered, mistaken(town, cancelled_id))

    assert await town.operations() == former


async def test_of_a_storm_one_mistake_is_undone(town: Town) -> None:
    await town.works_by_day(13, 14)
    former = await town.operations()
    storm = town.police_lose(13, 14)
    await town.heard(*storm)

    await town.heard(mistaken(town, storm[0][1].id))

    assert town.now_on() == {"P13": "P13", "P14": "P21"}
    assert (await town.operations())[0] == former[0]
    assert town.said(OperationRescheduled)[-1].ladder_step == "restored"


async def test_what_the_centre_approved_instead_falls_with_the_mistake(town: Town) -> None:
    cancelled_id = await an_asked_week(town)

    await town.heard(mistaken(town, cancelled_id))

    assert town.now_on() == {"P13": "P13"}
    assert town.said(OperationRescheduled)[-1].ladder_step == "restored"


async def test_a_mistake_does_not_take_back_an_occasion_that_somebody_has_said_yes_to(town: Town) -> None:
    cancelled_id = await an_asked_week(town)
    asked = town.said(ParticipationRequested)[0]
    answer: dict[str, Any] = {"operation_id": asked.operation_id, "capacity_id": asked.capacity_id}
    await town.hears(ParticipationAccepted(**answer, session_id=asked.slot.session_id))
    num_before = town.num_heard

    await town.heard(mistaken(town, cancelled_id))

    # It is told that the retraction was heard and that it changes nothing.
    assert town.names(num_before) == ["ReplanStarted", "PlanPublished"]
    assert (town.published.changes, town.now_on()) == ((), {"P13": "P20"})


async def test_a_second_cancellation_is_what_a_second_retraction_takes_back(town: Town) -> None:
    await town.works_by_day(13)
    first = await a_loss(town)
    await town.heard(mistaken(town, first))
    second = await a_loss(town)
    assert town.now_on() == {"P13": "P20"}

    await town.heard(mistaken(town, second))

    assert town.now_on() == {"P13": "P13"}
    assert town.published.plan_version == 5
    assert town.said(OperationRescheduled)[-1].to_slot.start_at == at(13, 8)
