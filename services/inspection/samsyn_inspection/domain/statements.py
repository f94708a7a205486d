"""What agencies say of an operation from the spot, kept in the order of admission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from samsyn_contracts.carrying_out import (
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.rejection import RejectionCode
from samsyn_contracts.site_information import ParticipantCheckedIn

from samsyn_inspection.domain.plans import Plan

Statement = (
    ParticipantCheckedIn
    | OperationStarted
    | InspectionCompleted
    | InspectionSuspended
    | OperationAborted
    | FindingRecorded
)


@dataclass(frozen=True)
class Heard:
    """A statement in its place; `at` is what the time was when it was heard, by the centre's time and its admission.

    `expired` is the field that stayed unknown until nobody waits for it any more (JSON pointer).
    """

    message: Statement
    envelope: Envelope
    at: datetime
    expired: str | None = None

    @property
    def party(self) -> str:
        """The agency that speaks."""
        return self.envelope.party

    @property
    def key(self) -> str:
        """What names it for good; said again after a refusal, which is then its cause, it is another statement."""
        return key_of(self.envelope)

    @property
    def family(self) -> tuple[str, str, str]:
        """What its sequence counts: one source's words of one kind about one thing."""
        return self.envelope.source, self.envelope.type, self.message.subject

    @property
    def happened_at(self) -> datetime:
        """When it happened, by its sender; never after it was heard."""
        return min(self.envelope.time, self.at)


def key_of(envelope: Envelope) -> str:
    """What names a statement for good, as `Heard.key`."""
    return "/".join(part for part in (envelope.source, envelope.id, envelope.causationid) if part is not None)


@dataclass(frozen=True)
class Taken:
    """A statement has its effect, by a plan."""

    plan: Plan


@dataclass(frozen=True)
class Refused:
    """A statement has no effect; code and JSON pointer tell its sender why."""

    code: RejectionCode
    pointer: str


@dataclass(frozen=True)
class Held:
    """A statement waits: what it depends on is not known yet."""


Verdict = Taken | Refused | Held
HELD = Held()
