"""A letter names the time that was told before, and says that it is the same only where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_adapter_notify.letters import LANGUAGES, Letter, written
from samsyn_adapter_notify.outcome import AwayError
from samsyn_contracts.message import Slot

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    DESK,
    GATEWAY,
    HOUR,
    NOW,
    POLICE,
    SKV,
    START,
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

AV_QUIET = a_function(quiet={"from": "21:00", "until": "07:00"})
NIGHT, MORNING = NOW + 12 * HOUR, NOW + 21 * HOUR  # 22.00 and 07.00 in Sweden
NEW_TIME = "Granit (AKC Väst): ny tid"
AT_ONE, AT_FIVE = a_slot(START + 4 * HOUR), a_slot(START + 8 * HOUR)
AS_IT_WAS = "fredag 16 maj 2025 kl. 09.00–13.00 (v. 20)"


def until(end_at: timedelta) -> Slot:
    return Slot(session_id=f"{POLICE}:p1", start_at=START, end_at=START + end_at)


async def test_where_only_the_end_is_another_the_time_is_not_the_same() -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, to_slot=until(2 * HOUR), ladder_step="smaller"))
        assert told.letterbox.subjects[1] == NEW_TIME
        body = body_of(told.letterbox.mails[1])
        assert "fredag 16 maj 2025 kl. 09.00–11.00 (v. 20)" in body
        assert f"Tidigare: {AS_IT_WAS}." in body


@pytest.mark.parametrize("new", [until(2 * HOUR), a_slot(START + 2 * HOUR)], ids=["its end", "its start"])
async def test_of_a_move_and_a_change_in_one_night_the_time_told_last_is_the_former_one(new: Slot) -> None:
    async with people("arbetsmiljoverket", AV_QUIET) as told:
        await told.tell(confirmed(1))
        told.now = NIGHT
        await told.tell(rescheduled(2, to_slot=new))
        await told.tell(rescheduled(3, from_slot=new, to_slot=new, ladder_step="team_changed"))
        await told.at(MORNING)
        assert told.letterbox.subjects[1:] == [NEW_TIME]
        assert f"Tidigare: {AS_IT_WAS}." in body_of(told.letterbox.mails[1])


async def test_what_has_moved_and_moved_back_in_one_night_has_the_same_time() -> None:
    async with people("arbetsmiljoverket", AV_QUIET) as told:
        await told.tell(confirmed(1))
        told.now = NIGHT
        await told.tell(rescheduled(2))
        await told.tell(rescheduled(3, START, from_slot=a_slot(START + 2 * HOUR)))
        await told.at(MORNING)
        assert told.letterbox.subjects[1:] == ["Granit (AKC Väst): ändrad"]


async def test_who_is_let_go_is_told_the_time_that_was_its_own() -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, START + 48 * HOUR, participants=participants(SKV)))
        assert "(fredag 16 maj 2025 kl. 09.00 (v. 20))" in body_of(told.letterbox.mails[1])


async def test_what_has_moved_and_is_off_in_one_night_is_off_at_the_time_told_last() -> None:
    async with people("arbetsmiljoverket", AV_QUIET) as told:
        await told.tell(confirmed(1))
        told.now = NIGHT
        await told.tell(rescheduled(2, START + 48 * HOUR))
        await told.tell(cancelled(3, from_slot=a_slot(START + 48 * HOUR)))
        await told.at(MORNING)
        assert "som skulle ha börjat fredag 16 maj 2025 kl. 09.00 (v. 20), är" in body_of(told.letterbox.mails[1])


@pytest.mark.parametrize("template", ["cancelled", "postponed"])
def test_what_is_off_was_to_start_at_an_instant_not_in_a_span(template: str) -> None:
    letter = Letter(centre=CENTRE, code_name="Granit", before_at=START, before_end_at=START + 4 * HOUR)
    sv, en = (written(template, letter, language, DESK).body for language in LANGUAGES)
    assert "skulle ha börjat fredag 16 maj 2025 kl. 09.00 (v. 20), är" in sv
    assert "was to start Friday 16 May 2025 at 09:00 (week 20), is" in en


def with_texts(told: Told, failure: Exception | None) -> None:
    """Let the gateway for text messages be away, or there again."""

    async def away(payload: bytes, key: str) -> None:
        assert failure is not None
        raise failure

    gateway = told.delivery.gateway
    assert gateway is not None
    if failure is not None:
        gateway.send = away  # type: ignore[method-assign]
    else:
        del gateway.send


async def test_a_text_message_that_waits_makes_no_former_time_of_what_the_mail_has_told() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        told.now = START - 6 * HOUR
        await told.tell(confirmed(1))
        with_texts(told, AwayError("away"))
        await told.tell(rescheduled(2, to_slot=AT_ONE))
        await told.tell(rescheduled(3, from_slot=AT_ONE, to_slot=AT_FIVE))
        assert told.letterbox.subjects[1:] == [NEW_TIME, NEW_TIME]
        assert "Tidigare: fredag 16 maj 2025 kl. 13.00–17.00" in body_of(told.letterbox.mails[2])


async def test_a_mail_that_waits_makes_no_former_time_of_what_a_text_message_has_called_about() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        told.now = START - 6 * HOUR
        await told.tell(confirmed(1))
        told.letterbox.failures = [AwayError("away")]
        await told.tell(rescheduled(2, to_slot=AT_ONE))
        await told.tell(rescheduled(3, START, from_slot=AT_ONE))
        assert told.letterbox.subjects[1:] == [NEW_TIME]
        assert "Tidigare: fredag 16 maj 2025 kl. 13.00–17.00" in body_of(told.letterbox.mails[1])


async def test_a_text_message_about_today_that_waits_is_sent_though_the_plan_changes_again() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        told.now = START - 6 * HOUR
        await told.tell(confirmed(1))
        with_texts(told, AwayError("away"))
        far = a_slot(START + timedelta(days=7))
        await told.tell(rescheduled(2, to_slot=far))
        with_texts(told, None)
        await told.tell(rescheduled(3, from_slot=far, to_slot=far, ladder_step="team_changed"))
        assert told.letterbox.subjects[1:] == [NEW_TIME, "Granit (AKC Väst): ändrad"]
        assert len(told.texts) == 2


@pytest.mark.parametrize("new", [AT_FIVE, a_slot()], ids=["moved on", "moved back"])
async def test_a_reminder_that_waits_makes_no_former_time_of_what_its_letter_has_told(new: Slot) -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, to_slot=AT_ONE))
        told.letterbox.failures = [AwayError("away")]
        await told.at(NOW + 13 * HOUR)
        assert [one.template for one in told.store.due(told.now)] == ["reminder"]
        await told.tell(rescheduled(3, from_slot=AT_ONE, to_slot=new))
        assert told.letterbox.subjects[2:] == [NEW_TIME]
        assert "Tidigare: fredag 16 maj 2025 kl. 13.00–17.00" in body_of(told.letterbox.mails[-1])


async def test_a_deputys_letter_that_waits_makes_no_former_time_of_what_was_told_to_another() -> None:
    async with people(AV, a_function(deputy="jour"), a_function("jour", kind="duty-officer")) as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, to_slot=AT_ONE))
        await told.at(NOW + 13 * HOUR)
        told.letterbox.failures = [AwayError("away")]
        await told.at(NOW + 18 * HOUR)
        assert [one.template for one in told.store.due(told.now)] == ["deputy"]
        told.now = START - 10 * HOUR  # so near that the deputy is told of a change itself
        await told.tell(rescheduled(3, from_slot=AT_ONE, to_slot=AT_FIVE))
        (mail,) = [one for one in told.letterbox.mails if str(one["To"]).startswith("jour@")]
        assert mail["Subject"] == NEW_TIME
        assert "Tidigare: fredag 16 maj 2025 kl. 13.00–17.00" in body_of(mail)
