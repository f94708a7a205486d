"""The wheel as a calendar file: whole days, lines as RFC 5545 wants them, and the same names in every version."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from icalendar import Calendar
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.wheel_calendar import calendar_of
from samsyn_adapter_desk.words import for_language

from tests.unit.desk.wheels import AUTUMN, BUILDING, CENTRE, NOW, SPRING, TRAINING, a_wheel

SWEDISH, ENGLISH = Reader("sv", for_language("sv")), Reader("en", for_language("en"))
AS_BYTES = (
    b"BEGIN:VCALENDAR\r\n"
    b"VERSION:2.0\r\n"
    b"PRODID:-//Samsyn//desk 0.1.0//SV\r\n"
    b"CALSCALE:GREGORIAN\r\n"
    b"BEGIN:VEVENT\r\n"
    b"SUMMARY:Period 2026-q2: Byggs\xc3\xa4songen (Center mot arbetslivskriminalitet V\r\n"
    b" \xc3\xa4st (G\xc3\xb6teborg))\r\n"
    b"DTSTART;VALUE=DATE:20260330\r\n"
    b"DTEND;VALUE=DATE:20260629\r\n"
    b"DTSTAMP:20260508T120000Z\r\n"
    b"UID:26daa5fd-5c18-51a4-ae3e-e3a3c73deb9b@samsyn\r\n"
    b"SEQUENCE:1\r\n"
    b"CLASS:PRIVATE\r\n"
    b"TRANSP:TRANSPARENT\r\n"
    b"END:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)


def events(*cards: WheelCard, reader: Reader = SWEDISH) -> list[Any]:
    return Calendar.from_ical(calendar_of(cards, reader)).events


def by_summary(*cards: WheelCard) -> dict[str, str]:
    return {str(event["summary"]).partition(" (")[0]: str(event["uid"]) for event in events(*cards)}


def test_a_period_is_these_bytes() -> None:
    assert calendar_of([a_wheel({**SPRING, "theme": BUILDING})], SWEDISH) == AS_BYTES


def test_every_line_ends_with_cr_lf_and_has_at_most_75_octets() -> None:
    long = {**TRAINING, "sv": "Årlig genomgång av öppna ärenden, gränssnitt; och annat \\ " * 2, "en": "x"}
    told = calendar_of([a_wheel(fixed_days=({**long, "sv": long["sv"][:100]},))], SWEDISH)
    assert re.search(rb"[^\r]\n|\r[^\n]", told) is None
    assert max(len(line) for line in told.split(b"\r\n")) <= 75
    assert told.endswith(b"END:VCALENDAR\r\n")


def test_what_is_folded_and_escaped_reads_as_it_was_written() -> None:
    name = "Möte; om a, b \\ c och om allt annat som är viktigt för oss alla i år, punkt för punkt"
    (event,) = (e for e in events(a_wheel(SPRING, fixed_days=({**TRAINING, "sv": name},))) if "Möte" in e["summary"])
    assert str(event["summary"]) == f"{name} (Center mot arbetslivskriminalitet Väst (Göteborg))"


def test_a_period_ends_before_the_day_after_its_last() -> None:
    (event,) = events(a_wheel(SPRING))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 3, 30), date(2026, 6, 29))


def test_every_entry_is_a_whole_day_or_more_and_stamped_when_the_wheel_was_told() -> None:
    told = events(a_wheel({**SPRING, "freeze_at": "2026-03-20T11:00:00Z"}, AUTUMN, fixed_days=(TRAINING,)))
    assert len(told) == 4
    assert all(type(event["dtstart"].dt) is date and event["dtend"].dt > event["dtstart"].dt for event in told)
    assert {event["dtstamp"].dt for event in told} == {NOW}


def test_a_deadline_is_on_its_day_in_sweden_and_says_the_time() -> None:
    late = {**SPRING, "freeze_at": "2026-03-01T23:30:00Z"}
    (event,) = (e for e in events(a_wheel(late)) if "Fryses" in e["summary"])
    assert (event["dtstart"].dt, event["dtend"].dt - event["dtstart"].dt) == (date(2026, 3, 2), timedelta(days=1))
    assert str(event["summary"]).startswith("Fryses 00.30: 2026-q2")


def test_it_is_told_in_the_readers_language_under_the_same_names() -> None:
    card = a_wheel({**SPRING, "theme": BUILDING}, fixed_days=(TRAINING,))
    swedish, english = events(card), events(card, reader=ENGLISH)
    assert [str(e["uid"]) for e in swedish] == [str(e["uid"]) for e in english]
    assert str(english[0]["summary"]).startswith("Period 2026-q2: Building season (")


def test_a_thing_keeps_its_name_through_the_versions_and_rises() -> None:
    first = a_wheel(SPRING, {**AUTUMN, "freeze_at": "2026-08-20T10:00:00Z"}, fixed_days=(TRAINING,))
    moved = {**TRAINING, "day": "2026-10-08"}
    second = a_wheel(
        {**SPRING, "until_day": "2026-06-21"},
        {**AUTUMN, "freeze_at": "2026-08-27T10:00:00Z"},
        fixed_days=(moved,),
        version=2,
    )
    assert by_summary(first) == by_summary(second)
    assert {event["sequence"] for event in events(second)} == {2}


def test_no_two_things_have_the_same_name() -> None:
    again = {**TRAINING, "day": "2026-11-05"}
    spring = {**SPRING, "freeze_at": NOW, "evaluate_by": NOW}
    other = a_wheel(spring, AUTUMN, wheel_id="akc-stockholm:wheel-2026", centre="akc-stockholm")
    told = events(a_wheel(spring, AUTUMN, fixed_days=(TRAINING, again)), other)
    names = [str(event["uid"]) for event in told]
    assert (len(names), len(set(names))) == (10, 10)


def test_the_same_wheel_is_the_same_bytes() -> None:
    assert calendar_of([a_wheel()], SWEDISH) == calendar_of([a_wheel()], SWEDISH)


def test_no_wheel_is_an_empty_calendar() -> None:
    assert events() == []


def test_it_belongs_to_its_centre() -> None:
    assert all("Väst" in str(event["summary"]) for event in events(a_wheel(centre=CENTRE)))
