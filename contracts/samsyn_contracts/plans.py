"""Plans of a centre: replans proposed, decided and published; what it pins; backups for losses; what it wonders."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.message import (
    P1,
    Code,
    EventId,
    Facts,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
    Reason,
    ReplanId,
    Slot,
)
from samsyn_contracts.operations import CodeName, LadderStep

# How many capacities a centre may take away in one thought.
MOST_TAKEN_AWAY = 10
# How many operations of a proposed plan a centre may let stand as they are.
MOST_EDITS = 40
# How a plan beside the proposed one differs: only what is hit changes; or nothing moves, and what is hit is called off.
AlternativeKind = Literal["hit_only", "none_moved"]


class PlanChange(Facts):
    """What happens to one operation in a new plan version."""

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    kinds: Annotated[tuple[Code, ...], P1]
    ladder_step: Annotated[LadderStep | None, P1] = None
    reasons: Annotated[tuple[Reason, ...], P1] = ()


class ConsentMissing(Facts):
    """A use of capacity that its owner has to agree to first."""

    operation_id: Annotated[OperationId, P1]
    capacity_id: Annotated[OwnedId, P1]


class AgreementMissing(Facts):
    """What keeps a backup from saving more: a capacity's owner not asked yet, or an agency not ready for a site."""

    kind: Annotated[Literal["consent", "readiness"], P1]
    agency: Annotated[PartyCode, P1]
    capacity_id: Annotated[OwnedId, P1]
    inspection_id: Annotated[OwnedId | None, P1] = None


class ReplanStarted(Message):
    """Planning has begun to answer changed facts; `queued` where the centre has switched automation off."""

    subject_field: ClassVar[str] = "replan_id"

    replan_id: Annotated[ReplanId, P1]
    centre: Annotated[PartyCode, P1]
    trigger_event_ids: Annotated[tuple[EventId, ...], P1]
    base_plan_version: Annotated[int, P1]
    scope: Annotated[Literal["loss", "period", "queued"], P1]


class ReplanAlternative(Facts):
    """Another plan that the centre may approve instead; rank 1 is the proposed one, points are told as there."""

    rank: Annotated[int, Field(ge=2), P1]
    kind: Annotated[AlternativeKind, P1]
    changes: Annotated[tuple[PlanChange, ...], P1]
    untouched_count: Annotated[int, P1]
    score_delta: Annotated[int, P1]
    consents_missing: Annotated[tuple[ConsentMissing, ...], P1] = ()


class ReplanEdit(Facts):
    """One operation that the centre does not want changed as proposed: it stands as it is, the rest goes around it."""

    operation_id: Annotated[OperationId, P1]
    keep: Annotated[Literal["as_it_stands"], P1]


class ReplanProposed(Message):
    """A plan that would be better, waiting for the centre to decide; others beside it are ranked by their points.

    `may_stand` are the operations it changes that could stand as they are: an edit may name them, and no others.
    """

    subject_field: ClassVar[str] = "replan_id"

    replan_id: Annotated[ReplanId, P1]
    centre: Annotated[PartyCode, P1]
    base_plan_version: Annotated[int, P1]
    changes: Annotated[tuple[PlanChange, ...], P1]
    untouched_count: Annotated[int, P1]
    score_delta: Annotated[int, P1]
    decide_by: Annotated[Instant, P1]
    if_unanswered: Annotated[Literal["old_plan_stands"], P1]
    consents_missing: Annotated[tuple[ConsentMissing, ...], P1] = ()
    alternatives: Annotated[tuple[ReplanAlternative, ...], P1] = ()
    may_stand: Annotated[tuple[OperationId, ...], P1] = ()


class ReplanApproved(Message):
    """The centre approves a plan that was proposed: as it is, with edits, or one of its alternatives without any."""

    subject_field: ClassVar[str] = "replan_id"
    owner_of: ClassVar[str | None] = "centre"

    replan_id: Annotated[ReplanId, P1]
    centre: Annotated[PartyCode, P1]
    by_function: Annotated[Code, P1]
    alternative: Annotated[AlternativeKind | None, P1] = None
    edits: Annotated[tuple[ReplanEdit, ...], Field(max_length=MOST_EDITS), P1] = ()


class ReplanRejected(Message):
    """The centre rejects a plan that was proposed: the old one stands."""

    subject_field: ClassVar[str] = "replan_id"
    owner_of: ClassVar[str | None] = "centre"

    replan_id: Annotated[ReplanId, P1]
    centre: Annotated[PartyCode, P1]
    by_function: Annotated[Code, P1]
    reason_code: Annotated[Code, P1]


class OperationPinned(Message):
    """The centre pins an operation: until it lets go no replan changes it, unless the operation itself is hit."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "centre"

    operation_id: Annotated[OperationId, P1]
    centre: Annotated[PartyCode, P1]
    by_function: Annotated[Code, P1]
    reason_code: Annotated[Code, P1]


class OperationUnpinned(Message):
    """The centre lets go of an operation that it had pinned: replans may change it again."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "centre"

    operation_id: Annotated[OperationId, P1]
    centre: Annotated[PartyCode, P1]
    by_function: Annotated[Code, P1]
    reason_code: Annotated[Code, P1]


class PlanPublished(Message):
    """A centre has a new version of its plan; each version names the one before by its hash."""

    subject_field: ClassVar[str] = "centre"

    centre: Annotated[PartyCode, P1]
    plan_version: Annotated[int, Field(ge=1), P1]
    previous_version: Annotated[int, P1]
    hash_prev: Annotated[str, P1]
    hash: Annotated[str, P1]
    replan_id: Annotated[ReplanId, P1]
    cause_event_ids: Annotated[tuple[EventId, ...], P1]
    changes: Annotated[tuple[PlanChange, ...], P1]
    untouched_count: Annotated[int, P1]


class BackupPlanPrepared(Message):
    """What would be published at once if an operation lost its police now; and whose agreement would save more."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    centre: Annotated[PartyCode, P1]
    code_name: Annotated[CodeName, P1]
    against: Annotated[OwnedId, P1]
    plan_version: Annotated[int, Field(ge=1), P1]
    ladder_step: Annotated[LadderStep, P1]
    to_slot: Annotated[Slot | None, P1] = None
    consent_complete: Annotated[bool, P1]
    needs_consent: Annotated[tuple[AgreementMissing, ...], P1] = ()
    value_loss: Annotated[int, P1]
    valid_until: Annotated[Instant, P1]


class BackupPlanInvalidated(Message):
    """A backup would no longer be right before its time is up: facts or the plan have changed."""

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    centre: Annotated[PartyCode, P1]
    reason_code: Annotated[Literal["facts_changed", "plan_changed"], P1]
    reason_event_id: Annotated[EventId | None, P1] = None


class WhatIfAsked(Message):
    """The centre wonders what plan would follow if it had to do without some capacities; it is only a thought."""

    subject_field: ClassVar[str] = "question_id"
    owner_of: ClassVar[str | None] = "question_id"

    question_id: Annotated[OwnedId, P1]
    centre: Annotated[PartyCode, P1]
    without: Annotated[tuple[OwnedId, ...], Field(min_length=1, max_length=MOST_TAKEN_AWAY), P1]
    by_function: Annotated[Code, P1]


class WhatIfAnswered(Message):
    """What would be published if those capacities were lost now; nothing has been changed, and nobody else is told.

    `no_plan`: the verifier accepts none, and nothing else is told. Of the operations that stand `kept_count` change and
    still have an occasion, `lost_count` have none left; `returned_count` inspections go back to the list. `score_delta`
    is in points against the plan that stands.
    """

    subject_field: ClassVar[str] = "question_id"

    question_id: Annotated[OwnedId, P1]
    centre: Annotated[PartyCode, P1]
    without: Annotated[tuple[OwnedId, ...], P1]
    plan_version: Annotated[int, Field(ge=1), P1]
    outcome: Annotated[Literal["worked_out", "no_plan"], P1]
    changes: Annotated[tuple[PlanChange, ...], P1] = ()
    untouched_count: Annotated[int, P1] = 0
    kept_count: Annotated[int, P1] = 0
    lost_count: Annotated[int, P1] = 0
    returned_count: Annotated[int, P1] = 0
    score_delta: Annotated[int, P1] = 0
