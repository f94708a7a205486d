"""What a party knows of each thing: one card a thing, as the party has heard it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.contact_points import Channel
from samsyn_contracts.message import Reason, Slot
from samsyn_contracts.operations import LadderStep, Participant, PlannedInspection
from samsyn_contracts.periods import FixedDay, Period
from samsyn_contracts.plans import (
    AgreementMissing,
    AlternativeKind,
    ConsentMissing,
    PlanChange,
    ReplanAlternative,
)
from samsyn_contracts.site_information import BriefingPublished, SectionsAsked, SiteInformationCompleted


class Card(BaseModel):
    """One thing as one party knows it; `at` is what lists of its kind are sorted by.

    `said_by` is the event id of the party's own statement that the card already shows, though Samsyn has not answered
    it: should it be refused, that part is taken back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    centre: str
    at: datetime

    @property
    def id(self) -> str:
        """The id of the thing, one per kind."""
        raise NotImplementedError

    @property
    def status(self) -> str:
        """What lists are filtered by."""
        raise NotImplementedError

    @property
    def session_id(self) -> str | None:
        """The police session that the thing rests on, if any."""
        return None


class Change(BaseModel):
    """The last change of an operation, as it was told; durations in minutes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    plan_version: int
    told_at: datetime
    ladder_step: LadderStep | None = None
    from_slot: Slot | None = None
    to_slot: Slot | None = None
    cause_code: str | None = None
    cause_event_ids: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    released: tuple[str, ...] = ()
    notice_minutes: int | None = None
    left_alone: int | None = None


class Loss(BaseModel):
    """That the police of an operation are gone, or said to be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    told_at: datetime
    cause_code: str | None = None
    is_reported: bool = False
    by_party: str


class Compromise(BaseModel):
    """That an operation may be compromised, by whose word and how; `cleared_by` is the event that let it go."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    told_at: datetime
    by_party: str
    how: str
    cleared_by: str | None = None


class ToldAnswer(BaseModel):
    """How a participant answers what it is asked, as somebody was told by a channel; its own answer has none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    answer: Literal["accept", "decline"]
    session_id: str
    by_party: str
    by_function: str | None = None
    channel: Literal["phone", "radio", "in_person"] | None = None


class CheckedIn(BaseModel):
    """That an agency has come, when, and how many they are, where it says so; by which event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    at: datetime
    head_count: int | None = None


OperationState = Literal["scheduled", "confirmed", "postponed", "cancelled", "started", "completed", "aborted"]


class OperationCard(Card):
    """An operation: its newest word, its last change, its loss, who has seen which version, who has answered what."""

    kind: ClassVar[str] = "operation"

    operation_id: str
    code_name: str
    state: OperationState
    slot: Slot
    plan_version: int
    participants: tuple[Participant, ...] = ()
    inspections: tuple[PlannedInspection, ...] = ()
    told_event: str
    change: Change | None = None
    loss: Loss | None = None
    loss_before: Loss | None = None
    acknowledged_version: int = 0
    acknowledged_before: int = 0
    acknowledged_said: str | None = None
    acknowledged_by: Mapping[str, int] = {}
    answers: Mapping[str, ToldAnswer] = {}
    is_pinned: bool = False
    compromise: Compromise | None = None
    arrivals: Mapping[str, datetime] = {}
    checked_in: Mapping[str, CheckedIn] = {}
    account: SiteInformationCompleted | None = None
    briefing: BriefingPublished | None = None
    done_inspection_ids: tuple[str, ...] = ()
    counts_as_operation: bool | None = None

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.operation_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state

    @property
    def session_id(self) -> str | None:
        """The police session of its slot."""
        return self.slot.session_id

    def part_of(self, party: str) -> tuple[Participant, ...]:
        """The party's own parts in it; the owner of the session takes part by the session."""
        return tuple(p for p in self.participants if p.agency == party)

    def place_of(self, inspection_id: str) -> int | None:
        """Which inspection of the route one is, counted from 1; None where it is not in it, or not told."""
        route = [planned.inspection_id for planned in self.inspections]
        return route.index(inspection_id) + 1 if inspection_id in route else None

    @property
    def is_compromised(self) -> bool:
        """Whether it is held, with all at its sites, until the centre has decided."""
        return self.compromise is not None and self.compromise.cleared_by is None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is planned for it."""
        return self.state in ("cancelled", "completed", "aborted")


class QuestionCard(Card):
    """A question to the party: does a team (or the police) take part in an operation; `at` is when to reply by."""

    kind: ClassVar[str] = "question"

    operation_id: str
    capacity_id: str
    code_name: str
    is_to_police: bool
    slot: Slot
    inspections: tuple[PlannedInspection, ...] = ()
    officers: int | None = None
    plan_version: int
    asked_by: str
    answer: Literal["accepted", "declined"] | None = None
    answer_said: str | None = None
    told: ToldAnswer | None = None
    is_gone: bool = False

    @property
    def id(self) -> str:
        """Operation and capacity."""
        return f"{self.operation_id}|{self.capacity_id}"

    @property
    def status(self) -> str:
        """open, answered or gone."""
        if self.is_gone:
            return "gone"
        return "open" if self.answer is None else "answered"


class SiteRequestCard(Card):
    """What the party is asked about the sites of an operation; `at` is when it is due.

    `slot` is known to who takes part alone. Without `sites` the request has been taken back.
    `answered` holds, by inspection and section as `<inspection_id>|<section>`, the party's own answers by event id.
    """

    kind: ClassVar[str] = "site_request"

    operation_id: str
    code_name: str
    slot: Slot | None = None
    sites: tuple[SectionsAsked, ...]
    answered: Mapping[str, str] = {}

    @property
    def id(self) -> str:
        """The operation's id: one request at a time."""
        return self.operation_id

    @property
    def status(self) -> str:
        """open or answered."""
        return "open" if self.missing else "answered"

    @property
    def missing(self) -> tuple[SectionsAsked, ...]:
        """What the party has not answered yet."""
        left = ((s, tuple(c for c in s.sections if f"{s.inspection_id}|{c}" not in self.answered)) for s in self.sites)
        return tuple(site.model_copy(update={"sections": sections}) for site, sections in left if sections)


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
    """What would follow at once if an operation lost its police; `at` is until when it holds."""

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

    @property
    def status(self) -> str:
        """ready or invalid."""
        return "ready" if self.is_valid else "invalid"


class InspectionCard(Card):
    """A wanted inspection, as the party may see it; `at` is when it became known."""

    kind: ClassVar[str] = "inspection"

    inspection_id: str
    is_own: bool
    municipality: str | None = None
    industry: str | None = None
    site_name: str | None = None
    site_address: str | None = None
    indications: tuple[str, ...] = ()
    police_need: str | None = None
    programme: str | None = None
    duration_minutes: int | None = None
    due_at: datetime | None = None
    required_agencies: tuple[str, ...] = ()
    interest: Literal["low", "medium", "high"] | None = None
    is_ready: bool | None = None
    said: str | None = None
    state: Literal["wanted", "withdrawn", "done", "refused"] = "wanted"
    withdrawn_by: str | None = None

    @property
    def id(self) -> str:
        """The inspection's id."""
        return self.inspection_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state


class CapacityCard(Card):
    """A session or a team's shift that the party has offered here; `at` is its start."""

    kind: ClassVar[str] = "capacity"

    capacity_id: str
    unit: str
    end_at: datetime
    staff: int
    team: str | None = None
    is_standing: bool = False
    state: Literal["offered", "withdrawn", "lost", "refused"] = "offered"
    said: str
    lost_by: str | None = None

    @property
    def id(self) -> str:
        """The capacity's id."""
        return self.capacity_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state

    @property
    def session_id(self) -> str | None:
        """The session itself, where it is one."""
        return None if self.unit == "team" else self.capacity_id


class ConsentCard(Card):
    """A consent that the party has given here beforehand; `at` is until when it holds."""

    kind: ClassVar[str] = "consent"

    consent_id: str
    covers: tuple[str, ...]
    minutes: int | None = None
    said: str
    state: Literal["given", "revoked", "refused"] = "given"
    revoked_by: str | None = None

    @property
    def id(self) -> str:
        """The consent's id."""
        return self.consent_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state


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


class WheelCard(Card):
    """A centre's annual wheel, in its newest version; `at` is when it was told."""

    kind: ClassVar[str] = "wheel"

    wheel_id: str
    year: int
    version: int
    periods: tuple[Period, ...]
    fixed_days: tuple[FixedDay, ...] = ()
    opened: tuple[str, ...] = ()
    frozen: Mapping[str, tuple[str, ...]] = {}
    said: str | None = None

    @property
    def id(self) -> str:
        """The wheel's id."""
        return self.wheel_id

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


class TargetCard(Card):
    """What a centre means to reach in a year; `at` is when it was told."""

    kind: ClassVar[str] = "target"

    year: int
    unit: Literal["inspections", "operations"]
    baseline: int
    target: int

    @property
    def id(self) -> str:
        """Centre, year and unit."""
        return f"{self.centre}/{self.year}/{self.unit}"

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


class FiguresCard(Card):
    """How far a centre has come in a year, as reporting counts it: values by code; `at` is when that was told."""

    kind: ClassVar[str] = "figures"

    year: int
    as_of: date
    values: Mapping[str, float]

    @property
    def id(self) -> str:
        """Centre and year."""
        return f"{self.centre}/{self.year}"

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


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


class ContactCard(Card):
    """A function by which an agency is reached in a centre; `at` is since when, `said` the event that told it."""

    kind: ClassVar[str] = "contact"

    function_id: str
    agency: str
    role_code: str
    area_id: str | None = None
    channels: tuple[Channel, ...] = ()
    duty_hours: str | None = None
    deputy_function: str | None = None
    is_gone: bool = False
    said: str

    @property
    def id(self) -> str:
        """Centre and function."""
        return f"{self.centre}/{self.function_id}"

    @property
    def status(self) -> str:
        """reached or gone."""
        return "gone" if self.is_gone else "reached"


CARDS: Mapping[str, type[Card]] = {
    cls.kind: cls
    for cls in (
        OperationCard,
        QuestionCard,
        SiteRequestCard,
        ReplanCard,
        PlanCard,
        BackupCard,
        InspectionCard,
        CapacityCard,
        ConsentCard,
        ModeCard,
        WheelCard,
        TargetCard,
        FiguresCard,
        WhatIfCard,
        ContactCard,
    )
}
