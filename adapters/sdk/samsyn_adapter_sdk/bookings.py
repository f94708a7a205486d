"""What an Operation… message means for an agency's own calendar: which of its capacities are booked, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)

State = Literal["scheduled", "confirmed", "released"]


@dataclass(frozen=True)
class Booking:
    """One agency's part in one operation; `released` has no capacities: what was booked for it is free again."""

    operation_id: str
    code_name: str
    state: State
    session_id: str
    start_at: datetime
    end_at: datetime
    capacity_ids: tuple[str, ...]
    inspection_ids: tuple[str, ...]


def booking_of(message: Message, agency: str) -> Booking | None:
    """The agency's booking that the message tells of; None for messages that are not about operations."""
    if isinstance(message, OperationPostponed | OperationCancelled):
        slot = message.from_slot
        return Booking(
            message.operation_id, message.code_name, "released", slot.session_id, slot.start_at, slot.end_at, (), ()
        )
    if not isinstance(message, OperationScheduled | OperationConfirmed | OperationRescheduled):
        return None
    slot = message.to_slot if isinstance(message, OperationRescheduled) else message.slot
    named = [participant.capacity_id for participant in message.participants] + [slot.session_id]
    own = tuple(sorted({capacity_id for capacity_id in named if capacity_id.partition(":")[0] == agency}))
    booked: State = "confirmed" if isinstance(message, OperationConfirmed) else "scheduled"
    return Booking(
        operation_id=message.operation_id,
        code_name=message.code_name,
        state=booked if own else "released",
        session_id=slot.session_id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        capacity_ids=own,
        inspection_ids=tuple(inspection.inspection_id for inspection in message.inspections) if own else (),
    )
