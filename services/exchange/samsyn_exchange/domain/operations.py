"""What the exchange remembers of operations, to know whom a change concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samsyn_contracts.envelope import Event
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)


@dataclass(frozen=True)
class KnownOperation:
    """An operation as planning last told of it; `participants` are party codes with `invited` or `accepted`.

    `capacity_id` is the police session it stands on, None once it has lost its occasion.
    """

    operation_id: str
    centre: str
    code_name: str
    capacity_id: str | None
    participants: tuple[tuple[str, str], ...]


def noted(event: Event, about: Sequence[KnownOperation]) -> KnownOperation | None:
    """What is known of an operation after the event; None if it tells nothing of its place and participants.

    `about` holds what was known before, of this operation and perhaps of others.
    """
    message, centre = event.message, event.envelope.centre
    if isinstance(message, OperationScheduled | OperationConfirmed | OperationRescheduled):
        slot = message.to_slot if isinstance(message, OperationRescheduled) else message.slot
        participants = tuple((p.agency, p.status) for p in message.participants)
        return KnownOperation(message.operation_id, centre, message.code_name, slot.session_id, participants)
    if isinstance(message, OperationPostponed | OperationCancelled):
        same = [operation for operation in about if operation.operation_id == message.operation_id]
        return replace(same[0], capacity_id=None) if same else None
    return None
