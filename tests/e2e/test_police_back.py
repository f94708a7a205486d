"""Police back after two hours, or never gone: who waits is offered the first occasion again, a mistake is undone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.bus import PLANNING
from samsyn_contracts.capacity import (
    CapacityConsent,
    CapacityOffered,
    PoliceCancellationRetracted,
    PoliceRestored,
)
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import InspectionProposed, TimeWindow
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationPostponed,
    OperationRescheduled,
    ParticipationAccepted,
    ParticipationRequested,
)
from samsyn_contracts.plans import PlanPublished, ReplanApproved, ReplanProposed

from tests.e2e.centre_at_work import AV, HOUR, SKV, CentreAtWork, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import Said

pytestmark = pytest.mark.scenario(4)

DAY, TWO_HOURS = timedelta(days=1), 2 * HOUR
PLANS = "select version, plan->'operations' as operations from plan_version where centre = $1 order by version"
Begin = Callable[[str], Awaitable[CentreAtWork]]
NEWS_OF_OPERATIONS = (
    "OperationScheduled",
    "OperationConfirmed",
    "OperationRescheduled",
    "OperationPostponed",
    "OperationCancelled",
    "ParticipationRequested",
)


async def plans(centre: CentreAtWork) -> list[str]:
    """The operations of every plan version that is kept, as their bytes, the newest last."""
    return [row["operations"] for row in await centre.samsyn.rows("planning", PLANS, centre.code)]


def occasions(plan: str) -> list[tuple[Any, ...]]:
    """What of a plan is agreed upon: not who has yet to be asked."""
    return [(form["id"], form["session"], form["inspections"], form["teams"]) for form in json.loads(plan)]


def news(centre: CentreAtWork, agency: str, since: int) -> list[str]:
    """What a participant has been told of operations since, by name."""
    return [r.name for r in centre.party(agency).records(since) if r.name in NEWS_OF_OPERATIONS]


async def restored(centre: CentreAtWork, session: CapacityOffered) -> Said[PlanPublished]:
    """The police have a session again; the plan that answers it."""
    said = await centre.police.tell(PoliceRestored(capacity_id=session.capacity_id))
    plan = await centre.plan_after(said.id)
    await centre.samsyn.quiet()
    return plan


async def mistaken(centre: CentreAtWork, session: CapacityOffered, cancelled: Envelope) -> Said[PlanPublished]:
    """The police take a cancellation back; the plan that answers it."""
    taken_back = PoliceCancellationRetracted(capacity_id=session.capacity_id, cancelled_event=cancelled.id)
    said = await centre.police.tell(taken_back)
    plan = await centre.plan_after(said.id)
    await centre.samsyn.quiet()
    return plan


async def lost(centre: CentreAtWork, session: CapacityOffered) -> Envelope:
    """The police lose a session, and that is answered."""
    said = await centre.cancel(session)
    await centre.plan_after(said.id)
    await centre.samsyn.quiet()
    return said


@pytest.fixture
async def own_week(samsyn: Samsyn) -> AsyncIterator[Begin]:
    """Begins a centre's week, which is over when the test is: nothing of it is left for the next."""
    begun: list[CentreAtWork] = []

    async def begin(code: str) -> CentreAtWork:
        begun.append(await centre_at_work(samsyn, code))
        return begun[-1]

    yield begin
    for centre in begun:
        await centre.pass_time(centre.friday_at + 2 * DAY)


# The disturbance is over


async def test_an_operation_that_waits_is_offered_its_first_occasion_when_the_police_are_back(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-bergslagen"))
    centre, operation = friday.centre, friday.centre.operation(friday.lost)
    await lost(centre, friday.lost)
    await centre.pass_time(samsyn.now_at + TWO_HOURS)
    since = len(samsyn.trail.records)

    plan = await restored(centre, friday.lost)

    for agency in (AV, SKV):
        (told,) = centre.party(agency).told(OperationRescheduled, since)
        assert (told.message.operation_id, told.message.ladder_step) == (operation, "restored")
        slot = told.message.to_slot
        assert (slot.session_id, slot.start_at) == (friday.lost.capacity_id, friday.lost.start_at)
        assert all(reason.sv and reason.en for reason in told.message.reasons)
        assert news(centre, agency, since) == ["OperationRescheduled", "OperationConfirmed"]
    assert [change.operation_id for change in plan.message.changes] == [operation]


async def test_an_operation_that_has_moved_this_morning_is_not_moved_again_when_the_police_are_back(
    samsyn: Samsyn,
) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-ost"))
    centre = friday.centre
    await centre.a_spare_session()
    await lost(centre, friday.lost)
    await centre.pass_time(samsyn.now_at + TWO_HOURS)
    since = len(samsyn.trail.records)

    plan = await restored(centre, friday.lost)

    assert (plan.message.changes, plan.message.untouched_count) == ((), 2)
    assert [news(centre, agency, since) for agency in (AV, SKV)] == [[], []]


async def test_a_week_ahead_what_was_left_behind_gets_the_session_and_nobody_is_moved_twice(
    samsyn: Samsyn, own_week: Begin
) -> None:
    centre = await own_week("akc-nord")
    two = await a_planned_pair(centre)
    await lost(centre, two.first)
    (moved,) = centre.party(AV).told(OperationRescheduled, centre.since)
    assert moved.message.to_slot.session_id == two.spare.capacity_id
    await centre.pass_time(samsyn.now_at + TWO_HOURS)
    since = len(samsyn.trail.records)

    plan = await restored(centre, two.first)

    # The site that found no room has an operation of its own; of the one that moved nobody hears a word.
    (new,) = plan.message.changes
    assert (new.kinds, new.operation_id == moved.message.operation_id) == (("new",), False)
    assert set(news(centre, AV, since)) == {"OperationScheduled", "OperationConfirmed"}
    assert moved.message.operation_id not in told_of(samsyn, since)


# It was a mistake


async def test_a_mistake_gives_back_the_exact_former_plan(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-mitt"))
    centre, operation = friday.centre, friday.centre.operation(friday.lost)
    await centre.a_spare_session()
    former = (await plans(centre))[-1]
    cancelled = await lost(centre, friday.lost)
    moved = (await plans(centre))[-1]
    await centre.tell(centre.session("another", area="nowhere"))  # facts come in all day long
    since = len(samsyn.trail.records)

    await mistaken(centre, friday.lost, cancelled)

    assert moved != former
    assert (await plans(centre))[-1] == former
    for agency in (AV, SKV):
        (told,) = centre.party(agency).told(OperationRescheduled, since)
        assert (told.message.operation_id, told.message.ladder_step) == (operation, "restored")
        assert told.message.code_name == centre.scheduled(friday.lost).message.code_name
        assert [reason.code for reason in told.message.reasons] == ["RETRACTED"]
        assert news(centre, agency, since) == ["OperationRescheduled", "OperationConfirmed"]


async def test_a_mistake_also_undoes_what_the_centre_approved_and_nobody_has_answered(
    samsyn: Samsyn, own_week: Begin
) -> None:
    asked = await a_proposed_saturday(await own_week("akc-syd"))
    centre, since = asked.centre, len(samsyn.trail.records)

    await mistaken(centre, asked.lost, asked.cancelled)

    assert (await plans(centre))[-1] == asked.former
    (told,) = centre.party(AV).told(OperationRescheduled, since)
    assert (told.message.ladder_step, told.message.to_slot.session_id) == ("restored", asked.lost.capacity_id)
    assert news(centre, AV, since)[-1] == "OperationConfirmed"


async def test_a_mistake_leaves_alone_what_somebody_has_said_yes_to_and_that_is_told(
    samsyn: Samsyn, own_week: Begin
) -> None:
    asked = await a_proposed_saturday(await own_week("akc-syd"))
    centre = asked.centre
    (request,) = centre.party(AV).told(ParticipationRequested, centre.since)
    yes = {"operation_id": request.message.operation_id, "capacity_id": request.message.capacity_id}
    session_id = request.message.slot.session_id
    await centre.party(AV).tell(ParticipationAccepted.model_validate({**yes, "session_id": session_id}))
    await samsyn.quiet()
    agreed, since = (await plans(centre))[-1], len(samsyn.trail.records)

    plan = await mistaken(centre, asked.lost, asked.cancelled)

    # The operation stays where AV has said yes to it, and everybody hears that the retraction changed nothing.
    assert occasions((await plans(centre))[-1]) == occasions(agreed)
    assert news(centre, AV, since) == []
    assert plan.message.changes == ()
    for agency in (AV, SKV, centre.code):
        (told,) = centre.party(agency).told(PlanPublished, since)
        assert told.message.cause_event_ids == plan.message.cause_event_ids


def told_of(samsyn: Samsyn, since: int) -> set[str]:
    """What planning has spoken of since."""
    return {record.attribute("subject") for record in samsyn.trail.records[since:] if record.topic == PLANNING}


@dataclass(frozen=True)
class Pair:
    """A session with an operation of two sites, and a smaller one to spare."""

    first: CapacityOffered
    spare: CapacityOffered


async def a_planned_pair(centre: CentreAtWork) -> Pair:
    """A week before: an operation of two sites is confirmed; the session to spare, a day later, takes one of them."""
    own: dict[str, Any] = {"area": f"area-{centre.tag}"}  # the week may be another test's too
    first, spare = centre.session("first", **own), centre.session("spare", late=DAY, max_inspections=1, **own)
    both_days = TimeWindow(from_at=centre.friday_at - HOUR, until_at=centre.friday_at + 2 * DAY)
    wanted = [centre.inspection(name, AV, time_windows=(both_days,), **own) for name in ("1", "2")]
    interest = [centre.interest(one, SKV) for one in wanted]
    await centre.tell(first, *wanted, *(centre.team("1", agency) for agency in (AV, SKV)))
    await centre.samsyn.quiet()
    await centre.tell(*interest, *centre.readiness(wanted, (AV, SKV)))
    await centre.settle()
    await centre.tell(spare, centre.team("2", AV, late=DAY))
    await centre.settle()
    assert len(centre.confirmed(first)) == 1
    return Pair(first, spare)


@dataclass(frozen=True)
class Asked:
    """A plan that the centre has approved after a loss: AV is asked for Saturday, and has not answered."""

    centre: CentreAtWork
    lost: CapacityOffered
    former: str
    cancelled: Envelope


async def a_proposed_saturday(centre: CentreAtWork) -> Asked:
    """Friday's session is lost; the only other occasion is on Saturday, for which AV wants to be asked."""
    own: dict[str, Any] = {"area": f"area-{centre.tag}"}  # the week may be another test's too
    friday, saturday = centre.session("friday", **own), centre.session("saturday", late=DAY, **own)
    weekend = TimeWindow(from_at=centre.friday_at - HOUR, until_at=centre.friday_at + 2 * DAY)
    wanted: list[InspectionProposed] = [centre.inspection("1", AV, time_windows=(weekend,), **own)]
    await centre.tell(friday, centre.team("1", AV), *wanted)
    await centre.samsyn.quiet()
    await centre.tell(*centre.readiness(wanted, (AV,)))
    await centre.settle()
    asking = CapacityConsent(mode="ask")
    await centre.tell(saturday, centre.team("2", AV, late=DAY, consent=asking))
    await centre.settle()
    former = (await plans(centre))[-1]
    cancelled = await lost(centre, friday)
    assert len(centre.party(AV).told(OperationPostponed, centre.since)) == 1
    proposed = centre.centre.told(ReplanProposed, centre.since)[-1].message
    approval: Message = ReplanApproved(replan_id=proposed.replan_id, centre=centre.code, by_function="coordinator")
    (approved,) = await centre.tell(approval)
    await centre.plan_after(approved.id)
    await centre.samsyn.quiet()
    return Asked(centre, friday, former, cancelled)
