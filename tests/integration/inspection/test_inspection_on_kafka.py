"""Records on real topics lead to inspection's rows in a real database, once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from samsyn_chassis.app import Service
from samsyn_contracts.bus import ADMITTED, PLANNING
from samsyn_contracts.message import Message
from samsyn_inspection.app import build
from samsyn_inspection.tables import CentreTimeRow, HeldRow, OperationRow
from sqlmodel import select

from tests.support.in_process import Said, a_centre, running, say, settings_for, until_heard
from tests.support.told_operations import (
    HOURS,
    START_AT,
    cancelled,
    confirmed,
    envelope,
    rescheduled,
    scheduled,
    time_passed,
)


class Inspection:
    """The service, and what a test asks of it."""

    def __init__(self, service: Service, kafka: str) -> None:
        self._service, self._kafka = service, kafka

    async def hear(self, *records: Said) -> None:
        await until_heard(self._service, await say(self._kafka, *records))

    async def rows(self, centre: str) -> list[dict[str, Any]]:
        """Every row about the centre, as JSON would show it."""
        async with self._service.database.transaction() as transaction:
            found: list[dict[str, Any]] = []
            for table in (OperationRow, HeldRow, CentreTimeRow):
                rows = await transaction.session.exec(select(table).where(table.centre == centre))
                found += [row.model_dump(mode="json") for row in rows.all()]
        return found

    async def lives(self, centre: str) -> dict[str, str]:
        return {row["operation_id"]: row["life"] for row in await self.rows(centre) if "life" in row}


@pytest.fixture(scope="module")
async def inspection(kafka: str, fresh_database: Callable[[str], str]) -> AsyncIterator[Inspection]:
    settings = settings_for(kafka, fresh_database("inspection"))
    service = replace(build(settings), name=f"inspection-{a_centre()}")
    async with running(service, settings):
        yield Inspection(service, kafka)


def told(message: Message, id_: str, centre: str) -> Said:
    return PLANNING, envelope(message, f"{centre}-{id_}", centre=centre), message


def ticked(hours: timedelta, id_: str, centre: str) -> Said:
    message = time_passed(START_AT + hours, centre)
    return ADMITTED, envelope(message, f"{centre}-{id_}", party="exchange", centre=centre), message


async def test_a_scheduled_and_confirmed_operation_is_kept_as_confirmed(inspection: Inspection) -> None:
    centre = a_centre()
    one = f"op:{centre}:1"

    await inspection.hear(told(scheduled(one), "1", centre), told(confirmed(one), "2", centre))

    assert await inspection.lives(centre) == {one: "confirmed"}


async def test_time_takes_a_confirmed_operation_underway_and_then_past(inspection: Inspection) -> None:
    centre = a_centre()
    one = f"op:{centre}:1"
    await inspection.hear(told(scheduled(one), "1", centre), told(confirmed(one), "2", centre))

    await inspection.hear(ticked(HOURS / 2, "3", centre))
    during = await inspection.lives(centre)
    await inspection.hear(ticked(HOURS, "4", centre))

    assert (during, await inspection.lives(centre)) == ({one: "underway"}, {one: "past"})


async def test_records_said_again_leave_the_rows_unchanged(inspection: Inspection) -> None:
    centre = a_centre()
    one, other = f"op:{centre}:1", f"op:{centre}:2"
    records = [
        told(scheduled(one), "1", centre),
        told(rescheduled(one), "2", centre),
        told(cancelled(other), "3", centre),
        ticked(HOURS, "4", centre),
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
