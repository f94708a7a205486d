"""Who has not seen that an operation of today is off, or goes without them: the centre hears it before the start."""

from datetime import timedelta

import pytest
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationPostponed

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    GATEWAY,
    HOUR,
    NOW,
    SKV,
    Told,
    a_function,
    a_slot,
    acknowledged,
    body_of,
    cancelled,
    confirmed,
    participants,
    people,
    rescheduled,
)

SOON = NOW + 6 * HOUR
COORDINATOR = a_function(kind="centre-coordinator")


def off(kind: str) -> Message:
    told = cancelled(2, from_slot=a_slot(SOON), released=(AV, SKV))
    return told if kind == "cancelled" else OperationPostponed.model_validate(told.model_dump())


async def both_know(told: Told, start_at: object = SOON) -> None:
    await told.tell(confirmed(1, start_at))  # type: ignore[arg-type]
    for agency in (AV, SKV):
        await told.hear(acknowledged(agency, 1), by=agency)


async def within(told: Told, hours: int) -> list[str]:
    told.letterbox.payloads.clear()
    for quarters in range(1, 4 * hours + 1):
        await told.at(NOW + quarters * HOUR / 4)
    return told.letterbox.subjects


@pytest.mark.parametrize("kind", ["cancelled", "postponed"])
async def test_the_centre_is_told_how_many_have_not_seen_that_it_is_off(kind: str) -> None:
    async with people(CENTRE, COORDINATOR) as told:
        await both_know(told)
        await told.tell(off(kind))
        assert await within(told, 5) == ["Granit (AKC Väst): 2 har inte kvitterat att den inte blir av"]
        assert "skulle ha börjat måndag 5 maj 2025 kl. 16.00" in body_of(told.letterbox.mails[0])


async def test_who_has_seen_that_it_is_off_is_not_counted() -> None:
    async with people(CENTRE, COORDINATOR) as told:
        await both_know(told)
        await told.tell(off("cancelled"))
        await told.hear(acknowledged(AV, 2), by=AV)
        assert await within(told, 5) == ["Granit (AKC Väst): 1 har inte kvitterat att den inte blir av"]
        await told.hear(acknowledged(SKV, 2), by=SKV)


async def test_where_all_have_seen_it_the_centre_is_told_nothing() -> None:
    async with people(CENTRE, COORDINATOR) as told:
        await both_know(told)
        await told.tell(off("cancelled"))
        for agency in (AV, SKV):
            await told.hear(acknowledged(agency, 2), by=agency)
        assert await within(told, 5) == []


async def test_what_is_off_in_weeks_is_not_watched() -> None:
    start_at = NOW + timedelta(days=20)
    async with people(CENTRE, COORDINATOR) as told:
        await both_know(told, start_at)
        await told.tell(cancelled(2, from_slot=a_slot(start_at), released=(AV, SKV)))
        assert await within(told, 30) == []


@pytest.mark.parametrize("is_confirmed_anew", [False, True])
async def test_who_is_let_go_of_what_is_today_is_counted_as_well(is_confirmed_anew: bool) -> None:
    left = participants(SKV)
    async with people(CENTRE, COORDINATOR) as told:
        await both_know(told)
        moved = rescheduled(2, SOON, from_slot=a_slot(SOON), participants=left, released=(AV,))
        await told.tell(moved, *([confirmed(2, SOON, participants=left)] if is_confirmed_anew else []))
        await told.hear(acknowledged(SKV, 2), by=SKV)
        assert await within(told, 5) == ["Granit (AKC Väst): 1 har inte kvitterat"]
        assert "1 av dem som berörs har inte kvitterat det senaste" in body_of(told.letterbox.mails[0])


async def test_the_centre_is_told_in_its_quiet_hours_that_somebody_may_come_in_vain() -> None:
    quiet = {"from": "08:00", "until": "23:00"}
    async with people(CENTRE, a_function(kind="centre-coordinator", quiet=quiet)) as told:
        await both_know(told)
        far = NOW + timedelta(days=20)
        await told.tell(rescheduled(2, far, from_slot=a_slot(SOON)))
        assert await within(told, 2) == ["Granit (AKC Väst): 2 har inte kvitterat"]


async def test_who_is_let_go_of_what_is_today_is_asked_to_acknowledge_it() -> None:
    functions = (a_function(sms=True, deputy="jour"), a_function("jour", kind="duty-officer", calendar=False))
    async with people(AV, *functions, sms_gateway=GATEWAY) as told:
        await told.tell(confirmed(1, SOON))
        released = rescheduled(2, SOON, from_slot=a_slot(SOON), participants=participants(SKV), released=(AV,))
        await told.tell(released)
        assert "Kvittera senast måndag 5 maj 2025 kl. 10.30" in body_of(told.letterbox.mails[-1])
        assert "Påminnelse: Granit (AKC Väst)" in await within(told, 1)
