"""Designated operation officers: which slots the police have, and the experience of a session that says none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired

from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Decision, Value, refused
from samsyn_planning.domain.ladder import STOCKHOLM

BANDS = ("4+", "1-3", "0")
# As many officers as an inspection asks for that says nothing else.
NUM_OFFICERS = 2


class OfficerSlot(Value):
    """A designated operation officer of a local police area, from one day on, and until another once retired."""

    id: str
    centre: str
    area: str
    experience_band: str
    valid_from: date
    valid_to: date | None = None
    sequence: int | None = None

    def is_there(self, area: str, day: date) -> bool:
        """Whether the area has the officer that day; on `valid_to` no longer."""
        return self.area == area and self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def designate_officer(
    known: OfficerSlot | None, designated: OperationOfficerDesignated, envelope: Envelope
) -> Decision:
    """Keep the slot as it is told now, retired or not; it counts from the next replan and starts none."""
    if known is not None and known.centre != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if known is not None and is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    slot = OfficerSlot(
        id=designated.slot_id,
        centre=envelope.centre,
        area=designated.area,
        experience_band=designated.experience_band,
        valid_from=designated.valid_from,
        sequence=_latest(known, envelope),
    )
    return Decision(keep=(slot,))


def retire_officer(known: OfficerSlot | None, retired: OperationOfficerRetired, envelope: Envelope) -> Decision:
    """The slot ends; a plan already published stands."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/slot_id")
    if is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    ended = {"valid_to": retired.valid_to, "sequence": _latest(known, envelope)}
    return Decision(keep=(known.model_copy(update=ended),))


def experience_of(offer: CapacityOffered, slots: Iterable[OfficerSlot]) -> str | None:
    """What the session itself says; else the best band that two designated officers of its area reach that day.

    A session of one officer needs but one. None where nothing is said and too few are designated.
    """
    if offer.experience_band is not None or offer.area is None:
        return offer.experience_band
    day = offer.start_at.astimezone(STOCKHOLM).date()
    bands = sorted((slot.experience_band for slot in slots if slot.is_there(offer.area, day)), key=BANDS.index)
    needed = min(NUM_OFFICERS, offer.staff)
    return bands[needed - 1] if len(bands) >= needed else None


def _latest(known: OfficerSlot | None, envelope: Envelope) -> int | None:
    return envelope.sequence if envelope.sequence is not None or known is None else known.sequence
