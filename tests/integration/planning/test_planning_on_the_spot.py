"""From what those on the spot tell to the next plan: what was left is planned again, what was done is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from samsyn_contracts.bus import INSPECTION
from samsyn_contracts.carrying_out import InspectionSuspended, OperationCompleted, ParticipantDelayed
from samsyn_contracts.envelope import service_source
from samsyn_contracts.operations import OperationConfirmed, OperationRescheduled, OperationScheduled
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import SETTLED, Town
from tests.support.in_process import Said
from tests.support.planning_facts import AV, SKV, at


def broken_off(town: Town, operation: OperationConfirmed, *remaining: str, agency: str = "") -> InspectionSuspended:
    """Said by a participant unless told otherwise."""
    others = [p.agency for p in operation.participants if p.agency != "polisen"]
    return InspectionSuspended(
        operation_id=operation.operation_id,
        agency=agency or others[0],
        plan_version=operation.plan_version,
        cause_code="police_called_away",
        remaining_inspection_ids=tuple(town.id(f"{AV}:{one}") for one in remaining),
    )


def account(town: Town, operation: OperationConfirmed, done: tuple[str, ...], left: tuple[str, ...] = ()) -> Said:
    """Inspection's word that the operation is over."""
    own: dict[str, Any] = {
        "operation_id": operation.operation_id,
        "code_name": operation.code_name,
        "plan_version": operation.plan_version,
        "outcome": "in_part" if left else "completed",
        "started_at": operation.slot.start_at,
        "ended_at": operation.slot.end_at,
        "done_inspection_ids": [town.id(f"{AV}:{one}") for one in done],
        "left_inspection_ids": [town.id(f"{AV}:{one}") for one in left],
        "handed_in_by": [AV, SKV],
        "missing_from": [],
        "police_present": True,
        "counts_as_operation": True,
    }
    message = OperationCompleted.model_validate(own)
    _, envelope, _ = town.told(message, source=service_source("inspection"))
    return INSPECTION, envelope, message


def routes(town: Town) -> dict[str, list[str]]:
    """The inspections of each operation scheduled, by its session."""
    scheduled = {m.slot.session_id.partition("-")[0]: m for m in town.said(OperationScheduled)}
    return {
        session: sorted(one.inspection_id.partition("-")[0].rpartition(":")[2] for one in message.inspections)
        for session, message in sorted(scheduled.items())
    }


async def on_the_day(town: Town) -> OperationConfirmed:
    """Two inspections on the 13th, and room a week later; it is the 13th, ten o'clock."""
    await town.works((13, 20))
    await town.passes(at(13, 10))
    assert routes(town) == {"polisen:P13": ["I1", "I2"]}
    return town.only(OperationConfirmed)


async def test_what_is_broken_off_is_planned_again_and_is_not_believed_done(town: Town) -> None:
    operation = await on_the_day(town)

    await town.hears(broken_off(town, operation, "I2"))
    await town.passes(at(13, 10) + SETTLED)
    replanned = routes(town)
    await town.passes(at(13, 17))
    await town.heard(account(town, operation, done=("I1",), left=("I2",)))
    num_plans = len(town.said(PlanPublished))
    await town.passes(at(14, 7))

    assert replanned == {"polisen:P13": ["I1", "I2"], "polisen:P20": ["I2"]}
    assert (routes(town), len(town.said(PlanPublished))) == (replanned, num_plans)


async def test_who_takes_no_part_breaks_nothing_off(town: Town) -> None:
    operation = await on_the_day(town)

    await town.hears(broken_off(town, operation, "I2", agency="migrationsverket"))
    await town.passes(at(13, 10) + SETTLED)

    assert routes(town) == {"polisen:P13": ["I1", "I2"]}


async def test_what_was_believed_done_and_was_left_is_planned_again(town: Town) -> None:
    operation = await on_the_day(town)
    await town.passes(at(14, 16))
    before = routes(town)

    await town.heard(account(town, operation, done=("I2",), left=("I1",)))
    await town.passes(at(14, 16) + SETTLED)

    assert (before, routes(town)) == (
        {"polisen:P13": ["I1", "I2"]},
        {"polisen:P13": ["I1", "I2"], "polisen:P20": ["I1"]},
    )


async def test_an_account_of_all_done_sets_off_no_plan_and_a_second_time_nothing(town: Town) -> None:
    operation = await on_the_day(town)
    said = account(town, operation, done=("I1", "I2"))

    await town.heard(said)
    await town.heard(said)
    await town.passes(at(13, 10) + timedelta(days=1))

    assert (len(town.said(PlanPublished)), routes(town)) == (1, {"polisen:P13": ["I1", "I2"]})


async def test_an_operation_waits_for_the_police_who_are_late_and_others_are_left_alone(town: Town) -> None:
    await town.works_by_day(13, 14)
    before = {row[0]: row for row in await town.operations()}
    about = {"operation_id": f"op:{town.id('polisen:P13')}", "agency": "polisen"}

    await town.hears(ParticipantDelayed.model_validate({**about, "minutes": 40}))
    await town.hears(ParticipantDelayed.model_validate({**about, "minutes": 600}))

    told = town.only(OperationRescheduled)
    assert (told.operation_id, told.to_slot.start_at, told.reasons[0].code) == (
        about["operation_id"],
        at(13, 8, 40),
        "DELAYED",
    )
    assert told.from_slot.session_id == told.to_slot.session_id
    assert min(one.start_at for one in told.inspections) > at(13, 8, 40)
    after = {row[0]: row for row in await town.operations()}
    assert {own for own in before if before[own] != after[own]} == {"op:polisen:P13"}
    assert [(one.reasons[0].code, one.reasons[0].pointer) for one in town.said(EventRejected)] == [
        ("invalid_field", "/minutes")
    ]
