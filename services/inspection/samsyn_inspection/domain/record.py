"""All that is known of one operation: what planning said, what agencies said, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import OperationScheduled

from samsyn_inspection.domain.counting import CountingRule
from samsyn_inspection.domain.course import Course, course
from samsyn_inspection.domain.day import OnTheSpot
from samsyn_inspection.domain.periods import HELD_AT_MOST
from samsyn_inspection.domain.plans import WITHOUT_AN_OCCASION, Plan, Said, Told, planned
from samsyn_inspection.domain.preparation import NOT_PREPARED, Preparation
from samsyn_inspection.domain.sayings import Saying, sayings
from samsyn_inspection.domain.statements import Heard, Held, Statement

Life = Said | Literal["underway", "past"] | OnTheSpot
ENDED: tuple[Life, ...] = ("postponed", "cancelled", "past", "completed", "in_part", "aborted")


@dataclass(frozen=True)
class Record:
    """What is known by an operation's id at a centre.

    `plans` are planning's words, the newest last; `held` its words about an operation that it never scheduled;
    `heard` the agencies' statements in the order of admission; `until` the centre's time, None before its first tick;
    `preparation` what was asked and told before its day, in versions beyond `versions_from`.
    """

    operation_id: str
    centre: str
    plans: tuple[Plan, ...] = ()
    held: tuple[Told, ...] = ()
    heard: tuple[Heard, ...] = ()
    until: datetime | None = None
    preparation: Preparation = NOT_PREPARED
    versions_from: int = 0

    @cached_property
    def course(self) -> Course:
        """What became of each statement, and the day."""
        return course(self.plans, self.heard, self.until)

    @property
    def plan(self) -> Plan | None:
        """The plan that holds: the one that those on the spot act by, else planning's newest."""
        day = self.course.day
        if day is not None:
            return day.plan
        return self.plans[-1] if self.plans else None

    @property
    def takes_place(self) -> bool:
        """Whether planning's newest word is that it takes place."""
        return bool(self.plans) and self.plans[-1].is_confirmed

    @property
    def life(self) -> Life | None:
        """Where the operation is in its life; those on the spot have the last word, then time, then planning."""
        if self.course.day is not None:
            return self.course.day.state
        return _life(self.plans[-1], self.until) if self.plans else None

    @property
    def waiting(self) -> tuple[Heard, ...]:
        """The statements that are held."""
        return tuple(
            h for h, verdict in zip(self.heard, self.course.verdicts, strict=True) if isinstance(verdict, Held)
        )

    def is_touched_by(self, until: datetime) -> bool:
        """Whether the passing of time may change it: its life goes on, or something is held."""
        has_begun = self.plan is not None and self.plan.start_at <= until and self.life not in ENDED
        return has_begun or bool(self.waiting)


def told(record: Record, message: Told) -> Record:
    """The record after a word of planning's; one about an operation never scheduled is held, not guessed from."""
    if not record.plans and not isinstance(message, OperationScheduled):
        return replace(record, held=(*record.held, message))
    held = sorted(record.held, key=lambda one: one.plan_version)
    return replace(record, plans=planned(record.plans, (message, *held)), held=())


def stated(record: Record, message: Statement, envelope: Envelope) -> Record:
    """The record after an agency's statement."""
    admitted_at = envelope.receivedtime or envelope.time
    at = admitted_at if record.until is None else max(record.until, admitted_at)
    return replace(record, heard=(*record.heard, Heard(message, envelope, at)))


def passed(record: Record, until: datetime) -> Record:
    """The record when the centre's time is `until`: operations begin and end, and nothing is held for ever."""
    unknown = "/plan_version" if record.plans else "/operation_id"
    overdue = {heard.key for heard in record.waiting if is_overdue(heard, until)}
    heard = tuple(replace(one, expired=unknown) if one.key in overdue else one for one in record.heard)
    return replace(record, heard=heard, until=later(record.until, until))


def later(known: datetime | None, until: datetime) -> datetime:
    """The centre's time after a tick: time never goes back."""
    return until if known is None else max(known, until)


def is_overdue(heard: Heard, until: datetime) -> bool:
    """Whether a statement has been held as long as one may be."""
    return until >= heard.at + HELD_AT_MOST


def news(before: Record, after: Record, rules: Sequence[CountingRule]) -> tuple[Saying, ...]:
    """What is to be said that was not said before."""
    said = {_name(saying) for saying in _said(before, rules)}
    return tuple(saying for saying in _said(after, rules) if _name(saying) not in said)


def _said(record: Record, rules: Sequence[CountingRule]) -> Iterable[Saying]:
    return sayings(record.heard, record.course, record.centre, rules)


def _name(saying: Saying) -> tuple[str, str]:
    return saying.message.type_name(), saying.key


def _life(plan: Plan, until: datetime | None) -> Life:
    if until is None or plan.said in WITHOUT_AN_OCCASION:
        return plan.said
    if until >= plan.end_at:
        return "past"
    if until >= plan.start_at and plan.is_confirmed:
        return "underway"
    return plan.said
