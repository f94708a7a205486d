"""What a simulated agency does on the day of an operation: assumptions, seeded, the same in every run.

An operation in a hundred is given up soon after its start, one in thirty is broken off after its first inspection
because the police are called away. Of the inspections made, 92 % are done, 6 % find the place closed, 2 % do not find
it; an agency that takes part in one that is done finds something in 35 %. Everybody on the spot knows the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from samsyn_demo.agencies.behaviour import chance, one_of
from samsyn_demo.agencies.deeds import (
    Booking,
    BrokenOff,
    FindingMade,
    GivenUp,
    InspectionDone,
    OnTheDay,
    OperationBegun,
    Visit,
)

SHARE_GIVEN_UP = 1 / 100
SHARE_BROKEN_OFF = 1 / 30
SHARE_DONE, SHARE_CLOSED = 0.92, 0.06
SHARE_FOUND = 0.35
SHARE_SOLE_TRADERS = 0.2
SHARE_ALSO_FOR_ANOTHER = 0.25
GIVEN_UP_AFTER = timedelta(minutes=20)
BROKEN_OFF_AFTER = timedelta(minutes=2)
REPORTED_AFTER = timedelta(minutes=15)
# Reports are written at whole quarters of an hour, so that a driven clock stops less often.
QUARTER = timedelta(minutes=15)
_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_SEVERITIES = ("low", "medium", "high")
_CODES: Mapping[str, Sequence[str]] = {
    "work_environment": ("unsafe_workplace", "working_hours_breach", "unsafe_chemicals"),
    "tax": ("undeclared_wages",),
    "staff_ledger": ("staff_ledger_missing",),
    "residence_permit": ("no_work_permit",),
    "benefit": ("benefit_misuse",),
    "wage_subsidy": ("subsidy_misuse",),
    "food_safety": ("hygiene_shortcomings",),
    "licensing": ("alcohol_permit_breach",),
    "other": ("poor_housing",),
}
# The field of law in which a party finds something; of a state agency also what it assesses for the others.
CATEGORIES: Mapping[str, Sequence[str]] = {
    "arbetsmiljoverket": ("work_environment",),
    "skatteverket": ("tax", "staff_ledger"),
    "migrationsverket": ("residence_permit",),
    "forsakringskassan": ("benefit",),
    "arbetsformedlingen": ("wage_subsidy",),
    "kommun-goteborg/miljoforvaltningen": ("food_safety",),
    "kommun-goteborg/tillstandsenheten": ("licensing",),
    "kommun-tyreso": ("food_safety", "licensing"),
}
ANY_CATEGORY = ("other",)


@dataclass(frozen=True)
class Party:
    """Who acts: the agency in its role, the seed of its centre, and whom a finding may concern besides."""

    code: str
    seed: int
    peers: tuple[str, ...] = ()


def deeds_on_the_day(party: Party, booking: Booking) -> Iterator[tuple[datetime, OnTheDay]]:
    """What a party does at a confirmed operation if it stays as it is, each deed with its time, in order of time."""
    fate, is_lead = fate_of(party.seed, booking), party.code == lead_of(booking)
    visits = sorted(booking.visits, key=lambda visit: (visit.start_at, visit.inspection_id))
    ids = tuple(visit.inspection_id for visit in visits)
    if is_lead:
        yield booking.start_at, OperationBegun(booking.operation_id, booking.plan_version, booking.has_police)
    if fate == "given_up":
        if is_lead:
            left = GivenUp(booking.operation_id, booking.plan_version, ids)
            yield booking.start_at + GIVEN_UP_AFTER, left
        return
    if fate == "broken_off" and is_lead:
        broken = BrokenOff(booking.operation_id, booking.plan_version, ids[1:])
        yield visits[0].end_at + BROKEN_OFF_AFTER, broken
    for visit in visits[:1] if fate == "broken_off" else visits:
        yield from _reports(party, booking, visit)


def fate_of(seed: int, booking: Booking) -> Literal["whole", "broken_off", "given_up"]:
    """How an operation goes; known to everybody who takes part."""
    drawn = chance(seed, "fate", booking.operation_id)
    if drawn < SHARE_GIVEN_UP:
        return "given_up"
    is_called_away = drawn < SHARE_GIVEN_UP + SHARE_BROKEN_OFF
    return "broken_off" if is_called_away and booking.has_police and len(booking.visits) > 1 else "whole"


def lead_of(booking: Booking) -> str | None:
    """Who leads: the first agency that has accepted, by code, besides the police."""
    return min(booking.accepted, key=lambda party: party.split("/"), default=None)


def quarter_after(at: datetime) -> datetime:
    """The first whole quarter of an hour that is not earlier."""
    return _EPOCH + ceil((at - _EPOCH) / QUARTER) * QUARTER


def _reports(party: Party, booking: Booking, visit: Visit) -> Iterator[tuple[datetime, OnTheDay]]:
    """What a party reports of an inspection: first what it has found, then that it is finished."""
    own = (booking.operation_id, visit.inspection_id, party.code)
    late = chance(party.seed, "report", *own) * REPORTED_AFTER
    at = quarter_after(visit.end_at + late)
    outcome = outcome_of(party.seed, booking.operation_id, visit.inspection_id)
    if outcome == "done" and chance(party.seed, "found", *own) < SHARE_FOUND:
        yield at, _finding(party, booking, visit)
    num_workers = 1 + int(chance(party.seed, "workers", *own[:2]) * 12) if outcome == "done" else None
    yield at, InspectionDone(booking.operation_id, booking.plan_version, visit.inspection_id, outcome, num_workers)


def outcome_of(seed: int, operation_id: str, inspection_id: str) -> str:
    """How an inspection ends: the same for everybody at the place."""
    drawn = chance(seed, "outcome", operation_id, inspection_id)
    if drawn < SHARE_DONE:
        return "done"
    return "closed" if drawn < SHARE_DONE + SHARE_CLOSED else "not_found"


def _finding(party: Party, booking: Booking, visit: Visit) -> FindingMade:
    own = (booking.operation_id, visit.inspection_id, party.code)
    category = one_of(CATEGORIES.get(party.code, ANY_CATEGORY), party.seed, "category", *own)
    is_sole_trader = chance(party.seed, "sole", *own[:2]) < SHARE_SOLE_TRADERS
    number = hashlib.blake2b("\x1f".join(own).encode(), digest_size=5).hexdigest()
    return FindingMade(
        finding_id=f"fynd-{number}",
        operation_id=booking.operation_id,
        plan_version=booking.plan_version,
        inspection_id=visit.inspection_id,
        category=category,
        subject_kind="sole_trader" if is_sole_trader else "organisation",
        also_for=_also_for(party, booking, own),
        codes=(one_of(_CODES[category], party.seed, "code", *own),),
        severity=one_of(_SEVERITIES, party.seed, "severity", *own),
        text=f"Påhittad iakttagelse {number}.",
    )


def _also_for(party: Party, booking: Booking, own: tuple[str, str, str]) -> tuple[str, ...]:
    there = {accepted.partition("/")[0] for accepted in booking.accepted}
    others = [peer for peer in party.peers if peer not in there]
    if not others or chance(party.seed, "also", *own) >= SHARE_ALSO_FOR_ANOTHER:
        return ()
    return (one_of(others, party.seed, "whom", *own),)
