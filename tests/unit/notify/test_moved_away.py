"""Who would have come within a day is told at once, wherever it has moved: by what it has moved away from."""

from datetime import UTC, datetime, timedelta

import pytest
from samsyn_adapter_notify.quiet_hours import soonest
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.message import Message

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    GATEWAY,
    HOUR,
    POLICE,
    SKV,
    Told,
    a_function,
    a_slot,
    body_of,
    cancelled,
    confirmed,
    participants,
    people,
    rescheduled,
)

QUIET = {"from": "21:00", "until": "07:00"}
WEEK = timedelta(days=7)
LATE = datetime(2025, 5, 15, 21, tzinfo=UTC)  # 23.00 in Sweden
DAWN = datetime(2025, 5, 16, 4, 30, tzinfo=UTC)  # 06.30, before the quiet hours end
FUNCTIONS = (a_function(quiet=QUIET, sms=True), a_function("lag", kind="team-lead", quiet=QUIET, sms=True))
MOVED, RELEASED = "Granit (AKC Väst): ny tid", "Granit (AKC Väst): ni är inte längre med"


def moved(version: int, start_at: datetime, from_at: datetime = DAWN, **more: object) -> Message:
    return rescheduled(version, start_at, from_slot=a_slot(from_at), **more)


async def told_of_the_dawn(told: Told) -> None:
    """It is confirmed days ahead and starts at half past six; then it is eleven the evening before."""
    await told.at(datetime(2025, 5, 10, 8, tzinfo=UTC))
    await told.tell(confirmed(1, DAWN))
    await told.at(LATE)
    told.letterbox.payloads.clear()
    told.texts.clear()


def test_the_soonest_is_the_former_start_where_that_is_nearer() -> None:
    assert soonest(DAWN + WEEK, DAWN, LATE) == DAWN
    assert soonest(DAWN, DAWN + WEEK, LATE) == DAWN
    assert soonest(DAWN, None, LATE) == DAWN
    assert soonest(None, None, LATE) is None
    assert soonest(DAWN + WEEK, DAWN, DAWN + timedelta(hours=3.9)) == DAWN  # people stand there
    assert soonest(DAWN + WEEK, DAWN, DAWN + timedelta(hours=4)) == DAWN + WEEK


async def test_moved_away_by_a_week_from_what_is_near_is_told_at_night_and_by_text_message() -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        await told.hear(PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="shooting"))
        await told.tell(moved(2, DAWN + WEEK))
        assert told.letterbox.told == [("samordnare", MOVED), ("lag", MOVED)]
        assert [text["to_function"] for text in told.texts] == ["samordnare", "lag"]


async def test_released_from_what_is_near_is_told_at_night_and_by_text_message() -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        await told.tell(moved(2, DAWN + WEEK, participants=participants(SKV)))
        assert told.letterbox.told == [("samordnare", RELEASED), ("lag", RELEASED)]
        assert len(told.texts) == 2


async def test_what_neither_starts_nor_would_have_started_within_a_day_waits_for_the_morning() -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        far = DAWN + 3 * WEEK
        await told.tell(moved(2, far + WEEK, far))
        assert told.letterbox.mails == []
        await told.at(DAWN + HOUR)
        assert told.letterbox.told == [("samordnare", MOVED), ("lag", MOVED)]
        assert told.texts == []


@pytest.mark.parametrize(
    "last",
    [moved(3, DAWN + 2 * WEEK, DAWN + WEEK), moved(3, DAWN + WEEK, DAWN + WEEK, ladder_step="team_changed")],
    ids=["moved again", "changed again"],
)
async def test_of_two_changes_in_a_row_the_one_letter_tells_the_start_that_people_know(last: Message) -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        await told.tell(moved(2, DAWN + WEEK), last)
        assert told.letterbox.told == [("samordnare", MOVED), ("lag", MOVED)]
        assert "Tidigare: fredag 16 maj 2025 kl. 06.30" in body_of(told.letterbox.mails[0])
        assert len(told.texts) == 2


async def test_moved_and_then_cancelled_in_a_row_is_told_by_the_start_that_people_know() -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        await told.tell(moved(2, DAWN + WEEK), cancelled(3, from_slot=a_slot(DAWN + WEEK)))
        assert told.letterbox.told == [(to, "Granit (AKC Väst): inställd") for to in ("samordnare", "lag")]
        assert "skulle ha börjat fredag 16 maj 2025 kl. 06.30" in body_of(told.letterbox.mails[0])
        assert len(told.texts) == 2


async def test_who_has_not_acknowledged_is_reminded_in_quiet_hours_when_it_may_stand_there() -> None:
    async with people(AV, a_function(quiet=QUIET)) as told:
        await told_of_the_dawn(told)
        await told.at(DAWN - HOUR / 2)
        await told.tell(moved(2, DAWN + WEEK))
        assert told.letterbox.subjects == [MOVED]
        await told.at(DAWN)  # the deadline is the former start
        assert told.letterbox.subjects[1:] == ["Påminnelse: Granit (AKC Väst)"]


async def test_what_waited_until_its_start_had_passed_and_is_put_back_in_weeks_wakes_nobody() -> None:
    async with people(AV, *FUNCTIONS, sms_gateway=GATEWAY) as told:
        await told_of_the_dawn(told)
        told.now = LATE + 24 * HOUR
        await told.tell(moved(2, DAWN + 3 * WEEK))
        assert told.letterbox.mails == []
        await told.at(told.now + 8 * HOUR)  # 07.00
        assert told.letterbox.told == [("samordnare", MOVED), ("lag", MOVED)]
        assert told.texts == []


async def test_of_what_is_put_back_in_weeks_after_its_start_the_centre_waits_for_who_is_to_see_it() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told_of_the_dawn(told)
        told.now = LATE + 24 * HOUR
        await told.tell(moved(2, DAWN + 3 * WEEK))
        await told.at(told.now + 23 * HOUR)
        assert told.letterbox.subjects == [MOVED]
        await told.at(told.now + HOUR)
        assert told.letterbox.subjects[1:] == ["Granit (AKC Väst): 2 har inte kvitterat"]
        assert "skulle ha börjat" not in body_of(told.letterbox.mails[1])


async def test_the_centre_hears_before_the_former_start_who_has_not_seen_that_it_moved() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told_of_the_dawn(told)
        await told.tell(moved(2, DAWN + WEEK))
        told.letterbox.payloads.clear()
        await told.at(LATE + HOUR)
        assert told.letterbox.subjects == ["Granit (AKC Väst): 2 har inte kvitterat"]
        text = " ".join(body_of(told.letterbox.mails[0]).split())
        assert "skulle ha börjat fredag 16 maj 2025 kl. 06.30 (v. 20), och börjar nu fredag 23 maj" in text
        assert "2 av dem som berörs har inte kvitterat det och kan komma i onödan" in text


async def test_that_it_is_confirmed_anew_takes_no_former_start_from_who_has_not_seen_it() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told_of_the_dawn(told)
        await told.tell(moved(2, DAWN + WEEK))
        await told.tell(confirmed(2, DAWN + WEEK))
        await told.at(LATE + HOUR)
        assert told.letterbox.subjects[2:] == ["Granit (AKC Väst): 2 har inte kvitterat"]
