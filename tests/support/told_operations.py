"""Builders of what planning and parties say about operations, each with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.message import Message, Reason, Slot
from samsyn_contracts.operations import (
    GuardResults,
    LadderStep,
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    Participant,
    PlannedInspection,
)
from samsyn_contracts.platform import TimePassed

CENTRE = "akc-vast"
OPERATION = "op:polisen:P1"
START_AT = datetime(2025, 5, 12, 8, 0, tzinfo=UTC)
HOURS = timedelta(hours=4)
INSPECTIONS = ("arbetsmiljoverket:A1", "skatteverket:S1")
CAUSE = "cancelled-1"
REASON = Reason(code="police_lost", sv="Polisen har ställt in passet.", en="The police have cancelled the session.")


def a_slot(start_at: datetime = START_AT, session_id: str = "polisen:P1") -> Slot:
    return Slot(session_id=session_id, start_at=start_at, end_at=start_at + HOURS)


def planned(ids: Sequence[str], start_at: datetime = START_AT) -> tuple[PlannedInspection, ...]:
    end_at = start_at + HOURS
    return tuple(
        PlannedInspection(
            inspection_id=id_, start_at=start_at, end_at=end_at, municipality="1480", police_need="required"
        )
        for id_ in ids
    )


def participants(*agencies: str) -> tuple[Participant, ...]:
    named = agencies or ("polisen", "arbetsmiljoverket")
    return tuple(Participant(agency=name, capacity_id=f"{name}:K1", status="accepted") for name in named)


def scheduled(
    operation_id: str = OPERATION,
    *,
    version: int = 1,
    start_at: datetime = START_AT,
    inspections: Sequence[str] = INSPECTIONS,
    agencies: Sequence[str] = (),
) -> OperationScheduled:
    return OperationScheduled(
        operation_id=operation_id,
        code_name="Björk",
        slot=a_slot(start_at),
        participants=participants(*agencies),
        inspections=planned(inspections, start_at),
        plan_version=version,
    )


def confirmed(
    operation_id: str = OPERATION,
    *,
    version: int = 1,
    start_at: datetime = START_AT,
    inspections: Sequence[str] = INSPECTIONS,
    agencies: Sequence[str] = (),
) -> OperationConfirmed:
    return OperationConfirmed(
        operation_id=operation_id,
        code_name="Björk",
        slot=a_slot(start_at),
        participants=participants(*agencies),
        inspections=planned(inspections, start_at),
        guard_results=GuardResults(police="met", other_agency="met", ready="met", coordinator="not_needed"),
        plan_version=version,
    )


def rescheduled(
    operation_id: str = OPERATION,
    *,
    version: int = 2,
    to_start_at: datetime = START_AT + timedelta(days=1),
    inspections: Sequence[str] = INSPECTIONS,
    step: LadderStep = "moved_session",
    causes: Sequence[str] = (CAUSE,),
    notice_minutes: int = 300,
    agencies: Sequence[str] = (),
) -> OperationRescheduled:
    return OperationRescheduled(
        operation_id=operation_id,
        code_name="Björk",
        from_slot=a_slot(),
        to_slot=a_slot(to_start_at, "polisen:P2"),
        ladder_step=step,
        cause_event_ids=tuple(causes),
        reasons=(REASON,),
        participants=participants(*agencies),
        inspections=planned(inspections, to_start_at),
        plan_version=version,
        notice_minutes=notice_minutes,
    )


def postponed(
    operation_id: str = OPERATION, *, version: int = 2, causes: Sequence[str] = (CAUSE,), notice_minutes: int = 300
) -> OperationPostponed:
    return OperationPostponed(
        operation_id=operation_id,
        code_name="Björk",
        from_slot=a_slot(),
        cause_code="disturbance",
        cause_event_ids=tuple(causes),
        reasons=(REASON,),
        released=(),
        plan_version=version,
        notice_minutes=notice_minutes,
    )


def cancelled(
    operation_id: str = OPERATION, *, version: int = 2, causes: Sequence[str] = (CAUSE,), notice_minutes: int = 300
) -> OperationCancelled:
    return OperationCancelled(
        operation_id=operation_id,
        code_name="Björk",
        from_slot=a_slot(),
        cause_code="disturbance",
        cause_event_ids=tuple(causes),
        reasons=(REASON,),
        released=(),
        plan_version=version,
        notice_minutes=notice_minutes,
    )


def police_cancelled(capacity_id: str = "polisen:P1", cause_code: str = "disturbance") -> PoliceCancelled:
    return PoliceCancelled(capacity_id=capacity_id, cause_code=cause_code)


def time_passed(until: datetime, centre: str = CENTRE) -> TimePassed:
    return TimePassed(centre=centre, until=until)


def envelope(
    message: Message,
    id_: str,
    *,
    party: str | None = None,
    centre: str = CENTRE,
    at: datetime = START_AT - timedelta(days=7),
) -> Envelope:
    """How it is said: by planning, or by the party named."""
    return Envelope(
        id=id_,
        source=party_source(party) if party else service_source("planning"),
        type=message.type_name(),
        time=at,
        centre=centre,
        environment="test",
        subject=message.subject,
    )
