"""What needs me: from what a party knows, the things that somebody has to do, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from samsyn_contracts.message import Slot

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import ModeCard, ReplanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.people import Seat, may

Kind = Literal["at_risk", "compromised", "decide", "answer", "acknowledge", "ready", "site", "unacknowledged"]
# Whether a new plan comes by itself, will not because replanning is off, or was not wanted.
Outlook = Literal["coming", "off", "stands"]
# Equally urgent things come in this order.
ORDER: tuple[Kind, ...] = (
    "at_risk",
    "compromised",
    "decide",
    "answer",
    "acknowledge",
    "ready",
    "site",
    "unacknowledged",
)
TO_ACKNOWLEDGE = ("scheduled", "confirmed", "postponed", "cancelled")
SOON = timedelta(hours=24)
KEPT_AFTER_START = timedelta(hours=12)
# Of an operation whose time the party is not told: its day comes at most so long after what is asked is due.
KEPT_AFTER_DUE = timedelta(days=5)


@dataclass(frozen=True)
class Duty:
    """One thing to do: until when (None: no time is set), about what; `outlook` is of operations without police."""

    kind: Kind
    due_at: datetime | None
    operation: OperationCard | None = None
    question: QuestionCard | None = None
    replan: ReplanCard | None = None
    inspection: InspectionCard | None = None
    site: SiteRequestCard | None = None
    parties: tuple[str, ...] = ()
    outlook: Outlook = "coming"

    @property
    def key(self) -> str:
        """Which thing it is, also when it has changed: what a page tells apart."""
        about = (self.site,) if self.site else (self.operation, self.question, self.inspection)
        ids = [each.id for each in about if each is not None]
        return "-".join((self.kind, *ids)) if ids or self.replan is None else f"{self.kind}-{self.replan.id}"

    @property
    def place(self) -> int | None:
        """Which inspection of its operation it is about, counted in the order of the route."""
        if self.operation is None or self.inspection is None:
            return None
        return self.operation.place_of(self.inspection.inspection_id)

    def is_urgent(self, now: datetime) -> bool:
        """Whether it is due within a day, or overdue."""
        return self.due_at is not None and self.due_at - now < SOON


@dataclass(frozen=True)
class Knowledge:
    """What the duties of a party follow from; operations and questions by time."""

    operations: Sequence[OperationCard] = ()
    questions: Sequence[QuestionCard] = ()
    replans: Sequence[ReplanCard] = ()
    inspections: Sequence[InspectionCard] = ()
    sites: Sequence[SiteRequestCard] = ()
    modes: Sequence[ModeCard] = ()


def duties(seat: Seat, known: Knowledge, now: datetime) -> list[Duty]:
    """Everything that needs the one on this seat, the most urgent first."""
    found = [*_at_risk(known, now), *_decisions(seat, known, now), *_answers(seat, known, now)]
    found += [*_to_acknowledge(seat, known, now), *_readiness(seat, known, now), *_sites(seat, known, now)]
    found += [*_compromised(seat, known), *_unacknowledged(seat, known, now)]
    return sorted(found, key=lambda duty: (duty.due_at or now + timedelta(days=365), ORDER.index(duty.kind)))


def needs_acknowledgement(operation: OperationCard, party: str, now: datetime) -> bool:
    """Whether the party has not said that it has seen the operation's newest word."""
    is_news = operation.acknowledged_version < operation.plan_version and operation.state in TO_ACKNOWLEDGE
    takes_part = bool(operation.part_of(party)) or operation.slot.session_id.partition(":")[0] == party
    is_released = operation.change is not None and party in operation.change.released
    return is_news and (takes_part or is_released) and operation.slot.start_at + KEPT_AFTER_START > now


def not_acknowledged_by(operation: OperationCard) -> tuple[str, ...]:
    """Who has accepted, or had and was let go, and has not said that it has seen the newest word."""
    taking = {part.agency for part in operation.participants if part.status == "accepted"}
    taking |= set(operation.let_go)
    return tuple(sorted(p for p in taking if operation.acknowledged_by.get(p, 0) < operation.plan_version))


def _at_risk(known: Knowledge, now: datetime) -> Iterable[Duty]:
    for operation in known.operations:
        is_coming = not operation.is_over and operation.slot.end_at > now
        is_lost = operation.loss is not None and not operation.loss.is_partial
        if is_lost and operation.state in ("scheduled", "confirmed") and is_coming:
            proposed, outlook = _proposed(known, operation, now), _outlook(known, operation, now)
            yield Duty("at_risk", operation.slot.start_at, operation=operation, replan=proposed, outlook=outlook)


def _outlook(known: Knowledge, operation: OperationCard, now: datetime) -> Outlook:
    """What comes of a loss: nothing by itself where replanning is off, or where its proposal was let pass."""
    if any(mode.centre == operation.centre and mode.mode == "off" for mode in known.modes):
        return "off"
    since = operation.loss.told_at if operation.loss is not None else now
    about = [r for r in known.replans if operation.operation_id in {c.operation_id for c in r.changes}]
    after = [r for r in about if since < (r.proposed_at or r.at)]
    passed = [r for r in after if r.status == "rejected" or (r.status == "open" and r.at <= now)]
    return "stands" if passed and not any(r in about for r in _waiting(known, now)) else "coming"


def _proposed(known: Knowledge, operation: OperationCard, now: datetime) -> ReplanCard | None:
    """The proposal that waits for a decision and changes the operation."""
    waiting = _waiting(known, now)
    return next((r for r in waiting if operation.operation_id in {c.operation_id for c in r.changes}), None)


def _waiting(known: Knowledge, now: datetime) -> Iterable[ReplanCard]:
    """Proposals that can still be decided: after its time the old plan stands, and no decision is taken."""
    return (r for r in known.replans if r.status == "open" and r.at > now)


def _compromised(seat: Seat, known: Knowledge) -> Iterable[Duty]:
    """Operations that wait for the centre's word, also when their day has passed: their sites are held all the same."""
    if may(seat, "pin"):
        yield from (Duty("compromised", o.slot.start_at, operation=o) for o in known.operations if o.is_compromised)


def _decisions(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    if may(seat, "decide_replan"):
        yield from (Duty("decide", r.at, replan=r) for r in _waiting(known, now))


def _answers(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    """Questions without an answer, also overdue ones, until what they are about is over."""
    if may(seat, "answer"):
        asked = (q for q in known.questions if q.status == "open" and q.slot.end_at > now)
        yield from (Duty("answer", q.at, question=q) for q in asked)


def _to_acknowledge(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    if may(seat, "acknowledge"):
        for operation in known.operations:
            if needs_acknowledgement(operation, seat.party, now):
                yield Duty("acknowledge", operation.slot.start_at, operation=operation)


def _readiness(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    """Inspections of operations to come for which the agency has not said here whether it is ready."""
    if not may(seat, "declare"):
        return
    by_id = {inspection.inspection_id: inspection for inspection in known.inspections}
    for operation in known.operations:
        is_coming = operation.state == "scheduled" and operation.slot.end_at > now
        if is_coming and operation.part_of(seat.party):
            for planned in operation.inspections:
                inspection = by_id.get(planned.inspection_id)
                if inspection is not None and inspection.is_ready is None:
                    yield Duty("ready", operation.slot.start_at, operation=operation, inspection=inspection)


def _sites(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    """What the agency is asked of sites until the day has come; what is late has until then."""
    if not may(seat, "declare"):
        return
    by_id = {o.operation_id: o for o in known.operations}
    off = {o.operation_id for o in known.operations if o.state in ("postponed", "cancelled")}
    for asked in known.sites:
        latest = asked.at + KEPT_AFTER_DUE if asked.slot is None else asked.slot.start_at
        if asked.status == "open" and latest > now and asked.operation_id not in off:
            due_at = asked.at if asked.at > now else latest
            yield Duty("site", due_at, operation=by_id.get(asked.operation_id), site=asked)


def _unacknowledged(seat: Seat, known: Knowledge, now: datetime) -> Iterable[Duty]:
    """What the centre has to see to: somebody may come within a day to what they have not seen is changed or off."""
    if seat.role != "centre_coordinator":
        return
    for operation in known.operations:
        near = [slot.start_at for slot in _expected(operation) if now < slot.end_at and slot.start_at - now < SOON]
        missing = not_acknowledged_by(operation)
        if near and missing:
            yield Duty("unacknowledged", min(near), operation=operation, parties=missing)


def _expected(operation: OperationCard) -> Iterable[Slot]:
    """When somebody who has not seen the newest word may come: to the time that holds, or to the one before it."""
    if operation.state == "confirmed":
        yield operation.slot
    change = operation.change
    if change is not None and change.plan_version == operation.plan_version and change.from_slot is not None:
        yield change.from_slot
