"""What agencies find, and who may know of it: the sender assesses, the exchange carries out, nobody else decides."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.carrying_out import HeardVersion
from samsyn_contracts.message import (
    P1,
    P2,
    P3,
    Code,
    ContentsRef,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
)

SubjectKind = Literal["organisation", "sole_trader", "person", "site"]
Purpose = Literal["plan", "execute", "follow-up"]
WithheldReason = Literal["no_basis", "denied", "not_assessed", "assessed_deny"]


class FindingRecorded(Message):
    """An agency has found something at an inspection; what it found lies in the contents store.

    `category` is the field of law alone; the detail, the business and the severity are contents (class P3).
    """

    subject_field: ClassVar[str] = "finding_id"
    owner_of: ClassVar[str | None] = "finding_id"

    finding_id: Annotated[OwnedId, P1]
    operation_id: Annotated[OperationId, P1]
    inspection_id: Annotated[OwnedId, P1]
    plan_version: Annotated[HeardVersion, P1]
    category: Annotated[Code, P2]
    subject_kind: Annotated[SubjectKind, P2]
    payload_ref: Annotated[ContentsRef, P3]
    also_relevant_for: Annotated[tuple[PartyCode, ...], P2] = ()


class FindingPlaced(Message):
    """A finding has its place: its operation is known and its sender took part, so it may be considered for others.

    `candidates` are the other participants, and whom the sender named.
    """

    subject_field: ClassVar[str] = "finding_id"

    finding_id: Annotated[OwnedId, P1]
    operation_id: Annotated[OperationId, P1]
    inspection_id: Annotated[OwnedId, P1]
    sender: Annotated[PartyCode, P1]
    candidates: Annotated[tuple[PartyCode, ...], P1]
    category: Annotated[Code, P2]
    subject_kind: Annotated[SubjectKind, P2]
    payload_ref: Annotated[ContentsRef | None, P3] = None


class FindingShared(Message):
    """A receiver may fetch what another agency found, by a rule and by the sender's own assessment."""

    subject_field: ClassVar[str] = "finding_id"

    finding_id: Annotated[OwnedId, P1]
    operation_id: Annotated[OperationId, P1]
    inspection_id: Annotated[OwnedId, P1]
    sender: Annotated[PartyCode, P1]
    receiver: Annotated[PartyCode, P1]
    rule_id: Annotated[Code, P1]
    assessment_id: Annotated[OwnedId | None, P1] = None
    purpose: Annotated[Purpose, P1]
    category: Annotated[Code | None, P2] = None
    payload_ref: Annotated[ContentsRef | None, P3] = None


class FindingWithheld(Message):
    """A receiver does not get a finding, and why; the receiver is told only where its existence may be known.

    `told_to` is the receiver, absent where nobody but the sender may know; `contact_function` is whom to ask.
    """

    subject_field: ClassVar[str] = "finding_id"

    finding_id: Annotated[OwnedId, P1]
    operation_id: Annotated[OperationId, P1]
    sender: Annotated[PartyCode, P1]
    receiver: Annotated[PartyCode, P1]
    reason_code: Annotated[WithheldReason, P1]
    rule_id: Annotated[Code | None, P1] = None
    told_to: Annotated[PartyCode | None, P1] = None
    contact_function: Annotated[Code | None, P1] = None


class DisclosureAssessed(Message):
    """An agency has weighed whether a receiver may have what it knows in a category, standing or for one finding.

    With `finding_id` it is about that finding alone, and goes before a standing one. The same `assessment_id` said
    again takes the place of what was said before; the outcome `deny` takes it back.
    """

    is_reference: ClassVar[bool] = True
    subject_field: ClassVar[str] = "assessment_id"
    owner_of: ClassVar[str | None] = "assessment_id"

    assessment_id: Annotated[OwnedId, P1]
    receiver: Annotated[PartyCode, P1]
    category: Annotated[Code, P2]
    purpose: Annotated[Purpose, P1]
    outcome: Annotated[Literal["not_secret", "no_harm", "weighed", "deny"], P1]
    document_ref: Annotated[str, Field(min_length=1, max_length=100), P1]
    valid_until: Annotated[Instant, P1]
    finding_id: Annotated[OwnedId | None, P1] = None
