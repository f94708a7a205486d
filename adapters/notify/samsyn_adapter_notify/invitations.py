"""Calendar invitations by iTIP (RFC 5546): one event per operation and function, whose sequence rises as it changes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

from samsyn_adapter_notify.letters import one_line
from samsyn_adapter_notify.rules import Calendar as Mode

Method = Literal["REQUEST", "CANCEL"]
_PRODUCT = "-//Samsyn//notify 0.1.0//SV"


@dataclass(frozen=True)
class Invitation:
    """What was issued last about an operation to a function; `sequence` counts changes from 0."""

    uid: str
    sequence: int
    method: Method
    start_at: datetime
    end_at: datetime

    @property
    def stands(self) -> bool:
        """Whether the function has it in its calendar."""
        return self.method == "REQUEST"


@dataclass(frozen=True)
class Party:
    """Somebody in an invitation: a function's mailbox, and what it is called."""

    mail: str
    name: str


@dataclass(frozen=True)
class Entry:
    """An event of a calendar that is published, not negotiated: of the diary."""

    uid: str
    sequence: int
    summary: str
    start_at: datetime
    end_at: datetime
    description: str
    organizer: Party


def invite_uid(party: str, operation_id: str, function: str) -> str:
    """The same for every invitation about an operation to a function; tells nothing by itself."""
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:invitation:{party}/{operation_id}/{function}')}@samsyn"


def next_invitation(
    mode: Mode | None, last: Invitation | None, uid: str, start_at: datetime, end_at: datetime
) -> Invitation | None:
    """What is issued now, after what was issued last; None where the calendar already shows it, or never did."""
    stands = last is not None and last.stands
    if mode is None or (mode in ("update", "cancel") and not stands):
        return None
    sequence = 0 if last is None else last.sequence + 1
    if mode == "cancel" and last is not None:
        # What is taken back is the event as it stands there: its own times.
        return replace(last, sequence=sequence, method="CANCEL")
    if last is not None and last.stands and (last.start_at, last.end_at) == (start_at, end_at):
        return None
    return Invitation(uid, sequence, "REQUEST", start_at, end_at)


def itip(
    invitation: Invitation, summary: str, organizer: Party, attendee: Party, stamped_at: datetime, link: str
) -> bytes:
    """The invitation as an iCalendar object: CRLF, folded at 75 octets, times in UTC."""
    calendar = _calendar(invitation.method)
    is_cancel = invitation.method == "CANCEL"
    event = _event(invitation.uid, summary, invitation.start_at, invitation.end_at, stamped_at)
    event.add("sequence", invitation.sequence)
    event.add("status", "CANCELLED" if is_cancel else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancel else "OPAQUE")
    event.add("organizer", _address(organizer), encode=False)
    invited = _address(attendee)
    invited.params["ROLE"] = vText("REQ-PARTICIPANT")
    if not is_cancel:
        invited.params["PARTSTAT"] = vText("NEEDS-ACTION")
        invited.params["RSVP"] = vText("TRUE")
    event.add("attendee", invited, encode=False)
    event.add("url", link)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def published_calendar(entries: Sequence[Entry], stamped_at: datetime) -> bytes:
    """Events to be read alone (METHOD PUBLISH): each with its organizer and no attendee, as RFC 5546, 3.2.1 has it."""
    calendar = _calendar("PUBLISH")
    for entry in entries:
        event = _event(entry.uid, entry.summary, entry.start_at, entry.end_at, stamped_at)
        event.add("sequence", entry.sequence)
        event.add("organizer", _address(entry.organizer), encode=False)
        event.add("description", entry.description)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(uid: str, summary: str, start_at: datetime, end_at: datetime, stamped_at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _whole_seconds(stamped_at))
    event.add("dtstart", _whole_seconds(start_at))
    event.add("dtend", _whole_seconds(end_at))
    event.add("summary", one_line(summary))
    event.add("class", "PRIVATE")
    return event


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.mail}")
    # A quotation mark may not stand in a parameter (RFC 5545, 3.1).
    address.params["CN"] = vText(one_line(party.name).replace('"', "'"))
    return address


def _whole_seconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
