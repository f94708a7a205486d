"""What became of one operation each time it was hit: the same from the same facts, in whatever order they are heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    LadderStep,
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    Participant,
)

from samsyn_reporting.domain.told import Told, Value, each_once, grouped, said

State = Literal["scheduled", "rescheduled", "confirmed", "postponed", "cancelled"]
Outcome = Literal["rescued", "waiting", "lost"]
Announcement = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled
# Within one plan version and instant: first where an operation stands, then whether, then that it does not.
STATES: tuple[State, ...] = ("scheduled", "rescheduled", "confirmed", "postponed", "cancelled")
WITHOUT_AN_OCCASION: tuple[State, ...] = ("postponed", "cancelled")


class Part(Value):
    """A capacity that takes part in an operation; invited until its owner has accepted."""

    agency: str
    capacity_id: str
    is_accepted: bool


class Occasion(Value):
    """When an operation takes place, and with whom."""

    start_at: datetime
    end_at: datetime
    parts: tuple[Part, ...]


class Fact(Told):
    """What one message of planning's told of one operation; a displaced operation has the times it lost."""

    operation_id: str
    code_name: str
    state: State
    plan_version: int
    from_start_at: datetime
    from_end_at: datetime
    start_at: datetime
    end_at: datetime
    parts: tuple[Part, ...] = ()
    inspection_ids: tuple[str, ...] = ()
    cause_event_ids: tuple[str, ...] = ()
    ladder_step: LadderStep | None = None
    notice_minutes: int | None = None


class Operation(Value):
    """Where an operation stands, as of the newest fact; a displaced one keeps the inspections and parts it last had.

    `told_at` is when that fact was said; `agencies` are all that had accepted a part at any time.
    """

    operation_id: str
    centre: str
    state: State
    plan_version: int
    told_at: datetime
    occasion: Occasion
    inspection_ids: tuple[str, ...]
    agencies: frozenset[str]

    @property
    def stands(self) -> bool:
        """Whether it has an occasion."""
        return self.state not in WITHOUT_AN_OCCASION


class Entry(Value):
    """What a cause did to an operation: what was planned, what was kept, and how it ended so far.

    `notice_minutes` (framförhållning) is that of the first answer to the cause; `hit_version` the plan version of it.
    `kept_on` is the occasion that it has instead, None where it has none.
    """

    cause_event_id: str
    operation_id: str
    centre: str
    code_name: str
    planned_on: Occasion
    kept_on: Occasion | None
    inspection_ids: tuple[str, ...]
    kept_ids: tuple[str, ...]
    outcome: Outcome
    ladder_step: LadderStep
    notice_minutes: int | None
    hit_version: int
    plan_version: int

    @property
    def fate(self) -> str:
        """How the operation ended: a ladder step, `waiting` or `lost`."""
        return self.ladder_step if self.outcome == "rescued" else self.outcome

    @property
    def place(self) -> tuple[int, int, str, str]:
        """Its place among the hits, the last one last."""
        return self.plan_version, self.hit_version, self.operation_id, self.cause_event_id


class Account(Value):
    """All that is known of one operation; `operation` and `entries` follow from `facts`."""

    facts: tuple[Fact, ...]
    operation: Operation
    entries: tuple[Entry, ...]


def fact_of(message: Announcement, envelope: Envelope) -> Fact:
    """What the message tells of its operation."""
    told = {
        "operation_id": message.operation_id,
        "code_name": message.code_name,
        "plan_version": message.plan_version,
    }
    return Fact.model_validate(said(envelope) | told | _occasion(message))


def account_of(facts: Iterable[Fact]) -> Account:
    """The account of one operation from all facts about it (at least one), in whatever order they were heard."""
    ordered = sorted(each_once(facts), key=_place_in_order)
    entries: dict[str, Entry] = {}
    inspection_ids: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    for fact in ordered:
        planned_on = Occasion(start_at=fact.from_start_at, end_at=fact.from_end_at, parts=parts or fact.parts)
        entries |= _answered(entries, fact, planned_on, inspection_ids or fact.inspection_ids)
        inspection_ids = fact.inspection_ids or inspection_ids
        parts = fact.parts or parts
    newest = ordered[-1]
    operation = Operation(
        operation_id=newest.operation_id,
        centre=newest.centre,
        state=newest.state,
        plan_version=newest.plan_version,
        told_at=newest.said_at,
        occasion=Occasion(start_at=newest.start_at, end_at=newest.end_at, parts=parts),
        inspection_ids=inspection_ids,
        agencies=frozenset(part.agency for fact in ordered for part in fact.parts if part.is_accepted),
    )
    return Account(facts=tuple(ordered), operation=operation, entries=tuple(entries.values()))


def accounts_of(facts: Iterable[Fact]) -> Mapping[str, Account]:
    """The accounts of operations, by their id."""
    by_operation = grouped(facts, "operation_id")
    return {operation_id: account_of(by_operation[operation_id]) for operation_id in sorted(by_operation)}


def _occasion(message: Announcement) -> dict[str, object]:
    match message:
        case OperationScheduled() | OperationConfirmed():
            state = "scheduled" if isinstance(message, OperationScheduled) else "confirmed"
            slot = message.slot
            return {
                "state": state,
                "from_start_at": slot.start_at,
                "from_end_at": slot.end_at,
                "start_at": slot.start_at,
                "end_at": slot.end_at,
                "parts": _parts(message.participants),
                "inspection_ids": [inspection.inspection_id for inspection in message.inspections],
            }
        case OperationRescheduled():
            return {
                "state": "rescheduled",
                "from_start_at": message.from_slot.start_at,
                "from_end_at": message.from_slot.end_at,
                "start_at": message.to_slot.start_at,
                "end_at": message.to_slot.end_at,
                "parts": _parts(message.participants),
                "inspection_ids": [inspection.inspection_id for inspection in message.inspections],
                "cause_event_ids": message.cause_event_ids,
                "ladder_step": message.ladder_step,
                "notice_minutes": message.notice_minutes,
            }
        case OperationPostponed() | OperationCancelled():
            state = "postponed" if isinstance(message, OperationPostponed) else "cancelled"
            slot = message.from_slot
            return {
                "state": state,
                "from_start_at": slot.start_at,
                "from_end_at": slot.end_at,
                "start_at": slot.start_at,
                "end_at": slot.end_at,
                "cause_event_ids": message.cause_event_ids,
                "ladder_step": state,
                "notice_minutes": message.notice_minutes,
            }


def _parts(participants: Iterable[Participant]) -> tuple[Part, ...]:
    return tuple(
        Part(agency=each.agency, capacity_id=each.capacity_id, is_accepted=each.status == "accepted")
        for each in participants
    )


def _place_in_order(fact: Fact) -> tuple[int, datetime, int, str]:
    return fact.plan_version, fact.said_at, STATES.index(fact.state), fact.event_id


def _answered(
    entries: Mapping[str, Entry], fact: Fact, planned_on: Occasion, planned_ids: tuple[str, ...]
) -> dict[str, Entry]:
    """The entries that the fact opens or completes: those of its causes, and those that wait for an occasion."""
    known = {
        cause: entries.get(cause) or _opened(cause, fact, planned_on, planned_ids) for cause in fact.cause_event_ids
    }
    if fact.state not in WITHOUT_AN_OCCASION:
        known |= {cause: entry for cause, entry in entries.items() if entry.outcome == "waiting"}
    return {cause: _completed(entry, fact) for cause, entry in known.items()}


def _opened(cause_event_id: str, fact: Fact, planned_on: Occasion, planned_ids: tuple[str, ...]) -> Entry:
    return Entry(
        cause_event_id=cause_event_id,
        operation_id=fact.operation_id,
        centre=fact.centre,
        code_name=fact.code_name,
        planned_on=planned_on,
        kept_on=None,
        inspection_ids=planned_ids,
        kept_ids=(),
        outcome="lost",
        ladder_step="cancelled",
        notice_minutes=fact.notice_minutes,
        hit_version=fact.plan_version,
        plan_version=fact.plan_version,
    )


def _completed(entry: Entry, fact: Fact) -> Entry:
    outcome = _outcome(fact)
    kept_on = Occasion(start_at=fact.start_at, end_at=fact.end_at, parts=fact.parts)
    changes = {
        "outcome": outcome,
        # An operation that waited and is scheduled again was postponed, which is the ladder's name for it.
        "ladder_step": fact.ladder_step or "postponed",
        "kept_on": kept_on if outcome == "rescued" else None,
        "kept_ids": tuple(id_ for id_ in entry.inspection_ids if id_ in fact.inspection_ids),
        "plan_version": fact.plan_version,
    }
    return entry.model_copy(update=changes)


def _outcome(fact: Fact) -> Outcome:
    if fact.state == "cancelled" or fact.ladder_step == "cancelled":
        return "lost"
    return "waiting" if fact.state == "postponed" else "rescued"
