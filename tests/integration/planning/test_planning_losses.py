"""What is published when the police, a team or a site is lost, and when what was lost comes back."""

from __future__ import annotations

import pytest
from samsyn_contracts.capacity import CapacityWithdrawn, PoliceCancellationRetracted, PoliceRestored
from samsyn_contracts.inspections import InspectionWithdrawn
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationAccepted,
    ParticipationRequested,
    ParticipationWithdrawn,
)
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import Town
from tests.support.planning_facts import AV, asking, at


async def test_a_cancellation_moves_its_operation_and_nothing_else_in_the_frozen_window(town: Town) -> None:
    await town.works_by_day(13, 14, 15)
    await town.passes(at(12, 8))
    before, num_before = await town.operations(), town.num_heard
    (cancelled,) = town.police_lose(13)

    await town.heard(cancelled)

    after = await town.operations()
    assert town.names(num_before) == [
        *("ReplanStarted", "OperationRescheduled", "OperationConfirmed", "CancellationRiskAssessed", "PlanPublished"),
    ]
    assert town.published.cause_event_ids == (cancelled[1].id,)
    assert [o for o in after if o[1] != "polisen:P20"] == [o for o in before if o[1] != "polisen:P13"]
    assert town.published.untouched_count == 2


async def test_every_change_says_why_in_both_languages(town: Town) -> None:
    await town.works_by_day(13)
    (cancelled,) = town.police_lose(13)

    await town.heard(cancelled)

    told = town.only(OperationRescheduled)
    assert (told.ladder_step, told.cause_event_ids) == ("postponed", (cancelled[1].id,))
    assert any("Polisen" in reason.sv for reason in told.reasons)
    assert any("police" in reason.en for reason in told.reasons)
    assert [change.reasons for change in town.published.changes] == [told.reasons]


async def test_what_a_cancellation_sets_off_is_one_chain_of_events(town: Town) -> None:
    await town.works_by_day(13)
    num_before = town.num_heard
    (cancelled,) = town.police_lose(13)

    await town.heard(cancelled)

    since = [event.envelope for event in town.planning.said(town.code)[num_before:]]
    assert {e.causationid for e in since} == {e.correlationid for e in since} == {cancelled[1].id}


async def test_each_plan_version_names_the_one_before_by_its_hash(town: Town) -> None:
    await town.works_by_day(13, 14)
    await town.heard(*town.police_lose(13))
    await town.heard(*town.police_lose(14))

    versions = town.said(PlanPublished)
    assert [v.plan_version for v in versions] == [1, 2, 3]
    assert [v.hash_prev for v in versions] == ["", versions[0].hash, versions[1].hash]


async def test_a_shorter_session_keeps_what_still_fits(town: Town) -> None:
    await town.works(days=(13,), num_inspections=5)

    await town.heard(*town.police_lose(13, available_until=at(13, 12)))

    told = town.only(OperationRescheduled)
    assert (told.ladder_step, told.to_slot.end_at) == ("smaller", at(13, 12))
    assert 0 < len(told.inspections) < 5


async def test_fewer_officers_leave_out_the_sites_that_need_more(town: Town) -> None:
    await town.planning.hear(*town.wanted(1, first=7, min_officers=4))
    await town.works(days=(13,), num_inspections=1)

    await town.heard(*town.police_lose(13, officers_left=2))

    told = town.only(OperationRescheduled)
    assert [i.inspection_id for i in told.inspections] == [town.id(f"{AV}:I1")]


async def test_a_whole_loss_with_no_other_session_leaves_the_operation_waiting(town: Town) -> None:
    await town.works(days=(13,))

    await town.heard(*town.police_lose(13))

    told = town.only(OperationPostponed)
    assert "polisen" in told.released
    assert town.now_on() == {"P13": "nowhere"}


async def test_a_team_withdrawn_is_replaced_at_once(town: Town) -> None:
    await town.works(days=(13,), num_inspections=1)
    (team,) = [p.capacity_id for p in town.only(OperationScheduled).participants if p.agency != "polisen"]

    await town.hears(CapacityWithdrawn(capacity_id=team, reason_code="illness"))

    told = town.only(OperationRescheduled)
    assert told.ladder_step == "team_changed"
    assert team not in [p.capacity_id for p in told.participants]


async def test_a_participant_that_withdraws_is_replaced_at_once(town: Town) -> None:
    await town.works(days=(13,), num_inspections=1)
    scheduled = town.only(OperationScheduled)
    (team,) = [p.capacity_id for p in scheduled.participants if p.agency != "polisen"]

    await town.hears(
        ParticipationWithdrawn(operation_id=scheduled.operation_id, capacity_id=team, reason_code="illness")
    )

    told = town.only(OperationRescheduled)
    assert (told.ladder_step, told.reasons[0].code) == ("team_changed", "LOST")


async def test_an_inspection_withdrawn_leaves_its_operation_smaller(town: Town) -> None:
    await town.works(days=(13,), num_inspections=2)
    withdrawn = town.told(InspectionWithdrawn(inspection_id=town.id(f"{AV}:I1"), reason_code="bankrupt"))

    await town.heard(withdrawn)

    told = town.only(OperationRescheduled)
    assert [i.inspection_id for i in told.inspections] == [town.id(f"{AV}:I2")]
    assert told.cause_event_ids == (withdrawn[1].id,)


async def test_an_operation_whose_only_site_is_withdrawn_is_cancelled(town: Town) -> None:
    await town.works(days=(13,), num_inspections=1)

    await town.hears(InspectionWithdrawn(inspection_id=town.id(f"{AV}:I1"), reason_code="bankrupt"))

    assert town.only(OperationCancelled).cause_code == "bankrupt"


async def mistaken(town: Town, session: str, cancelled_id: str) -> None:
    """The police take a cancellation back."""
    await town.hears(PoliceCancellationRetracted(capacity_id=town.id(session), cancelled_event=cancelled_id))


@pytest.mark.parametrize("later", [(13,), (13, 14)])
async def test_a_cancellation_that_was_a_mistake_gives_back_the_exact_former_plan(
    town: Town, later: tuple[int, ...]
) -> None:
    await town.works(days=later, num_inspections=3)
    former, (held,) = await town.operations(), town.now_on().values()
    (cancelled,) = town.police_lose(int(held[1:]))
    await town.heard(cancelled)
    moved = await town.operations()

    await mistaken(town, f"polisen:{held}", cancelled[1].id)

    assert moved != former
    assert await town.operations() == former
    assert town.said(OperationRescheduled)[-1].ladder_step == "restored"
    assert town.said(OperationRescheduled)[-1].reasons
    assert len(town.said(OperationConfirmed)) >= 2


async def test_a_mistake_does_not_move_who_has_agreed_to_the_new_session(town: Town) -> None:
    await town.works(days=(13, 14), num_inspections=1, team={"consent": asking()})
    first = town.only(OperationScheduled)
    yes = town.said(ParticipationRequested)[0]
    await town.hears(
        ParticipationAccepted(
            operation_id=first.operation_id, capacity_id=yes.capacity_id, session_id=first.slot.session_id
        )
    )
    (cancelled,) = town.police_lose(13 if "P13" in first.slot.session_id else 14)
    await town.heard(cancelled)

    # Under consent given nobody new is asked: the operation waits, and its session back is its occasion again.
    await mistaken(town, first.slot.session_id.rpartition("-akc")[0], cancelled[1].id)

    assert town.now_on()[town.day_of(first.operation_id)] == town.day_of(first.operation_id)
    assert len(town.said(ParticipationRequested)) == 1


async def test_police_back_give_a_waiting_operation_its_session_again(town: Town) -> None:
    await town.works(days=(13,))
    await town.heard(*town.police_lose(13))

    await town.hears(PoliceRestored(capacity_id=town.id("polisen:P13")))

    told = town.only(OperationRescheduled)
    assert (told.ladder_step, town.now_on()) == ("restored", {"P13": "P13"})
    assert len(town.said(OperationConfirmed)) == 2


async def test_the_loss_of_a_session_that_nobody_uses_is_answered_and_moves_nothing(town: Town) -> None:
    await town.works(days=(13,))
    await town.planning.hear(*town.capacity((20,)))
    num_before = town.num_heard
    (cancelled,) = town.police_lose(20)

    await town.heard(cancelled)

    assert town.names(num_before) == ["ReplanStarted", "PlanPublished"]
    assert cancelled[1].id in town.published.cause_event_ids
    assert town.published.untouched_count == 1


async def test_a_cancellation_said_of_another_centre_is_refused_and_moves_nothing(town: Town) -> None:
    await town.works(days=(13,))
    elsewhere = Town(town.planning)
    (cancelled,) = town.police_lose(13)

    await elsewhere.heard(elsewhere.told(cancelled[2]))

    assert elsewhere.only(EventRejected).reasons[0].code == "unknown_id"
    assert town.now_on() == {"P13": "P13"}
