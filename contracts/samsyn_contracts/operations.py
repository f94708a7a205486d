"""Joint operations: asked for, answered, scheduled, confirmed, changed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.capacity import Unit
from samsyn_contracts.inspections import Industry, Municipality, PoliceNeed, Site
from samsyn_contracts.message import (
    P1,
    P2,
    P2_SITE,
    Code,
    EventId,
    Facts,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
    Reason,
    Slot,
)

LadderStep = Literal[
    "other_police_session",
    "moved_session",
    "smaller",
    "without_police",
    "postponed",
    "cancelled",
    "unchanged",
    "grown",
    "team_changed",
    "restored",
]
CodeName = Annotated[str, Field(max_length=60)]


class Participant(Facts):
    """A party's part in an operation: invited until it has accepted; capacity offered with standing consent counts."""

    agency: Annotated[PartyCode, P1]
    capacity_id: Annotated[OwnedId, P1]
    status: Annotated[Literal["invited", "accepted"], P1]
    role: Annotated[Code | None, P1] = None


class PlannedInspection(Facts):
    """An inspection on an operation's route; the site itself is told only to those who have accepted."""

    inspection_id: Annotated[OwnedId, P1]
    start_at: Annotated[Instant, P1]
    end_at: Annotated[Instant, P1]
    municipality: Annotated[Municipality, P2]
    police_need: Annotated[PoliceNeed, P2]
    indications: Annotated[tuple[Code, ...], P2] = ()
    industry: Annotated[Industry | None, P2] = None
    site: Annotated[Site | None, P2_SITE] = None


class ParticipationRequested(Message):
    """Planning asks an agency whether a team of it takes part in an operation.

    `role` is the department whose team it is, where an agency speaks in several roles.
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    agency: Annotated[PartyCode, P1]
    role: Annotated[Code | None, P1] = None
    capacity_id: Annotated[OwnedId, P1]
    slot: Annotated[Slot, P1]
    inspections: Annotated[tuple[PlannedInspection, ...], P2]
    reply_by: Annotated[Instant, P1]
    plan_version: Annotated[int, P1]


class ParticipationAccepted(Message):
    """An agency accepts to take part in an operation with the capacity asked for."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]
    session_id: Annotated[OwnedId, P1]
    head_count: Annotated[int | None, Field(ge=1, le=100), P2] = None


class ParticipationDeclined(Message):
    """An agency declines to take part in an operation.

    `session_id` is the occasion that it declines; without it the present one.
    """

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]
    session_id: Annotated[OwnedId | None, P1] = None
    reason_code: Annotated[Code, P1]


class ParticipationWithdrawn(Message):
    """An agency that had accepted can no longer take part.

    `session_id` is the occasion that it withdraws from; without it the present one.
    """

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]
    session_id: Annotated[OwnedId | None, P1] = None
    reason_code: Annotated[Code, P1]


class PoliceRequested(Message):
    """Planning asks the police for a session that they offered to be asked about."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    agency: Annotated[PartyCode, P1]
    capacity_id: Annotated[OwnedId, P1]
    slot: Annotated[Slot, P1]
    officers: Annotated[int, P1]
    inspections: Annotated[tuple[PlannedInspection, ...], P2]
    reply_by: Annotated[Instant, P1]
    plan_version: Annotated[int, P1]


class PoliceCommitted(Message):
    """The police commit a session to an operation."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]
    unit: Annotated[Unit, P1]


class PoliceDeclined(Message):
    """The police cannot take an operation in the session asked for."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]
    reason_code: Annotated[Code, P1]


class PoliceLossReported(Message):
    """Somebody was told, by phone, that an operation has lost its police: provisional until the police confirm.

    `session_id` is the police session that the call was about; without it the operation's present one.
    """

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    session_id: Annotated[OwnedId | None, P1] = None
    told_by_function: Annotated[Code, P1]
    channel: Annotated[Literal["phone", "radio", "in_person"], P1]
    told_at: Annotated[Instant, P1]


class NotificationAcknowledged(Message):
    """A function of an agency has seen what it was told of an operation, up to a version of the plan."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[int, Field(ge=1), P1]
    by_function: Annotated[Code, P1]
    acknowledged_event: Annotated[EventId | None, P1] = None


class OperationScheduled(Message):
    """An operation has its place in the published plan; not confirmed yet."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    slot: Annotated[Slot, P1]
    participants: Annotated[tuple[Participant, ...], P1]
    inspections: Annotated[tuple[PlannedInspection, ...], P2] = ()
    plan_version: Annotated[int, P1]
    released: Annotated[tuple[PartyCode, ...], P1] = ()
    reasons: Annotated[tuple[Reason, ...], P1] = ()


class GuardResults(Facts):
    """What was checked before an operation was confirmed; `not_checked` where no message carries it yet."""

    police: Annotated[Literal["met", "not_needed"], P1]
    other_agency: Annotated[Literal["met"], P1]
    ready: Annotated[Literal["met", "waived"], P1]
    coordinator: Annotated[Literal["met", "not_needed"], P1]
    deconflicted: Annotated[Literal["not_checked"], P1] = "not_checked"
    site_information: Annotated[Literal["not_checked"], P1] = "not_checked"


class OperationConfirmed(Message):
    """Everybody an operation needs has committed: it takes place."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    slot: Annotated[Slot, P1]
    participants: Annotated[tuple[Participant, ...], P1]
    inspections: Annotated[tuple[PlannedInspection, ...], P2] = ()
    guard_results: Annotated[GuardResults, P1]
    plan_version: Annotated[int, P1]


class OperationRescheduled(Message):
    """An operation changed: its session, its inspections, their times or its participants."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    from_slot: Annotated[Slot, P1]
    to_slot: Annotated[Slot, P1]
    ladder_step: Annotated[LadderStep, P1]
    cause_event_ids: Annotated[tuple[EventId, ...], P1]
    reasons: Annotated[tuple[Reason, ...], P1]
    participants: Annotated[tuple[Participant, ...], P1]
    inspections: Annotated[tuple[PlannedInspection, ...], P2] = ()
    plan_version: Annotated[int, P1]
    notice_minutes: Annotated[int, P1]
    released: Annotated[tuple[PartyCode, ...], P1] = ()
    left_alone: Annotated[int, P1] = 0


class OperationPostponed(Message):
    """An operation has lost its occasion and waits for a later one."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    from_slot: Annotated[Slot, P1]
    cause_code: Annotated[Code, P1]
    cause_event_ids: Annotated[tuple[EventId, ...], P1]
    reasons: Annotated[tuple[Reason, ...], P1]
    released: Annotated[tuple[PartyCode, ...], P1]
    plan_version: Annotated[int, P1]
    notice_minutes: Annotated[int, P1]


class OperationCancelled(Message):
    """An operation will not take place; its inspections are back on the list or part of other operations."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    from_slot: Annotated[Slot, P1]
    cause_code: Annotated[Code, P1]
    cause_event_ids: Annotated[tuple[EventId, ...], P1]
    reasons: Annotated[tuple[Reason, ...], P1]
    released: Annotated[tuple[PartyCode, ...], P1]
    plan_version: Annotated[int, P1]
    notice_minutes: Annotated[int, P1]
