"""What an Operation… message means for an agency's own calendar: which of its capacities are booked, and when."""

from __future__ import annotations

from collections.abc import Sequence
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
    Participant,
    PlannedInspection,
)

State = Literal["scheduled", "confirmed", "released"]


@dataclass(frozen=True)
class Visit:
    """One inspection on the operation's route."""

    inspection_id: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True)
class Booking:
    """One agency's part in one operation; `released` has no capacities: what was booked for it is free again.

    `plan_version` is the one to say again in what is told of the day. `accepted` names the parties that have accepted,
    in their roles ("agency" or "agency/role", sorted), without the owner of the session, whose part is `has_police`.
    `is_change` tells whether the message changes what was told before.
    """

    operation_id: str
    code_name: str
    state: State
    plan_version: int
    session_id: str
    start_at: datetime
    end_at: datetime
    capacity_ids: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    accepted: tuple[str, ...] = ()
    has_police: bool = False
    is_change: bool = False

    @property
    def inspection_ids(self) -> tuple[str, ...]:
        """The inspections, in the order of the route."""
        return tuple(visit.inspection_id for visit in self.visits)


def booking_of(message: Message, agency: str) -> Booking | None:
    """The agency's booking that the message tells of; None for messages that are not about operations."""
    if isinstance(message, OperationPostponed | OperationCancelled):
        slot = message.from_slot
        return Booking(
            operation_id=message.operation_id,
            code_name=message.code_name,
            state="released",
            plan_version=message.plan_version,
            session_id=slot.session_id,
            start_at=slot.start_at,
            end_at=slot.end_at,
            is_change=True,
        )
    if not isinstance(message, OperationScheduled | OperationConfirmed | OperationRescheduled):
        return None
    slot = message.to_slot if isinstance(message, OperationRescheduled) else message.slot
    named = [participant.capacity_id for participant in message.participants] + [slot.session_id]
    own = tuple(sorted({capacity_id for capacity_id in named if _owner(capacity_id) == agency}))
    booked: State = "confirmed" if isinstance(message, OperationConfirmed) else "scheduled"
    return Booking(
        operation_id=message.operation_id,
        code_name=message.code_name,
        state=booked if own else "released",
        plan_version=message.plan_version,
        session_id=slot.session_id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        capacity_ids=own,
        visits=_visits(message.inspections) if own else (),
        accepted=_accepted(message.participants, slot.session_id),
        has_police=any(p.capacity_id == slot.session_id and p.status == "accepted" for p in message.participants),
        is_change=isinstance(message, OperationRescheduled),
    )


def _visits(inspections: Sequence[PlannedInspection]) -> tuple[Visit, ...]:
    return tuple(Visit(planned.inspection_id, planned.start_at, planned.end_at) for planned in inspections)


def _accepted(participants: Sequence[Participant], session_id: str) -> tuple[str, ...]:
    taking = [p for p in participants if p.status == "accepted" and p.agency != _owner(session_id)]
    return tuple(sorted({f"{p.agency}/{p.role}" if p.role else p.agency for p in taking}))


def _owner(capacity_id: str) -> str:
    return capacity_id.partition(":")[0]
