"""Quiet hours by Swedish clocks, in summer and winter, broken by what starts within a day."""

from datetime import UTC, datetime, timedelta

import pytest
from samsyn_adapter_notify.quiet_hours import tell_at
from samsyn_adapter_notify.recipients import QuietHours

from tests.unit.notify.people_told import AV, a_function, confirmed, people

NIGHT = QuietHours.model_validate({"from": "21:00", "until": "07:00"})
LUNCH = QuietHours.model_validate({"from": "11:30", "until": "12:30"})
FAR = datetime(2025, 6, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("2025-05-05T18:59:00+00:00", "2025-05-05T18:59:00+00:00"),  # 20.59 in summer
        ("2025-05-05T19:00:00+00:00", "2025-05-06T05:00:00+00:00"),  # 21.00, told 07.00
        ("2025-05-06T04:59:59+00:00", "2025-05-06T05:00:00+00:00"),  # just before 07.00
        ("2025-05-06T05:00:00+00:00", "2025-05-06T05:00:00+00:00"),  # 07.00 is no longer quiet
        ("2025-12-05T20:30:00+00:00", "2025-12-06T06:00:00+00:00"),  # 21.30 in winter
        ("2025-03-29T22:00:00+00:00", "2025-03-30T05:00:00+00:00"),  # the night when summer time begins
        ("2025-10-25T22:00:00+00:00", "2025-10-26T06:00:00+00:00"),  # and when it ends
    ],
)
def test_what_comes_at_night_is_told_in_the_morning(wanted: str, told: str) -> None:
    assert tell_at(at(wanted), NIGHT, FAR if at(wanted) < FAR - timedelta(days=2) else None) == at(told)


def test_hours_within_one_day_are_quiet_too() -> None:
    assert tell_at(at("2025-05-05T10:00:00+00:00"), LUNCH, None) == at("2025-05-05T10:30:00+00:00")
    assert tell_at(at("2025-05-05T10:30:00+00:00"), LUNCH, None) == at("2025-05-05T10:30:00+00:00")


def test_without_quiet_hours_everything_is_told_at_once() -> None:
    assert tell_at(at("2025-05-05T22:00:00+00:00"), None, FAR) == at("2025-05-05T22:00:00+00:00")


def test_what_starts_within_a_day_is_told_at_once() -> None:
    wanted = at("2025-05-05T22:00:00+00:00")
    assert tell_at(wanted, NIGHT, wanted + timedelta(hours=24)) == wanted
    assert tell_at(wanted, NIGHT, wanted + timedelta(hours=8)) == wanted


def test_what_comes_within_a_day_during_the_night_is_told_then() -> None:
    wanted = at("2025-05-05T22:00:00+00:00")
    assert tell_at(wanted, NIGHT, wanted + timedelta(hours=26)) == wanted + timedelta(hours=2)


async def test_a_mail_in_quiet_hours_waits_and_a_newer_one_takes_its_place() -> None:
    quiet = {"from": "21:00", "until": "07:00"}
    async with people(AV, a_function(quiet=quiet)) as told:
        await told.at(at("2025-05-05T20:00:00+00:00"))
        await told.tell(confirmed(1))
        await told.tell(confirmed(2))
        assert told.letterbox.mails == []
        await told.at(at("2025-05-06T05:00:00+00:00"))
        assert len(told.letterbox.mails) == 1
