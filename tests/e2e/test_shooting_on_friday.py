"""Shooting on Friday: three hours before it starts an operation loses its police, and everybody knows what follows."""

from __future__ import annotations

import pytest
from samsyn_contracts.bus import PLANNING
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled

from tests.e2e.centre_at_work import AV, SKV, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn

GENEROUS_SECONDS = 40


@pytest.mark.scenario(1)
async def test_a_lost_operation_moves_to_the_other_session_of_the_day(samsyn: Samsyn, measured: list[str]) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-vast"))
    centre = friday.centre
    spare = await centre.a_spare_session()

    said = await centre.cancel(friday.lost)
    plan = await centre.plan_after(said.id)
    await samsyn.quiet()

    # The participants hear where it goes, and why, in both languages.
    for agency in (AV, SKV):
        (told,) = centre.party(agency).told(OperationRescheduled, centre.since)
        assert told.message.operation_id == centre.operation(friday.lost)
        assert told.message.to_slot.session_id == spare.capacity_id
        assert told.message.cause_event_ids == (said.id,)
        assert told.message.reasons
        assert all(reason.sv and reason.en and reason.sv != reason.en for reason in told.message.reasons)
        # One trace, from the police's own record to what the participant hears.
        assert told.record.trace_id == (said.traceparent or "").split("-")[1]
    # Nothing else has moved: of the operation beside it nobody has said anything.
    changed = {change.operation_id for change in plan.message.changes}
    assert changed == {centre.operation(friday.lost)}
    assert plan.message.untouched_count == 1
    later = [r for r in samsyn.trail.records if r.topic == PLANNING and r.attribute("causationid") == said.id]
    assert centre.operation(friday.beside) not in {record.attribute("subject") for record in later}
    committed_ms = int(centre.admitted(said.id).header("committed_ms"))
    seconds = (plan.record.written_ms - committed_ms) / 1000
    measured.append(f"PoliceCancelled admitted -> PlanPublished on the topic: {seconds:.3f} s")
    assert seconds < GENEROUS_SECONDS


@pytest.mark.scenario(1)
async def test_an_operation_without_another_session_is_postponed(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-nord"))
    centre = friday.centre

    said = await centre.cancel(friday.lost)
    plan = await centre.plan_after(said.id)
    await samsyn.quiet()

    for agency in (AV, SKV):
        (told,) = centre.party(agency).told(OperationPostponed, centre.since)
        assert told.message.operation_id == centre.operation(friday.lost)
        assert told.message.cause_code == "shooting"
        assert all(reason.sv and reason.en for reason in told.message.reasons)
        assert told.message.reasons
    assert {change.operation_id for change in plan.message.changes} == {centre.operation(friday.lost)}
