"""Who has acknowledged on the desk, or by an adapter of its own, is not reminded: the exchange is asked who has."""

import httpx
import pytest
from samsyn_contracts.notifications import NotificationEscalated

from tests.unit.notify.people_told import (
    AV,
    CITY,
    HOUR,
    NOW,
    OPERATION,
    START,
    Told,
    a_function,
    a_slot,
    cancelled,
    confirmed,
    participants,
    people,
    rescheduled,
)

TWO = (a_function(deputy="jour"), a_function("jour", kind="team-lead", calendar=False))
ONE = (a_function(deputy="jour"), a_function("jour", kind="duty-officer", calendar=False))
DAY = 24 * HOUR
REMINDER, DEPUTY = "Påminnelse: Granit (AKC Väst)", "Till er som ersätter: Granit (AKC Väst)"


async def let_days_pass(told: Told) -> list[str]:
    """Subjects of what is told in sixty hours."""
    told.letterbox.payloads.clear()
    for hours in range(1, 61):
        await told.at(NOW + hours * HOUR)
    return told.letterbox.subjects


async def test_who_has_acknowledged_is_neither_reminded_nor_escalated() -> None:
    async with people(AV, *ONE) as told:
        await told.tell(confirmed(3))
        told.acknowledged[OPERATION] = 3
        assert await let_days_pass(told) == []
        assert told.said(NotificationEscalated) == []


async def test_who_acknowledges_after_the_reminder_is_not_escalated() -> None:
    async with people(AV, *ONE) as told:
        await told.tell(confirmed(3))
        await told.at(NOW + DAY)
        told.acknowledged[OPERATION] = 3
        assert await let_days_pass(told) == []
        assert told.said(NotificationEscalated) == []


@pytest.mark.parametrize("seen", [{}, {OPERATION: 2}, {"op:polisen:p2": 3}], ids=["none", "an older", "another's"])
async def test_who_has_not_acknowledged_that_version_is_reminded(seen: dict[str, int]) -> None:
    async with people(AV, *ONE) as told:
        await told.tell(confirmed(3))
        told.acknowledged.update(seen)
        assert await let_days_pass(told) == [REMINDER, DEPUTY]


async def test_that_it_is_off_is_acknowledged_as_well() -> None:
    start = NOW + 6 * HOUR
    async with people(AV, *ONE) as told:
        await told.tell(confirmed(3, start), cancelled(4, from_slot=a_slot(start)))
        told.acknowledged[OPERATION] = 3
        await told.at(NOW + HOUR / 2)
        assert told.letterbox.subjects[-1] == REMINDER
        told.acknowledged[OPERATION] = 4
        assert await let_days_pass(told) == []


async def test_the_acknowledgement_of_a_department_is_not_taken_for_the_others() -> None:
    functions = (
        a_function("miljo", role="miljoforvaltningen", capacities=["mf-"]),
        a_function("tillstand", role="tillstandsenheten", capacities=["te-"]),
    )
    part = participants(CITY)[0].model_copy(update={"capacity_id": f"{CITY}:mf-t1"})
    async with people(CITY, *functions) as told:
        await told.tell(confirmed(3, participants=(part,)))
        told.acknowledged[OPERATION] = 3
        assert await let_days_pass(told) == [REMINDER]


async def test_a_deputy_with_quiet_hours_is_asked_about_again_when_they_end() -> None:
    quiet = {"from": "08:00", "until": "23:00"}
    deputy = a_function("jour", kind="duty-officer", calendar=False, quiet=quiet)
    async with people(AV, ONE[0], deputy) as told:
        await told.tell(confirmed(3))
        await told.at(NOW + DAY)
        await told.at(NOW + DAY + 8 * HOUR)  # the deputy's turn, in its quiet hours
        told.acknowledged[OPERATION] = 3
        await told.at(NOW + DAY + 14 * HOUR)
        assert told.letterbox.subjects[1:] == [REMINDER]
        assert told.said(NotificationEscalated) == []


async def test_while_the_exchange_does_not_answer_nobody_is_reminded() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(rescheduled(3, START))
        asked = told.passing.exchange._asked._client
        told.passing.exchange._asked._client = httpx.AsyncClient(
            base_url="https://exchange.example", transport=httpx.MockTransport(lambda _: httpx.Response(503))
        )
        assert await let_days_pass(told) == []
        told.passing.exchange._asked._client = asked
        assert await let_days_pass(told) != []
