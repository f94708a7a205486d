"""Days, times and weeks as people in Sweden read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from samsyn_adapter_desk import moments

AT = datetime(2025, 5, 9, 11, 30, tzinfo=UTC)


def test_a_moment_has_weekday_time_and_week() -> None:
    assert moments.moment(AT, "sv") == "fre 9 maj 13.30 (v. 19)"
    assert moments.moment(AT, "en") == "Fri 9 May 13:30 (w. 19)"


def test_a_span_within_a_day_says_the_day_once() -> None:
    assert moments.span(AT, AT + timedelta(hours=4), "sv") == "fre 9 maj 13.30–17.30 (v. 19)"


def test_a_span_over_midnight_says_both_days() -> None:
    said = moments.span(AT, AT + timedelta(hours=11), "sv")
    assert said == "fre 9 maj 13.30 (v. 19) – lör 10 maj 00.30 (v. 19)"


def test_the_day_is_that_of_sweden() -> None:
    assert moments.day(datetime(2025, 5, 9, 22, 30, tzinfo=UTC), "sv") == "lör 10 maj"


def test_the_first_days_of_january_may_be_of_the_last_week() -> None:
    assert moments.week(date(2027, 1, 1), "sv") == "v. 53"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        moments.clock(AT.replace(tzinfo=None), "sv")


@pytest.mark.parametrize(
    ("of", "sv", "en"),
    [
        (timedelta(minutes=45), "45 min", "45 min"),
        (timedelta(minutes=90), "1 tim", "1 h"),
        (timedelta(hours=26), "26 tim", "26 h"),
        (timedelta(hours=71), "2 dygn", "2 days"),
    ],
)
def test_a_length_is_rounded_down(of: timedelta, sv: str, en: str) -> None:
    assert (moments.length(of, "sv"), moments.length(of, "en")) == (sv, en)


def test_a_machine_reads_the_instant_with_its_offset() -> None:
    assert moments.machine(AT) == "2025-05-09T13:30:00+02:00"


def test_the_last_letters_come_last_and_in_their_order() -> None:
    names = ["Öckerö", "Zorn", "ål", "Ära", "apa", "Édith", "eka", "Angered"]
    assert sorted(names, key=moments.in_order) == ["Angered", "apa", "Édith", "eka", "Zorn", "ål", "Ära", "Öckerö"]
