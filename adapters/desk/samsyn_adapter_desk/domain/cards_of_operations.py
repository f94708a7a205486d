"""What a party knows of operations, of what it is asked of them, and of their sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.message import Reason, Slot
from samsyn_contracts.operations import LadderStep, Participant, PlannedInspection
from samsyn_contracts.site_information import BriefingPublished, SectionsAsked, SiteInformationCompleted

from samsyn_adapter_desk.domain.card import Card


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
    """That the police of an operation are gone, or said to be; `is_partial` where some still come, or for a time.

    `officers_left` is how many, where that was told.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    told_at: datetime
    cause_code: str | None = None
    is_reported: bool = False
    is_partial: bool = False
    officers_left: int | None = None
    by_party: str


class Compromise(BaseModel):
    """That an operation may be compromised, by whose word and how; `cleared_by` is the event that let it go."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    told_at: datetime
    by_party: str
    how: str
    cleared_by: str | None = None


class Risk(BaseModel):
    """How likely an operation on that session is to lose its police, a share between two others, and why so."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    session_id: str
    p: float
    p_low: float
    p_high: float
    reasons: tuple[Reason, ...] = ()

    def of_100(self, share: float) -> int:
        """A share as a whole number of a hundred, halves upwards, as its reasons tell it."""
        return (round(share * 1000) + 5) // 10


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


class Seen(BaseModel):
    """The newest version that a department has seen, by its own word at this desk."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str
    version: int


OperationState = Literal["scheduled", "confirmed", "postponed", "cancelled", "started", "completed", "aborted"]


class Left(BaseModel):
    """The word by which a department that took part was left out: all that it is told, until it has seen it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    plan_version: int
    told_event: str
    state: OperationState
    slot: Slot
    change: Change | None = None


class OperationCard(Card):
    """An operation: its newest word, its last change, its loss, who has seen which version, who has answered what.

    `let_go` are those that had accepted and whom its newest version let go. Of a party that speaks by its departments
    `seen_by_role` tells what each of them has seen, and `left` with which word one that took part was left out.
    """

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
    seen_by_role: Mapping[str, Seen] = {}
    left: Mapping[str, Left] = {}
    let_go: tuple[str, ...] = ()
    answers: Mapping[str, ToldAnswer] = {}
    is_pinned: bool = False
    compromise: Compromise | None = None
    risk: Risk | None = None
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
    def risk_now(self) -> Risk | None:
        """The risk told last, while it is to come with the police of that session; None where none was told."""
        if self.risk is None or self.risk.session_id != self.slot.session_id or self.loss is not None:
            return None
        is_counted_on = any(part.capacity_id == self.slot.session_id for part in self.participants)
        return self.risk if is_counted_on and self.state in ("scheduled", "confirmed") else None

    @property
    def is_compromised(self) -> bool:
        """Whether it is held, with all at its sites, until the centre has decided."""
        return self.compromise is not None and self.compromise.cleared_by is None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is planned for it."""
        return self.state in ("cancelled", "completed", "aborted")


class QuestionCard(Card):
    """A question to the party: does a team (or the police) take part in an operation; `at` is when to reply by.

    `role` is the department that is asked, of a party that speaks by its departments.
    """

    kind: ClassVar[str] = "question"

    operation_id: str
    capacity_id: str
    role: str | None = None
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
