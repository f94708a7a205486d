"""From the first facts of a centre to its first plan, its requests and its confirmed operations."""

from __future__ import annotations

from samsyn_contracts.inspections import ReadinessDeclared
from samsyn_contracts.operations import (
    OperationConfirmed,
    OperationScheduled,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationRequested,
    PoliceCommitted,
    PoliceRequested,
)
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from tests.integration.planning.planning_at_work import SETTLED, Town
from tests.support.planning_facts import AV, NOW, SKV, asking


async def test_capacity_wanted_inspections_and_time_give_the_first_plan(town: Town) -> None:
    await town.works()

    assert (town.published.plan_version, town.published.previous_version, town.published.hash_prev) == (1, 0, "")
    assert town.names() == [
        *("ReplanStarted", "OperationScheduled", "OperationConfirmed", "CancellationRiskAssessed", "PlanPublished"),
    ]
    assert town.now_on() == {"P13": "P13"}


async def test_nothing_is_planned_before_facts_have_settled(town: Town) -> None:
    await town.planning.hear(*town.capacity((13,)), *town.wanted(1))
    await town.planning.settled()

    assert town.names() == []


async def asked(town: Town, ready: tuple[str, ...] = (AV, SKV)) -> OperationScheduled:
    """A first plan in which everybody wants to be asked."""
    offers = {"session": {"consent": asking()}, "team": {"consent": asking()}}
    await town.planning.hear(*town.capacity((13,), **offers), *town.wanted(1, ready=ready, required_agencies=[AV]))
    await town.passes(NOW + SETTLED)
    return town.only(OperationScheduled)


async def test_who_wants_to_be_asked_is_asked(town: Town) -> None:
    operation = await asked(town)

    assert [r.capacity_id for r in town.said(ParticipationRequested)] == [town.id(f"{AV}:T13")]
    assert town.only(PoliceRequested).capacity_id == town.id("polisen:P13")
    assert {p.status for p in operation.participants} == {"invited"}
    assert town.said(OperationConfirmed) == []


async def test_answers_and_readiness_confirm_the_operation_once_all_are_there(town: Town) -> None:
    operation = await asked(town, ready=())
    one, session = operation.operation_id, operation.slot.session_id
    yes = ParticipationAccepted(operation_id=one, capacity_id=town.id(f"{AV}:T13"), session_id=session)
    ready = ReadinessDeclared(inspection_id=town.id(f"{AV}:I1"), agency=AV, ready=True)

    await town.hears(yes, PoliceCommitted(operation_id=one, capacity_id=session, unit="local_police"))
    before = town.said(OperationConfirmed)
    await town.hears(ready)

    assert (before, town.only(OperationConfirmed).operation_id) == ([], one)
    assert len(town.said(PlanPublished)) == 1


async def test_answers_that_come_in_one_batch_confirm_the_operation_once(town: Town) -> None:
    operation = await asked(town, ready=())
    one, session = operation.operation_id, operation.slot.session_id

    await town.hears(
        ReadinessDeclared(inspection_id=town.id(f"{AV}:I1"), agency=AV, ready=True),
        ParticipationAccepted(operation_id=one, capacity_id=town.id(f"{AV}:T13"), session_id=session),
        PoliceCommitted(operation_id=one, capacity_id=session, unit="local_police"),
    )

    assert town.only(OperationConfirmed).guard_results.ready == "met"


async def test_a_team_that_declines_is_replaced_when_facts_have_settled(town: Town) -> None:
    await town.works(days=(13,), num_inspections=1, team={"consent": asking()})
    operation = town.only(OperationScheduled)
    (first,) = town.said(ParticipationRequested)
    no = ParticipationDeclined(
        operation_id=operation.operation_id, capacity_id=first.capacity_id, reason_code="no_staff"
    )

    await town.hears(no)
    await town.passes(town.now_at + SETTLED)

    _, second = town.said(ParticipationRequested)
    assert {first.agency, second.agency} == {AV, SKV}


async def test_a_request_nobody_answers_is_taken_for_a_no(town: Town) -> None:
    await town.works(days=(13,), num_inspections=1, team={"consent": asking()})
    (first,) = town.said(ParticipationRequested)

    await town.passes(first.reply_by)

    _, second = town.said(ParticipationRequested)
    assert second.agency != first.agency


async def test_a_yes_told_by_phone_confirms_nothing_until_the_agency_says_it_itself(town: Town) -> None:
    operation = await asked(town)
    one, session, team = operation.operation_id, operation.slot.session_id, town.id(f"{AV}:T13")
    told = {"operation_id": one, "noted_by": town.code, "agency": AV, "capacity_id": team, "session_id": session}
    told |= {"answer": "accept", "channel": "phone", "told_by_function": "coordinator", "by_function": "coordinator"}
    note = ParticipationAnswerReported.model_validate({**told, "told_at": town.now_at})

    await town.hears(note, PoliceCommitted(operation_id=one, capacity_id=session, unit="local_police"))
    before = town.names()
    await town.hears(ParticipationAccepted(operation_id=one, capacity_id=team, session_id=session))
    await town.hears(note)

    assert not {"OperationConfirmed", "EventRejected"} & set(before)
    assert town.only(OperationConfirmed).operation_id == one
    (reason,) = town.only(EventRejected).reasons
    assert (reason.code, reason.pointer) == ("already_decided", "/capacity_id")


async def test_what_cannot_be_taken_is_answered_and_stops_nothing(town: Town) -> None:
    stranger = ParticipationAccepted(
        operation_id="op:none", capacity_id=town.id(f"{AV}:T13"), session_id=town.id("polisen:P13")
    )

    await town.hears(stranger)
    await town.works()

    (reason,) = town.only(EventRejected).reasons
    assert (reason.code, reason.pointer) == ("unknown_id", "/operation_id")
    assert town.published.plan_version == 1


async def test_two_agencies_with_teams_of_one_name_are_planned_as_two(town: Town) -> None:
    await town.planning.hear(*town.capacity((13,)), *town.wanted(1, required_agencies=[AV, SKV]))
    await town.passes(NOW + SETTLED)

    participants = {p.agency for p in town.only(OperationScheduled).participants}
    assert participants == {AV, SKV, "polisen"}


async def test_an_id_that_is_taken_is_refused_and_the_centre_still_planned(town: Town) -> None:
    wanted = town.wanted(1)
    same_id = town.wanted(1)[0][2].model_copy(update={"inspection_id": town.id(f"{AV}:T13")})

    await town.planning.hear(*town.capacity((13,)), *wanted, town.told(same_id))
    await town.passes(NOW + SETTLED)

    assert town.only(EventRejected).reasons[0].pointer == "/inspection_id"
    assert town.published.plan_version == 1
