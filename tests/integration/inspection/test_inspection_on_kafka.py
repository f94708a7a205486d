"""Records on real topics lead to inspection's rows in a real database, once."""

from __future__ import annotations

from tests.integration.inspection.inspection_at_work import Inspection, ticked, told
from tests.support.in_process import a_centre
from tests.support.told_operations import HOURS, START_AT, cancelled, confirmed, rescheduled, scheduled


async def test_a_scheduled_and_confirmed_operation_is_kept_as_confirmed(inspection: Inspection) -> None:
    centre = a_centre()
    one = f"op:{centre}:1"

    await inspection.hear(told(scheduled(one), "1", centre), told(confirmed(one), "2", centre))

    assert await inspection.lives(centre) == {one: "confirmed"}


async def test_time_takes_a_confirmed_operation_underway_and_then_past(inspection: Inspection) -> None:
    centre = a_centre()
    one = f"op:{centre}:1"
    await inspection.hear(told(scheduled(one), "1", centre), told(confirmed(one), "2", centre))

    await inspection.hear(ticked(START_AT + HOURS / 2, "3", centre))
    during = await inspection.lives(centre)
    await inspection.hear(ticked(START_AT + HOURS, "4", centre))

    assert (during, await inspection.lives(centre)) == ({one: "underway"}, {one: "past"})


async def test_records_said_again_leave_the_rows_unchanged(inspection: Inspection) -> None:
    centre = a_centre()
    one, other = f"op:{centre}:1", f"op:{centre}:2"
    records = [
        told(scheduled(one), "1", centre),
        told(rescheduled(one), "2", centre),
        told(cancelled(other), "3", centre),
        ticked(START_AT + HOURS, "4", centre),
    ]
    await inspection.hear(*records)
    before = await inspection.rows(centre)

    await inspection.hear(*records, *reversed(records))

    assert len(before) == 3
    assert await inspection.rows(centre) == before


async def test_a_held_message_takes_effect_when_its_operation_is_scheduled(inspection: Inspection) -> None:
    centre = a_centre()
    one = f"op:{centre}:1"
    await inspection.hear(told(cancelled(one, version=2), "1", centre))
    (held,) = await inspection.rows(centre)

    await inspection.hear(told(scheduled(one, version=1), "2", centre))

    assert [kept["type"] for kept in held["messages"]] == ["se.samsyn.OperationCancelled.v1"]
    assert [(row["operation_id"], row.get("life")) for row in await inspection.rows(centre)] == [(one, "cancelled")]
