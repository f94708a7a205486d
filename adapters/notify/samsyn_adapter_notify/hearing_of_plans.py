"""What a message of a plan means for the people of a party: whose part it is, whose it was, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from samsyn_adapter_sdk.bookings import booking_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)

from samsyn_adapter_notify.news import Heard, Known, Listening, News, Part, State, Times, news_of

Planned = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled


def of_plan(message: Planned, envelope: Envelope, listening: Listening) -> Heard:
    """How the operation stands by it, and whom that is news to; nothing where a newer version is known."""
    before = listening.known(message.operation_id)
    booking = booking_of(message, listening.party)
    if booking is None or (before is not None and message.plan_version < before.plan_version):
        return Heard()
    is_off = isinstance(message, OperationPostponed | OperationCancelled)
    takes_part = not is_off if listening.is_centre else bool(booking.capacity_ids)
    state: State = "released" if not takes_part else "scheduled"
    if takes_part and isinstance(message, OperationConfirmed):
        state = "confirmed"
    now = Known(
        operation_id=message.operation_id,
        code_name=message.code_name,
        centre=envelope.centre,
        plan_version=message.plan_version,
        session_id=booking.session_id,
        start_at=booking.start_at,
        end_at=booking.end_at,
        state=state,
        capacity_ids=booking.capacity_ids,
        parties=_parties(message, before),
        has_accepted=listening.is_centre or _has_accepted(message, listening.party),
        invited_ids=_invited(message),
        before_at=_before_at(message, before),
    )
    return Heard(news=(_news_of_plan(message, envelope, listening, before, now),), operation=now)


def _news_of_plan(message: Planned, envelope: Envelope, listening: Listening, before: Known | None, now: Known) -> News:
    told = news_of(type(message).__name__, envelope, listening, now, _part(before, now))
    earlier = before.capacity_ids if before is not None else ()
    own = tuple(sorted({*now.capacity_ids, *earlier}))
    had = _had(message, before)
    moved = had if isinstance(message, OperationRescheduled) else None
    return replace(
        told,
        capacity_ids=own,
        parts=tuple((one, _part_of(one, before, now)) for one in own),
        had=had,
        before_at=None if moved is None else moved.start_at,
        before_end_at=None if moved is None else moved.end_at,
        cause_code=getattr(message, "cause_code", None),
        step=getattr(message, "ladder_step", None),
    )


def _had(message: Planned, before: Known | None) -> Times | None:
    """From when to when it was until now: as the message itself tells, or as it was known."""
    if isinstance(message, OperationScheduled | OperationConfirmed):
        return None if before is None else Times(before.start_at, before.end_at)
    return Times(message.from_slot.start_at, message.from_slot.end_at)


def _before_at(message: Planned, before: Known | None) -> datetime | None:
    """When it would have started before it moved by this version, of which it may be told more than once."""
    if isinstance(message, OperationRescheduled):
        return message.from_slot.start_at
    is_same = before is not None and before.plan_version == message.plan_version
    return before.before_at if before is not None and is_same else None


def _part_of(capacity_id: str, before: Known | None, now: Known) -> Part:
    """What part one capacity has, or had: it may be let go while another of its party's stays."""
    if now.is_in_force and capacity_id in now.capacity_ids:
        return "asked" if capacity_id in now.invited_ids or not now.has_accepted else "booked"
    if before is None or capacity_id in before.invited_ids:
        return "none"
    return _part(before, replace(now, state="released"))


def _part(before: Known | None, now: Known) -> Part:
    """Who is only invited was asked, and is told no more until it has answered."""
    if now.is_in_force:
        return "booked" if now.has_accepted else "asked"
    return "released" if before is not None and before.is_in_force and before.has_accepted else "none"


def _has_accepted(message: Planned, party: str) -> bool:
    """Whether a capacity of the party's has accepted; a session's owner has, where only the session names it."""
    if isinstance(message, OperationPostponed | OperationCancelled):
        return False
    statuses = {one.status for one in message.participants if one.agency == party}
    return "accepted" in statuses or not statuses


def _invited(message: Planned) -> tuple[str, ...]:
    participants = () if isinstance(message, OperationPostponed | OperationCancelled) else message.participants
    return tuple(sorted({one.capacity_id for one in participants if one.status == "invited"}))


def _parties(message: Planned, before: Known | None) -> tuple[str, ...]:
    """Who has accepted, and of those that had it lets go: they too must see it, or come in vain."""
    participants = () if isinstance(message, OperationPostponed | OperationCancelled) else message.participants
    taking = {one.agency for one in participants if one.status == "accepted"}
    had = set() if before is None else set(before.parties)
    is_same = before is not None and before.plan_version == message.plan_version
    return tuple(sorted(taking | (had if is_same else had & set(getattr(message, "released", ())))))
