"""What is in force: of each thing the newest event that tells its state, for a party that joins late."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from samsyn_contracts.capacity import AutomationModeChanged
from samsyn_contracts.carrying_out import OperationCompleted
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope, Event
from samsyn_contracts.inspections import InspectionAmended, InspectionProposed, InspectionWithdrawn
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationRequested,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
    PoliceRequested,
)
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.periods import AnnualTargetSet, AnnualWheelPublished
from samsyn_contracts.plans import PlanPublished, ReplanProposed, ReplanRejected
from samsyn_contracts.platform import TimePassed

from samsyn_exchange.domain.disclosure import Disclosure

# So long after its slot an operation that had started is completed at the latest, with or without every hand-in.
ENDS_AFTER_SLOT = timedelta(hours=24)
Question = tuple[str, str]  # the capacity asked for, and the session it is asked for


@dataclass(frozen=True)
class Standing:
    """An event in force until `ends_at`; the next one with the same `about` takes its place.

    `thing` is the operation, inspection or centre that it tells of, `question` what a request asks for.
    """

    about: str
    thing: str
    event: Event
    ends_at: datetime | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Shown:
    """What a party may know of an event in force."""

    envelope: Envelope
    disclosure: Disclosure
    body: bytes


@dataclass(frozen=True)
class Drop:
    """What is in force no longer: all about a thing; or of its questions those of one capacity, or all but some.

    Of one capacity `of_session` leaves its question about any other session.
    """

    thing: str
    of_capacity: str | None = None
    of_session: str | None = None
    but: frozenset[Question] | None = None

    def concerns(self, standing: Standing) -> bool:
        """Whether this ends what has been in force."""
        if standing.thing != self.thing:
            return False
        if self.of_capacity is not None:
            asked = standing.question
            return asked is not None and asked[0] == self.of_capacity and self.of_session in (None, asked[1])
        return self.but is None or (standing.question is not None and standing.question not in self.but)


@dataclass(frozen=True)
class Change:
    """What an event does to what is in force: it ends some, then stands itself; or time has `passed` in a centre."""

    drops: tuple[Drop, ...] = ()
    puts: Standing | None = None
    passed: tuple[str, datetime] | None = None


def change_by(event: Event) -> Change:
    """What the event does to what is in force; most do nothing."""
    change = _CHANGES.get(type(event.message))
    return Change() if change is None else change(event.message, event)


@dataclass
class NetChange:
    """What several events together do: `ended`, `answered` and `kept` end what was in force before, then `puts` stand.

    Of the questions about the things in `kept` only those named go on. What is `answered` is a thing's question to a
    capacity, about one session or, where that is empty, about any.
    """

    puts: dict[str, Standing] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    answered: set[tuple[str, str, str]] = field(default_factory=set)
    kept: dict[str, frozenset[Question]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Let one more event change it, in the order in which they came."""
        if change.passed is not None:
            self.passed.update([change.passed])
        for drop in change.drops:
            self._drop(drop)
        new = change.puts
        if new is not None and not _is_superseded(new, self.puts.get(new.about)):
            self.puts.pop(new.about, None)
            self.puts[new.about] = new

    def _drop(self, drop: Drop) -> None:
        self.puts = {about: one for about, one in self.puts.items() if not drop.concerns(one)}
        if drop.of_capacity is not None:
            self.answered.add((drop.thing, drop.of_capacity, drop.of_session or ""))
        elif drop.but is not None:
            self.kept[drop.thing] = self.kept.get(drop.thing, drop.but) & drop.but
        else:
            self.ended.add(drop.thing)


def without_orphans(standing: Iterable[Standing]) -> list[Standing]:
    """What is in force, in its order, less what amends an inspection that was not proposed before it."""
    found: list[Standing] = []
    proposed: set[str] = set()
    for one in standing:
        if isinstance(one.event.message, InspectionProposed):
            proposed.add(one.thing)
        if not isinstance(one.event.message, InspectionAmended) or one.thing in proposed:
            found.append(one)
    return found


def digest_of(shown: Iterable[Shown]) -> bytes:
    """A hash of which events were shown, each in which view and by which rule."""
    told = ((one.envelope, one.disclosure) for one in shown)
    lines = [f"{envelope.source} {envelope.id} {how.view} {how.rule_id}\n" for envelope, how in told]
    return hashlib.sha256("".join(lines).encode()).digest()


def _is_superseded(new: Standing, old: Standing | None) -> bool:
    """Whether its sender numbered it before what stands."""
    if old is None or new.event.envelope.source != old.event.envelope.source:
        return False
    numbers = (new.event.envelope.sequence, old.event.envelope.sequence)
    return numbers[0] is not None and numbers[1] is not None and numbers[0] < numbers[1]


def _placed(message: Any, event: Event) -> Change:
    """An operation has its slot; questions to those who are no part of it in this slot have lost their sense."""
    slot = message.to_slot if isinstance(message, OperationRescheduled) else message.slot
    asked = frozenset((part.capacity_id, slot.session_id) for part in message.participants)
    standing = Standing(message.operation_id, message.operation_id, event, slot.end_at + ENDS_AFTER_SLOT)
    return Change((Drop(message.operation_id, but=asked),), standing)


def _postponed(message: OperationPostponed, event: Event) -> Change:
    standing = Standing(message.operation_id, message.operation_id, event)
    return Change((Drop(message.operation_id, but=frozenset()),), standing)


def _asked(message: ParticipationRequested | PoliceRequested, event: Event) -> Change:
    question = (message.capacity_id, message.slot.session_id)
    about = f"{message.operation_id} {message.capacity_id}"
    return Change((), Standing(about, message.operation_id, event, message.slot.start_at, question))


def _answered(message: ParticipationAccepted | ParticipationDeclined | ParticipationWithdrawn, _event: Event) -> Change:
    """Of another session than the one asked about it is no answer: planning refuses it, and the question stands."""
    drop = Drop(message.operation_id, of_capacity=message.capacity_id, of_session=message.session_id)
    return Change((drop,))


def _police_answered(message: PoliceCommitted | PoliceDeclined, _event: Event) -> Change:
    return Change((Drop(message.operation_id, of_capacity=message.capacity_id),))


def _ended(message: OperationCancelled | OperationCompleted, _event: Event) -> Change:
    done = message.done_inspection_ids if isinstance(message, OperationCompleted) else ()
    return Change(tuple(Drop(thing) for thing in (message.operation_id, *done)))


def _proposed(message: InspectionProposed, event: Event) -> Change:
    """Proposed again, it stands as it is now: what amended it before stands before it, and is an orphan."""
    return Change((), Standing(message.inspection_id, message.inspection_id, event))


def _amended(message: InspectionAmended, event: Event) -> Change:
    return Change((), Standing(f"{message.inspection_id} {event.envelope.id}", message.inspection_id, event))


def _of_centre(message: PlanPublished | AutomationModeChanged, event: Event) -> Change:
    about = f"{message.centre} {type(message).__name__}"
    drops = (Drop(message.replan_id),) if isinstance(message, PlanPublished) else ()
    return Change(drops, Standing(about, about, event))


def _replan_proposed(message: ReplanProposed, event: Event) -> Change:
    """A proposal waits until it is rejected or published, its time is up, or a newer one takes its place.

    An approval does not end it: planning may have to refuse what was chosen, and then it waits on.
    """
    about = f"{message.centre} ReplanProposed"
    return Change((), Standing(about, message.replan_id, event, message.decide_by))


def _of_wheel(message: AnnualWheelPublished, event: Event) -> Change:
    """A wheel stands until its year, and the last of its periods, is over."""
    last = max([date(message.year, 12, 31), *(period.until_day for period in message.periods)])
    return Change((), Standing(message.wheel_id, message.wheel_id, event, _after(last)))


def _of_target(message: AnnualTargetSet, event: Event) -> Change:
    about = f"{message.centre} target {message.year} {message.unit}"
    return Change((), Standing(about, about, event, _after(date(message.year, 12, 31))))


def _of_function(message: ContactPointChanged, event: Event) -> Change:
    """By whom an agency is reached stands, in the centre that it is told to, until that function is gone."""
    about = f"{event.envelope.centre} {message.function_id}"
    return Change((Drop(about),)) if message.is_gone else Change((), Standing(about, about, event))


def _of_role(message: ParticipantRoleDefined, event: Event) -> Change:
    """What a role of an agency is for stands, in the centre that it is told to, until the agency tells it anew."""
    about = f"{event.envelope.centre} {message.agency} role {message.role_code}"
    return Change((), Standing(about, about, event))


def _after(day: date) -> datetime:
    """When a day is over everywhere in Sweden."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


_CHANGES: Mapping[type[Message], Callable[[Any, Event], Change]] = {
    OperationScheduled: _placed,
    OperationConfirmed: _placed,
    OperationRescheduled: _placed,
    OperationPostponed: _postponed,
    OperationCancelled: _ended,
    OperationCompleted: _ended,
    ParticipationRequested: _asked,
    PoliceRequested: _asked,
    **dict.fromkeys((ParticipationAccepted, ParticipationDeclined, ParticipationWithdrawn), _answered),
    **dict.fromkeys((PoliceCommitted, PoliceDeclined), _police_answered),
    InspectionProposed: _proposed,
    InspectionAmended: _amended,
    InspectionWithdrawn: lambda message, _event: Change((Drop(message.inspection_id),)),
    ReplanProposed: _replan_proposed,
    ReplanRejected: lambda message, _event: Change((Drop(message.replan_id),)),
    PlanPublished: _of_centre,
    AutomationModeChanged: _of_centre,
    AnnualWheelPublished: _of_wheel,
    AnnualTargetSet: _of_target,
    ContactPointChanged: _of_function,
    ParticipantRoleDefined: _of_role,
    TimePassed: lambda message, _event: Change(passed=(message.centre, message.until)),
}
