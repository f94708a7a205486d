"""What a party knows of plans: published, proposed, kept ready, only thought; and what may happen by itself."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.message import Slot
from samsyn_contracts.operations import LadderStep
from samsyn_contracts.plans import AgreementMissing, AlternativeKind, ConsentMissing, PlanChange, ReplanAlternative

from samsyn_adapter_desk.domain.card import Card


class ReplanCard(Card):
    """A plan that waits for the centre; `at` is when to decide by."""

    kind: ClassVar[str] = "replan"

    replan_id: str
    base_plan_version: int
    changes: tuple[PlanChange, ...]
    untouched_count: int
    score_delta: int
    consents_missing: tuple[ConsentMissing, ...] = ()
    alternatives: tuple[ReplanAlternative, ...] = ()
    may_stand: tuple[str, ...] = ()
    proposed_event: str
    proposed_at: datetime | None = None
    cause_event: str | None = None
    decision: Literal["approved", "rejected", "overtaken"] | None = None
    decision_said: str | None = None
    alternative: AlternativeKind | None = None
    let_stand: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The replan's id."""
        return self.replan_id

    @property
    def status(self) -> str:
        """open, approved, rejected, or overtaken by another version of the plan."""
        return self.decision or "open"


class PlanCard(Card):
    """One published version of a centre's plan; `at` is when it was published."""

    kind: ClassVar[str] = "plan"

    plan_version: int
    previous_version: int
    event_id: str
    replan_id: str
    cause_event_ids: tuple[str, ...]
    changes: tuple[PlanChange, ...]
    untouched_count: int

    @property
    def id(self) -> str:
        """Centre and version."""
        return f"{self.centre}/{self.plan_version}"

    @property
    def status(self) -> str:
        """Published for good."""
        return "published"


class BackupCard(Card):
    """What would follow at once if an operation lost its police; it holds until `at`, if nothing ends it before."""

    kind: ClassVar[str] = "backup"

    operation_id: str
    code_name: str
    against: str
    plan_version: int
    ladder_step: LadderStep
    to_slot: Slot | None = None
    is_consent_complete: bool
    needs_consent: tuple[AgreementMissing, ...] = ()
    value_loss: int
    is_valid: bool = True

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.operation_id

    def is_ready(self, now: datetime) -> bool:
        """Whether it would be used now: planning tells nobody when time alone ends it."""
        return self.is_valid and now < self.at

    @property
    def status(self) -> str:
        """ready or invalid."""
        return "ready" if self.is_valid else "invalid"


class ModeCard(Card):
    """What a centre lets happen by itself; `at` is since when."""

    kind: ClassVar[str] = "mode"

    mode: Literal["auto", "propose", "off"]
    by_function: str | None = None
    reason_code: str | None = None

    @property
    def id(self) -> str:
        """The centre."""
        return self.centre

    @property
    def status(self) -> str:
        """The mode."""
        return self.mode


class Thought(BaseModel):
    """What would follow from a plan that is only thought; `plan_version` is the plan that it was worked out from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    plan_version: int
    outcome: Literal["worked_out", "no_plan"]
    changes: tuple[PlanChange, ...] = ()
    untouched_count: int = 0
    kept_count: int = 0
    lost_count: int = 0
    returned_count: int = 0
    score_delta: int = 0


class WhatIfCard(Card):
    """What the centre wonders, and what would follow once that is told; `at` is when it was asked."""

    kind: ClassVar[str] = "what_if"

    question_id: str
    without: tuple[str, ...]
    said: str | None = None
    is_refused: bool = False
    thought: Thought | None = None

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question_id

    @property
    def status(self) -> str:
        """open, answered or refused."""
        if self.thought is not None:
            return "answered"
        return "refused" if self.is_refused else "open"
