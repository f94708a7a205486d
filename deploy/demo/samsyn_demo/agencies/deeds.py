"""What simulated agencies do and are told, in no system's codes yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from samsyn_demo.records import TeamShift, WantedSite


@dataclass(frozen=True)
class ShiftOffered:
    """A team's shift is offered."""

    shift: TeamShift


@dataclass(frozen=True)
class ShiftWithdrawn:
    """A shift offered is taken back."""

    shift: TeamShift
    reason: str


@dataclass(frozen=True)
class SiteWanted:
    """A site shall be inspected."""

    site: WantedSite


@dataclass(frozen=True)
class SiteWithdrawn:
    """A site need not be inspected any more."""

    site: WantedSite
    reason: str


@dataclass(frozen=True)
class InterestTaken:
    """The agency wants to take part in an inspection; `level` is "low", "medium" or "high"."""

    inspection_id: str
    level: str


@dataclass(frozen=True)
class Prepared:
    """The agency is ready for an inspection."""

    inspection_id: str


@dataclass(frozen=True)
class Assessed:
    """The agency has weighed that a receiver may have what it knows in a category, until a day.

    `purpose` is "plan" or "follow-up".
    """

    assessment_id: str
    receiver: str
    category: str
    purpose: str
    document: str
    valid_until: datetime


@dataclass(frozen=True)
class Question:
    """Whether a shift takes part in an operation; `question_id` is the event that asks."""

    question_id: str
    operation_id: str
    shift_id: str
    session_id: str
    start_at: datetime
    inspection_ids: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A question is answered: yes, or no for a reason."""

    question: Question
    shift: TeamShift
    is_yes: bool
    reason: str = "no_resources"


@dataclass(frozen=True)
class PartTakenBack:
    """The agency cannot take part after all."""

    operation_id: str
    shift: TeamShift
    reason: str


@dataclass(frozen=True)
class Acknowledged:
    """What was told of an operation has been seen; `told_by` is the event that told it."""

    operation_id: str
    plan_version: int
    told_by: str


@dataclass(frozen=True)
class OperationBegun:
    """The lead has begun an operation on the spot."""

    operation_id: str
    plan_version: int
    has_police: bool


@dataclass(frozen=True)
class InspectionDone:
    """The agency has finished its part of an inspection; `outcome` is "done", "closed" or "not_found"."""

    operation_id: str
    plan_version: int
    inspection_id: str
    outcome: str
    num_workers: int | None


@dataclass(frozen=True)
class FindingMade:
    """The agency has found something at an inspection; `codes`, `severity` and `text` are secret (class P3)."""

    finding_id: str
    operation_id: str
    plan_version: int
    inspection_id: str
    category: str
    subject_kind: str
    also_for: tuple[str, ...]
    codes: tuple[str, ...]
    severity: str
    text: str


@dataclass(frozen=True)
class BrokenOff:
    """The lead breaks off after some inspections: the police were called away."""

    operation_id: str
    plan_version: int
    remaining_ids: tuple[str, ...]


@dataclass(frozen=True)
class GivenUp:
    """The lead gives an operation up: it could not be carried out."""

    operation_id: str
    plan_version: int
    left_ids: tuple[str, ...]


OnTheDay = OperationBegun | InspectionDone | FindingMade | BrokenOff | GivenUp
Deed = (
    ShiftOffered
    | ShiftWithdrawn
    | SiteWanted
    | SiteWithdrawn
    | InterestTaken
    | Prepared
    | Assessed
    | Answered
    | PartTakenBack
    | Acknowledged
    | OnTheDay
)


@dataclass(frozen=True)
class Visit:
    """One inspection of an operation, and when."""

    inspection_id: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True)
class Booking:
    """What stands in the calendar for an operation, as the event `told_by` tells it.

    `state` is "scheduled", "confirmed" or "released"; `accepted` are the parties that take part besides the police.
    """

    operation_id: str
    state: str
    plan_version: int
    shift_ids: tuple[str, ...]
    start_at: datetime
    visits: tuple[Visit, ...] = ()
    accepted: tuple[str, ...] = ()
    has_police: bool = False
    is_change: bool = False
    told_by: str = ""


@dataclass(frozen=True)
class Received:
    """What the agency knows of another's finding: its contents, or that they are secret and whom to ask."""

    finding_id: str
    sender: str
    content: str = ""
    ask: str = ""
