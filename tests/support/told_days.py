"""Builders of what agencies and services say of capacity, sites, the day itself and findings, each with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from samsyn_contracts.capacity import CapacityConsent, CapacityOffered, PoliceCancellationRetracted
from samsyn_contracts.carrying_out import (
    EvaluationSubmitted,
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
    Scores,
)
from samsyn_contracts.findings import FindingRecorded, FindingShared, FindingWithheld, SubjectKind, WithheldReason
from samsyn_contracts.inspections import InspectionProposed, Site, TimeWindow
from samsyn_contracts.message import Position
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.periods import AnnualTargetSet

from tests.support.told_operations import CAUSE, CENTRE, HOURS, INSPECTIONS, OPERATION, START_AT

AGENCY = "arbetsmiljoverket"
REF = "contents:arbetsmiljoverket:978e1316-217a-5b22-9197-3d4ed385536d"
OTHER_REF = "contents:arbetsmiljoverket:978e1316-217a-5b22-9197-3d4ed385536e"


def offered(capacity_id: str = f"{AGENCY}:K1", staff: int = 3) -> CapacityOffered:
    is_police = capacity_id.startswith("polisen:")
    return CapacityOffered(
        capacity_id=capacity_id,
        unit="local_police" if is_police else "team",
        start_at=START_AT,
        end_at=START_AT + HOURS,
        staff=staff,
        consent=CapacityConsent(mode="standing"),
        base=Position(lat=57.7, lon=11.9) if is_police else None,
        team=None if is_police else "lag-1",
    )


def proposed(
    inspection_id: str = INSPECTIONS[0],
    *,
    site_id: str = f"{AGENCY}:site-1",
    organisation_number: str | None = None,
    identity_ref: str | None = None,
    programme: str = "a-krim",
    municipality: str = "1480",
) -> InspectionProposed:
    return InspectionProposed(
        inspection_id=inspection_id,
        site=Site(
            site_id=site_id,
            municipality=municipality,
            organisation_number=organisation_number,
            identity_ref=identity_ref,
        ),
        indications=("unsafe_workplace",),
        police_need="required",
        value=10,
        programme=programme,
        duration_minutes=60,
        time_windows=(TimeWindow(from_at=START_AT, until_at=START_AT + HOURS),),
    )


def retracted(cancelled_event: str = CAUSE) -> PoliceCancellationRetracted:
    return PoliceCancellationRetracted(capacity_id="polisen:P1", cancelled_event=cancelled_event)


def acknowledged(operation_id: str = OPERATION, *, agency: str = AGENCY, version: int = 1) -> NotificationAcknowledged:
    return NotificationAcknowledged(
        operation_id=operation_id, agency=agency, plan_version=version, by_function="samordnare"
    )


def started(
    operation_id: str = OPERATION, *, agency: str = AGENCY, police_present: bool = True, version: int = 1
) -> OperationStarted:
    return OperationStarted(
        operation_id=operation_id, agency=agency, plan_version=version, police_present=police_present
    )


def handed_in(
    inspection_id: str = INSPECTIONS[0],
    *,
    operation_id: str = OPERATION,
    agency: str = AGENCY,
    outcome: Literal["done", "closed", "not_found"] = "done",
) -> InspectionCompleted:
    return InspectionCompleted(
        operation_id=operation_id, inspection_id=inspection_id, agency=agency, plan_version=1, outcome=outcome
    )


def suspended(
    operation_id: str = OPERATION, *, agency: str = AGENCY, remaining: Sequence[str] = INSPECTIONS[1:]
) -> InspectionSuspended:
    return InspectionSuspended(
        operation_id=operation_id,
        agency=agency,
        plan_version=1,
        cause_code="police_called_away",
        remaining_inspection_ids=tuple(remaining),
    )


def aborted(
    operation_id: str = OPERATION, *, agency: str = AGENCY, left: Sequence[str] = INSPECTIONS
) -> OperationAborted:
    return OperationAborted(
        operation_id=operation_id,
        agency=agency,
        plan_version=1,
        cause_code="threat",
        left_inspection_ids=tuple(left),
    )


def completed(
    operation_id: str = OPERATION,
    *,
    version: int = 1,
    outcome: Literal["completed", "in_part", "aborted"] = "completed",
    done: Sequence[str] = INSPECTIONS,
    handed_in_by: Sequence[str] = (AGENCY,),
    missing_from: Sequence[str] = (),
    police_present: bool = True,
    counts: bool = True,
) -> OperationCompleted:
    return OperationCompleted(
        operation_id=operation_id,
        code_name="Björk",
        plan_version=version,
        outcome=outcome,
        started_at=START_AT,
        ended_at=START_AT + HOURS,
        done_inspection_ids=tuple(done),
        left_inspection_ids=tuple(id_ for id_ in INSPECTIONS if id_ not in done),
        handed_in_by=tuple(handed_in_by),
        missing_from=tuple(missing_from),
        police_present=police_present,
        counts_as_operation=counts,
    )


def evaluated(
    operation_id: str = OPERATION, *, agency: str = AGENCY, lessons: Sequence[str] = ("briefing_too_late",)
) -> EvaluationSubmitted:
    return EvaluationSubmitted(
        operation_id=operation_id,
        agency=agency,
        scores=Scores(preparation=3, cooperation=5, outcome=4),
        lesson_codes=tuple(lessons),
    )


def aimed_at(
    target: int = 120,
    *,
    centre: str = CENTRE,
    unit: Literal["inspections", "operations"] = "inspections",
    year: int = 2025,
) -> AnnualTargetSet:
    return AnnualTargetSet(centre=centre, year=year, unit=unit, baseline=90, target=target, by_function="samordnare")


def found(
    finding_id: str = f"{AGENCY}:F1",
    *,
    operation_id: str = OPERATION,
    category: str = "work_environment",
    subject_kind: SubjectKind = "organisation",
) -> FindingRecorded:
    return FindingRecorded(
        finding_id=finding_id,
        operation_id=operation_id,
        inspection_id=INSPECTIONS[0],
        plan_version=1,
        category=category,
        subject_kind=subject_kind,
        payload_ref=REF,
    )


def shared(
    finding_id: str = f"{AGENCY}:F1", *, operation_id: str = OPERATION, receiver: str = "skatteverket"
) -> FindingShared:
    return FindingShared(
        finding_id=finding_id,
        operation_id=operation_id,
        inspection_id=INSPECTIONS[0],
        sender=finding_id.partition(":")[0],
        receiver=receiver,
        rule_id="b01",
        purpose="execute",
    )


def withheld(
    finding_id: str = f"{AGENCY}:F1",
    *,
    operation_id: str = OPERATION,
    receiver: str = "kommun-goteborg",
    reason: WithheldReason = "no_basis",
    is_told: bool = True,
) -> FindingWithheld:
    return FindingWithheld(
        finding_id=finding_id,
        operation_id=operation_id,
        sender=finding_id.partition(":")[0],
        receiver=receiver,
        reason_code=reason,
        told_to=receiver if is_told else None,
    )
