"""The brake: a centre that proposes, or is off, publishes nothing by itself; what waits is taken up when it is on."""

from __future__ import annotations

import pytest
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled
from samsyn_contracts.plans import ReplanProposed, ReplanStarted

from tests.e2e.centre_at_work import AV, SKV, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn


@pytest.mark.scenario(12)
async def test_nothing_is_published_by_itself_until_the_centre_is_back_to_auto(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-syd"))
    centre = friday.centre
    spare = await centre.a_spare_session()
    num_plans = len(centre.published())

    # It only proposes: the answer to a loss waits for the centre, with a time to decide by.
    await centre.switch("propose")
    lost = await centre.cancel(friday.lost)
    proposed = await centre.centre.hear(ReplanProposed, since=centre.since)
    await samsyn.quiet()
    assert {change.operation_id for change in proposed.message.changes} == {centre.operation(friday.lost)}
    assert proposed.message.decide_by > samsyn.now_at
    assert proposed.record.attribute("causationid") == lost.id

    # It is off: the next loss is not even answered, and the centre is told that it waits.
    await centre.switch("off")
    beside = await centre.cancel(friday.beside)
    queued = await centre.centre.hear(ReplanStarted, lambda started: started.scope == "queued", centre.since)
    await samsyn.quiet()
    assert beside.id in queued.message.trigger_event_ids
    assert len(centre.centre.told(ReplanProposed, centre.since)) == 1
    assert len(centre.published()) == num_plans
    for agency in (AV, SKV):
        assert centre.party(agency).told(OperationRescheduled, centre.since) == []
        assert centre.party(agency).told(OperationPostponed, centre.since) == []

    # Back to auto: one plan for all that waited.
    await centre.switch("auto")
    plan = await centre.plan_after(beside.id)
    await samsyn.quiet()
    assert len(centre.published()) == num_plans + 1
    changed = {change.operation_id for change in plan.message.changes}
    assert changed == {centre.operation(friday.lost), centre.operation(friday.beside)}
    moved = await centre.party(AV).hear(OperationRescheduled, since=centre.since)
    assert moved.message.to_slot.session_id == spare.capacity_id
