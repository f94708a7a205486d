"""What an office in this process does, as messages: for agencies whose own adapters come later."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from samsyn_adapter_sdk import contents_ref
from samsyn_contracts.capacity import CapacityConsent, CapacityOffered, CapacityWithdrawn
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded
from samsyn_contracts.inspections import (
    InspectionProposed,
    InspectionWithdrawn,
    InterestDeclared,
    ReadinessDeclared,
    Site,
    TimeWindow,
)
from samsyn_contracts.message import Message, Position
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)

from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Assessed,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    InterestTaken,
    OperationBegun,
    PartTakenBack,
    Prepared,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.records import TeamShift, WantedSite

_STANDING_COVERS = ("time", "other_site", "other_police_unit", "fewer_officers", "other_participants")
_CONSENTS: Mapping[str, CapacityConsent] = {
    "standing": CapacityConsent(mode="standing", covers=_STANDING_COVERS),
    "ask": CapacityConsent(mode="ask"),
}


def message_of(agency: str, deed: Deed) -> Message:
    """What an agency says with a deed."""
    return _MESSAGES[type(deed)](agency, deed)


def contents_of(agency: str, deed: Deed) -> tuple[str, str, Mapping[str, Any]] | None:
    """What a deed keeps in the contents store: the reference, what it is about, and the facts; None if nothing."""
    if isinstance(deed, SiteWanted) and deed.site.is_sole_trader:
        site = deed.site
        identity = {"name": site.name, "organisation_number": site.organisation_number}
        return _identity_ref(agency, site), _site_id(agency, site), identity
    if isinstance(deed, FindingMade):
        found = {"category_codes": deed.codes, "severity": deed.severity, "text": deed.text}
        return _finding_ref(agency, deed), deed.operation_id, found
    return None


def _site_id(agency: str, site: WantedSite) -> str:
    return f"{agency}:site-{site.inspection_id}"


def _identity_ref(agency: str, site: WantedSite) -> str:
    return contents_ref(agency, f"identity:{site.inspection_id}")


def _finding_ref(agency: str, finding: FindingMade) -> str:
    return contents_ref(agency, f"finding:{finding.finding_id}")


def _offered(agency: str, shift: TeamShift) -> Message:
    has_place = shift.lat is not None and shift.lon is not None
    return CapacityOffered(
        capacity_id=f"{agency}:{shift.shift_id}",
        unit="team",
        team=re.sub(r"[^a-z0-9-]", "-", f"{agency}-{shift.team}".lower()),
        start_at=shift.start_at,
        end_at=shift.end_at,
        staff=shift.inspectors,
        skills=shift.skills,
        consent=_CONSENTS[shift.consent],
        base=Position(lat=shift.lat or 0, lon=shift.lon or 0) if has_place else None,
    )


def _proposed(agency: str, site: WantedSite) -> Message:
    return InspectionProposed.model_validate(
        {
            "inspection_id": f"{agency}:{site.inspection_id}",
            "site": _site(agency, site),
            "indications": site.indications,
            "police_need": site.police_need,
            "value": site.value,
            "programme": "a-krim",
            "duration_minutes": site.duration_minutes,
            "time_windows": [TimeWindow(from_at=opens, until_at=closes) for opens, closes in site.windows],
            "due_at": site.due_at,
            "deadline_at": site.deadline_at,
            "required_agencies": site.required_agencies,
            "min_officers": site.min_officers,
            "exploitation_indicated": site.exploitation_indicated,
        }
    )


def _site(agency: str, site: WantedSite) -> Site:
    return Site(
        site_id=_site_id(agency, site),
        municipality=site.municipality,
        industry=site.industry,
        position=Position(lat=site.lat, lon=site.lon),
        name=None if site.is_sole_trader else site.name,
        organisation_number=None if site.is_sole_trader else site.organisation_number,
        identity_ref=_identity_ref(agency, site) if site.is_sole_trader else None,
    )


def _answer(agency: str, answered: Answered) -> Message:
    question, capacity_id = answered.question, f"{agency}:{answered.shift.shift_id}"
    if not answered.is_yes:
        return ParticipationDeclined(
            operation_id=question.operation_id,
            capacity_id=capacity_id,
            session_id=question.session_id,
            reason_code=answered.reason,
        )
    return ParticipationAccepted(
        operation_id=question.operation_id,
        capacity_id=capacity_id,
        session_id=question.session_id,
        head_count=answered.shift.inspectors,
    )


def _acknowledged(agency: str, deed: Acknowledged) -> Message:
    return NotificationAcknowledged(
        operation_id=deed.operation_id,
        agency=agency,
        plan_version=deed.plan_version,
        by_function="samordnare",
        acknowledged_event=deed.told_by or None,
    )


def _assessed(agency: str, deed: Assessed) -> Message:
    return DisclosureAssessed.model_validate(
        {
            "assessment_id": f"{agency}:{deed.assessment_id}",
            "receiver": deed.receiver,
            "category": deed.category,
            "purpose": deed.purpose,
            "outcome": "weighed",
            "document_ref": deed.document,
            "valid_until": deed.valid_until,
        }
    )


def _begun(agency: str, deed: OperationBegun) -> Message:
    return OperationStarted(
        operation_id=deed.operation_id,
        agency=agency,
        plan_version=deed.plan_version,
        police_present=deed.has_police,
        lead_function="insatsledare",
    )


def _done(agency: str, deed: InspectionDone) -> Message:
    return InspectionCompleted.model_validate(
        {
            "operation_id": deed.operation_id,
            "inspection_id": deed.inspection_id,
            "agency": agency,
            "plan_version": deed.plan_version,
            "outcome": deed.outcome,
            "num_workers_met": deed.num_workers,
        }
    )


def _found(agency: str, deed: FindingMade) -> Message:
    return FindingRecorded.model_validate(
        {
            "finding_id": f"{agency}:{deed.finding_id}",
            "operation_id": deed.operation_id,
            "inspection_id": deed.inspection_id,
            "plan_version": deed.plan_version,
            "category": deed.category,
            "subject_kind": deed.subject_kind,
            "payload_ref": _finding_ref(agency, deed),
            "also_relevant_for": deed.also_for,
        }
    )


def _broken_off(agency: str, deed: BrokenOff) -> Message:
    return InspectionSuspended(
        operation_id=deed.operation_id,
        agency=agency,
        plan_version=deed.plan_version,
        cause_code="police_called_away",
        remaining_inspection_ids=deed.remaining_ids,
    )


def _given_up(agency: str, deed: GivenUp) -> Message:
    return OperationAborted(
        operation_id=deed.operation_id,
        agency=agency,
        plan_version=deed.plan_version,
        cause_code="threat",
        left_inspection_ids=deed.left_ids,
    )


_MESSAGES: Mapping[type[Deed], Callable[[str, Any], Message]] = {
    ShiftOffered: lambda agency, deed: _offered(agency, deed.shift),
    ShiftWithdrawn: lambda agency, deed: CapacityWithdrawn(
        capacity_id=f"{agency}:{deed.shift.shift_id}", reason_code=deed.reason
    ),
    SiteWanted: lambda agency, deed: _proposed(agency, deed.site),
    SiteWithdrawn: lambda agency, deed: InspectionWithdrawn(
        inspection_id=f"{agency}:{deed.site.inspection_id}", reason_code=deed.reason
    ),
    InterestTaken: lambda agency, deed: InterestDeclared(
        inspection_id=deed.inspection_id, agency=agency, interest=deed.level
    ),
    Prepared: lambda agency, deed: ReadinessDeclared(inspection_id=deed.inspection_id, agency=agency, ready=True),
    Answered: _answer,
    PartTakenBack: lambda agency, deed: ParticipationWithdrawn(
        operation_id=deed.operation_id, capacity_id=f"{agency}:{deed.shift.shift_id}", reason_code=deed.reason
    ),
    Acknowledged: _acknowledged,
    Assessed: _assessed,
    OperationBegun: _begun,
    InspectionDone: _done,
    FindingMade: _found,
    BrokenOff: _broken_off,
    GivenUp: _given_up,
}
