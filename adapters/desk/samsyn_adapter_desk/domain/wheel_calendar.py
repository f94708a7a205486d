"""The annual wheel as a calendar file (RFC 5545): whole days for periods, fixed days and what is due."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from icalendar import Calendar, Event

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.wheel import DEADLINES, in_order
from samsyn_adapter_desk.marks import msgid

PRODUCT = "-//Samsyn//desk 0.1.0//SV"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A whole-day entry, both days in it; `name` is the same for the same thing in every version of a wheel."""

    name: str
    summary: str
    first: date
    last: date


def calendar_of(cards: Iterable[WheelCard], reader: Reader) -> bytes:
    """The wheels as one calendar; the same wheels are the same bytes.

    Without METHOD: it is a file to be read, and a published one would have to name an organizer (RFC 5546, 3.2.1).
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for card in cards:
        for entry in entries_of(card, reader):
            calendar.add_component(_event(card, entry))
    return bytes(calendar.to_ical())


def entries_of(card: WheelCard, reader: Reader) -> list[Entry]:
    """Everything of a wheel that has a day, by kind: periods, what is due in each, fixed days."""
    return [*_periods(card, reader), *_deadlines(card, reader), *_fixed_days(card, reader)]


def _periods(card: WheelCard, reader: Reader) -> Iterator[Entry]:
    for period in in_order(card):
        told = msgid("Period %(period)s")
        theme = "" if period.theme is None else f": {reader.pick(period.theme.sv, period.theme.en)}"
        summary = f"{reader.text(told, period=period.period_id)}{theme} ({reader.party(card.centre)})"
        yield Entry(f"period/{period.period_id}", summary, period.from_day, period.until_day)


def _deadlines(card: WheelCard, reader: Reader) -> Iterator[Entry]:
    for period in in_order(card):
        for name, label in DEADLINES.items():
            at = getattr(period, name)
            if at is not None:
                due = f"{reader.text(label)} {moments.clock(at, reader.language)}"
                summary = f"{due}: {period.period_id} ({reader.party(card.centre)})"
                day = moments.local(at).date()
                yield Entry(f"{name}/{period.period_id}", summary, day, day)


def _fixed_days(card: WheelCard, reader: Reader) -> Iterator[Entry]:
    # The second training day stays the second, whatever day it is moved to.
    numbers: Counter[str] = Counter()
    for fixed in sorted(card.fixed_days, key=lambda each: each.day):
        numbers[fixed.code] += 1
        summary = f"{reader.pick(fixed.sv, fixed.en)} ({reader.party(card.centre)})"
        yield Entry(f"day/{fixed.code}/{numbers[fixed.code]}", summary, fixed.day, fixed.day)


def _event(card: WheelCard, entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:wheel:{card.wheel_id}/{entry.name}')}@samsyn")
    event.add("dtstamp", card.at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", card.version)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + DAY)  # the first day that is not in it
    event.add("summary", entry.summary)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
