"""The call at 18.30: a loss told by phone prepares and proposes; only the police or the centre make it final."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.inspections import ReadinessDeclared
from samsyn_contracts.operations import OperationRescheduled, PoliceLossReported
from samsyn_contracts.plans import ReplanApproved, ReplanProposed

from tests.e2e.centre_at_work import AV, BEFORE_START, SKV, CentreAtWork, Friday, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import Said

AT_RISK = "select value->>'at_risk_by' as by from operation where id = $1"


def a_call(centre: CentreAtWork, session: CapacityOffered, agency: str) -> PoliceLossReported:
    """What the duty officer said on the phone to somebody of an agency, or of the centre."""
    return PoliceLossReported(
        operation_id=centre.operation(session),
        agency=agency,
        told_by_function="duty_officer",
        channel="phone",
        told_at=centre.samsyn.now_at,
    )


async def told_by_phone(friday: Friday, agency: str) -> Said[ReplanProposed]:
    """The call is entered while other news wait: the operation is at risk, a plan is proposed, nothing published."""
    centre = friday.centre
    num_plans = len(centre.published())
    await centre.tell(centre.session("elsewhere", area="elsewhere"))
    (call,) = await centre.tell(a_call(centre, friday.lost, agency))
    proposed = await centre.centre.hear(ReplanProposed, since=centre.since)
    await centre.samsyn.quiet()
    assert len(centre.published()) == num_plans
    assert centre.party(AV).told(OperationRescheduled, centre.since) == []
    assert {change.operation_id for change in proposed.message.changes} == {centre.operation(friday.lost)}
    assert proposed.message.decide_by > centre.samsyn.now_at
    assert proposed.record.attribute("causationid") == call.id
    (operation,) = await centre.samsyn.rows("planning", AT_RISK, centre.operation(friday.lost))
    assert operation["by"] == call.id
    return proposed


@pytest.mark.scenario(11)
async def test_a_call_entered_by_the_centre_is_published_when_the_police_confirm(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-mitt"))
    centre = friday.centre
    spare = await centre.a_spare_session()
    await told_by_phone(friday, centre.code)
    # The police hear what is said of them, and so do the participants.
    for code in ("polisen", AV, SKV):
        (heard,) = centre.party(code).told(PoliceLossReported, centre.since)
        assert heard.message.operation_id == centre.operation(friday.lost)

    said = await centre.cancel(friday.lost)
    await centre.plan_after(said.id)

    moved = await centre.party(AV).hear(OperationRescheduled, since=centre.since)
    assert moved.message.to_slot.session_id == spare.capacity_id


@pytest.mark.scenario(11)
async def test_a_call_entered_by_a_participant_is_published_when_the_centre_approves(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-mitt"))
    centre = friday.centre
    spare = await centre.a_spare_session()
    proposed = await told_by_phone(friday, SKV)

    replan_id = proposed.message.replan_id
    (said,) = await centre.tell(ReplanApproved(replan_id=replan_id, centre=centre.code, by_function="coordinator"))
    await centre.plan_after(said.id)

    moved = await centre.party(AV).hear(OperationRescheduled, since=centre.since)
    assert moved.message.to_slot.session_id == spare.capacity_id


@pytest.mark.scenario(11)
@pytest.mark.parametrize("is_ready", [True, False], ids=["ready", "not ready"])
async def test_a_team_not_ready_for_the_new_site_is_not_sent_there(samsyn: Samsyn, is_ready: bool) -> None:
    centre = await centre_at_work(samsyn, "akc-ost")
    lost, wanted = centre.session("lost"), centre.inspection("1", AV)
    await centre.tell(lost, centre.team("1", AV), centre.team("1", SKV), wanted)
    await samsyn.quiet()
    ready = ReadinessDeclared(inspection_id=wanted.inspection_id, agency=SKV, ready=is_ready)
    await centre.tell(centre.interest(wanted, SKV), ready, *centre.readiness([wanted], [AV]))
    await centre.settle()
    await centre.pass_time(centre.friday_at - BEFORE_START)
    assert {part.agency for part in centre.scheduled(lost).message.participants} == {"polisen", AV, SKV}
    spare = await centre.a_spare_session()

    said = await centre.cancel(lost)
    await centre.plan_after(said.id)

    moved = await centre.party(AV).hear(OperationRescheduled, since=centre.since)
    assert moved.message.to_slot.session_id == spare.capacity_id
    sent = {part.agency for part in moved.message.participants}
    assert (SKV in sent) == is_ready
    assert AV in sent
    assert moved.message.from_slot.start_at + timedelta(minutes=30) == moved.message.to_slot.start_at
