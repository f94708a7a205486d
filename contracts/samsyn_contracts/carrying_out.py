"""The day itself: an operation starts, its inspections are completed or broken off, it ends and is evaluated."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.message import (
    P1,
    P2,
    P3,
    Code,
    ContentsRef,
    Facts,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
)
from samsyn_contracts.operations import CodeName

# The version of the operation that the sender had heard of: what it says is held until that version is known.
HeardVersion = Annotated[int, Field(ge=1)]
# From 1, badly, to 5, very well.
Score = Annotated[int, Field(ge=1, le=5)]


class ParticipantDelayed(Message):
    """An agency tells how much later it comes.

    `minutes` after the operation was to begin, as the agency had heard; `arrives_at` is when that is, so that it means
    the same whatever version of the plan stands when it is read. Without it the minutes count from the version that
    stands. An operation that has not begun and cannot do without the agency waits, and the others are told the new
    times. Whoever cannot come before the session ends withdraws instead.
    """

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    minutes: Annotated[int, Field(ge=1, le=600), P1]
    arrives_at: Annotated[Instant | None, P1] = None


class OperationStarted(Message):
    """The lead agency has begun an operation on the spot, with or without police."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[HeardVersion, P1]
    police_present: Annotated[bool, P1]
    lead_function: Annotated[Code | None, P1] = None


class InspectionCompleted(Message):
    """An agency has finished its part of an inspection: its hand-in, also where it found nothing."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    inspection_id: Annotated[OwnedId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[HeardVersion, P1]
    outcome: Annotated[Literal["done", "closed", "not_found"], P2]
    num_workers_met: Annotated[int | None, Field(ge=0, le=10_000), P2] = None


class InspectionSuspended(Message):
    """The lead agency breaks off: the remaining inspections of the operation go back to the list."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[HeardVersion, P1]
    cause_code: Annotated[Code, P1]
    remaining_inspection_ids: Annotated[tuple[OwnedId, ...], Field(min_length=1), P1]


class OperationAborted(Message):
    """An operation that had started is given up: what is left of it goes back to the list."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[HeardVersion, P1]
    cause_code: Annotated[Code, P1]
    left_inspection_ids: Annotated[tuple[OwnedId, ...], P1] = ()


class SafetyIncidentReported(Message):
    """Somebody on the spot was threatened, attacked or put under pressure; who and where is told in no message."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    kind: Annotated[Literal["threat", "violence", "undue_influence"], P1]
    severity: Annotated[Literal["low", "serious", "acute"], P1]


class OperationCompleted(Message):
    """An operation is over: which inspections were done, which are left, who has handed in, and whether it counts.

    `counts_as_operation` by the dated rule of the centre (insats: with police and at least one other agency).
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    plan_version: Annotated[HeardVersion, P1]
    outcome: Annotated[Literal["completed", "in_part", "aborted"], P1]
    started_at: Annotated[Instant, P1]
    ended_at: Annotated[Instant, P1]
    done_inspection_ids: Annotated[tuple[OwnedId, ...], P1]
    left_inspection_ids: Annotated[tuple[OwnedId, ...], P1]
    handed_in_by: Annotated[tuple[PartyCode, ...], P1]
    missing_from: Annotated[tuple[PartyCode, ...], P1]
    police_present: Annotated[bool, P1]
    counts_as_operation: Annotated[bool, P1]
    counting_rule_id: Annotated[Code | None, P1] = None


class Scores(Facts):
    """How an operation went, from 1 (badly) to 5 (very well)."""

    preparation: Annotated[Score, P1]
    cooperation: Annotated[Score, P1]
    outcome: Annotated[Score, P1]


class EvaluationSubmitted(Message):
    """An agency tells how an operation went and what is to be learnt; free text lies in the contents store."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    scores: Annotated[Scores, P1]
    lesson_codes: Annotated[tuple[Code, ...], Field(max_length=20), P1] = ()
    text_ref: Annotated[ContentsRef | None, P3] = None
