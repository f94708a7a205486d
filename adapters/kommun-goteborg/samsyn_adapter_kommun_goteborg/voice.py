"""The voice of one department: every id and statement of it carries its role, so that none can be the other's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_adapter_sdk import Statement, contents_ref
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)

AGENCY = "kommun-goteborg"

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Contents:
    """What is put in the contents store before the statement is said; `about` is the operation or the site."""

    ref: str
    about: str
    facts: Facts


@dataclass(frozen=True)
class Said:
    """What one entry of a register says, and what lies in the contents store."""

    message: Message
    contents: tuple[Contents, ...] = ()


@dataclass(frozen=True)
class Voice:
    """One department: its role, and what its ids begin with."""

    role: str
    prefix: str

    def own(self, number: str) -> str:
        """The id under which others know a thing of the department."""
        return f"{AGENCY}:{self.prefix}-{number}"

    def is_own(self, owned_id: str) -> bool:
        """Whether a thing is the department's."""
        return owned_id.startswith(f"{AGENCY}:{self.prefix}-")

    def own_number(self, owned_id: str) -> str:
        """The department's own number of a thing of it."""
        return owned_id.removeprefix(f"{AGENCY}:{self.prefix}-")

    def statement(self, said: Said, number: str, occurred_at: datetime, centre: str, facts: Facts) -> Statement:
        """A statement in the department's role; `facts` may name the event answered and the register number."""
        return Statement(
            message=said.message,
            occurred_at=occurred_at,
            key=f"{self.prefix}:{number}",
            centre=centre,
            role=self.role,
            agencyref=facts.get("agencyref"),
            causationid=facts.get("causationid"),
        )

    def shift_offered(self, shift: str, team: str, position: tuple[float, float] | None, **facts: Any) -> Said:
        """A team's shift; `facts` are start_at, end_at, staff and consent."""
        base = None if position is None else {"lat": position[0], "lon": position[1]}
        named = {"capacity_id": self.own(shift), "unit": "team", "role": self.role, "base": base}
        named["team"] = re.sub(r"[^a-z0-9-]", "-", f"{AGENCY}-{self.prefix}-{team}".lower())
        return Said(CapacityOffered.model_validate(named | facts))

    def shift_withdrawn(self, shift: str, reason: str) -> Said:
        """A shift taken back."""
        return Said(CapacityWithdrawn(capacity_id=self.own(shift), reason_code=reason))

    def site_wanted(self, number: str, identity: Facts, site: Facts, *, is_sole_trader: bool, **facts: Any) -> Said:
        """A site to inspect; a sole trader's identity goes to the contents store."""
        site_id = self.own(f"plats-{number}")
        contents = Contents(contents_ref(AGENCY, f"{self.prefix}:identitet:{number}"), site_id, identity)
        named = {"identity_ref": contents.ref} if is_sole_trader else dict(identity)
        proposal = {"inspection_id": self.own(number), "site": {"site_id": site_id, **site, **named}} | facts
        proposed = InspectionProposed.model_validate(proposal | {"programme": "a-krim"})
        return Said(proposed, (contents,) if is_sole_trader else ())

    def site_withdrawn(self, number: str, reason: str) -> Said:
        """A site that need not be inspected."""
        return Said(InspectionWithdrawn(inspection_id=self.own(number), reason_code=reason))

    def interest(self, inspection_id: str, level: Any) -> Said:
        """How much the department wants to take part."""
        return Said(InterestDeclared(inspection_id=inspection_id, agency=AGENCY, interest=level))

    def ready(self, inspection_id: str, *, is_ready: bool) -> Said:
        """Whether the department is prepared."""
        return Said(ReadinessDeclared(inspection_id=inspection_id, agency=AGENCY, ready=is_ready))

    def accepted(self, operation_id: str, shift: str, session_id: str, head_count: int) -> Said:
        """Yes."""
        return Said(
            ParticipationAccepted(
                operation_id=operation_id,
                capacity_id=self.own(shift),
                session_id=session_id,
                head_count=head_count,
            )
        )

    def declined(self, operation_id: str, shift: str, session_id: str | None, reason: str) -> Said:
        """No to a session; to the present one where the register names none."""
        told = {"operation_id": operation_id, "capacity_id": self.own(shift), "session_id": session_id}
        return Said(ParticipationDeclined.model_validate({**told, "reason_code": reason}))

    def left(self, operation_id: str, shift: str, session_id: str | None, reason: str) -> Said:
        """A yes taken back, to a session or the present one."""
        told = {"operation_id": operation_id, "capacity_id": self.own(shift), "session_id": session_id}
        return Said(ParticipationWithdrawn.model_validate({**told, "reason_code": reason}))

    def seen(self, operation_id: str, plan_version: int, told_by: str) -> Said:
        """What was told of an operation has been seen."""
        return Said(
            NotificationAcknowledged(
                operation_id=operation_id,
                agency=AGENCY,
                plan_version=plan_version,
                by_function=self.role,
                acknowledged_event=told_by,
            )
        )

    def started(self, operation_id: str, plan_version: int, *, has_police: bool) -> Said:
        """The operation has begun."""
        return Said(
            OperationStarted(
                operation_id=operation_id,
                agency=AGENCY,
                plan_version=plan_version,
                police_present=has_police,
                lead_function=self.role,
            )
        )

    def completed(self, operation_id: str, plan_version: int, inspection_id: str, outcome: Any, met: Any) -> Said:
        """The department's part of an inspection is done."""
        return Said(
            InspectionCompleted(
                operation_id=operation_id,
                inspection_id=inspection_id,
                agency=AGENCY,
                plan_version=plan_version,
                outcome=outcome,
                num_workers_met=met,
            )
        )

    def suspended(self, operation_id: str, plan_version: int, cause: str, remaining: Sequence[str]) -> Said:
        """The operation is broken off."""
        return Said(
            InspectionSuspended(
                operation_id=operation_id,
                agency=AGENCY,
                plan_version=plan_version,
                cause_code=cause,
                remaining_inspection_ids=tuple(remaining),
            )
        )

    def aborted(self, operation_id: str, plan_version: int, cause: str, left: Sequence[str]) -> Said:
        """The operation is given up."""
        return Said(
            OperationAborted(
                operation_id=operation_id,
                agency=AGENCY,
                plan_version=plan_version,
                cause_code=cause,
                left_inspection_ids=tuple(left),
            )
        )

    def found(self, number: str, content: Facts, **facts: Any) -> Said:
        """A finding; what was found goes to the contents store, under the operation's key."""
        contents = Contents(contents_ref(AGENCY, f"{self.prefix}:fynd:{number}"), facts["operation_id"], content)
        recorded = FindingRecorded.model_validate(facts | {"finding_id": self.own(number), "payload_ref": contents.ref})
        return Said(recorded, (contents,))
