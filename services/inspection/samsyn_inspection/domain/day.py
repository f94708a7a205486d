"""An operation on the spot: begun, handed in, broken off, over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from samsyn_contracts.carrying_out import (
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationStarted,
)
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.register import load_register

from samsyn_inspection.domain.periods import HAND_IN_WITHIN, STARTS_EARLIEST
from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.statements import Heard

Outcome = Literal["completed", "in_part", "aborted"]
OnTheSpot = Literal["started", "suspended"] | Outcome


@dataclass(frozen=True)
class CheckIn:
    """An agency has come, with so many people if it says so; the newest word of each counts."""

    agency: str
    at: datetime
    head_count: int | None = None


@dataclass(frozen=True)
class Ending:
    """That an operation is over: from when on, since when in truth, and by which statement."""

    at: datetime
    ended_at: datetime
    cause: Heard
    is_aborted: bool = False


@dataclass(frozen=True)
class Day:
    """What those on the spot have said; `plan` is the newest that they have named.

    `hand_ins` are agency and inspection, `findings` agency and finding, `given_back` inspections put on the list again.
    """

    plan: Plan
    start: Heard
    police_present: bool
    present: frozenset[str]
    last_at: datetime
    hand_ins: frozenset[tuple[str, str]] = frozenset()
    findings: frozenset[tuple[str, str]] = frozenset()
    given_back: frozenset[str] = frozenset()
    is_suspended: bool = False
    ending: Ending | None = None

    @property
    def deadline(self) -> datetime:
        """When it is over whoever has not handed in."""
        return self.plan.end_at + HAND_IN_WITHIN

    @property
    def done(self) -> tuple[str, ...]:
        """Inspections that an agency has handed in: in the route's order, then those the route has no longer."""
        handed_in = {inspection_id for _, inspection_id in self.hand_ins}
        return (
            *(inspection_id for inspection_id in self.plan.route if inspection_id in handed_in),
            *sorted(handed_in.difference(self.plan.route)),
        )

    @property
    def left(self) -> tuple[str, ...]:
        """Inspections of the route that nobody has handed in."""
        return tuple(inspection_id for inspection_id in self.plan.route if inspection_id not in self.done)

    @property
    def expected(self) -> tuple[str, ...]:
        """Who is to hand in: the agencies that take part, but not the police nor those that never are on site."""
        on_site = (agency for agency in self.plan.accepted if _may_be_on_site(agency))
        return tuple(agency for agency in on_site if agency != self.plan.police)

    @property
    def still_on_it(self) -> tuple[str, ...]:
        """Inspections to hand in: the route but for what is given back, and when it is given up only what was done."""
        is_aborted = self.ending is not None and self.ending.is_aborted
        off = frozenset(self.left) if is_aborted else self.given_back.difference(self.done)
        return tuple(inspection_id for inspection_id in self.plan.route if inspection_id not in off)

    @property
    def missing_from(self) -> tuple[str, ...]:
        """Who has not handed in everything."""
        return tuple(agency for agency in self.expected if not self._has_handed_in(agency))

    @property
    def handed_in_by(self) -> tuple[str, ...]:
        """Who has handed in, and everything; sorted."""
        return tuple(sorted(agency for agency in {a for a, _ in self.hand_ins} if agency not in self.missing_from))

    @property
    def is_handed_in(self) -> bool:
        """Whether nothing more is waited for: all have handed in, and every inspection still on it has an outcome."""
        return not self.missing_from and set(self.still_on_it) <= set(self.done)

    @property
    def state(self) -> OnTheSpot:
        """Its life, and its outcome once it is over."""
        if self.ending is None:
            return "suspended" if self.is_suspended else "started"
        if self.ending.is_aborted:
            return "aborted"
        return "in_part" if self.left else "completed"

    def _has_handed_in(self, agency: str) -> bool:
        return all((agency, inspection_id) in self.hand_ins for inspection_id in self.still_on_it)


def begun(start: Heard, message: OperationStarted, plan: Plan, check_ins: Iterable[CheckIn] = ()) -> Day:
    """The operation begins; who has come for this slot is there, and for one that it had before is not."""
    come = {one.agency for one in check_ins if one.at >= plan.start_at - STARTS_EARLIEST}
    return Day(plan, start, message.police_present, frozenset({start.party, *come}), start.happened_at)


def after(day: Day, heard: Heard, plan: Plan) -> Day:
    """The day after a further statement that has its effect."""
    if isinstance(heard.message, FindingRecorded):
        return _with_finding(day, heard, heard.message)
    spoken = replace(
        day,
        plan=plan if plan.version > day.plan.version else day.plan,
        present=day.present | {heard.party},
        last_at=max(day.last_at, heard.happened_at),
    )
    return _with_deed(spoken, heard)


def over(day: Day) -> Day:
    """The day when nobody has handed in more by its deadline; nobody knows when it ended, so its slot's end counts."""
    return replace(day, ending=Ending(day.deadline, max(day.last_at, day.plan.end_at), day.start))


def _with_finding(day: Day, heard: Heard, found: FindingRecorded) -> Day:
    findings = day.findings | {(heard.party, found.finding_id)}
    # What is written afterwards changes no account of who was there.
    present = day.present if day.ending is not None else day.present | {heard.party}
    return replace(day, findings=findings, present=present)


def _with_deed(day: Day, heard: Heard) -> Day:
    match heard.message:
        case OperationStarted():
            corrected = heard.message.police_present if heard.party == day.start.party else day.police_present
            return replace(day, police_present=corrected)
        case InspectionCompleted():
            return replace(day, hand_ins=day.hand_ins | {(heard.party, heard.message.inspection_id)})
        case InspectionSuspended():
            given_back = day.given_back.union(heard.message.remaining_inspection_ids)
            return replace(day, given_back=given_back, is_suspended=True)
        case OperationAborted():
            return ended(day, heard, is_aborted=True)
        case _:
            return day


def ended(day: Day, by: Heard, *, is_aborted: bool = False) -> Day:
    """The day is over by a statement."""
    return replace(day, ending=Ending(by.at, day.last_at, by, is_aborted))


def _may_be_on_site(agency: str) -> bool:
    party = load_register().by_code.get(agency)
    return party is None or party.onsite_allowed
