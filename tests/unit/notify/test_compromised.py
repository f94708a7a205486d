"""That an operation may be compromised is told at once to who takes part and to the centre, and never how."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.operations import Participant

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    OPERATION,
    SKV,
    a_function,
    body_of,
    cancelled,
    confirmed,
    people,
    rescheduled,
    scheduled,
)

HELD, LET_GO = "Granit (AKC Väst): kan vara röjd", "Granit (AKC Väst): inte längre stoppad"
INVITED = (Participant(agency=AV, capacity_id=f"{AV}:t1", status="invited"),)
CLEARED = OperationCleared(operation_id=OPERATION, centre=CENTRE, by_function="samordnare", reason_code="goes_ahead")


def feared(**more: Any) -> OperationCompromised:
    told = {"operation_id": OPERATION, "told_by": SKV, "how": "leaked", "by_function": "samordnare"}
    return OperationCompromised.model_validate(told | more)


async def test_who_takes_part_is_told_that_it_is_held_and_that_it_was_let_go() -> None:
    async with people() as told:
        await told.tell(confirmed())
        await told.tell(feared())
        await told.tell(CLEARED)

        assert told.letterbox.subjects[1:] == [HELD, LET_GO]
        assert "läckt" not in body_of(told.letterbox.mails[1])


async def test_the_centre_is_told_also_of_one_that_waits_for_an_occasion() -> None:
    coordinator = a_function(kind="centre-coordinator")
    async with people(CENTRE, coordinator) as told:
        await told.tell(confirmed())
        await told.tell(cancelled(2))
        await told.tell(feared())

        assert told.letterbox.subjects[-1] == HELD


@pytest.mark.parametrize("before", [[], [scheduled(participants=INVITED)], [confirmed(), cancelled(2)]])
async def test_who_takes_no_part_is_not_told(before: list[Any]) -> None:
    async with people() as told:
        await told.tell(*before)
        num_told = len(told.letterbox.mails)
        await told.tell(feared())

        assert len(told.letterbox.mails) == num_told


async def test_a_newer_plan_does_not_take_the_place_of_it() -> None:
    async with people() as told:
        await told.tell(confirmed())
        await told.hear(feared())
        await told.hear(rescheduled(2))
        await told.send()

        assert HELD in told.letterbox.subjects
