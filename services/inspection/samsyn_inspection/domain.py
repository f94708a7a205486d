"""The life of an operation as planning's messages and the passing of time tell it: frozen values, pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from samsyn_contracts.message import Slot
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)

Said = Literal["scheduled", "confirmed", "rescheduled", "postponed", "cancelled"]
Life = Said | Literal["underway", "past"]
Told = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled
WITHOUT_AN_OCCASION: tuple[Said, ...] = ("postponed", "cancelled")
ENDED: tuple[Life, ...] = ("postponed", "cancelled", "past")


@dataclass(frozen=True)
class Operation:
    """An operation at the newest plan version heard of it.

    `said` is planning's last word; `life` is that word with the passing of time upon it. A postponed or cancelled
    operation keeps the session it had.
    """

    operation_id: str
    code_name: str
    said: Said
    life: Life
    is_confirmed: bool
    plan_version: int
    session_id: str
    start_at: datetime
    end_at: datetime
    agencies: tuple[str, ...]
    inspection_ids: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """What is known by an operation's id: the operation, or only messages held until it has been scheduled."""

    operation_id: str
    centre: str
    operation: Operation | None = None
    held: tuple[Told, ...] = ()


def told(record: Record, message: Told, until: datetime | None) -> Record:
    """The record after a message about its operation; `until` is the centre's time, None before the first tick.

    A message about an operation never scheduled is held, for what it does not carry would have to be guessed. A
    message of an older plan version than the known one changes nothing.
    """
    if record.operation is None and not isinstance(message, OperationScheduled):
        return replace(record, held=(*record.held, message))
    operation = record.operation
    for each in (message, *_by_version(record.held)):
        operation = _after(operation, each)
    return passed(replace(record, operation=operation, held=()), until)


def passed(record: Record, until: datetime | None) -> Record:
    """The record when its centre's time is `until`: a confirmed operation is underway, then every one is past."""
    if record.operation is None:
        return record
    return replace(record, operation=replace(record.operation, life=_life(record.operation, until)))


def later(known: datetime | None, until: datetime) -> datetime:
    """The centre's time after a tick: time never goes back."""
    return until if known is None else max(known, until)


def _life(operation: Operation, until: datetime | None) -> Life:
    if until is None or operation.said in WITHOUT_AN_OCCASION:
        return operation.said
    if until >= operation.end_at:
        return "past"
    if until >= operation.start_at and operation.is_confirmed:
        return "underway"
    return operation.said


def _by_version(held: Iterable[Told]) -> list[Told]:
    return sorted(held, key=lambda message: message.plan_version)


def _after(known: Operation | None, message: Told) -> Operation | None:
    if known is not None and message.plan_version < known.plan_version:
        return known
    match message:
        case OperationScheduled():
            return _placed(message, message.slot, "scheduled", is_confirmed=False)
        case OperationConfirmed():
            return _placed(message, message.slot, "confirmed", is_confirmed=True)
        case OperationRescheduled():
            was_confirmed = known is not None and known.is_confirmed
            return _placed(message, message.to_slot, "rescheduled", is_confirmed=was_confirmed)
        case OperationPostponed():
            return _displaced(known, message, "postponed")
        case OperationCancelled():
            return _displaced(known, message, "cancelled")


def _placed(
    message: OperationScheduled | OperationConfirmed | OperationRescheduled,
    slot: Slot,
    said: Said,
    *,
    is_confirmed: bool,
) -> Operation:
    return Operation(
        operation_id=message.operation_id,
        code_name=message.code_name,
        said=said,
        life=said,
        is_confirmed=is_confirmed,
        plan_version=message.plan_version,
        session_id=slot.session_id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        agencies=tuple(dict.fromkeys(participant.agency for participant in message.participants)),
        inspection_ids=tuple(inspection.inspection_id for inspection in message.inspections),
    )


def _displaced(
    known: Operation | None, message: OperationPostponed | OperationCancelled, said: Said
) -> Operation | None:
    if known is None:
        return None
    return replace(known, said=said, life=said, is_confirmed=False, plan_version=message.plan_version)
