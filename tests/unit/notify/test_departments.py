"""Two departments of one city: each is told its own part in an operation, whatever the other's is."""

from __future__ import annotations

from typing import Literal

import pytest
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.message import Message
from samsyn_contracts.operations import Participant

from tests.unit.notify.people_told import (
    AV,
    CITY,
    HOUR,
    NOW,
    POLICE,
    SKV,
    START,
    Told,
    a_function,
    a_note,
    body_of,
    calendar_of,
    confirmed,
    participants,
    people,
    rescheduled,
    scheduled,
)

LET_GO = "Granit (AKC Väst): ni är inte längre med"
QUIET = {"from": "21:00", "until": "07:00"}
ENVIRONMENT = a_function("miljo", role="miljoforvaltningen", capacities=["mf-"])
PERMITS = a_function("till", role="tillstandsenheten", capacities=["te-"])
BOTH = (ENVIRONMENT, PERMITS)


def of(capacity: str, status: Literal["accepted", "invited"] = "accepted") -> Participant:
    return Participant(agency=CITY, capacity_id=f"{CITY}:{capacity}", status=status)


async def heard_anew(told: Told, *messages: Message) -> list[tuple[str, str]]:
    """Who is told what by messages, and nothing that was told before."""
    num_before = len(told.letterbox.mails)
    await told.tell(*messages)
    return told.letterbox.told[num_before:]


async def test_a_department_that_is_let_go_is_told_so_and_its_calendar_cleared_while_the_other_stays() -> None:
    async with people(CITY, *BOTH) as told:
        await told.tell(confirmed(1, participants=(of("mf-1"), of("te-1"))))
        assert await heard_anew(told, rescheduled(2, START, participants=(of("mf-1"),))) == [
            ("miljo", "Granit (AKC Väst): ändrad"),
            ("till", LET_GO),
        ]
        assert b"METHOD:CANCEL" in calendar_of(told.letterbox.mails[-1])
        assert await heard_anew(told, rescheduled(3, START + 24 * HOUR, participants=(of("mf-1"),))) == [
            ("miljo", "Granit (AKC Väst): ny tid")
        ]


async def test_a_department_that_only_is_invited_is_told_no_more_than_its_question() -> None:
    async with people(CITY, *BOTH) as told:
        told.now = START - 3 * HOUR
        both = (of("mf-1"), of("te-1", "invited"))
        assert await heard_anew(told, confirmed(1, participants=both)) == [("miljo", "Granit (AKC Väst): bekräftad")]
        await told.tell(PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="shooting"))
        await told.at(told.now + HOUR / 6)
        assert {to for to, _ in told.letterbox.told} == {"miljo"}
        assert await heard_anew(told, rescheduled(2, START, participants=(of("mf-1"),))) == [
            ("miljo", "Granit (AKC Väst): ändrad")
        ]


async def test_a_department_stays_in_it_by_another_team_of_its_own() -> None:
    async with people(CITY, *BOTH) as told:
        await told.tell(confirmed(1, participants=(of("mf-1"), of("te-1"))))
        told_of = await heard_anew(told, rescheduled(2, START, participants=(of("mf-1"), of("te-2"))))
        assert [subject for _, subject in told_of] == ["Granit (AKC Väst): ändrad"] * 2


@pytest.mark.parametrize("party", [AV, CITY])
async def test_that_one_is_let_go_is_told_in_the_morning_though_the_plan_has_changed_again(party: str) -> None:
    function = PERMITS | {"quiet": QUIET} if party == CITY else a_function("till", quiet=QUIET)
    with_it = (of("mf-1"), of("te-1")) if party == CITY else participants(AV, SKV)
    without = (of("mf-1"),) if party == CITY else participants(SKV)
    async with people(party, function) as told:
        await told.tell(confirmed(1, participants=with_it))
        told.now = NOW + 12 * HOUR  # 22.00 in Sweden
        await told.tell(rescheduled(2, START, participants=without))
        await told.tell(rescheduled(3, START + 24 * HOUR, participants=without))
        await told.at(NOW + 21 * HOUR)
        assert told.letterbox.subjects[1:] == [LET_GO]
        assert "fredag 16 maj 2025 kl. 09.00 " in body_of(told.letterbox.mails[1])


async def test_a_department_that_is_asked_after_the_other_has_accepted_is_told_when_it_has() -> None:
    async with people(CITY, *BOTH) as told:
        await told.tell(scheduled(1, participants=(of("mf-1"), of("te-1", "invited"))))
        await told.at(NOW + HOUR)
        assert [to for to, _ in told.letterbox.told] == ["miljo"]
        told_of = await heard_anew(told, confirmed(2, participants=(of("mf-1"), of("te-1"))))
        assert [to for to, _ in told_of] == ["miljo", "till"]


async def test_a_note_of_one_departments_answer_is_told_to_that_department_alone() -> None:
    async with people(CITY, *BOTH) as told:
        await told.tell(scheduled(1, participants=(of("mf-1", "invited"), of("te-1", "invited"))))
        assert await heard_anew(told, a_note(agency=CITY, capacity_id=f"{CITY}:te-1")) == [
            ("till", "Granit (AKC Väst): bekräfta svaret som lämnades på telefon")
        ]
