"""A question is reminded of, and its deputy told, while it can still be answered."""

from datetime import timedelta

import pytest
from samsyn_contracts.notifications import NotificationEscalated
from samsyn_contracts.operations import Participant

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    HOUR,
    NOW,
    OPERATION,
    SKV,
    START,
    Told,
    a_function,
    a_question,
    a_slot,
    participants,
    people,
    scheduled,
)

TWO = (a_function(deputy="jour"), a_function("jour", kind="duty-officer", calendar=False))
ASKED, REMINDER = "Granit (AKC Väst): kan ni delta?", "Påminnelse: Granit (AKC Väst)"
DEPUTY = "Till er som ersätter: Granit (AKC Väst)"
MINUTE = timedelta(minutes=1)


async def asked(told: Told, hours_ahead: int, hours_to_answer: int) -> None:
    start_at = NOW + hours_ahead * HOUR
    question = a_question(1, slot=a_slot(start_at), reply_by=NOW + hours_to_answer * HOUR)
    told.in_force.add(await told.hear(question))
    await told.send()


@pytest.mark.parametrize(("hours_ahead", "hours_to_answer"), [(25, 1), (36, 12), (56, 32)])
async def test_half_of_the_time_reminds_and_three_quarters_tell_the_deputy(
    hours_ahead: int, hours_to_answer: int
) -> None:
    async with people(AV, *TWO) as told:
        await asked(told, hours_ahead, hours_to_answer)
        half, quarter = hours_to_answer * HOUR / 2, hours_to_answer * HOUR / 4
        await told.at(NOW + half - MINUTE)
        assert told.letterbox.subjects == [ASKED]
        await told.at(NOW + half)
        assert told.letterbox.subjects == [ASKED, REMINDER]
        await told.at(NOW + half + quarter - MINUTE)
        assert told.said(NotificationEscalated) == []
        await told.at(NOW + half + quarter)
        assert told.letterbox.told[2] == ("jour", DEPUTY)
        assert len(told.said(NotificationEscalated)) == 1


async def test_where_there_is_time_the_steps_are_the_rules() -> None:
    async with people(AV, *TWO) as told:
        await asked(told, 24 * 14, 24 * 10)
        await told.at(NOW + 24 * HOUR)
        await told.at(NOW + 32 * HOUR)
        assert told.letterbox.subjects == [ASKED, REMINDER, DEPUTY]


async def test_a_question_whose_time_is_up_is_told_no_more() -> None:
    async with people(AV, a_function()) as told:
        told.now = START - 72 * HOUR
        await told.tell(a_question())
        assert told.store.counts() == {"lapsed": 1}


@pytest.mark.parametrize(
    ("statuses", "told_of"),
    [
        (("invited",), ["Granit (AKC Väst): en tillfrågad har inte svarat"]),
        (("accepted",), []),
        (("accepted", "invited"), []),
    ],
    ids=["asked", "taking part", "one department taking part"],
)
async def test_the_centre_hears_of_a_question_whose_deputy_is_told_and_of_nothing_else(
    statuses: tuple[str, ...], told_of: list[str]
) -> None:
    told_parts = [{"agency": AV, "capacity_id": f"{AV}:t{n}", "status": one} for n, one in enumerate(statuses)]
    parts = [Participant.model_validate(one) for one in told_parts]
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(scheduled(1, participants=(*parts, *participants(SKV))))
        for agency in (AV, SKV):
            escalated = {"notification_id": f"{agency}:ntf-1", "to_function": "jour", "step": 1}
            message = NotificationEscalated.model_validate({**escalated, "operation_id": OPERATION})
            await told.hear(message, by=agency)
        await told.send()
        assert told.letterbox.subjects == told_of
