"""What became of one operation each time it was hit: the same from the same facts, in whatever order they are heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    LadderStep,
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)

State = Literal["scheduled", "rescheduled", "confirmed", "postponed", "cancelled"]
Outcome = Literal["rescued", "waiting", "lost"]
Told = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled
# Within one plan version and instant: first where an operation stands, then whether, then that it does not.
STATES: tuple[State, ...] = ("scheduled", "rescheduled", "confirmed", "postponed", "cancelled")
WITHOUT_AN_OCCASION: tuple[State, ...] = ("postponed", "cancelled")


class Value(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True)


class Fact(Value):
    """What one message of planning's told of one operation; a displaced operation has the times it lost."""

    event_id: str
    operation_id: str
    centre: str
    code_name: str
    state: State
    plan_version: int
    said_at: datetime
    from_start_at: datetime
    start_at: datetime
    inspection_ids: tuple[str, ...] = ()
    cause_event_ids: tuple[str, ...] = ()
    ladder_step: LadderStep | None = None
    notice_minutes: int | None = None


class Operation(Value):
    """Where an operation stands, as of the newest fact; a displaced one keeps the inspections it last had."""

    operation_id: str
    centre: str
    state: State
    start_at: datetime
    inspection_ids: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it has an occasion."""
        return self.state not in WITHOUT_AN_OCCASION


class Entry(Value):
    """What a cause did to an operation: what was planned, what was kept, and how it ended so far.

    `notice_minutes` (framförhållning) is that of the first answer to the cause; `hit_version` the plan version of it.
    """

    cause_event_id: str
    operation_id: str
    centre: str
    code_name: str
    planned_start_at: datetime
    inspection_ids: tuple[str, ...]
    kept_ids: tuple[str, ...]
    outcome: Outcome
    ladder_step: LadderStep
    notice_minutes: int | None
    hit_version: int
    plan_version: int


class Account(Value):
    """All that is known of one operation; `operation` and `entries` follow from `facts`."""

    facts: tuple[Fact, ...]
    operation: Operation
    entries: tuple[Entry, ...]


def fact_of(message: Told, envelope: Envelope) -> Fact:
    """What the message tells of its operation."""
    told = {
        "event_id": envelope.id,
        "operation_id": message.operation_id,
        "centre": envelope.centre,
        "code_name": message.code_name,
        "plan_version": message.plan_version,
        "said_at": envelope.time,
    }
    return Fact.model_validate(told | _occasion(message))


def account_of(facts: Iterable[Fact]) -> Account:
    """The account of one operation from all facts about it (at least one), in whatever order they were heard."""
    ordered = sorted({fact.event_id: fact for fact in facts}.values(), key=_place_in_order)
    entries: dict[str, Entry] = {}
    inspection_ids: tuple[str, ...] = ()
    for fact in ordered:
        entries |= _answered(entries, fact, inspection_ids or fact.inspection_ids)
        inspection_ids = fact.inspection_ids or inspection_ids
    newest = ordered[-1]
    operation = Operation(
        operation_id=newest.operation_id,
        centre=newest.centre,
        state=newest.state,
        start_at=newest.start_at,
        inspection_ids=inspection_ids,
    )
    return Account(facts=tuple(ordered), operation=operation, entries=tuple(entries.values()))


def _occasion(message: Told) -> dict[str, object]:
    match message:
        case OperationScheduled() | OperationConfirmed():
            state = "scheduled" if isinstance(message, OperationScheduled) else "confirmed"
            start_at = message.slot.start_at
            ids = [inspection.inspection_id for inspection in message.inspections]
            return {"state": state, "from_start_at": start_at, "start_at": start_at, "inspection_ids": ids}
        case OperationRescheduled():
            return {
                "state": "rescheduled",
                "from_start_at": message.from_slot.start_at,
                "start_at": message.to_slot.start_at,
                "inspection_ids": [inspection.inspection_id for inspection in message.inspections],
                "cause_event_ids": message.cause_event_ids,
                "ladder_step": message.ladder_step,
                "notice_minutes": message.notice_minutes,
            }
        case OperationPostponed() | OperationCancelled():
            state = "postponed" if isinstance(message, OperationPostponed) else "cancelled"
            return {
                "state": state,
                "from_start_at": message.from_slot.start_at,
                "start_at": message.from_slot.start_at,
                "cause_event_ids": message.cause_event_ids,
                "ladder_step": state,
                "notice_minutes": message.notice_minutes,
            }


def _place_in_order(fact: Fact) -> tuple[int, datetime, int, str]:
    return fact.plan_version, fact.said_at, STATES.index(fact.state), fact.event_id


def _answered(entries: Mapping[str, Entry], fact: Fact, planned_ids: tuple[str, ...]) -> dict[str, Entry]:
    """The entries that the fact opens or completes: those of its causes, and those that wait for an occasion."""
    known = {cause: entries.get(cause) or _opened(cause, fact, planned_ids) for cause in fact.cause_event_ids}
    if fact.state not in WITHOUT_AN_OCCASION:
        known |= {cause: entry for cause, entry in entries.items() if entry.outcome == "waiting"}
    return {cause: _completed(entry, fact) for cause, entry in known.items()}


def _opened(cause_event_id: str, fact: Fact, planned_ids: tuple[str, ...]) -> Entry:
    return Entry(
        cause_event_id=cause_event_id,
        operation_id=fact.operation_id,
        centre=fact.centre,
        code_name=fact.code_name,
        planned_start_at=fact.from_start_at,
        inspection_ids=planned_ids,
        kept_ids=(),
        outcome="lost",
        ladder_step="cancelled",
        notice_minutes=fact.notice_minutes,
        hit_version=fact.plan_version,
        plan_version=fact.plan_version,
    )


def _completed(entry: Entry, fact: Fact) -> Entry:
    kept_ids = tuple(id_ for id_ in entry.inspection_ids if id_ in fact.inspection_ids)
    changes = {
        "outcome": _outcome(fact),
        # An operation that waited and is scheduled again was postponed, which is the ladder's name for it.
        "ladder_step": fact.ladder_step or "postponed",
        "kept_ids": kept_ids,
        "plan_version": fact.plan_version,
    }
    return entry.model_copy(update=changes)


def _outcome(fact: Fact) -> Outcome:
    if fact.state == "cancelled" or fact.ladder_step == "cancelled":
        return "lost"
    return "waiting" if fact.state == "postponed" else "rescued"
